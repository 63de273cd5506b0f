namespace EdgeLine.Simulator.Faults;

/// <summary>The clock of one simulated program. Its timers die with it, and do not care how its PC's clock is set.</summary>
internal sealed class ProcessTime(VirtualClock clock, ProcessLoop loop, WallClock wall) : TimeProvider
{
    /// <summary>When every world begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => clock.Ticks;

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(clock.Ticks) + wall.Ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(clock, loop, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(VirtualClock clock, ProcessLoop loop, Action callback) : ITimer
    {
        private int _set;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Arm(++_set, dueTime, period);
            return true;
        }

        public void Dispose() => _set++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(int set, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.Zero)
            {
                return;
            }

            clock.In(dueTime, () =>
            {
                if (set == _set && !loop.Dead)
                {
                    if (period > TimeSpan.Zero)
                    {
                        Arm(set, period, period);
                    }

                    loop.Run(callback);
                }
            });
        }
    }
}
