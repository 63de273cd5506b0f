using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// What one printer model is and how it is spoken to, as read from <c>hardware-profiles/printers</c>.
/// Every value is checked against its limit before a record exists.
/// </summary>
public sealed record PrinterProfile
{
    /// <summary>Name of the file without <c>.json</c>; the word a site writes to choose the model.</summary>
    public required string Id { get; init; }

    /// <summary>The machine.</summary>
    public required PrinterDevice Device { get; init; }

    /// <summary>Ways to reach it, at least one.</summary>
    public required DeviceLinks Links { get; init; }

    /// <summary>How it is asked who it is.</summary>
    public required PrinterIdentify Identify { get; init; }

    /// <summary>How it is asked how it is.</summary>
    public required PrinterStatusPoll Status { get; init; }

    /// <summary>
    /// <c>zebra-user-variable</c>: a variable that it forgets when it is switched off says so at the next question; null
    /// when only silence or a lost connection can.
    /// </summary>
    public string? BootEpoch { get; init; }

    /// <summary>How its own reprint after an error is switched off.</summary>
    public required ReprintOff ReprintOff { get; init; }

    /// <summary>How labels are written for it.</summary>
    public required PrinterFormat Format { get; init; }

    /// <summary>How long things take.</summary>
    public required PrinterTimings Timings { get; init; }

    /// <summary>What it does when a person closed the head.</summary>
    public required AfterHeadClose AfterHeadClose { get; init; }

    /// <summary>Name of each oddity, and why the name exists.</summary>
    public required IReadOnlyDictionary<string, string> Quirks { get; init; }

    /// <summary>What must be set on the printer itself, one step a line.</summary>
    public IReadOnlyList<string> SetUpOnThePrinter { get; init; } = [];

    /// <summary>Words for the person in front of it, by condition: one of <see cref="OperatorHint.Conditions"/>.</summary>
    public required IReadOnlyDictionary<string, OperatorHint> OperatorHint { get; init; }

    /// <summary>How we know all this.</summary>
    public required Evidence Evidence { get; init; }
}

/// <summary>A printer as a machine. Dots count along the print head.</summary>
public sealed record PrinterDevice
{
    /// <summary>Maker.</summary>
    public required string Vendor { get; init; }

    /// <summary>Model, as on its plate.</summary>
    public required string Model { get; init; }

    /// <summary>6, 8, 12 or 24 dots per millimetre, as <c>~HI</c> answers.</summary>
    public required int DotsPerMm { get; init; }

    /// <summary>Dots of the head: 100 to 4096.</summary>
    public required int WidthDots { get; init; }
}

/// <summary>How a printer is asked who it is; an answer that does not fit stops the line before the first label.</summary>
public sealed record PrinterIdentify
{
    /// <summary><c>zebra-hi</c> (<c>~HI</c>) or <c>none</c>.</summary>
    public required string With { get; init; }

    /// <summary>Must match the answered model; null accepts every model.</summary>
    public required Regex? Expect { get; init; }
}

/// <summary>How a printer is asked how it is. Silence is unknown, never healthy.</summary>
public sealed record PrinterStatusPoll
{
    /// <summary>The status dialects that the driver speaks.</summary>
    public static readonly IReadOnlyList<string> Dialects = ["zebra-hs", "zebra-hqes", "zebra-sgd", "zebra-json", "none"];

    /// <summary>
    /// <c>zebra-hs</c> (<c>~HS</c>), <c>zebra-hqes</c> (<c>~HQES</c>), <c>zebra-sgd</c> (variable
    /// <c>zpl.system_status</c>), <c>zebra-json</c> (the same on a port of its own) or <c>none</c>.
    /// </summary>
    public required string With { get; init; }

    /// <summary>Pause between two questions, 100 ms to 60 s.</summary>
    public required TimeSpan Every { get; init; }

    /// <summary>Without an answer for this long the state is unknown; longer than <see cref="Every"/>, at most 120 s.</summary>
    public required TimeSpan SilentAfter { get; init; }

    /// <summary>TCP port of <c>zebra-json</c>, 1 to 65535; null with every other dialect.</summary>
    public int? Port { get; init; }
}

/// <summary>How the printer's own repeat of a label after an error is forbidden (P1).</summary>
public sealed record ReprintOff
{
    /// <summary>Command in every format; <c>^JZN</c>, because the setting is lost at each power-off.</summary>
    public required string InFormat { get; init; }

    /// <summary>
    /// <c>zebra-hz</c>: after each power-up it is told <c>^JZN</c> and asked by <c>^HZF</c> whether it obeys, before the first
    /// label; null where it cannot be asked.
    /// </summary>
    public string? ReadBack { get; init; }

    /// <summary>What a person must switch off on the printer, where <c>^JZN</c> cannot be trusted; null elsewhere.</summary>
    public OperatorHint? Manual { get; init; }
}

/// <summary>How labels are written for the printer.</summary>
public sealed record PrinterFormat
{
    /// <summary><c>native</c>: the printer draws the QR code itself (<c>^BQ</c>). <c>bitmap</c>: it gets it as a
    /// graphic.</summary>
    public required string Qr { get; init; }

    /// <summary>How dots are written: <c>z64</c> (packed) or <c>hex</c>, which is longer and older.</summary>
    public string Graphics { get; init; } = "z64";

    /// <summary>
    /// The layout of a run is kept in the printer and each label recalls it. Only where the profile has a
    /// <see cref="PrinterProfile.BootEpoch"/>: a layout lost at power-off prints a label without its code.
    /// </summary>
    public bool Stored { get; init; }

    /// <summary>Formats that may wait in its memory, 1 to 32; a site may choose less or more.</summary>
    public required int SendAhead { get; init; }
}

/// <summary>How long a printer takes.</summary>
public sealed record PrinterTimings
{
    /// <summary>A label not taken from us within this time has an unknown outcome; 100 ms to 60 s.</summary>
    public required TimeSpan SendTimeout { get; init; }

    /// <summary>Pause before the next attempt to connect, 100 ms to 60 s.</summary>
    public required TimeSpan Reconnect { get; init; }

    /// <summary>From power-on until it answers, up to 10 minutes; before that silence is no news.</summary>
    public required TimeSpan Boot { get; init; }
}

/// <summary>What a printer does after its head was opened and closed.</summary>
public sealed record AfterHeadClose
{
    /// <summary>Empty labels it may feed, 0 to 10; so many items without a label do not count as bad reads.</summary>
    public required int BlankLabelsMax { get; init; }
}
