using System.Threading.Channels;
using EdgeLine.Devices.Links;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Formats that travel in one write. Where the write stopped tells each of them its own truth: written, not begun, or
/// cut off.
/// </summary>
internal sealed class FormatBatch(FormatStore store)
{
    // A few formats in one packet save wake-ups at high rates; more would only hide where a failure hit.
    private const int JoinedBytesMax = 8192;

    private readonly byte[] _joined = new byte[JoinedBytesMax];
    private readonly List<QueuedFormat> _formats = [];

    /// <summary>Takes what waits and fits; while the printer is not ready it is given back instead.</summary>
    public ReadOnlyMemory<byte> Collect(ChannelReader<QueuedFormat> waiting, Func<bool> isReady, string otherwise)
    {
        int length = 0;
        while (waiting.TryPeek(out QueuedFormat? next)
            && (_formats.Count == 0 || length + next.Bytes.Length <= _joined.Length)
            && waiting.TryRead(out next))
        {
            next.Choose(store);
            if (!next.TryBegin())
            {
                continue;
            }

            if (!isReady())
            {
                next.End(new SendOutcome.NotOneByte(otherwise));
                continue;
            }

            _formats.Add(next);
            if (next.Bytes.Length > _joined.Length - length)
            {
                return Alone(next, length);
            }

            next.Bytes.CopyTo(_joined.AsMemory(length));
            length += next.Bytes.Length;
        }

        return _joined.AsMemory(0, length);
    }

    /// <summary>Formats in the batch.</summary>
    public int Count => _formats.Count;

    /// <summary>Ends every format of the batch; answers of how many not one byte left.</summary>
    public int Settle(LinkWrite write)
    {
        int start = 0;
        int stayed = 0;
        foreach (QueuedFormat format in _formats)
        {
            int taken = Math.Clamp(write.BytesTaken - start, 0, format.Bytes.Length);
            format.End(
                taken == format.Bytes.Length ? SendOutcome.Written.Value
                : taken == 0 ? new SendOutcome.NotOneByte(write.Stopped!)
                : new SendOutcome.Unknown(taken, write.Stopped!));
            start += format.Bytes.Length;
            stayed += taken == 0 ? 1 : 0;
        }

        _formats.Clear();
        return stayed;
    }

    // Too large for the buffer, or another reader took the one we looked at: copy once, so the order stays.
    private ReadOnlyMemory<byte> Alone(QueuedFormat last, int length)
    {
        byte[] all = new byte[length + last.Bytes.Length];
        _joined.AsMemory(0, length).CopyTo(all);
        last.Bytes.CopyTo(all.AsMemory(length));
        return all;
    }
}
