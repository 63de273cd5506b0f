namespace EdgeLine.Service.Line;

/// <summary>
/// Numbers the items at the scanner, for the whole life of a ledger: a number never means two items, so that a verdict or
/// a report of the gate can never meet another item than its own, over restarts either. The gate counts along.
/// </summary>
/// <param name="last">Number of the last item in the ledger; 0 for none.</param>
public sealed class ItemNumbers(long last)
{
    private readonly Lock _lock = new();
    private long _last = last;
    private long _base = last;
    private bool _synchronised;

    /// <summary>The last number given.</summary>
    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>Frames count from now on: the next one is the item after this number.</summary>
    public void Synchronise(long last)
    {
        lock (_lock)
        {
            _base = _last = Math.Max(last, _last);
            _synchronised = true;
        }
    }

    /// <summary>Nobody knows which item a frame belongs to, until the next synchronisation.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            _synchronised = false;
        }
    }

    /// <summary>The number of the item that a frame belongs to, or 0 when it belongs to none.</summary>
    public long Next()
    {
        lock (_lock)
        {
            return _synchronised ? ++_last : 0;
        }
    }

    /// <summary>True when scanner and gate count alike.</summary>
    public bool InStep
    {
        get
        {
            lock (_lock)
            {
                return _synchronised;
            }
        }
    }

    /// <summary>True while the gate can still be told about an item.</summary>
    public bool IsAtGate(long item)
    {
        lock (_lock)
        {
            return _synchronised && item > _base;
        }
    }
}
