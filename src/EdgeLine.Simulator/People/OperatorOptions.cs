namespace EdgeLine.Simulator.People;

/// <summary>How a virtual operator works.</summary>
internal sealed record OperatorOptions
{
    /// <summary>Name in the journal.</summary>
    public string Name { get; init; } = "virtual operator";

    /// <summary>From seeing something to having done it. 0 acts at once.</summary>
    public TimeSpan Reaction { get; init; }

    /// <summary>What was refused is tried again after this.</summary>
    public TimeSpan TryAgainAfter { get; init; } = TimeSpan.FromMilliseconds(250);
}
