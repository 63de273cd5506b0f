using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// What one scanner model is and how its bytes become reads, as read from <c>hardware-profiles/scanners</c>.
/// Every value is checked against its limit before a record exists.
/// </summary>
public sealed record ScannerProfile
{
    /// <summary>Name of the file without <c>.json</c>; the word a site writes to choose the model.</summary>
    public required string Id { get; init; }

    /// <summary>The machine.</summary>
    public required ScannerDevice Device { get; init; }

    /// <summary>Ways to reach it, at least one.</summary>
    public required DeviceLinks Links { get; init; }

    /// <summary>How bytes are cut into frames.</summary>
    public required ScanFraming Framing { get; init; }

    /// <summary>What makes it read.</summary>
    public required ScanTrigger Trigger { get; init; }

    /// <summary>True when every trigger gives exactly one frame, also when nothing was read; a conveyor needs that.</summary>
    public required bool OneFramePerTrigger { get; init; }

    /// <summary>Frames that say "nothing read", compared without regard to case.</summary>
    public required IReadOnlyList<string> NoRead { get; init; }

    /// <summary>
    /// False where a reader puts its no-read text on the wire without the end of a frame (Hikrobot): then silence ends it too,
    /// and a code of ours right behind it is a frame of its own.
    /// </summary>
    public bool NoReadHasEnd { get; init; } = true;

    /// <summary>No-read texts that say why; null where a reader does not tell.</summary>
    public NoReadReasons? NoReadReasons { get; init; }

    /// <summary>Frames that answer a command and are no reads.</summary>
    public required IReadOnlyList<Regex> Acks { get; init; }

    /// <summary>Stands between several codes of one frame; null when a frame never has several.</summary>
    public required string? PayloadSeparator { get; init; }

    /// <summary><c>text</c>, or <c>dmcc-base64</c> for replies such as <c>||[1]QTFCMg==</c>.</summary>
    public string PayloadCoding { get; init; } = "text";

    /// <summary>The AIM identifier in front of a payload.</summary>
    public required ScanPrefix Prefix { get; init; }

    /// <summary>How it is asked whether it is there; null when it cannot be asked.</summary>
    public required ScanLiveness? Liveness { get; init; }

    /// <summary>Its output that can throw an item out; null where none can be switched over the connection.</summary>
    public ScanOutputs? Outputs { get; init; }

    /// <summary>How long things take.</summary>
    public required ScannerTimings Timings { get; init; }

    /// <summary>Name of each oddity, and why the name exists.</summary>
    public required IReadOnlyDictionary<string, string> Quirks { get; init; }

    /// <summary>What must be set on the reader itself, one step a line.</summary>
    public required IReadOnlyList<string> SetUpOnTheReader { get; init; }

    /// <summary>How we know all this.</summary>
    public required Evidence Evidence { get; init; }
}

/// <summary>A scanner as a machine.</summary>
public sealed record ScannerDevice
{
    /// <summary>Maker.</summary>
    public required string Vendor { get; init; }

    /// <summary>Model, as on its plate.</summary>
    public required string Model { get; init; }

    /// <summary><c>fixed</c> or <c>handheld</c>.</summary>
    public required string Kind { get; init; }
}

/// <summary>How bytes are cut into frames.</summary>
public sealed record ScanFraming
{
    /// <summary>
    /// <c>terminators</c>; <c>delimiters</c>, a start and an end, what is outside is none of the reader's words; <c>idle</c>, silence
    /// alone; or <c>ssi</c>, packets with length and check sum.
    /// </summary>
    public required string By { get; init; }

    /// <summary>The character that begins a frame; null unless <see cref="By"/> is <c>delimiters</c>.</summary>
    public string? Start { get; init; }

    /// <summary>Each of these texts of 1 to 4 characters ends a frame; none is the beginning of another.</summary>
    public required IReadOnlyList<string> Ends { get; init; }

    /// <summary>Silence that ends an unfinished frame too, up to 10 s; zero when only <see cref="Ends"/> do.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>A longer frame is dropped and reported, 32 to 4096 bytes.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>A frame without content says that nothing was read; else it is dropped, so CR LF ends one frame.</summary>
    public bool EmptyIsNoRead { get; init; }
}

/// <summary>What makes a scanner read.</summary>
public sealed record ScanTrigger
{
    /// <summary><c>photo-eye</c> wired to the reader, <c>hand</c>, or <c>command</c>: we keep it reading.</summary>
    public required string By { get; init; }

    /// <summary>Bytes that begin a read; null unless <see cref="By"/> is <c>command</c>.</summary>
    public string? Start { get; init; }

    /// <summary>Bytes that end a read; null where the reader ends it by itself.</summary>
    public string? Stop { get; init; }
}

/// <summary>No-read texts that say why nothing was read. Each list holds patterns of the whole text.</summary>
public sealed record NoReadReasons
{
    /// <summary>No symbol was seen.</summary>
    public required IReadOnlyList<Regex> NotLocated { get; init; }

    /// <summary>A symbol was seen and could not be decoded.</summary>
    public required IReadOnlyList<Regex> NotDecoded { get; init; }
}

/// <summary>The AIM identifier, such as <c>]Q1</c>, that a reader may send in front of a payload.</summary>
public sealed record ScanPrefix
{
    /// <summary><c>none</c>, <c>optional</c> or <c>required</c>.</summary>
    public required string AimId { get; init; }

    /// <summary>Identifiers of symbols that can be ours; any other is another symbol.</summary>
    public required IReadOnlyList<string> Allowed { get; init; }
}

/// <summary>How a reader shows that it is there.</summary>
public sealed record ScanLiveness
{
    /// <summary><c>query</c>, a question that it answers at any time; <c>heartbeat</c>, a text that it sends by itself; or
    /// <c>traffic</c>, any byte.</summary>
    public string By { get; init; } = "query";

    /// <summary>Bytes to send, with their terminator; empty unless <see cref="By"/> is <c>query</c>.</summary>
    public string Ask { get; init; } = "";

    /// <summary>Matches the frame that answers; null unless <see cref="By"/> is <c>query</c>.</summary>
    public Regex? Answer { get; init; }

    /// <summary>The heartbeat; null unless <see cref="By"/> is <c>heartbeat</c>. With delimiters it stands outside of frames.</summary>
    public string? Text { get; init; }

    /// <summary>Pause between two questions, 100 ms to 60 s; zero unless <see cref="By"/> is <c>query</c>.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>Without any byte for this long the scanner is down; longer than <see cref="Every"/>, at most 120 s.</summary>
    public required TimeSpan SilentAfter { get; init; }
}

/// <summary>
/// The output of a reader that is wired to a reject device of its own. It may reject, never pass: it is no gate. How long the
/// pulse is, is set on the reader.
/// </summary>
public sealed record ScanOutputs
{
    /// <summary>Bytes that switch it, with their end: <c>OUTON,1</c> (Keyence), <c>||&gt;OUTPUT.USER1</c> (Cognex).</summary>
    public required string Reject { get; init; }

    /// <summary>Matches the frame that answers; null where the reader is silent.</summary>
    public Regex? Answer { get; init; }
}

/// <summary>How long a scanner takes.</summary>
public sealed record ScannerTimings
{
    /// <summary>From trigger to frame at the most, 1 ms to 10 s.</summary>
    public required TimeSpan DecodeMax { get; init; }

    /// <summary>Pause before the next attempt to connect, 100 ms to 60 s.</summary>
    public required TimeSpan Reconnect { get; init; }

    /// <summary>
    /// What comes within this time after a connect was read before it and is dropped, up to 5 s; for readers that keep results for
    /// a host that was away and cannot be asked.
    /// </summary>
    public TimeSpan Stale { get; init; }
}
