namespace EdgeLine.Simulator.People;

/// <summary>What a virtual operator did, in numbers.</summary>
internal sealed class OperatorLog
{
    /// <summary>Clearances done.</summary>
    public int Clearances { get; set; }

    /// <summary>Labels found and destroyed at clearances.</summary>
    public int LabelsFound { get; set; }

    /// <summary>Items that rework accepted.</summary>
    public int Accepted { get; set; }

    /// <summary>Labels destroyed at the rework table.</summary>
    public int Destroyed { get; set; }

    /// <summary>Codes whose labels were destroyed, at rework or at clearance.</summary>
    public HashSet<string> DestroyedCodes { get; } = [];

    /// <summary>What the rework table said, label by label.</summary>
    public List<ReworkTold> Cards { get; } = [];

    /// <summary>Printer faults put right.</summary>
    public int Repairs { get; set; }

    /// <summary>Times the line was let go on after a hold.</summary>
    public int Resumed { get; set; }
}

/// <summary>One card of the rework table.</summary>
/// <param name="Code">The 16 characters on the label.</param>
/// <param name="Typed">Typed from the print, because no scanner read the symbol.</param>
/// <param name="Answer">What to do.</param>
/// <param name="Reason">And why.</param>
internal readonly record struct ReworkTold(string Code, bool Typed, string Answer, string Reason);
