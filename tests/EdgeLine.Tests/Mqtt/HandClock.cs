namespace EdgeLine.Tests.Mqtt;

/// <summary>A clock that moves only when the test says so. Timers fire on the thread that moves it, in order of time.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<HandTimer> _timers = [];
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset end = GetUtcNow() + by;
        while (NextBefore(end) is { } due)
        {
            due();
        }

        lock (_gate)
        {
            _now = end;
        }
    }

    /// <summary>
    /// Moves in steps until the condition holds. What it depends on may come over a socket, so each step leaves some
    /// real time; nothing here may depend on how many steps that takes.
    /// </summary>
    public async Task AdvanceUntil(Func<bool> condition, TimeSpan step, TimeSpan atMost)
    {
        DateTimeOffset end = GetUtcNow() + atMost;
        while (!condition())
        {
            Assert.True(GetUtcNow() < end, $"It did not happen within {atMost} of this clock.");
            Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(4), System);
        }
    }

    private Action? NextBefore(DateTimeOffset end)
    {
        lock (_gate)
        {
            HandTimer? next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null)
            {
                return null;
            }

            _now = next.Due > _now ? next.Due : _now;
            if (next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
            }
            else
            {
                _timers.Remove(next);
            }

            return next.Fire;
        }
    }

    private sealed class HandTimer(HandClock clock, Action fire) : ITimer
    {
        private bool _disposed;

        public Action Fire { get; } = fire;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (_disposed)
                {
                    return false;
                }

                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
