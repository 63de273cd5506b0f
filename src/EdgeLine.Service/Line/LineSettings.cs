namespace EdgeLine.Service.Line;

/// <summary>How items meet their labels.</summary>
public enum Station
{
    /// <summary>Print-and-apply with trigger sensor and gate.</summary>
    Conveyor,

    /// <summary>Desktop printer and handheld: stick, scan, next. The verdict is screen and beep.</summary>
    Bench,
}

/// <summary>What the core needs to know of a site. All times in milliseconds.</summary>
public sealed record LineSettings
{
    /// <summary>Kind of station.</summary>
    public required Station Station { get; init; }

    /// <summary>Formats that may wait in the printer's memory, 1 to 32.</summary>
    public int SendAhead { get; init; } = 1;

    /// <summary>Labels between print head and scanner, 0 to 200.</summary>
    public int LabelsToScanner { get; init; }

    /// <summary>A verdict later than this after the read is no verdict. Without meaning on a bench.</summary>
    public int VerdictWithinMs { get; init; } = 800;

    /// <summary>How long the belt runs after a loss of tracking before clearance is asked for.</summary>
    public int RunOutMs { get; init; } = 10_000;

    /// <summary>This many bad reads in a row hold the line.</summary>
    public int BadReadsInRow { get; init; } = 3;

    /// <summary>Limit of the up/down bucket: +1 for a bad read, -1 for a good one, never below 0.</summary>
    public int BadReadBucket { get; init; } = 5;

    /// <summary>Codes are asked for when fewer than this are at hand.</summary>
    public int SupplyLow { get; init; } = 128;

    /// <summary>Each run begins with a check of the scanner.</summary>
    public bool CheckAtRunStart { get; init; }

    /// <summary>A scanner check is wanted this long after the last good one; 0 for never.</summary>
    public long CheckEveryMs { get; init; }

    /// <summary>A failed check counts the codes verified since the last good one as suspect.</summary>
    public bool CheckNamesSuspects { get; init; } = true;

    /// <summary>Each run begins with a test label whose text a person confirms.</summary>
    public bool FirstArticle { get; init; }

    /// <summary>Nothing is printed before a person confirmed, for each boot of the printer, that its own reprint is off.</summary>
    public bool ReprintOffByHand { get; init; }

    /// <summary>
    /// Most labels between ledger and verdict: what bounds the codes that a crash can put in doubt. Derived from two
    /// facts of the site, never set. A bench has one label at a time: the next comes after a good read.
    /// </summary>
    public int Window => Station == Station.Bench ? 1 : SendAhead + LabelsToScanner;

    /// <summary>
    /// When the verdict on an item that is read now comes too late. On a bench nothing moves on: the person holds the item and
    /// waits for the word, and the next label is a word too.
    /// </summary>
    public long VerdictDueMs(long nowMs) => Station == Station.Bench ? long.MaxValue : nowMs + VerdictWithinMs;
}
