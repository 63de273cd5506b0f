using EdgeLine.Contracts;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Operations;

/// <summary>
/// All lines of the site in one process. It always starts: a line that may not run, and a site whose configuration is
/// bad, are shown with the reason, because a dead process shows nothing.
/// </summary>
public sealed class SiteRuntime : BackgroundService
{
    private const long BrokerMissedAfterMs = 5_000;

    private readonly Dictionary<string, LineRuntime> _lines = [];
    private readonly Dictionary<string, LineSnapshot> _refused = [];
    private readonly Dictionary<string, IReadOnlyList<RefusedSetting>> _problems = [];
    private readonly HttpClient _http;
    private readonly IHostApplicationLifetime _life;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;

    /// <summary>Opens the ledgers of all sound lines.</summary>
    public SiteRuntime(
        ConfigurationResult configuration, ReportBoard board, IHostApplicationLifetime life, TimeProvider time, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(time);
        (Configuration, Board, _life, _time, _logs) = (configuration, board, life, time, logs);
        _log = logs.CreateLogger<SiteRuntime>();
        Identity = Identity.Now(time);
        _http = new HttpClient { BaseAddress = configuration.Site?.Platform.Url, Timeout = TimeSpan.FromSeconds(20) };
        foreach (LineConfiguration line in configuration.Site?.Lines ?? [])
        {
            Open(line, configuration.Site!);
        }

        foreach (RefusedLine line in configuration.RefusedLines.Where(l => l.IdIsSound))
        {
            Refuse(line.Id, line.Title, line.Station, [.. (line.Problems.Count > 0 ? line.Problems : configuration.Problems).Where(p => !p.IsWarning).Select(RefusedSetting.Of)]);
        }
    }

    /// <summary>What came of the site file.</summary>
    public ConfigurationResult Configuration { get; }

    /// <summary>Newest topic and payload pairs of all lines.</summary>
    public ReportBoard Board { get; }

    /// <summary>Who this process is.</summary>
    public Identity Identity { get; }

    /// <summary>Lines that run.</summary>
    public IReadOnlyDictionary<string, LineRuntime> Lines => _lines;

    /// <summary>Newest pictures of all lines, refused ones too.</summary>
    public IReadOnlyList<LineSnapshot> Pictures => [.. _lines.Values.Select(l => l.Snapshot), .. _refused.Values];

    /// <summary>Writes into the journal of every line that somebody signed in or out, or was refused.</summary>
    public void NotePerson(string name, string screen, string what, string detail) => _ = NotePersonAsync(name, screen, what, detail);

    /// <summary>The same, done when every line has it in its journal.</summary>
    public Task NotePersonAsync(string name, string screen, string what, string detail) => Task.WhenAll(
        _lines.Values.Select(line => line.Loop.CommandAsync(id => new LineEvent.PersonNoted(id, $"{name}@{screen}", what, detail))));

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (LineRuntime line in _lines.Values)
        {
            line.Dispose();
        }

        _http.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] lines =
        [
            .. _lines.Values.Select(l => ReportAsync(l.Id, () => l.Snapshot, l, RunLineAsync(l, stoppingToken))),
            .. _refused.Values.Select(r => ReportAsync(r.LineId, () => r, null, Task.Delay(Timeout.InfiniteTimeSpan, _time, stoppingToken))),
        ];
        try
        {
            await Task.WhenAll(lines);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An orderly stop.
        }
    }

    private async Task RunLineAsync(LineRuntime line, CancellationToken stop)
    {
        try
        {
            await line.RunAsync(stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // We broke, not the world: let a new process read the ledger and begin from what is there.
            Die(e);
        }
    }

    private void Open(LineConfiguration line, SiteConfiguration site)
    {
        try
        {
            _lines[line.Id] = new LineRuntime(line, site, _http, Die, _time, _log);
        }
        catch (LedgerException e)
        {
            _log.LogCritical("Line {Line}: {Detail}", line.Id, e.Message);
            Refuse(
                line.Id, line.Title, line.Station, [new RefusedSetting(Path.Combine(site.DataPath, line.Id), e.Message, "follow config/RECOVERY.md")],
                e.IsDamage ? "ledger-damaged" : "ledger-refused");
        }
    }

    private void Refuse(string id, string title, StationKind station, IReadOnlyList<RefusedSetting> problems, string reason = "config-refused")
    {
        _problems[id] = problems;
        _refused[id] = LineTopics.RefusedLine(id, title, StationKinds.Word(station), _time.GetUtcNow().ToUnixTimeMilliseconds(), reason);
    }

    private async Task ReportAsync(string id, Func<LineSnapshot> look, LineRuntime? line, Task running)
    {
        MqttSession? session = Configuration.Mqtt is { } mqtt && Configuration.Identity is { } who
            ? new MqttSession(
                Settings(id, mqtt, who), Board, line is null ? NoEvents : await line.EventsAsync(), Identity, _time, _logs.CreateLogger<MqttSession>(),
                line is null || mqtt.Commands.Count == 0 ? null : new RemoteCommands(mqtt.Commands, line.Remote, await line.RemoteResultsAsync(), _time))
            : null;
        if (session is not null && line is not null)
        {
            // The first seconds of a start, or a short break, are nobody's concern.
            line.MqttDown = () => session.Facts is { Connected: false } link
                && _time.GetUtcNow().ToUnixTimeMilliseconds() - link.SinceUnixMs >= BrokerMissedAfterMs;
        }

        LineConfiguration? set = line is null ? null : Configuration.Site?.Lines.Single(one => one.Id == id);
        var reporter = new LineReporter(
            Board, look, session is null ? null : () => session.Facts, _problems.GetValueOrDefault(id, []), Identity, _time,
            set is null ? null : new ProductionWatch(set.ItemsPerMinute, set.Oee.IdealItemsPerMinute, TimeSpan.FromMinutes(set.Oee.WindowMinutes)),
            set is null ? null : new AlarmTexts(CauseWords.Shipped, set.Printer.Profile.OperatorHint));
        // First the line ends, then its reporter with the last numbers, then the broker hears of them and of the end.
        using var reporterStop = new CancellationTokenSource();
        using var sessionStop = new CancellationTokenSource();
        Task reporting = reporter.RunAsync(reporterStop.Token);
        Task mqttEnds = session?.RunAsync(sessionStop.Token) ?? Task.CompletedTask;
        try
        {
            await running;
        }
        finally
        {
            await reporterStop.CancelAsync();
            await reporting;
            await sessionStop.CancelAsync();
            await mqttEnds;
        }
    }

    private static JournalCursor NoEvents { get; } = new(
        0, () => 0, (_, _, _) => Task.FromResult<IReadOnlyList<JournalEntry>>([]), _ => Task.CompletedTask);

    private static MqttSettings Settings(string id, MqttConfiguration mqtt, SiteIdentity site) => new()
    {
        LineId = id,
        BaseTopic = MqttSettings.BaseTopicOf(site.Topic, id),
        Broker = new UriBuilder(mqtt.Tls ? "mqtts" : "mqtt", mqtt.Host, mqtt.Port).Uri,
        ClientId = MqttSettings.ClientIdOf(site.Topic, id, Environment.MachineName),
        User = mqtt.User,
        PasswordFile = mqtt.PasswordFile,
        CaFile = mqtt.CaFile,
    };

    // The outcome of what was under way is unknown. A new process finds out; this one must not decide anything more.
    private void Die(Exception e)
    {
        _log.LogCritical(e, "Fatal: the service ends and has to be started again");
        Environment.ExitCode = 1;
        if (!_life.ApplicationStopping.IsCancellationRequested)
        {
            Environment.Exit(1);
        }
    }
}
