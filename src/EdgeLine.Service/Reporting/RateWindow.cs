namespace EdgeLine.Service.Reporting;

/// <summary>Items a minute, now (last 15 s) and as a mean of 5 minutes, from a total that only grows.</summary>
public sealed class RateWindow
{
    private const long NowMs = 15_000;
    private const long MeanMs = 300_000;

    // 5 minutes at one sample a second, and the one before them.
    private readonly LinkedList<(long Ms, long Total)> _samples = new();

    /// <summary>Adds the total at a moment; samples closer than 1 s to the last one are left out.</summary>
    public void Add(long ms, long total)
    {
        if (_samples.Last is { Value: var last } && ms - last.Ms < 1000)
        {
            return;
        }

        _samples.AddLast((ms, total));
        while (_samples.First!.Next is { Value: var second } && ms - second.Ms >= MeanMs)
        {
            _samples.RemoveFirst();
        }
    }

    /// <summary>Items a minute over the last 15 s; 0 before anything is known.</summary>
    public double PerMinuteNow => Over(NowMs);

    /// <summary>Items a minute over the last 5 minutes, or as long as is known.</summary>
    public double PerMinuteMean => Over(MeanMs);

    private double Over(long window)
    {
        if (_samples.Last is not { Value: var newest })
        {
            return 0;
        }

        LinkedListNode<(long Ms, long Total)> from = _samples.Last;
        while (from.Previous is not null && newest.Ms - from.Value.Ms < window)
        {
            from = from.Previous;
        }

        long ms = newest.Ms - from.Value.Ms;
        return ms <= 0 ? 0 : Math.Round((newest.Total - from.Value.Total) * 60_000.0 / ms, 1);
    }
}
