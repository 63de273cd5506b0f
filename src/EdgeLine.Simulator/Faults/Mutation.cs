namespace EdgeLine.Simulator.Faults;

/// <summary>
/// A mistake that somebody might build in, made at the border of the simulated program and never inside it. With each of
/// them the oracle must find something; else it would not find it in the real program either.
/// </summary>
internal enum Mutation
{
    None,

    /// <summary>The disk syncs as with PRAGMA synchronous=NORMAL.</summary>
    NormalSync,

    /// <summary>The line is told that a print entry is on disk before it is.</summary>
    SendBeforeCommit,

    /// <summary>The line is told that a verified entry is on disk before it is.</summary>
    PassBeforeCommit,

    /// <summary>After a start, what may have been printed is printed again.</summary>
    ReprintInDoubt,

    /// <summary>What the scanner could not read is taken for the label that had to come.</summary>
    VerifyWithoutRead,

    /// <summary>Entries that are sent a second time are encoded anew, with the time of now.</summary>
    UploadEncodedAnew,

    /// <summary>The platform takes whatever past a line tells of, and never says how far it was once.</summary>
    NoFencing,
}
