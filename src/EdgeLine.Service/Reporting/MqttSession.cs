using System.Security.Cryptography;
using EdgeLine.Mqtt;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// Keeps one line's reports at the broker, for as long as the service runs: connects again whatever happens, tells every
/// retained state anew on each connection, and every event of the journal at least once. Nothing that goes wrong here
/// reaches the line.
/// </summary>
public sealed class MqttSession
{
    // How long the last words may take when the service stops.
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(2);

    // A reconnect within this time leaves the Will unsaid.
    private const uint WillDelaySeconds = 5;

    private readonly MqttSettings _settings;
    private readonly ReportBoard _board;
    private readonly EventPump _events;
    private readonly Identity _identity;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ReconnectPace _pace;
    private readonly RemoteCommands? _commands;
    private readonly Refusals _refusals = new();
    private IReadOnlyList<MqttUnacknowledged> _unacknowledged = [];
    private int _connections;
    private volatile Link _link;
    private volatile StatusWatch? _watch;

    /// <summary>A session that does nothing until <see cref="RunAsync"/>.</summary>
    /// <param name="settings">Where and as whom.</param>
    /// <param name="board">The states to tell.</param>
    /// <param name="journal">The events to tell.</param>
    /// <param name="identity">This start of the service.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Log.</param>
    /// <param name="commands">Commands that are taken; null or none enabled: the topic is not even listened to.</param>
    /// <param name="jitter">A number from 0 to below 1, different each time; null for the system's random numbers.</param>
    public MqttSession(
        MqttSettings settings,
        ReportBoard board,
        JournalCursor journal,
        Identity identity,
        TimeProvider clock,
        ILogger<MqttSession> log,
        RemoteCommands? commands = null,
        Func<double>? jitter = null)
    {
        _settings = settings;
        _board = board;
        _identity = identity;
        _clock = clock;
        _log = log;
        _commands = commands is { Any: true } ? commands : null;
        _events = new EventPump(settings, journal, clock, log);
        _pace = new ReconnectPace(jitter ?? SystemJitter);
        _link = new Link(false, NowMs, "");
    }

    private sealed record Link(bool Connected, long SinceUnixMs, string LastReason);

    /// <summary>How the link is doing now.</summary>
    public MqttFacts Facts
    {
        get
        {
            Link link = _link;
            return new MqttFacts
            {
                Connected = link.Connected,
                SinceUnixMs = link.SinceUnixMs,
                LastReason = link.LastReason,
                Reconnects = Math.Max(0, _connections - 1),
                Backlog = _events.Backlog,
                Parked = _refusals.Parked,
                Alarm = _pace.TakeoverSuspected ? "takeover"
                    : _watch is { OtherWriter: true } ? "other-writer"
                    : _refusals.AnyForbidden ? "forbidden"
                    : _refusals.Parked.Count > 0 ? "parked"
                    : "",
            };
        }
    }

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Runs until stopped; then tells the last states and that the line is offline, within a few seconds. Whatever goes
    /// wrong before that is kept in <see cref="Facts"/> and tried again.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            TimeSpan wait = await OneConnectionAsync(stop);
            if (!stop.IsCancellationRequested)
            {
                _log.LogWarning(
                    "MQTT of {Line}: {Reason} Next attempt in {Seconds:0.0} s.",
                    _settings.LineId, _link.LastReason, wait.TotalSeconds);
                await Task.WhenAny(Task.Delay(wait, _clock, stop));
            }
        }

        await _events.SaveAsync();
    }

    // The one place where the world may break: whatever it is, it is said and tried again later, and the line goes on.
    private async Task<TimeSpan> OneConnectionAsync(CancellationToken stop)
    {
        MqttConnection connection;
        try
        {
            connection = await OpenAsync(stop);
        }
        catch (Exception e)
        {
            Ended(stop.IsCancellationRequested ? "Stopped." : e.Message);
            return _pace.AfterFailure(e as MqttConnectionException);
        }

        long connectedAt = _clock.GetTimestamp();
        string? trouble = null;
        await using (connection)
        {
            _connections++;
            _link = _link with { Connected = true, SinceUnixMs = NowMs };
            _log.LogInformation("MQTT of {Line}: connected to {Broker}.", _settings.LineId, _settings.Broker);
            var delivery = new Delivery(connection, _settings, _refusals, _clock, _log);
            try
            {
                await ServeAsync(delivery, stop);
            }
            catch (Exception e)
            {
                trouble = e.Message;
            }

            if (stop.IsCancellationRequested)
            {
                await SayFarewellAsync(delivery);
                trouble = "Stopped.";
            }
        }

        MqttClosed end = await connection.Closed;
        _unacknowledged = connection.Unacknowledged;
        ParkWhatTheBrokerCutUsOffFor(end);
        Ended(end.By == MqttClosedBy.Us ? trouble ?? end.Reason : end.Reason);
        return _pace.AfterEnd(end, _clock.GetElapsedTime(connectedAt));
    }

    private Task<MqttConnection> OpenAsync(CancellationToken stop)
    {
        MqttMessage offline = Delivery.MessageOf(_settings, Status(online: false, "connection-lost"));
        MqttConnectOptions options = _settings.Attempt(
            new MqttWill(offline, WillDelaySeconds), firstOfProcess: _connections == 0, _unacknowledged);
        return MqttConnection.OpenAsync(options, _clock, stop);
    }

    // Ends when the connection ends, when one of the parts gives it up, or when the service stops.
    private async Task ServeAsync(Delivery delivery, CancellationToken stop)
    {
        await delivery.SendAsync(Status(online: true, null), stop);
        using ReportFeed feed = _board.Subscribe(_settings.LineId);
        using var serving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = new StatusWatch(_identity, delivery, _clock);
        _watch = watch;
        RemoteDesk? desk = _commands is null ? null : new RemoteDesk(_settings, _commands, delivery, _clock);
        Task[] parts =
        [
            new ReportPump(delivery, _clock).RunAsync(feed, serving.Token),
            _events.RunAsync(delivery, serving.Token),
            new InboundWatch(_settings, delivery, _board, watch, desk, _clock)
                .RunAsync(() => Status(online: true, null), serving.Token),
            desk?.RunAsync(serving.Token) ?? Task.Delay(Timeout.InfiniteTimeSpan, _clock, serving.Token),
            GoodAfterAWhileAsync(serving.Token),
        ];
        Task first = await Task.WhenAny([delivery.Connection.Closed, .. parts]);
        await serving.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        catch (Exception e) when (e is OperationCanceledException or MqttConnectionException)
        {
            // They end because the first one did; its reason is the one to tell.
        }

        await first;
    }

    private async Task GoodAfterAWhileAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_pace.GoodAfter, _clock, cancellationToken);
        _pace.Held();
        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken);
    }

    private async Task SayFarewellAsync(Delivery delivery)
    {
        using var enough = new CancellationTokenSource(_farewell, _clock);
        try
        {
            foreach (Report report in _board.Snapshot(_settings.LineId).Where(report => report.Topic != Report.Status))
            {
                await delivery.SendAsync(report, enough.Token);
            }

            await delivery.SendAsync(Status(online: false, "stopped"), enough.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or MqttConnectionException)
        {
            _log.LogWarning("MQTT of {Line}: the last words did not get through: {Reason}", _settings.LineId, e.Message);
        }

        await delivery.Connection.DisconnectAsync();
    }

    private Report Status(bool online, string? reason) => new(
        _settings.LineId,
        Report.Status,
        Report.Stamp(LineTopics.Status(_identity, online, reason), NowMs),
        Retained: true);

    // A broker that did not announce its limit cuts the connection (0x95): the longest message on its way was it.
    private void ParkWhatTheBrokerCutUsOffFor(MqttClosed end)
    {
        if (end is { By: MqttClosedBy.Broker, ReasonCode: MqttReasonCode.PacketTooLarge }
            && _unacknowledged.MaxBy(open => open.Message.Payload.Length) is { } longest)
        {
            _refusals.Park(longest.Message, end.Reason);
            _unacknowledged = [.. _unacknowledged.Where(open => open != longest)];
        }
    }

    // An attempt that failed does not change since when there is no connection.
    private void Ended(string reason) => _link = new Link(false, _link.Connected ? NowMs : _link.SinceUnixMs, reason);

    private static double SystemJitter() => RandomNumberGenerator.GetInt32(1 << 24) / (double)(1 << 24);
}
