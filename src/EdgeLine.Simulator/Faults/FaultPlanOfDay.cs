namespace EdgeLine.Simulator.Faults;

/// <summary>What one day is to be: with the same plan it goes the same way.</summary>
internal sealed record FaultPlanOfDay
{
    public required ulong Seed { get; init; }

    /// <summary>Items that the order wants.</summary>
    public int Target { get; init; } = 400;

    /// <summary>Simulated seconds until the faults stop; then the line has to come back and finish.</summary>
    public int FaultSeconds { get; init; } = 60;

    /// <summary>What goes wrong; null for a mixture of the seed's own.</summary>
    public FaultMix? Mix { get; init; }

    public Mutation Mutation { get; init; }

    /// <summary>Life of the leases, minutes.</summary>
    public int LeaseMinutes { get; init; } = 1_440;

    /// <summary>Most items that one lease is asked for.</summary>
    public int LeaseCodes { get; init; } = 2_000;

    /// <summary>From this simulated second the platform cannot be reached until the faults stop; 0 for never.</summary>
    public int OfflineFromSecond { get; init; }

    /// <summary>
    /// At this simulated second the whole disk of the line PC, high-water file included, is set back to what it was some
    /// seconds before; 0 for never.
    /// </summary>
    public int SetBackAtSecond { get; init; }

    /// <summary>Without faults a label comes within this time, or the page asks a person for something.</summary>
    public int ResumeWithinMs { get; init; } = 10_000;

    /// <summary>Time between two items, milliseconds.</summary>
    public int PitchMs { get; init; } = 100;
}
