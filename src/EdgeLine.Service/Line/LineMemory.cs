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

    /// <summary>Leases with codes that were never printed.</summary>
    public IReadOnlyList<LeaseTerms> Leases { get; init; } = [];

    /// <summary>The code that was verified last: reading it again after a restart is a repeat, not a new duplicate.</summary>
    public CodeRef LastVerified { get; init; }

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
