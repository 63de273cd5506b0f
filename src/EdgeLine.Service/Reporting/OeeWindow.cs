namespace EdgeLine.Service.Reporting;

/// <summary>
/// Overall equipment effectiveness over the last so many minutes, in slices of one minute: a pure calculator that is
/// told how much time passed and what was made in it.
/// </summary>
/// <remarks>
/// availability = run time / planned time, planned being the time with a run; performance = items / (ideal rate x run
/// time); quality = items good at the first pass / items; oee = their product. What cannot be known is null, never 0.
/// </remarks>
/// <param name="window">How far back it looks, 10 minutes to 24 hours.</param>
/// <param name="idealPerMinute">Items a minute at the best pace; above 0.</param>
public sealed class OeeWindow(TimeSpan window, double idealPerMinute)
{
    // Longer than this nobody looked, the PC slept: what the line did in that time is not known.
    private const long LongestStepMs = 10_000;
    private const long SliceMs = 60_000;

    private readonly Queue<Slice> _slices = new();
    private Slice? _newest;

    /// <summary>Adds the time since the last look and what happened in it.</summary>
    /// <param name="nowMs">Monotonic milliseconds.</param>
    /// <param name="stepMs">Milliseconds since the last look.</param>
    /// <param name="planned">The line had a run.</param>
    /// <param name="running">It was producing.</param>
    /// <param name="good">Items verified at the first pass since the last look.</param>
    /// <param name="bad">Items rejected since the last look.</param>
    public void Add(long nowMs, long stepMs, bool planned, bool running, long good, long bad)
    {
        long known = Math.Clamp(stepMs, 0, LongestStepMs);
        if (_newest is null || nowMs - _newest.FromMs >= SliceMs)
        {
            _slices.Enqueue(_newest = new Slice { FromMs = nowMs });
        }

        _newest.KnownMs += known;
        _newest.PlannedMs += planned ? known : 0;
        _newest.RunMs += planned && running ? known : 0;
        // A verdict that came too late takes its item back; a sum below 0 would be nonsense.
        _newest.Good += Math.Max(0, good);
        _newest.Bad += Math.Max(0, bad);
        while (_slices.TryPeek(out Slice? oldest) && nowMs - oldest.FromMs > window.TotalMilliseconds)
        {
            _slices.Dequeue();
        }
    }

    /// <summary>The figures as of the last <see cref="Add"/>.</summary>
    public OeeFigures Read()
    {
        long planned = _slices.Sum(s => s.PlannedMs);
        long run = _slices.Sum(s => s.RunMs);
        long good = _slices.Sum(s => s.Good);
        long items = good + _slices.Sum(s => s.Bad);
        double ideal = idealPerMinute * run / 60_000.0;
        double? availability = planned > 0 ? run / (double)planned : null;
        double? performance = ideal > 0 ? items / ideal : null;
        double? quality = items > 0 ? good / (double)items : null;
        return new OeeFigures(
            availability, performance, quality, availability * performance * quality,
            (long)window.TotalMinutes, _slices.Sum(s => s.KnownMs) / 1000, planned / 1000, run / 1000, items, good, idealPerMinute);
    }

    private sealed class Slice
    {
        public required long FromMs { get; init; }

        public long KnownMs { get; set; }

        public long PlannedMs { get; set; }

        public long RunMs { get; set; }

        public long Good { get; set; }

        public long Bad { get; set; }
    }
}

/// <summary>The figures of one window. Shares are from 0, where 1 is all; null is not known.</summary>
/// <param name="Availability">Run time of planned time.</param>
/// <param name="Performance">Items of what the ideal rate would have made; above 1 when the ideal is set too low.</param>
/// <param name="Quality">Items good at the first pass of all items.</param>
/// <param name="Oee">The product of the three.</param>
/// <param name="WindowMinutes">How far back it looks.</param>
/// <param name="CoveredS">Seconds of the window that were watched; less after a start.</param>
/// <param name="PlannedS">Seconds with a run.</param>
/// <param name="RunS">Seconds producing.</param>
/// <param name="Items">Items judged.</param>
/// <param name="Good">Of them good at the first pass.</param>
/// <param name="IdealPerMinute">The ideal rate.</param>
public sealed record OeeFigures(
    double? Availability, double? Performance, double? Quality, double? Oee,
    long WindowMinutes, long CoveredS, long PlannedS, long RunS, long Items, long Good, double IdealPerMinute);
