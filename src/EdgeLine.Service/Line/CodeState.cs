namespace EdgeLine.Service.Line;

/// <summary>Where a code stands at the line. Confirmed or refused by the platform is a separate fact.</summary>
public enum CodeState
{
    /// <summary>Leased, never printed.</summary>
    Available,

    /// <summary>On its way: entered as printed, not read yet.</summary>
    Printing,

    /// <summary>The label may or may not exist.</summary>
    InDoubt,

    /// <summary>The label exists, its item is in the bin.</summary>
    Rejected,

    /// <summary>Read back by this line.</summary>
    Verified,

    /// <summary>Verified, then taken as a sample.</summary>
    Sampled,

    /// <summary>Withdrawn for ever.</summary>
    Void,

    /// <summary>Never printed; went back with its lease.</summary>
    Returned,

    /// <summary>Never printed; its lease ran out.</summary>
    Expired,
}
