using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>What a piece of a stream is.</summary>
internal enum Cut
{
    /// <summary>A frame, without its start and end.</summary>
    Frame,

    /// <summary>A frame that was longer than it may be; it has no bytes.</summary>
    TooLong,

    /// <summary>A text that stands between frames on purpose: a heartbeat or a no-read text.</summary>
    Between,

    /// <summary>Bytes between frames that nobody expects.</summary>
    Noise,
}

/// <summary>Called for each piece, in order; the bytes are valid during the call only.</summary>
internal delegate void CutHandler(Cut cut, ReadOnlySpan<byte> bytes);

/// <summary>
/// Cuts the bytes of one connection into pieces, in bounded memory. How the bytes are split or joined changes nothing.
/// </summary>
internal abstract class FrameCutter(CutHandler handler)
{
    /// <summary>True when something was begun and not ended.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>What was begun and not ended, as far as it is kept; empty when it is too long.</summary>
    public abstract ReadOnlySpan<byte> Open { get; }

    /// <summary>For a profile; <paramref name="answer"/> gets the bytes that packets are answered with.</summary>
    public static FrameCutter For(ScannerProfile profile, CutHandler handler, Action<byte[]> answer) => profile.Framing.By switch
    {
        "delimiters" => new DelimiterCutter(profile, handler),
        "ssi" => new SsiCutter(profile.Framing.MaxBytes, handler, answer),
        _ => new LineCutter(profile.Framing, handler),
    };

    /// <summary>Takes bytes as they came.</summary>
    public abstract void Feed(ReadOnlySpan<byte> bytes);

    /// <summary>Ends what is open, as a frame where it can be one.</summary>
    public abstract void End();

    /// <summary>Forgets what is open.</summary>
    public abstract void Drop();

    /// <summary>Hands out a piece.</summary>
    protected void Tell(Cut cut, ReadOnlySpan<byte> bytes) => handler(cut, bytes);
}
