namespace EdgeLine.Simulator.Belt;

/// <summary>The pace of the person at a bench.</summary>
internal sealed record BenchOptions
{
    /// <summary>From the label in the hand to the scan: peel, stick, point. 0 is a person without arms and time.</summary>
    public TimeSpan Handling { get; init; }

    /// <summary>Without an answer the person scans once more.</summary>
    public TimeSpan ScanAgainAfter { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Share of scans that hit nothing.</summary>
    public double Misses { get; init; }

    /// <summary>Seed of the misses.</summary>
    public ulong Seed { get; init; } = 1;
}
