namespace EdgeLine.Service.Line;

/// <summary>
/// How many items pass the scanner between the sending of a label and its read. While the window is wide enough this is
/// the window; more means that more items lie between head and scanner than the site says. A diagnostic: no verdict
/// depends on it.
/// </summary>
/// <param name="settle">So many equal reads in a row are needed beyond what one inserted item disturbs.</param>
public sealed class LearnedOffset(int settle)
{
    /// <summary>Fewest equal reads in a row that lock a value.</summary>
    private const int Reads = 10;

    private readonly int _needed = Math.Max(Reads, settle + 1);
    private long _candidate = -1;
    private int _equal;

    /// <summary>Items from sending to read; 0 until it was stable once.</summary>
    public long Items { get; private set; }

    /// <summary>One read; the value before when the locked one changed, else 0.</summary>
    public long Learn(long items)
    {
        _equal = items == _candidate ? _equal + 1 : 1;
        _candidate = items;
        if (_equal < _needed || items == Items)
        {
            return 0;
        }

        (long before, Items) = (Items, items);
        return before;
    }

    /// <summary>The line was emptied: what is read next was sent in another world.</summary>
    public void Restart() => _equal = 0;
}
