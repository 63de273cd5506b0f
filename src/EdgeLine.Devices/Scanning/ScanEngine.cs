using System.Buffers;
using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// Cuts the bytes of one connection into frames and says what each is, driven by a profile. Pure: bytes and times in,
/// events out, no clock and no waiting. However the bytes are split or joined, the events are the same.
/// </summary>
/// <remarks>
/// An answer to a command is recognised only while a question of ours is open. Otherwise a symbol that contains such
/// a text would be swallowed, and every later read would be taken for its neighbour's.
/// </remarks>
public sealed class ScanEngine
{
    // A reader sends a frame in one go, so half a frame for this long is a broken link, not a slow one.
    private static readonly TimeSpan HalfFrameMin = TimeSpan.FromSeconds(1);

    private readonly ScannerProfile _profile;
    private readonly Action<ScannerEvent> _events;
    private readonly int _generation;
    private readonly SearchValues<byte> _ends;
    private readonly byte[] _frame;
    private int _length;
    private bool _tooLong;
    private bool _asked;

    /// <summary>For one connection.</summary>
    public ScanEngine(ScannerProfile profile, int generation, Action<ScannerEvent> events)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profile = profile;
        _generation = generation;
        _events = events;
        _ends = SearchValues.Create(Encoding.Latin1.GetBytes(profile.Framing.End));
        _frame = new byte[profile.Framing.MaxBytes];
        IdleEndsFrame = profile.Framing.Idle > TimeSpan.Zero
            && !(profile.OneFramePerTrigger && profile.Framing.End.Length > 0);
        IdleLimit = IdleEndsFrame || profile.Framing.Idle > HalfFrameMin ? profile.Framing.Idle : HalfFrameMin;
    }

    /// <summary>True when a frame was begun and not ended.</summary>
    public bool IsInFrame => _length > 0 || _tooLong;

    /// <summary>True while a question of ours has no answer.</summary>
    public bool IsAsked => _asked;

    /// <summary>Call <see cref="Idle"/> when a frame is open and no byte came for this long.</summary>
    public TimeSpan IdleLimit { get; }

    // With one frame per trigger a split frame would count as two items, so there silence never ends a frame.
    private bool IdleEndsFrame { get; }

    /// <summary>Says that a question was sent: the next frame that looks like an answer is one.</summary>
    public void Ask() => _asked = true;

    /// <summary>Takes bytes as they came.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, long timestamp)
    {
        while (true)
        {
            int end = bytes.IndexOfAny(_ends);
            Append(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }

            End(timestamp);
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>No byte came for <see cref="IdleLimit"/>: ends the open frame, if there is one.</summary>
    /// <exception cref="DeviceLinkException">The profile does not let silence end a frame; the connection is out of
    /// step.</exception>
    public void Idle(long timestamp)
    {
        if (!IsInFrame)
        {
            return;
        }

        if (!IdleEndsFrame)
        {
            throw new DeviceLinkException(
                $"The scanner stopped in the middle of a frame for {IdleLimit.TotalMilliseconds:0} ms. "
                + "Check that the reader ends each frame as its profile says.");
        }

        End(timestamp);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_tooLong || bytes.Length > _frame.Length - _length)
        {
            _tooLong |= bytes.Length > 0;
            return;
        }

        bytes.CopyTo(_frame.AsSpan(_length));
        _length += bytes.Length;
    }

    private void End(long timestamp)
    {
        bool tooLong = _tooLong;
        ReadOnlySpan<byte> frame = _frame.AsSpan(0, _length);
        (_tooLong, _length) = (false, 0);
        if (tooLong)
        {
            _events(new ScannerEvent.Garbled($"a frame is longer than {_frame.Length} bytes", timestamp, _generation));
        }
        else if (!frame.IsEmpty)
        {
            Classify(Encoding.Latin1.GetString(frame), timestamp);
        }
    }

    private void Classify(string text, long timestamp)
    {
        if (_asked && IsAnswer(text))
        {
            _asked = false;
        }
        else if (IsNoRead(text))
        {
            _events(new ScannerEvent.NoRead(text, timestamp, _generation));
        }
        else if (_profile.PayloadSeparator is { Length: > 0 } separator
            && text.Contains(separator, StringComparison.Ordinal))
        {
            List<string> payloads = [];
            int other = 0;
            foreach (string part in text.Split(separator))
            {
                // Readers with several banks put the no-read text in the place of what they did not find.
                if (part.Length > 0 && !IsNoRead(part))
                {
                    other += Strip(part) is { } payload ? Add(payloads, payload) : 1;
                }
            }

            _events(payloads.Count + other == 0
                ? new ScannerEvent.NoRead(text, timestamp, _generation)
                : new ScannerEvent.Frame(payloads, other, timestamp, _generation));
        }
        else
        {
            string? payload = Strip(text);
            _events(new ScannerEvent.Frame(
                payload is null ? [] : [payload], payload is null ? 1 : 0, timestamp, _generation));
        }
    }

    private static int Add(List<string> payloads, string payload)
    {
        payloads.Add(payload);
        return 0;
    }

    private bool IsAnswer(string text)
    {
        if (_profile.Liveness?.Answer.IsMatch(text) == true)
        {
            return true;
        }

        foreach (System.Text.RegularExpressions.Regex ack in _profile.Acks)
        {
            if (ack.IsMatch(text))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNoRead(string text)
    {
        foreach (string noRead in _profile.NoRead)
        {
            if (text.Equals(noRead, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // The payload without its AIM identifier, or null when the symbol cannot be ours.
    private string? Strip(string text)
    {
        ScanPrefix prefix = _profile.Prefix;
        bool hasId = text.Length >= 3 && text[0] == ']';
        if (prefix.AimId == "none" || (!hasId && prefix.AimId == "optional"))
        {
            return text;
        }

        if (hasId)
        {
            foreach (string id in prefix.Allowed)
            {
                if (text.StartsWith(id, StringComparison.Ordinal))
                {
                    return text[id.Length..];
                }
            }
        }

        return null;
    }
}
