namespace EdgeLine.IssuingPlatform.Journal;

/// <summary>
/// State of a code as the platform knows it from the journals. The numbers are stored; up to <see cref="Sampled"/> a
/// code is active or may become so and takes a place of its batch, after that it is dead for ever.
/// </summary>
internal enum CodeState
{
    /// <summary>Lent, not printed.</summary>
    Open = 0,

    /// <summary>Sent to the printer.</summary>
    Printing = 1,

    /// <summary>Nobody knows whether the label exists.</summary>
    InDoubt = 2,

    /// <summary>Label exists, its item was rejected.</summary>
    Rejected = 3,

    /// <summary>The line read the label back, the platform confirms it.</summary>
    Active = 4,

    /// <summary>Taken as a sample.</summary>
    Sampled = 5,

    /// <summary>Withdrawn.</summary>
    Void = 6,

    /// <summary>Came back unprinted.</summary>
    Returned = 7,

    /// <summary>Ran out unprinted.</summary>
    Expired = 8,
}
