using EdgeLine.Contracts;

namespace EdgeLine.IssuingPlatform.Journal;

/// <summary>What an entry does to a code: the state after it, and the refusal if the platform does not confirm it.</summary>
internal readonly record struct Judgement(CodeState State, string? RefusedAs, string? Why)
{
    /// <summary>Accepted.</summary>
    public static Judgement Now(CodeState state) => new(state, null, null);

    /// <summary>Stored, but not confirmed.</summary>
    public static Judgement Refuse(CodeState state, string type, string why) => new(state, type, why);
}

/// <summary>
/// The life of a code at the platform: a pure function of its state and one journal entry. A dead code stays dead, an
/// entry that takes something away is always believed, and only a label that was printed in time can become active.
/// </summary>
internal static class CodeLife
{
    /// <summary>Refusal: nobody drew this code.</summary>
    public const string Unknown = "code-unknown";

    /// <summary>Refusal: the code is not for this line, lease or time.</summary>
    public const string NotInLease = "code-not-in-lease";

    /// <summary>Refusal: the code is active already.</summary>
    public const string AlreadyActive = "already-active";

    /// <summary>Judges one entry about a code of this line's lease.</summary>
    /// <param name="state">State before.</param>
    /// <param name="kind">What the line says.</param>
    /// <param name="printedLate">True when the code went to the printer after its lease had ended.</param>
    /// <param name="placesLeft">How many items the lease may still verify.</param>
    public static Judgement Judge(CodeState state, JournalKind kind, bool printedLate, long placesLeft) => kind switch
    {
        JournalKind.Print => Printed(state, printedLate),
        JournalKind.Verified => Verified(state, printedLate, placesLeft),
        JournalKind.Rejected when state <= CodeState.Active => Judgement.Now(CodeState.Rejected),
        JournalKind.InDoubt when state <= CodeState.Printing => Judgement.Now(CodeState.InDoubt),
        JournalKind.Void when state <= CodeState.Sampled => Judgement.Now(CodeState.Void),
        JournalKind.Sampled when state == CodeState.Active => Judgement.Now(CodeState.Sampled),
        _ => Judgement.Now(state),
    };

    /// <summary>
    /// A code came over into a new ledger in the state that this platform had told. It says something new only to a platform
    /// that was set back since: then what was decided is taken over, and what was not stays.
    /// </summary>
    /// <param name="state">State here.</param>
    /// <param name="word">State there, as in the line's ledger.</param>
    /// <param name="placesLeft">How many items the lease may still verify.</param>
    public static Judgement Enrolled(CodeState state, string word, long placesLeft)
    {
        CodeState there = Array.IndexOf(LedgerWords, word) is int at and >= 0 ? (CodeState)at : state;
        return there == state || there <= CodeState.Printing ? Judgement.Now(state)
            : state > CodeState.Rejected ? Judgement.Refuse(state, NotInLease, $"It came over as {word}, here it is {Word(state)}.")
            : there is CodeState.Active or CodeState.Sampled && placesLeft <= 0
                ? Judgement.Refuse(state, NotInLease, "The lease allows no further item.")
            : Judgement.Now(there);
    }

    private static readonly string[] LedgerWords =
        ["available", "printing", "in-doubt", "rejected", "verified", "sampled", "void", "returned", "expired"];

    private static Judgement Printed(CodeState state, bool late) => state switch
    {
        CodeState.Open when late => Judgement.Refuse(CodeState.Printing, NotInLease, "Printed after the lease had ended."),
        CodeState.Open or CodeState.Printing => Judgement.Now(CodeState.Printing),
        CodeState.InDoubt or CodeState.Rejected => Judgement.Now(state),
        CodeState.Active or CodeState.Sampled => Judgement.Refuse(state, AlreadyActive, "Printed again although it is active."),
        _ => Judgement.Refuse(state, NotInLease, $"Printed although it is {Word(state)}."),
    };

    private static Judgement Verified(CodeState state, bool printedLate, long placesLeft) => state switch
    {
        CodeState.Active or CodeState.Sampled => Judgement.Refuse(state, AlreadyActive, "Verified a second time: look for a twin label."),
        CodeState.Open => Judgement.Refuse(state, NotInLease, "Verified although this journal never printed it."),
        CodeState.Void or CodeState.Returned or CodeState.Expired =>
            Judgement.Refuse(state, NotInLease, $"Verified although it is {Word(state)}."),
        _ when printedLate => Judgement.Refuse(state, NotInLease, "Printed after the lease had ended."),
        // The line counts by itself; this is for a line that cannot count.
        _ when placesLeft <= 0 => Judgement.Refuse(state, NotInLease, "The lease allows no further item."),
        _ => Judgement.Now(CodeState.Active),
    };

    private static string Word(CodeState state) => state.ToString().ToLowerInvariant();
}
