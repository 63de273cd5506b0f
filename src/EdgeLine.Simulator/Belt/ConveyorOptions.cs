namespace EdgeLine.Simulator.Belt;

/// <summary>How a virtual conveyor is built and how fast it runs.</summary>
internal sealed record ConveyorOptions
{
    /// <summary>Items between the applicator and the scanner.</summary>
    public int LabelsToScanner { get; init; } = 6;

    /// <summary>Pace of the belt; 0 moves as fast as labels and verdicts come.</summary>
    public int ItemsPerMinute { get; init; }

    /// <summary>Items between scanner and gate. At a fixed pace each takes this many pitches.</summary>
    public int ItemsToGate { get; init; } = 1;

    /// <summary>At full speed an item waits this long in front of the gate for its verdict.</summary>
    public TimeSpan GateDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>At full speed the belt moves on by itself when no label came for this long.</summary>
    public TimeSpan IdlePitch { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// At full speed: what waits for a neighbour goes on alone when no label came for this long. Far longer than a pause of
    /// a busy PC, or a planned fault would now and then not happen.
    /// </summary>
    public TimeSpan NeighbourWithin { get; init; } = TimeSpan.FromMilliseconds(500);
}
