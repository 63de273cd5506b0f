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

    /// <summary>Frames that answer a command and are no reads.</summary>
    public required IReadOnlyList<Regex> Acks { get; init; }

    /// <summary>Stands between several codes of one frame; null when a frame never has several.</summary>
    public required string? PayloadSeparator { get; init; }

    /// <summary>The AIM identifier in front of a payload.</summary>
    public required ScanPrefix Prefix { get; init; }

    /// <summary>How it is asked whether it is there; null when it cannot be asked.</summary>
    public required ScanLiveness? Liveness { get; init; }

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
    /// <summary>Each of these characters ends a frame; frames without content are dropped, so CR LF ends one frame.</summary>
    public required string End { get; init; }

    /// <summary>Silence that ends an unfinished frame too, up to 10 s; zero when only <see cref="End"/> does.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>A longer frame is dropped and reported, 32 to 4096 bytes.</summary>
    public required int MaxBytes { get; init; }
}

/// <summary>What makes a scanner read.</summary>
public sealed record ScanTrigger
{
    /// <summary><c>photo-eye</c> wired to the reader, or <c>hand</c>.</summary>
    public required string By { get; init; }
}

/// <summary>The AIM identifier, such as <c>]Q1</c>, that a reader may send in front of a payload.</summary>
public sealed record ScanPrefix
{
    /// <summary><c>none</c>, <c>optional</c> or <c>required</c>.</summary>
    public required string AimId { get; init; }

    /// <summary>Identifiers of symbols that can be ours; any other is another symbol.</summary>
    public required IReadOnlyList<string> Allowed { get; init; }
}

/// <summary>A question that a reader answers at any time.</summary>
public sealed record ScanLiveness
{
    /// <summary>Bytes to send, with their terminator.</summary>
    public required string Ask { get; init; }

    /// <summary>Matches the frame that answers.</summary>
    public required Regex Answer { get; init; }

    /// <summary>Pause between two questions, 100 ms to 60 s.</summary>
    public required TimeSpan Every { get; init; }

    /// <summary>Without any frame for this long the scanner is down; longer than <see cref="Every"/>, at most 120 s.</summary>
    public required TimeSpan SilentAfter { get; init; }
}

/// <summary>How long a scanner takes.</summary>
public sealed record ScannerTimings
{
    /// <summary>From trigger to frame at the most, 1 ms to 10 s.</summary>
    public required TimeSpan DecodeMax { get; init; }

    /// <summary>Pause before the next attempt to connect, 100 ms to 60 s.</summary>
    public required TimeSpan Reconnect { get; init; }
}
