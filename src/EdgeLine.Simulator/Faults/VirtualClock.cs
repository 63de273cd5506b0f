namespace EdgeLine.Simulator.Faults;

/// <summary>The time of a simulated world: it stands while something happens, then it is the moment of what is due next.</summary>
internal sealed class VirtualClock
{
    // What is due at the same moment happens in the order in which it was asked for.
    private readonly PriorityQueue<Action, (long Due, long Order)> _due = new();
    private long _order;

    /// <summary>Ticks of 100 ns since the world began.</summary>
    public long Ticks { get; private set; }

    public long Ms => Ticks / TimeSpan.TicksPerMillisecond;

    public void In(TimeSpan time, Action what) => _due.Enqueue(what, (Ticks + Math.Max(0, time.Ticks), _order++));

    public void InMs(long ms, Action what) => In(TimeSpan.FromMilliseconds(ms), what);

    /// <summary>Lets the next thing happen; false when nothing is due any more.</summary>
    public bool Next()
    {
        if (!_due.TryDequeue(out Action? what, out (long Due, long Order) when))
        {
            return false;
        }

        Ticks = when.Due;
        what();
        return true;
    }
}
