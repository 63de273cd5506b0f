namespace EdgeLine.Simulator;

/// <summary>
/// The shop floor that a set of virtual devices stands on: one lock and one clock for all of them. Whatever happens,
/// happens under <see cref="Moment"/>, one thing at a time, so devices may call each other freely and never deadlock.
/// </summary>
internal sealed class Floor(TimeProvider time)
{
    /// <summary>Held while anything physical happens; re-entrant.</summary>
    public Lock Moment { get; } = new();

    /// <summary>The clock of this floor.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The present, as ticks of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Now => Time.GetTimestamp();

    /// <summary>Ticks of the clock in a time span.</summary>
    public long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Time.TimestampFrequency);

    /// <summary>The time span of some ticks of the clock.</summary>
    public TimeSpan Span(long ticks) => TimeSpan.FromSeconds((double)ticks / Time.TimestampFrequency);

    /// <summary>A timer that does not run yet; its callback holds <see cref="Moment"/>.</summary>
    public ITimer Timer(Action callback) => Time.CreateTimer(
        _ =>
        {
            lock (Moment)
            {
                callback();
            }
        },
        null,
        Timeout.InfiniteTimeSpan,
        Timeout.InfiniteTimeSpan);
}
