using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <summary>What the core wants done. The shell does it in order and adds no rule of its own.</summary>
public abstract record LineEffect
{
    private protected LineEffect()
    {
    }

    /// <summary>Write these entries in one transaction, then say <see cref="LineEvent.Committed"/>.</summary>
    public sealed record Journal(long Ticket, IReadOnlyList<LineEntry> Entries) : LineEffect;

    /// <summary>Send the label of a code to the printer; its print entry is on disk.</summary>
    public sealed record Send(CodeRef Code) : LineEffect;

    /// <summary>Pass or reject an item. Only a pass that is on time opens the gate.</summary>
    public sealed record Verdict(long Item, bool Pass, string Reason, string CodeTail) : LineEffect;

    /// <summary>Ask the belt to stop, or let it go.</summary>
    public sealed record StopRequest(bool On) : LineEffect;

    /// <summary>Clear what the printer still has in memory (~JX ~JA).</summary>
    public sealed record PrinterCancel : LineEffect;

    /// <summary>Feed so many labels with nothing on them, so that those before them reach the scanner.</summary>
    public sealed record FeedBlanks(int Count) : LineEffect;

    /// <summary>Scanner and gate must count alike anew, from a standstill.</summary>
    public sealed record Resync : LineEffect;

    /// <summary>More codes are wanted for the run: the next ones after a row number.</summary>
    public sealed record AskCodes(int Count, long AfterId) : LineEffect;

    /// <summary>A code of the test pool is wanted: <see cref="LineEvent.TestCodeDrawn"/> answers.</summary>
    public sealed record AskTestCode : LineEffect;

    /// <summary>The answer for the person at the rework table.</summary>
    public sealed record Tell(ReworkCard Card) : LineEffect;

    /// <summary>A command was carried out (empty reason) or refused.</summary>
    public sealed record Answer(long Id, string Refused) : LineEffect;
}

/// <summary>One journal line as the core decides it; the ledger adds number, hash and time.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Reason">Stable reason key, or empty.</param>
public sealed record LineEntry(JournalKind Kind, string Reason = "")
{
    /// <summary>The code, when one is concerned.</summary>
    public CodeRef Code { get; init; }

    /// <summary>State that the code leaves; the ledger refuses the entry when the code is not in it.</summary>
    public CodeState From { get; init; }

    /// <summary>The run.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The lease, for entries about a whole lease.</summary>
    public string LeaseId { get; init; } = "";

    /// <summary>Number of the item at the scanner.</summary>
    public long Item { get; init; }

    /// <summary>A number that goes with the kind.</summary>
    public long Count { get; init; }

    /// <summary>The person.</summary>
    public string Who { get; init; } = "";

    /// <summary>Anything else.</summary>
    public string Detail { get; init; } = "";

    /// <summary>True when the entry moves a code.</summary>
    public bool MovesCode => Code.Id != 0 && Kind is (>= JournalKind.Print and <= JournalKind.Sampled) or JournalKind.Enrolled;

    /// <summary>State that the code enters.</summary>
    public CodeState To => Kind switch
    {
        JournalKind.Print => CodeState.Printing,
        JournalKind.Verified => CodeState.Verified,
        JournalKind.Rejected => CodeState.Rejected,
        JournalKind.InDoubt => CodeState.InDoubt,
        JournalKind.Void => CodeState.Void,
        JournalKind.Sampled => CodeState.Sampled,
        JournalKind.Enrolled => Ledger.CodeStates.Parse(Reason),
        _ => throw new InvalidOperationException($"An entry of kind {Kind} moves no code."),
    };
}
