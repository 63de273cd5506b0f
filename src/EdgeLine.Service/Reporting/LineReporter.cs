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
/// <param name="watch">Rate and effectiveness; null for a line that does not run.</param>
/// <param name="texts">Words for alarms; null for those without a printer.</param>
public sealed class LineReporter(
    ReportBoard board,
    Func<LineSnapshot> look,
    Func<MqttFacts>? mqtt,
    IReadOnlyList<RefusedSetting> problems,
    Identity identity,
    TimeProvider clock,
    ProductionWatch? watch = null,
    AlarmTexts? texts = null)
{
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _countsEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _heartbeatEvery = TimeSpan.FromSeconds(LineTopics.HeartbeatSeconds);

    private static readonly TimeSpan _oeeEvery = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _alarmTopics = [];
    private readonly AlarmTexts _texts = texts ?? AlarmTexts.Plain;
    private long? _ratedAt;
    private long? _oeeAt;
    private LineSnapshot? _seen;
    private PackMlState? _countedState;
    private long? _countedAt;
    private long? _beatAt;
    private bool? _beatConnected;

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
        watch?.Look(line, (long)clock.GetElapsedTime(0).TotalMilliseconds, clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (_seen is null)
        {
            board.Set(line.LineId, Report.Status, LineTopics.Status(identity, online: true, null));
        }

        if (!ReferenceEquals(line, _seen))
        {
            board.Set(line.LineId, "info", LineTopics.Info(line, identity, problems));
            board.Set(line.LineId, "state", LineTopics.State(line, problems, watch?.Times));
            board.Set(line.LineId, "batch", LineTopics.Batch(line));
            TellAlarms(line);
        }

        TellProduction(line.LineId);

        // A line that just stopped tells its numbers at once; a running one must not flood the network.
        if (Due(_countedAt, _countsEvery) || line.State != _countedState)
        {
            board.Set(line.LineId, "counts", LineTopics.Counts(line, identity));
            board.Set(line.LineId, "codes", LineTopics.Codes(line));
            _countedAt = clock.GetTimestamp();
            _countedState = line.State;
        }

        // Whoever reads from the broker must not read for 15 s that there is none.
        MqttFacts? link = mqtt?.Invoke();
        if (Due(_beatAt, _heartbeatEvery) || link?.Connected != _beatConnected)
        {
            long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            board.Set(line.LineId, Report.Heartbeat, LineTopics.Heartbeat(line, identity, link, now));
            _beatConnected = link?.Connected;
            _beatAt = clock.GetTimestamp();
        }

        _seen = line;
    }

    private void TellAlarms(LineSnapshot line)
    {
        board.Set(line.LineId, "alarms", LineTopics.Alarms(line, _texts));
        foreach (AlarmSnapshot alarm in line.Alarms)
        {
            _alarmTopics.Add(Report.AlarmPrefix + alarm.Key);
            board.Set(line.LineId, Report.AlarmPrefix + alarm.Key, LineTopics.Alarm(alarm, _texts));
        }

        foreach (string topic in _alarmTopics.Except(line.Alarms.Select(alarm => Report.AlarmPrefix + alarm.Key)))
        {
            board.Remove(line.LineId, topic);
        }
    }

    private void TellProduction(string lineId)
    {
        if (watch is not null && Due(_ratedAt, _countsEvery))
        {
            board.Set(lineId, Report.Rate, LineTopics.Rate(watch));
            _ratedAt = clock.GetTimestamp();
        }

        if (watch is not null && Due(_oeeAt, _oeeEvery))
        {
            board.Set(lineId, "oee", LineTopics.Oee(watch.Oee));
            _oeeAt = clock.GetTimestamp();
        }
    }

    private bool Due(long? last, TimeSpan every) => last is not { } at || clock.GetElapsedTime(at) >= every;
}
