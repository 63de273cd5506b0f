namespace EdgeLine.Simulator.Belt;

/// <summary>How an item left the line for good.</summary>
internal enum WayOut
{
    /// <summary>The gate let it pass.</summary>
    Gate,

    /// <summary>The rework table accepted it.</summary>
    Rework,

    /// <summary>The person at the bench put it on the pile.</summary>
    Bench,
}

/// <summary>
/// What really left the line: the gate's half of the oracle. Counts codes on passed items as a shopper would find them,
/// by what can be read from the labels.
/// </summary>
internal sealed class ShippedItems
{
    private readonly Lock _lock = new();
    private readonly List<(Item Item, WayOut Way)> _items = [];
    private readonly Dictionary<string, int> _codes = [];

    /// <summary>Items that left.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Readable codes on items that left, each with the number of labels that carry it.</summary>
    public IReadOnlyDictionary<string, int> Codes
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, int>(_codes);
            }
        }
    }

    /// <summary>Items that left without any readable label of ours.</summary>
    public int WithoutCode
    {
        get
        {
            lock (_lock)
            {
                return _items.Count(i => !i.Item.Labels.Exists(l => l.Readable is not null));
            }
        }
    }

    /// <summary>Everything that left, in order.</summary>
    public IReadOnlyList<(Item Item, WayOut Way)> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items];
            }
        }
    }

    /// <summary>An item leaves.</summary>
    public void Add(Item item, WayOut way)
    {
        lock (_lock)
        {
            _items.Add((item, way));
            foreach (string code in item.Labels.Select(l => l.Readable).OfType<string>())
            {
                _codes[code] = _codes.GetValueOrDefault(code) + 1;
            }
        }
    }
}
