namespace EdgeLine.Service.Line;

/// <summary>
/// Everything the outside may know of a line at one moment: a picture in memory, made by the line loop after each turn.
/// Panel, MQTT and metrics read this and nothing else.
/// </summary>
public sealed record LineSnapshot
{
    /// <summary>Key of the line in the configuration.</summary>
    public required string LineId { get; init; }

    /// <summary>Title for people.</summary>
    public required string Title { get; init; }

    /// <summary>conveyor or bench.</summary>
    public required string Station { get; init; }

    /// <summary>PackML state.</summary>
    public required PackMlState State { get; init; }

    /// <summary>Stable key of why the line is in this state, such as <c>printer-media-out</c>; empty while it runs.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Values that go into the words for <see cref="Reason"/>, such as the most labels that may be found.</summary>
    public IReadOnlyDictionary<string, string> ReasonArgs { get; init; } = new Dictionary<string, string>();

    /// <summary>Since when in this state, Unix milliseconds.</summary>
    public long SinceUnixMs { get; init; }

    /// <summary>The run, or the last one while the line is complete, or null.</summary>
    public RunSnapshot? Run { get; init; }

    /// <summary>True from the start of a run until its last entry is on disk.</summary>
    public bool RunActive { get; init; }

    /// <summary>Counts of the run.</summary>
    public LineCounts RunCounts { get; init; } = new();

    /// <summary>Counts since this ledger began; never run backwards.</summary>
    public LineCounts Totals { get; init; } = new();

    /// <summary>The accounting equation over all codes ever leased to this ledger.</summary>
    public CodeAccount Account { get; init; } = new();

    /// <summary>Every number here is true after exactly this journal entry.</summary>
    public long AsOfSeq { get; init; }

    /// <summary>Last journal entry that the platform has.</summary>
    public long ConfirmedSeq { get; init; }

    /// <summary>Verified codes that the platform has confirmed / refused.</summary>
    public long PlatformConfirmed { get; init; }

    /// <summary>Verified codes that the platform refused.</summary>
    public long PlatformRefused { get; init; }

    /// <summary>Last journal entry on the second copy; null without one.</summary>
    public long? MirroredSeq { get; init; }

    /// <summary>The second copy; null without one.</summary>
    public DeviceSnapshot? Mirror { get; init; }

    /// <summary>Verified codes that only this PC knows, and since when; true after its own entry.</summary>
    public Ledger.Exposure OnlyHere { get; init; } = new(0, 0, 0);

    /// <summary>Printer, as far as it speaks.</summary>
    public DeviceSnapshot Printer { get; init; } = new();

    /// <summary>Scanner of the line.</summary>
    public DeviceSnapshot Scanner { get; init; } = new();

    /// <summary>Gate, or null on a bench.</summary>
    public DeviceSnapshot? Gate { get; init; }

    /// <summary>Link to the platform.</summary>
    public DeviceSnapshot Platform { get; init; } = new();

    /// <summary>First cause of the present stop; null while the line runs or has nothing to do.</summary>
    public StopCause? StopReason { get; init; }

    /// <summary>PackML: cannot give items on, because the gate is away.</summary>
    public bool Blocked { get; init; }

    /// <summary>PackML: has nothing to work with: no codes, or no platform to get them from.</summary>
    public bool Starved { get; init; }

    /// <summary>Alarms that are not normal, most important first.</summary>
    public IReadOnlyList<AlarmSnapshot> Alarms { get; init; } = [];

    /// <summary>Last verdicts, newest first, at most 10.</summary>
    public IReadOnlyList<VerdictSnapshot> LastVerdicts { get; init; } = [];

    /// <summary>Answer to the last rework scan, or null.</summary>
    public ReworkCard? Rework { get; init; }

    /// <summary>Check of the scanner.</summary>
    public CheckSnapshot Check { get; init; } = new();

    /// <summary>First article of the run.</summary>
    public FirstArticleSnapshot FirstArticle { get; init; } = new();

    /// <summary>Confirmation that the printer repeats no label by itself, where only a person can see to that.</summary>
    public ReprintOffSnapshot ReprintOff { get; init; } = new();

    /// <summary>Rolls that are in the printer.</summary>
    public MediaSnapshot Media { get; init; } = new();

    /// <summary>
    /// Buttons that make sense now: start, pause, resume, end, clearance, rework, void, sample, replacement, roll-changed,
    /// first-article, scanner-check, acknowledge.
    /// </summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Labels on their way between printer and scanner.</summary>
    public int InFlight { get; init; }

    /// <summary>Codes that may still be printed under the current lease.</summary>
    public long CodesLeft { get; init; }

    /// <summary>End of the current lease, Unix milliseconds, 0 for none.</summary>
    public long LeaseExpiresUnixMs { get; init; }
}

/// <summary>A run as the screens show it.</summary>
public sealed record RunSnapshot(
    string RunId, string OrderId, string BatchId, string BatchNumber, string Product, int Target, long StartedUnixMs, string StartedBy);

/// <summary>Counts of items and labels.</summary>
public sealed record LineCounts
{
    /// <summary>Labels sent to the printer.</summary>
    public long Printed { get; init; }

    /// <summary>Labels read back in time.</summary>
    public long Verified { get; init; }

    /// <summary>Items that were told to leave.</summary>
    public long Rejected { get; init; }

    /// <summary>Items without a usable read.</summary>
    public long NoRead { get; init; }

    /// <summary>Duplicates, foreign codes, voided labels alive.</summary>
    public long Intruders { get; init; }

    /// <summary>Items that must have been without a label.</summary>
    public long Unlabelled { get; init; }

    /// <summary>Reads out of order: a diagnostic, not a verdict.</summary>
    public long Slips { get; init; }

    /// <summary>Codes withdrawn.</summary>
    public long Voided { get; init; }

    /// <summary>Items accepted at rework.</summary>
    public long Reworked { get; init; }
}

/// <summary>leased = available + printing + in doubt + rejected + verified + sampled + void + returned + expired.</summary>
public sealed record CodeAccount
{
    /// <summary>Codes leased to this ledger.</summary>
    public long Leased { get; init; }

    /// <summary>Not printed yet.</summary>
    public long Available { get; init; }

    /// <summary>Sent to the printer, not resolved.</summary>
    public long Printing { get; init; }

    /// <summary>May or may not exist as a label.</summary>
    public long InDoubt { get; init; }

    /// <summary>Label exists, item in the bin.</summary>
    public long Rejected { get; init; }

    /// <summary>Read back.</summary>
    public long Verified { get; init; }

    /// <summary>Verified, then taken as a sample.</summary>
    public long Sampled { get; init; }

    /// <summary>Withdrawn.</summary>
    public long Void { get; init; }

    /// <summary>Never printed, went back.</summary>
    public long Returned { get; init; }

    /// <summary>Never printed, lease ran out.</summary>
    public long Expired { get; init; }

    /// <summary>What the equation leaves over: anything but 0 is an alarm.</summary>
    public long Remainder =>
        Leased - Available - Printing - InDoubt - Rejected - Verified - Sampled - Void - Returned - Expired;
}

/// <summary>One device or link: <c>up</c>, <c>down</c>, <c>fault</c> or <c>unknown</c>, and the fault's stable key.</summary>
public sealed record DeviceSnapshot(string State = "unknown", string Fault = "", string Profile = "", string Detail = "")
{
    /// <summary>Of a printer: the file in it that labels are recalled from, or empty.</summary>
    public string RecalledFrom { get; init; } = "";

    /// <summary>Of a scanner: items read on this roll, moving mean in percent; null before the first hundred.</summary>
    public double? ReadPercent { get; init; }

    /// <summary>Of a scanner: how many items after it is sent a label is read; 0 while not known.</summary>
    public long OffsetItems { get; init; }
}

/// <summary>One alarm. Severity: critical, high, medium, low.</summary>
public sealed record AlarmSnapshot(
    string Key, string Severity, long RaisedUnixMs, bool Acknowledged, IReadOnlyDictionary<string, string> Args)
{
    /// <summary>ISA-18.2: <c>unack</c>, <c>acked</c>, <c>rtn_unack</c> (gone, nobody has seen it) or <c>shelved</c>.</summary>
    public string State { get; init; } = "unack";

    /// <summary>When the cause went away, Unix milliseconds; 0 while it is there.</summary>
    public long ClearedUnixMs { get; init; }

    /// <summary>Who has seen it, or empty.</summary>
    public string AckedBy { get; init; } = "";

    /// <summary>Until when it is put aside, Unix milliseconds; 0 when it is not.</summary>
    public long ShelvedUntilUnixMs { get; init; }
}

/// <summary>First cause of the present stop: a stable key, and since when the line stands for it.</summary>
public sealed record StopCause(string Key, long SinceUnixMs);

/// <summary>One verdict: pass or reject, why, and the last four characters of the code.</summary>
public sealed record VerdictSnapshot(long Item, bool Pass, string Reason, string CodeTail, long AtUnixMs);

/// <summary>
/// What to do with the item on the rework table: accept, destroy, find-the-twin, already-final, not-ours, other-run, wait;
/// <c>looking</c> while the answer is not on disk yet.
/// </summary>
public sealed record ReworkCard(string Answer, string Reason, string CodeTail, long AtUnixMs)
{
    /// <summary>The label was heard, its answer is to come.</summary>
    public const string Looking = "looking";

    /// <summary>Whether it tells what to do with the item.</summary>
    public bool IsAnswer => Answer != Looking;

    /// <summary>Whether the item is good.</summary>
    public bool IsAccept => Answer == "accept";
}

/// <summary>The check of the scanner with known labels.</summary>
/// <param name="State"><c>none</c>, <c>due</c>, <c>overdue</c>, <c>running</c>, <c>passed</c> or <c>failed</c>.</param>
/// <param name="Step">What a running check waits for: <c>test-label</c>, <c>blank</c>, <c>foreign</c>; else empty.</param>
/// <param name="DueUnixMs">When the next one is wanted, Unix milliseconds; 0 for never.</param>
/// <param name="Suspects">Codes verified between the last good check and one that failed.</param>
public sealed record CheckSnapshot(string State = "none", string Step = "", long DueUnixMs = 0, int Suspects = 0);

/// <summary>The first article of a run: <c>none</c>, <c>wanted</c>, <c>printing</c>, <c>to-approve</c> or <c>approved</c>.</summary>
public sealed record FirstArticleSnapshot(string State = "none", string CodeTail = "");

/// <summary>Lots of the rolls in the printer, empty when unknown, and when the last one was changed, Unix milliseconds.</summary>
public sealed record MediaSnapshot(string MediaLot = "", string RibbonLot = "", long ChangedUnixMs = 0)
{
    /// <summary>After a change of <c>media</c> or <c>ribbon</c>.</summary>
    public MediaSnapshot After(string what, string lot, long unixMs) => what == "ribbon"
        ? this with { RibbonLot = lot, ChangedUnixMs = unixMs }
        : this with { MediaLot = lot, ChangedUnixMs = unixMs };
}

/// <summary>Whether a person confirmed that the printer's own reprint is off.</summary>
/// <param name="State">none (this model needs no person), wanted, confirmed.</param>
/// <param name="Boot">Boot epoch of the printer that is meant.</param>
/// <param name="En">What has to be done at the printer, from its profile.</param>
/// <param name="Zh">The same in Chinese.</param>
public sealed record ReprintOffSnapshot(string State = "none", long Boot = 0, string En = "", string Zh = "");
