using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Service.Configuration;

/// <summary>How labels, items and people meet at a line.</summary>
public enum StationKind
{
    /// <summary>Print and apply on a moving belt, with photo-eye and gate.</summary>
    Conveyor,

    /// <summary>A table: stick, scan, next. No gate; the next label comes only after a good read.</summary>
    Bench,

    /// <summary>Printer and scanner on one web of labels; a gate behind them may mark or take off bad ones.</summary>
    Web,
}

/// <summary>The words for stations in the site file.</summary>
public static class StationKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Words { get; } = ["conveyor", "bench", "web"];

    /// <summary>The word for a station.</summary>
    public static string Word(StationKind kind) => Words[(int)kind];

    /// <summary>The station of a word, or null.</summary>
    public static StationKind? Of(string? word) => Words.ToList().IndexOf(word ?? "") is var at and >= 0 ? (StationKind)at : null;
}

/// <summary>Who begins a run.</summary>
public enum RunStart
{
    /// <summary>A person, on the operator page.</summary>
    Operator,

    /// <summary>The line itself, with the oldest order assigned to it.</summary>
    Auto,
}

/// <summary>
/// One line of the site, with its device profiles and everything its core needs to know. Exists only when nothing in it
/// is wrong: a conveyor has a gate, every line has a scanner (P2).
/// </summary>
public sealed record LineConfiguration
{
    /// <summary>Key of the line: 1 to 32 of <c>a-z 0-9 -</c>. Part of topics and folder names.</summary>
    public required string Id { get; init; }

    /// <summary>Title for people; the key when there is none.</summary>
    public required string Title { get; init; }

    /// <summary>Conveyor, bench or web.</summary>
    public required StationKind Station { get; init; }

    /// <summary>Who begins a run.</summary>
    public required RunStart Start { get; init; }

    /// <summary>The printer.</summary>
    public required PrinterConfiguration Printer { get; init; }

    /// <summary>The scanner that verifies.</summary>
    public required ScannerConfiguration Scanner { get; init; }

    /// <summary>The scanner for rejected items, or null.</summary>
    public required ScannerConfiguration? Rework { get; init; }

    /// <summary>The gate: never null on a conveyor, always on a bench, and on a web as the site has it.</summary>
    public required GateConfiguration? Gate { get; init; }

    /// <summary>File of the label template.</summary>
    public required string LabelFile { get; init; }

    /// <summary>Font in which text is drawn that the printer has no font for; one for the whole site.</summary>
    public LabelFont LabelFont { get; init; } = LabelFont.Find();

    /// <summary>Labels between print head and scanner, 0 to 200; on a bench 0 or 1.</summary>
    public required int LabelsToScanner { get; init; }

    /// <summary>Formats that may wait in the printer, 1 to 32; from the printer profile unless the site says otherwise.</summary>
    public required int SendAhead { get; init; }

    /// <summary>Pace of the belt, 1 to 100,000.</summary>
    public required int ItemsPerMinute { get; init; }

    /// <summary>A verdict later than this after the read is no PASS; see <see cref="VerdictAtPace"/>.</summary>
    public required TimeSpan VerdictWithin { get; init; }

    /// <summary>Two items are never closer than this at the scanner, 0 to 60 s; zero where nothing chatters.</summary>
    public TimeSpan MinPitch { get; init; }

    /// <summary>Each reject switches the reject output of the reader too.</summary>
    public bool RejectByReader { get; init; }

    /// <summary>How long the belt needs to run out, 1 s to 10 min: after a crash before clearance is asked, at the end of an order before labels are missed.</summary>
    public required TimeSpan RunOut { get; init; }

    /// <summary>When bad reads hold the line.</summary>
    public required HoldConfiguration Hold { get; init; }

    /// <summary>When codes are leased, and how many.</summary>
    public required CodesConfiguration Codes { get; init; }

    /// <summary>When the scanner is checked with known labels.</summary>
    public required ChecksConfiguration Checks { get; init; }

    /// <summary>Each run begins with a test label whose text a person confirms.</summary>
    public required bool FirstArticle { get; init; }

    /// <summary>What the effectiveness (OEE) of the line is measured against.</summary>
    public required OeeConfiguration Oee { get; init; }

    /// <summary>The deadline that follows from the pace: 80 % of the time between two items.</summary>
    public static TimeSpan VerdictAtPace(int itemsPerMinute) => TimeSpan.FromMinutes(1) / itemsPerMinute * 0.8;
}

/// <summary>A printer of the site: which model, and where.</summary>
public sealed record PrinterConfiguration(PrinterProfile Profile, LinkAddress Link);

/// <summary>A scanner of the site: which model, and where.</summary>
public sealed record ScannerConfiguration(ScannerProfile Profile, LinkAddress Link);

/// <summary>A gate of the site: which model, and where.</summary>
public sealed record GateConfiguration(GateProfile Profile, LinkAddress Link);

/// <summary>When bad reads hold the line.</summary>
public sealed record HoldConfiguration
{
    /// <summary>So many bad reads in a row hold the line, 1 to 20.</summary>
    public required int BadReadsInRow { get; init; }

    /// <summary>Every bad read fills a bucket by one, every good read empties it by one; full here, 1 to 100.</summary>
    public required int BadReadBucket { get; init; }
}

/// <summary>When codes are leased, and how many.</summary>
public sealed record CodesConfiguration
{
    /// <summary>Ask for more when fewer are available, 1 to 99,999; less than <see cref="LeaseCodes"/>.</summary>
    public required int LeaseWhenBelow { get; init; }

    /// <summary>Codes asked for at once, 2 to 100,000.</summary>
    public required int LeaseCodes { get; init; }
}

/// <summary>What the effectiveness (OEE) of a line is measured against.</summary>
public sealed record OeeConfiguration
{
    /// <summary>Items a minute at the best pace, 1 to 100,000; the pace of the belt unless the site says otherwise.</summary>
    public required int IdealItemsPerMinute { get; init; }

    /// <summary>How far back it looks, minutes, 10 to 1,440.</summary>
    public required int WindowMinutes { get; init; }
}

/// <summary>When the scanner is checked with known labels.</summary>
public sealed record ChecksConfiguration
{
    /// <summary>At the start of each run.</summary>
    public required bool AtRunStart { get; init; }

    /// <summary>So many hours after the last good check, 1 to 168; null for never.</summary>
    public required int? EveryHours { get; init; }

    /// <summary>A failed check counts the codes verified since the last good one as suspect.</summary>
    public required bool Suspects { get; init; }
}
