using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Simulator.People;

/// <summary>How a virtual operator works.</summary>
internal sealed record OperatorOptions
{
    /// <summary>Name in the journal.</summary>
    public string Name { get; init; } = "virtual operator";

    /// <summary>From seeing something to having done it. 0 acts at once.</summary>
    public TimeSpan Reaction { get; init; }

    /// <summary>While the line runs well, the person goes to the rework table when so many items lie in the bin.</summary>
    public int BinItems { get; init; } = 1;

    /// <summary>Runs that this person starts, one after the other, with a clearance between two batches.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Called between two runs, when the line was cleared and before the next one starts.</summary>
    public Action? BetweenRuns { get; init; }

    /// <summary>The handheld at the rework table; without one, what was scanned is sent as the panel sends it.</summary>
    public VirtualHandheld? Handheld { get; init; }

    /// <summary>What was refused is tried again after this.</summary>
    public TimeSpan TryAgainAfter { get; init; } = TimeSpan.FromMilliseconds(250);
}
