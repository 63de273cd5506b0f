using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// Looks at one line four times a second and puts what changed on the board: states at once, counts and codes at most
/// once a second and whenever the line stands, the heartbeat every 15 s. It looks at its own pace; the line never waits
/// for it.
/// </summary>
/// <param name="board">Where the states go.</param>
/// <param name="look">The newest picture of the line, from memory.</param>
/// <param name="mqtt">The line's broker link, or null when none is configured.</param>
/// <param name="problems">What is wrong with the line's configuration; empty for a line that may run.</param>
/// <param name="identity">This start of the service.</param>
/// <param name="clock">Time.</param>
public sealed class LineReporter(
    ReportBoard board,
    Func<LineSnapshot> look,
    Func<MqttFacts>? mqtt,
    IReadOnlyList<RefusedSetting> problems,
    Identity identity,
    TimeProvider clock)
{
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _countsEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _heartbeatEvery = TimeSpan.FromSeconds(LineTopics.HeartbeatSeconds);

    private LineSnapshot? _seen;
    private PackMlState? _countedState;
    private long? _countedAt;
    private long? _beatAt;

    /// <summary>Looks until stopped, and once more after that, so that the last numbers are on the board.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(_every, clock);
        Look();
        try
        {
            while (await ticks.WaitForNextTickAsync(stop))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            _countedAt = null;
            Look();
        }
    }

    /// <summary>Looks once.</summary>
    public void Look()
    {
        LineSnapshot line = look();
        if (_seen is null)
        {
            board.Set(line.LineId, Report.Status, LineTopics.Status(identity, online: true, null));
        }

        if (!ReferenceEquals(line, _seen))
        {
            board.Set(line.LineId, "info", LineTopics.Info(line, identity, problems));
            board.Set(line.LineId, "state", LineTopics.State(line, problems));
            board.Set(line.LineId, "batch", LineTopics.Batch(line));
            board.Set(line.LineId, "alarms", LineTopics.Alarms(line));
        }

        // A line that just stopped tells its numbers at once; a running one must not flood the network.
        if (Due(_countedAt, _countsEvery) || line.State != _countedState)
        {
            board.Set(line.LineId, "counts", LineTopics.Counts(line, identity));
            board.Set(line.LineId, "codes", LineTopics.Codes(line));
            _countedAt = clock.GetTimestamp();
            _countedState = line.State;
        }

        if (Due(_beatAt, _heartbeatEvery))
        {
            long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            board.Set(line.LineId, Report.Heartbeat, LineTopics.Heartbeat(line, identity, mqtt?.Invoke(), now));
            _beatAt = clock.GetTimestamp();
        }

        _seen = line;
    }

    private bool Due(long? last, TimeSpan every) => last is not { } at || clock.GetElapsedTime(at) >= every;
}
