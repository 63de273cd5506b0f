namespace EdgeLine.Simulator.Belt;

/// <summary>What happens to a belt itself, each as a share of its pitches; decided by the seed of the fault plan.</summary>
internal sealed record BeltTroubles
{
    /// <summary>Pitches differ by up to this share of the set one, 0 to 0.5. At a fixed pace only.</summary>
    public double Jitter { get; init; }

    /// <summary>The belt stands for <see cref="StandsFor"/> although nobody asked for it: a stop, a back-up. At a fixed pace only.</summary>
    public double Stands { get; init; }

    /// <summary>How many pitches it stands.</summary>
    public int StandsFor { get; init; } = 5;

    /// <summary>The photo-eye fires twice for one product. At a fixed pace only: at full speed there is no pitch.</summary>
    public double Chatters { get; init; }

    /// <summary>A hand puts a product without label on the belt behind the applicator.</summary>
    public double Inserted { get; init; }

    /// <summary>A hand takes a product off the belt in front of the scanner.</summary>
    public double Removed { get; init; }
}
