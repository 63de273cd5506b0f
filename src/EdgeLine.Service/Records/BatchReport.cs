namespace EdgeLine.Service.Records;

/// <summary>
/// Everything that is known of one run: each code accounted for, who did what, what was rejected why, what several
/// witnesses counted. Lists are cut; what was cut off is said as a number, and the CSV has every code.
/// </summary>
public sealed record BatchReport
{
    /// <summary>The run.</summary>
    public required RunHead Run { get; init; }

    /// <summary>Key of the line.</summary>
    public required string Line { get; init; }

    /// <summary>Everything here is true after this entry.</summary>
    public required long AsOfSeq { get; init; }

    /// <summary>Entries after the run were looked through up to here; less than <see cref="AsOfSeq"/> when it took too long.</summary>
    public required long SearchedThrough { get; init; }

    /// <summary>Codes printed in this run by their state of now.</summary>
    public required IReadOnlyDictionary<string, long> Codes { get; init; }

    /// <summary>Where all codes leased for the order are: this run, other runs, or never printed by state.</summary>
    public required OrderCodes Order { get; init; }

    /// <summary>What different parts counted, side by side.</summary>
    public required IReadOnlyList<Witness> Witnesses { get; init; }

    /// <summary>Rejected items by reason.</summary>
    public required IReadOnlyList<ReasonCount> Rejects { get; init; }

    /// <summary>Withdrawn codes by reason.</summary>
    public required IReadOnlyList<ReasonCount> Voids { get; init; }

    /// <summary>Every code of the run whose way was not simply printed and read.</summary>
    public required IReadOnlyList<CodeLine> Exceptions { get; init; }

    /// <summary>Exceptions that did not fit into the list.</summary>
    public required long ExceptionsBeyond { get; init; }

    /// <summary>What people did, and what held the line.</summary>
    public required IReadOnlyList<ActionLine> Actions { get; init; }

    /// <summary>Actions that did not fit into the list.</summary>
    public required long ActionsBeyond { get; init; }

    /// <summary>Codes between the last good scanner check and a failed one.</summary>
    public required IReadOnlyList<SuspectRange> Suspects { get; init; }
}

/// <summary>
/// Codes leased for the order: leased = this run + other runs + available + returned + expired + withdrawn without ever
/// having been printed + remainder.
/// </summary>
public sealed record OrderCodes(
    long Leased, long ThisRun, long OtherRuns, long Available, long Returned, long Expired, long Withdrawn, long Remainder);

/// <summary>One count of one part; <see cref="Agrees"/> is null when it cannot be compared yet.</summary>
public sealed record Witness(string Name, long Count, bool? Agrees);

/// <summary>How often a reason came.</summary>
public sealed record ReasonCount(string Reason, long Count);

/// <summary>A code whose way was not simply printed and read.</summary>
public sealed record CodeLine(string Code, string State, string Reason, string Who, long AtMs, long Seq);

/// <summary>One entry that is no label.</summary>
public sealed record ActionLine(long Seq, long AtMs, string Kind, string Reason, string Who, long Count, string Detail, string CodeTail);

/// <summary>Codes read after the last good check of the scanner, up to the failed one.</summary>
public sealed record SuspectRange(long FailedSeq, long FailedMs, long AfterSeq, long Count, IReadOnlyList<string> Codes);
