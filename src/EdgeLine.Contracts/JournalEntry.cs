using System.Security.Cryptography;

namespace EdgeLine.Contracts;

/// <summary>What happened. The numbers are part of the stored bytes and never change their meaning.</summary>
public enum JournalKind : ushort
{
    /// <summary>First entry of every ledger: names line and epoch.</summary>
    LedgerOpened = 1,

    /// <summary>A lease was accepted: <see cref="JournalEntry.Count"/> codes became available.</summary>
    Leased = 2,

    /// <summary>A run of an order began.</summary>
    RunStarted = 3,

    /// <summary>The code is about to go to the printer. At most one such entry for a code, ever.</summary>
    Print = 4,

    /// <summary>The line read the label back, equal to what was printed.</summary>
    Verified = 5,

    /// <summary>A label exists, its item was rejected.</summary>
    Rejected = 6,

    /// <summary>Nobody knows whether the label exists.</summary>
    InDoubt = 7,

    /// <summary>The code is withdrawn for ever, with a reason.</summary>
    Void = 8,

    /// <summary>A verified item was taken as a sample.</summary>
    Sampled = 9,

    /// <summary>All codes of the lease that were never printed went back; they are dead, only their count is free.</summary>
    Returned = 10,

    /// <summary>The lease ran out; its codes that were never printed are dead.</summary>
    Expired = 11,

    /// <summary>An item without a usable read was rejected; no code is known for it.</summary>
    ItemRejected = 12,

    /// <summary>The line was held, with the reason.</summary>
    Held = 13,

    /// <summary>A person let the line go on.</summary>
    Resumed = 14,

    /// <summary>A person cleared the line and said how many labels were found.</summary>
    Cleared = 15,

    /// <summary>A run ended.</summary>
    RunEnded = 16,

    /// <summary>The service started again over this ledger.</summary>
    Restarted = 17,

    /// <summary>An item was found that should not exist: duplicate, foreign, voided label alive.</summary>
    Intruder = 18,

    /// <summary>A person asked for the end of the run: no more printing, drain, close.</summary>
    RunEnding = 19,

    /// <summary>A person dealt with an alarm: acknowledged, shelved or unshelved. From here on, no kind moves a code but the last.</summary>
    AlarmHandled = 20,

    /// <summary>A person signed in or out, was locked out or refused.</summary>
    Person = 21,

    /// <summary>A step or the end of a scanner check; a failed one counts the codes verified since the last good check.</summary>
    ScannerCheck = 22,

    /// <summary>The first article of a run: a test label was printed, approved or refused.</summary>
    FirstArticle = 23,

    /// <summary>A roll of labels or of ribbon was changed; the detail is its lot.</summary>
    MediaChanged = 24,

    /// <summary>A person asked for a new label in place of one that was withdrawn at rework.</summary>
    ReplacementAsked = 25,

    /// <summary>A command came over MQTT, and what became of it.</summary>
    RemoteCommand = 26,

    /// <summary>A person confirmed at the printer that it repeats no label by itself.</summary>
    ReprintOff = 27,

    /// <summary>
    /// The code came over from the ledger before, by an enrolment; the reason is its state in words, such as <c>in-doubt</c>.
    /// Only in the first entries of a ledger. It moves the code, unlike the kinds before it.
    /// </summary>
    Enrolled = 28,
}

/// <summary>
/// One line of the journal. Entries are numbered without gaps and each carries the hash of the one before it, so that
/// neither a missing nor a changed entry can go unnoticed. What is stored, hashed and uploaded is <see cref="JournalLeaf"/>.
/// </summary>
public sealed record JournalEntry
{
    /// <summary>Position in the ledger, from 1, without gaps.</summary>
    public required long Seq { get; init; }

    /// <summary>Identity of the ledger file.</summary>
    public required Guid LedgerId { get; init; }

    /// <summary>Counts how often the line was given a new ledger by the platform, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>SHA-256 of the leaf before; 32 zero bytes in the first entry.</summary>
    public required byte[] Previous { get; init; }

    /// <summary>What happened.</summary>
    public required JournalKind Kind { get; init; }

    /// <summary>Trusted time, Unix milliseconds. Order is by <see cref="Seq"/>, never by this.</summary>
    public required long AtUnixMs { get; init; }

    /// <summary>The code concerned, 16 characters, or empty.</summary>
    public string Code { get; init; } = "";

    /// <summary>The lease concerned, or empty.</summary>
    public string LeaseId { get; init; } = "";

    /// <summary>The run concerned, or empty.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Number of the item at the scanner since the gate was synchronised; 0 for none.</summary>
    public long Item { get; init; }

    /// <summary>A number that goes with the kind: codes leased or returned, labels found, target of a run.</summary>
    public long Count { get; init; }

    /// <summary>Stable reason key, such as <c>no-read</c>, or empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Who did it, when a person did, or empty.</summary>
    public string Who { get; init; } = "";

    /// <summary>Whatever else a reader of the journal needs, or empty.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Hash that the first entry carries.</summary>
    public static byte[] Genesis => new byte[SHA256.HashSizeInBytes];
}
