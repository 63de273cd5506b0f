using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <summary>What a line can do to the world. Each may be called at any time from the line loop and never blocks it.</summary>
public sealed record LineOutputs
{
    /// <summary>Makes the label of a run ready from its manifest; empty, or the reason why it cannot be printed.</summary>
    public required Func<LeaseManifest, string> PrepareLabel { get; init; }

    /// <summary>Sends the label of a code.</summary>
    public required Func<CodeRef, ValueTask<SendResult>> Send { get; init; }

    /// <summary>Tells the gate about an item. On a bench there is no gate: screen and beep.</summary>
    public required Action<long, bool> Verdict { get; init; }

    /// <summary>Asks the belt to stop or lets it go.</summary>
    public required Action<bool> StopRequest { get; init; }

    /// <summary>The run is over: what it kept in a device may go.</summary>
    public required Action RunEnded { get; init; }

    /// <summary>Clears the printer's memory.</summary>
    public required Action PrinterCancel { get; init; }
}
