using System.Buffers;
using System.Text;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// Collects the bytes of one frame up to one of its ends, in bounded memory. Of a frame that is too long only the last bytes are kept:
/// enough to know its end.
/// </summary>
internal sealed class FrameBuffer
{
    private readonly byte[][] _ends;
    private readonly SearchValues<byte> _lastBytes;
    private readonly byte[] _bytes;
    private readonly int _maxBytes;
    private readonly int _longestEnd;
    private int _length;
    private int _end;
    private bool _overflown;

    public FrameBuffer(IReadOnlyList<string> ends, int maxBytes)
    {
        _ends = [.. ends.Select(Encoding.Latin1.GetBytes)];
        _lastBytes = SearchValues.Create([.. _ends.Select(end => end[^1])]);
        _longestEnd = _ends.Select(end => end.Length).DefaultIfEmpty(0).Max();
        _maxBytes = maxBytes;
        _bytes = new byte[maxBytes + _longestEnd];
    }

    /// <summary>True when a frame was begun and not ended.</summary>
    public bool IsOpen => _length > 0 || _overflown;

    /// <summary>The frame is longer than it may be.</summary>
    public bool IsTooLong => _overflown || _length - _end > _maxBytes;

    /// <summary>The frame without its end.</summary>
    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, _length - _end);

    /// <summary>Takes bytes up to the end of the frame; true when it ended. What is left belongs to the next one.</summary>
    public bool Take(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int at = bytes.IndexOfAny(_lastBytes);
            int count = at < 0 ? bytes.Length : at + 1;
            Append(bytes[..count]);
            bytes = bytes[count..];
            if (at >= 0 && EndsHere() is > 0 and int end)
            {
                _end = end;
                return true;
            }
        }

        return false;
    }

    /// <summary>The next frame begins.</summary>
    public void Clear() => (_length, _end, _overflown) = (0, 0, false);

    private int EndsHere()
    {
        foreach (byte[] end in _ends)
        {
            if (_bytes.AsSpan(0, _length).EndsWith(end))
            {
                return end.Length;
            }
        }

        return 0;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length)
        {
            _overflown = true;
            ReadOnlySpan<byte> last = bytes[Math.Max(0, bytes.Length - _longestEnd)..];
            int keep = Math.Min(_length, _longestEnd - last.Length);
            _bytes.AsSpan(_length - keep, keep).CopyTo(_bytes);
            _length = keep;
            bytes = last;
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
