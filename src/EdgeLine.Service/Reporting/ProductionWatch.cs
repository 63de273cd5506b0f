using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <summary>Follows the pictures of one line and works out rate, effectiveness and time in state from them.</summary>
/// <param name="targetPerMinute">Pace of the belt.</param>
/// <param name="idealPerMinute">Best pace, for performance.</param>
/// <param name="window">Window of the effectiveness.</param>
public sealed class ProductionWatch(double targetPerMinute, double idealPerMinute, TimeSpan window)
{
    private readonly RateWindow _rate = new();
    private readonly OeeWindow _oee = new(window, idealPerMinute);
    private LineCounts? _counted;
    private long _lookedMs;

    /// <summary>Time in state.</summary>
    public StateTimes Times { get; } = new();

    /// <summary>Effectiveness as of the last look.</summary>
    public OeeFigures Oee => _oee.Read();

    /// <summary>Items a minute: now, mean of 5 minutes, target.</summary>
    public (double Now, double Mean, double Target) Rate => (_rate.PerMinuteNow, _rate.PerMinuteMean, targetPerMinute);

    /// <summary>Takes over the newest picture.</summary>
    /// <param name="line">The picture.</param>
    /// <param name="nowMs">Monotonic milliseconds.</param>
    /// <param name="unixMs">Wall clock.</param>
    public void Look(LineSnapshot line, long nowMs, long unixMs)
    {
        ArgumentNullException.ThrowIfNull(line);
        LineCounts now = line.Totals;
        Times.Follow(line.Run?.RunId ?? "", LineTopics.ModeOf(line), line.State, nowMs, unixMs);
        _rate.Add(nowMs, now.Verified);
        if (_counted is { } before)
        {
            // An item accepted at rework was rejected before: it is no good item of the first pass.
            long good = FirstPass(now) - FirstPass(before);
            bool planned = line.RunActive && LineTopics.ModeOf(line) == LineTopics.Production;
            _oee.Add(nowMs, nowMs - _lookedMs, planned, line.State is PackMlState.Execute or PackMlState.Completing, good, now.Rejected - before.Rejected);
        }

        (_counted, _lookedMs) = (now, nowMs);
    }

    private static long FirstPass(LineCounts counts) => counts.Verified - counts.Reworked;
}
