namespace EdgeLine.Service.Line;

/// <summary>
/// Numbers the items at the scanner. The gate counts its triggers from one after each synchronisation; the line's own
/// numbers go on, so that a verdict that was decided before a synchronisation can never meet an item after it.
/// </summary>
public sealed class ItemNumbers
{
    private readonly Lock _lock = new();
    private long _last;
    private long _base;
    private bool _synchronised;

    /// <summary>Frames count from now on: the next one is the gate's tag 1.</summary>
    public void Synchronise()
    {
        lock (_lock)
        {
            _base = _last;
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

    /// <summary>The gate's tag of an item, or 0 when the gate does not count it any more.</summary>
    public long TagOf(long item)
    {
        lock (_lock)
        {
            return _synchronised && item > _base ? item - _base : 0;
        }
    }
}
