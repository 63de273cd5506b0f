namespace EdgeLine.IssuingPlatform.Access;

/// <summary>What a credential may do. A person may have several roles, a device has only its own.</summary>
[Flags]
internal enum Role
{
    /// <summary>Needs no credential.</summary>
    Anyone = 0,

    /// <summary>Quality management of the producer: reports, batches, orders.</summary>
    Qa = 1,

    /// <summary>The producer's second pair of eyes.</summary>
    Approver = 2,

    /// <summary>The laboratory.</summary>
    Lab = 4,

    /// <summary>Market supervision.</summary>
    Regulator = 8,

    /// <summary>A packaging line.</summary>
    Device = 16,
}
