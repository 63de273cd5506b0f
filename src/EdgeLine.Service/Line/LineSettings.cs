namespace EdgeLine.Service.Line;

/// <summary>How items meet their labels.</summary>
public enum Station
{
    /// <summary>Print-and-apply with trigger sensor and gate.</summary>
    Conveyor,

    /// <summary>Desktop printer and handheld: stick, scan, next. The verdict is screen and beep.</summary>
    Bench,

    /// <summary>Printer and scanner on one web of labels: each label is the item, and nothing moves but by printing.</summary>
    Web,
}

/// <summary>What the core needs to know of a site. All times in milliseconds.</summary>
public sealed record LineSettings
{
    /// <summary>Kind of station.</summary>
    public required Station Station { get; init; }

    /// <summary>A web has something behind the scanner that marks or takes off what gets no PASS.</summary>
    public bool GateOnWeb { get; init; }

    /// <summary>Something behind the scanner deals with each item that gets no PASS in time.</summary>
    public bool Gated => Station == Station.Conveyor || (Station == Station.Web && GateOnWeb);

    /// <summary>Formats that may wait in the printer's memory, 1 to 32.</summary>
    public int SendAhead { get; init; } = 1;

    /// <summary>Labels between print head and scanner, 0 to 200.</summary>
    public int LabelsToScanner { get; init; }

    /// <summary>A verdict later than this after the read is no verdict. Without meaning where there is no gate.</summary>
    public int VerdictWithinMs { get; init; } = 800;

    /// <summary>Two items are never closer than this at the scanner; 0 where the sensor does not chatter.</summary>
    public int MinPitchMs { get; init; }

    /// <summary>How long the belt runs after a loss of tracking before clearance is asked for.</summary>
    public int RunOutMs { get; init; } = 10_000;

    /// <summary>This many bad reads in a row hold the line.</summary>
    public int BadReadsInRow { get; init; } = 3;

    /// <summary>Limit of the up/down bucket: +1 for a bad read, -1 for a good one, never below 0.</summary>
    public int BadReadBucket { get; init; } = 5;

    /// <summary>The gate reports each item that left it. A run then ends when the last item was reported.</summary>
    public bool GateReports { get; init; }

    /// <summary>The gate counts triggers; a PASS waits until it has counted as many as the scanner has answered.</summary>
    public bool GateCounts { get; init; }

    /// <summary>Codes are asked for when fewer than this are at hand.</summary>
    public int SupplyLow { get; init; } = 128;

    /// <summary>Nothing is printed while so many verified codes are known only to this PC; 0 for no limit.</summary>
    public int MaxUnconfirmed { get; init; }

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
    /// When the verdict on an item that is read now comes too late. Without a gate never: the person at a bench holds the item
    /// and waits for the word, and a label stays on its web whatever the word is.
    /// </summary>
    public long VerdictDueMs(long nowMs) => !Gated ? long.MaxValue : nowMs + VerdictWithinMs;
}
