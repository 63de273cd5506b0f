using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// The counts of a line as the fold of its journal: the same entries give the same numbers, so that every count on any
/// screen is true after exactly <see cref="AsOfSeq"/>. Immutable; a step makes a new one.
/// </summary>
public sealed record LineFold
{
    /// <summary>Last entry in these numbers.</summary>
    public long AsOfSeq { get; init; }

    /// <summary>Time of that entry, Unix milliseconds.</summary>
    public long AsOfMs { get; init; }

    /// <summary>Counts since the ledger began.</summary>
    public LineCounts Totals { get; init; } = new();

    /// <summary>Counts of the current or last run.</summary>
    public LineCounts RunCounts { get; init; } = new();

    /// <summary>The accounting equation.</summary>
    public CodeAccount Account { get; init; } = new();

    /// <summary>The run that has not ended, or null.</summary>
    public RunOrder? Run { get; init; }

    /// <summary>The run that these run counts belong to, also after its end.</summary>
    public RunSnapshot? LastRun { get; init; }

    /// <summary>Codes of the run that count against its target.</summary>
    public int VerifiedInRun { get; init; }

    /// <summary>Reason of the hold that nobody has lifted, or empty.</summary>
    public string HeldFor { get; init; } = "";

    /// <summary>Only a clearance lifts that hold.</summary>
    public bool NeedsClearance { get; init; }

    /// <summary>The run is to end, with this reason; empty while it goes on.</summary>
    public string EndReason { get; init; } = "";

    /// <summary>A person cleared the line since the last run ended.</summary>
    public bool Cleared { get; init; }

    /// <summary>Codes of the run withdrawn by a person for which no new label was asked yet.</summary>
    public int Replaceable { get; init; }

    /// <summary>Checks of the scanner.</summary>
    public CheckMemory Checks { get; init; } = new();

    /// <summary>What was said last about the first article of the run, or empty.</summary>
    public string FirstArticle { get; init; } = "";

    /// <summary>Number of the last item at the scanner; 0 for none.</summary>
    public long LastItem { get; init; }

    /// <summary>Rolls in the printer.</summary>
    public MediaSnapshot Media { get; init; } = new();

    /// <summary>Adds one entry.</summary>
    /// <param name="seq">Its number.</param>
    /// <param name="ms">Its time.</param>
    /// <param name="e">The entry as decided.</param>
    /// <param name="count">Its count as written; for whole leases the ledger counts the codes itself.</param>
    public LineFold With(long seq, long ms, LineEntry e, long count)
    {
        ArgumentNullException.ThrowIfNull(e);
        LineFold next = this with { AsOfSeq = seq, AsOfMs = ms, LastItem = Math.Max(LastItem, e.Item) };
        if (e.MovesCode)
        {
            next = next with { Account = Add(Add(Account, e.From, -1), e.To, 1) };
        }

        return e.Kind switch
        {
            JournalKind.Leased => next with
            {
                Account = Account with { Leased = Account.Leased + count, Available = Account.Available + count },
            },
            JournalKind.Returned => next with
            {
                Account = Account with { Available = Account.Available - count, Returned = Account.Returned + count },
            },
            JournalKind.Expired => next with
            {
                Account = Account with { Available = Account.Available - count, Expired = Account.Expired + count },
            },
            JournalKind.RunStarted => next.Begin(RunDetail.Read(e.RunId, count, e.Detail), ms, e.Who),
            JournalKind.RunEnded => next with { Run = null, HeldFor = "", NeedsClearance = false, EndReason = "", Cleared = false, Checks = Checks with { SinceRun = false } },
            JournalKind.RunEnding => next with { EndReason = e.Reason },
            JournalKind.Held => next with { HeldFor = e.Reason, NeedsClearance = count != 0 },
            JournalKind.Resumed => next with { HeldFor = "", NeedsClearance = false },
            JournalKind.Cleared => next with { HeldFor = "", NeedsClearance = false, Cleared = Run is null },
            JournalKind.ScannerCheck => next with { Checks = Checks.With(e.Reason, ms, count) },
            JournalKind.FirstArticle => next with { FirstArticle = e.Reason },
            JournalKind.MediaChanged => next with { Media = Media.After(e.Reason, e.Detail, ms) },
            JournalKind.ReplacementAsked => next with { Replaceable = Replaceable - 1 },
            _ => next with
            {
                Totals = Step(Totals, e, count),
                RunCounts = e.RunId.Length > 0 ? Step(RunCounts, e, count) : RunCounts,
                VerifiedInRun = VerifiedInRun + CountsForTarget(e, count),
                Cleared = Cleared && !(Run is null && e.Item > 0 && e.Kind is JournalKind.Intruder or JournalKind.Rejected),
                Replaceable = Replaceable + (e.Kind == JournalKind.Void && e.RunId.Length > 0 ? (int)count : 0),
                Checks = e.Kind == JournalKind.Verified && e.Reason != "rework" ? Checks with { VerifiedSince = Checks.VerifiedSince + 1 } : Checks,
            },
        };
    }

    private LineFold Begin(RunOrder order, long ms, string who) => this with
    {
        Run = order,
        LastRun = new RunSnapshot(order.RunId, order.OrderId, order.BatchId, order.BatchNumber, order.Product, order.Target, ms, who),
        RunCounts = new LineCounts(),
        VerifiedInRun = 0,
        Cleared = false,
        Replaceable = 0,
        FirstArticle = "",
        HeldFor = "",
        NeedsClearance = false,
        EndReason = "",
    };

    // The target counts good items that leave. A sample counts as one unless another is printed for it.
    private static int CountsForTarget(LineEntry e, long count) => e switch
    {
        { Kind: JournalKind.Verified } => 1,
        { Kind: JournalKind.Rejected, From: CodeState.Verified } => -1,
        { Kind: JournalKind.Void, From: CodeState.Verified, RunId.Length: > 0 } => -1,
        { Kind: JournalKind.Sampled } => -(int)count,
        _ => 0,
    };

    private static LineCounts Step(LineCounts c, LineEntry e, long count) => e.Kind switch
    {
        JournalKind.Print => c with { Printed = c.Printed + 1 },
        JournalKind.Verified => c with
        {
            Verified = c.Verified + 1,
            Unlabelled = c.Unlabelled + count,
            Slips = c.Slips + (e.Reason == "slip" ? 1 : 0),
            Reworked = c.Reworked + (e.Reason == "rework" ? 1 : 0),
        },
        // A label found unreadable later was already counted as an item without a read.
        JournalKind.Rejected => c with { Rejected = c.Rejected + (e.Reason is "no-read" or "several-codes" or "rework" ? 0 : 1) },
        JournalKind.ItemRejected => c with { Rejected = c.Rejected + 1, NoRead = c.NoRead + (e.Reason is "no-read" or "other-symbol" ? 1 : 0) },
        // A second label at the rework table: its item was counted when it was rejected.
        JournalKind.Intruder => c with { Rejected = c.Rejected + (e.Reason == "second-label" ? 0 : 1), Intruders = c.Intruders + 1 },
        JournalKind.Void => c with { Voided = c.Voided + 1 },
        _ => c,
    };

    private static CodeAccount Add(CodeAccount a, CodeState state, long n) => state switch
    {
        CodeState.Available => a with { Available = a.Available + n },
        CodeState.Printing => a with { Printing = a.Printing + n },
        CodeState.InDoubt => a with { InDoubt = a.InDoubt + n },
        CodeState.Rejected => a with { Rejected = a.Rejected + n },
        CodeState.Verified => a with { Verified = a.Verified + n },
        CodeState.Sampled => a with { Sampled = a.Sampled + n },
        CodeState.Void => a with { Void = a.Void + n },
        CodeState.Returned => a with { Returned = a.Returned + n },
        _ => a with { Expired = a.Expired + n },
    };
}
