namespace EdgeLine.Simulator.Printing;

/// <summary>
/// Every label the printer ever imaged, in order: also partial and repeated ones, over power cuts too. With the gate it
/// is the oracle that ledger and platform are compared with. The raw ZPL is kept for the newest labels only.
/// </summary>
internal sealed class PhysicalTape(int formatsKept = 10_000)
{
    private readonly Lock _lock = new();
    private readonly List<TapeLabel> _labels = [];
    private readonly Queue<(long Sequence, LabelFormat Format)> _formats = new();
    private readonly Dictionary<string, int> _readable = [];
    private long _whole;

    /// <summary>Number of labels on the tape, blanks included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _labels.Count;
            }
        }
    }

    /// <summary>Labels that came out whole with an image: what the odometer of a printer counts.</summary>
    public long Whole
    {
        get
        {
            lock (_lock)
            {
                return _whole;
            }
        }
    }

    /// <summary>Distinct codes that can be read from at least one label.</summary>
    public int ReadableCodes
    {
        get
        {
            lock (_lock)
            {
                return _readable.Count;
            }
        }
    }

    /// <summary>Codes that can be read from more than one label: twins.</summary>
    public IReadOnlyList<string> Twins
    {
        get
        {
            lock (_lock)
            {
                return [.. _readable.Where(r => r.Value > 1).Select(r => r.Key)];
            }
        }
    }

    /// <summary>A copy of the tape from a position on.</summary>
    public IReadOnlyList<TapeLabel> Labels(int from = 0)
    {
        lock (_lock)
        {
            return [.. _labels.Skip(from)];
        }
    }

    /// <summary>The format that made a label, or null when it is too long ago.</summary>
    public LabelFormat? FormatOf(TapeLabel label)
    {
        lock (_lock)
        {
            return _formats.FirstOrDefault(f => f.Sequence == label.Sequence).Format;
        }
    }

    /// <summary>Adds what has just passed the head.</summary>
    public TapeLabel Add(TapeLabelKind kind, LabelFormat? format, int rowsImaged, int rowsOfLabel, DateTimeOffset at)
    {
        lock (_lock)
        {
            bool complete = format?.CodePayload is not null && rowsImaged >= Math.Min(format.CodeEndsAtRow, rowsOfLabel);
            var label = new TapeLabel(
                _labels.Count + 1, kind, format?.CodePayload, rowsImaged, rowsOfLabel, complete, at);
            _labels.Add(label);
            _whole += format is not null && !label.IsPartial ? 1 : 0;
            if (format is not null)
            {
                _formats.Enqueue((label.Sequence, format));
                if (_formats.Count > formatsKept)
                {
                    _formats.Dequeue();
                }
            }

            if (label.Readable is string code)
            {
                _readable[code] = _readable.GetValueOrDefault(code) + 1;
            }

            return label;
        }
    }
}
