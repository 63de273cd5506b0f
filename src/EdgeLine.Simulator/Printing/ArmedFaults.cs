namespace EdgeLine.Simulator.Printing;

/// <summary>Faults that wait for their label: each happens once, at a dot row, after a number of whole labels.</summary>
internal sealed class ArmedFaults
{
    private readonly List<(PrinterFault Fault, int LabelsAhead, int Row)> _armed = [];

    /// <summary>The fault that the label in print will meet, or null.</summary>
    public (PrinterFault Fault, int Row)? ForThisLabel =>
        Index is >= 0 and int index ? (_armed[index].Fault, _armed[index].Row) : null;

    private int Index => _armed.FindIndex(a => a.LabelsAhead == 0);

    /// <summary>Plans one; 0 labels ahead is the label in print or the next one.</summary>
    public void Add(PrinterFault fault, int labelsAhead, int row) => _armed.Add((fault, labelsAhead, row));

    /// <summary>The fault of this label has happened.</summary>
    public void Take() => _armed.RemoveAt(Index);

    /// <summary>A label came out whole.</summary>
    public void OneLabelLess()
    {
        for (int i = 0; i < _armed.Count; i++)
        {
            _armed[i] = _armed[i] with { LabelsAhead = _armed[i].LabelsAhead - 1 };
        }
    }
}
