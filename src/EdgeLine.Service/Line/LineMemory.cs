namespace EdgeLine.Service.Line;

/// <summary>What the ledger remembers of a line when the service starts: the fold of its journal.</summary>
public sealed record LineMemory
{
    /// <summary>An empty ledger.</summary>
    public static LineMemory Empty { get; } = new();

    /// <summary>The run that had not ended, or null.</summary>
    public RunOrder? Run { get; init; }

    /// <summary>Codes verified in that run.</summary>
    public int VerifiedInRun { get; init; }

    /// <summary>Codes of that run that were printing, in the order of printing.</summary>
    public IReadOnlyList<CodeRef> Printing { get; init; } = [];

    /// <summary>Codes of that run that were in doubt.</summary>
    public IReadOnlyList<CodeRef> InDoubt { get; init; } = [];

    /// <summary>
    /// Codes of other orders that an enrolment brought in doubt: a label of them may be anywhere on the line, so the
    /// clearance that the enrolment asks for withdraws them too.
    /// </summary>
    public IReadOnlyList<CodeRef> Strays { get; init; } = [];

    /// <summary>Leases with codes that were never printed.</summary>
    public IReadOnlyList<LeaseTerms> Leases { get; init; } = [];

    /// <summary>The run that these counts belong to, ended or not, or null.</summary>
    public RunOrder? LastRun { get; init; }

    /// <summary>A person cleared the line since that run ended.</summary>
    public bool Cleared { get; init; }

    /// <summary>Codes of the run withdrawn by a person for which no new label was asked yet.</summary>
    public int Replaceable { get; init; }

    /// <summary>Leases of that run's order that ended: labels of them may lie in the bin.</summary>
    public IReadOnlyList<LeaseTerms> ClosedLeases { get; init; } = [];

    /// <summary>Checks of the scanner.</summary>
    public CheckMemory Checks { get; init; } = new();

    /// <summary>What was said last about the first article of the run: printed, read, approved, refused, asked, or nothing.</summary>
    public string FirstArticle { get; init; } = "";

    /// <summary>Rolls in the printer.</summary>
    public MediaSnapshot Media { get; init; } = new();

    /// <summary>The code that was verified last: reading it again after a restart is a repeat, not a new duplicate.</summary>
    public CodeRef LastVerified { get; init; }

    /// <summary>Number of the last item at the scanner; 0 for none.</summary>
    public long LastItem { get; init; }

    /// <summary>Items verified last whose codes are still verified: the gate may have rejected them all the same.</summary>
    public IReadOnlyList<(long Item, CodeRef Code)> LastPassed { get; init; } = [];

    /// <summary>Reason of the hold that nobody had lifted, or empty.</summary>
    public string HeldFor { get; init; } = "";

    /// <summary>True when that hold was a loss of tracking: only a clearance lifts it.</summary>
    public bool NeedsClearance { get; init; }

    /// <summary>True when the run was already draining; the reason is in <see cref="EndReason"/>.</summary>
    public string EndReason { get; init; } = "";

    /// <summary>Time of the last entry, Unix milliseconds; 0 for none.</summary>
    public long LastEntryMs { get; init; }

    /// <summary>True when the ledger has entries: then this is a restart.</summary>
    public bool HasHistory { get; init; }
}
