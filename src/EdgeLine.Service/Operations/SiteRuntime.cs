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
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(LineTopics.HeartbeatSeconds);

    private readonly Dictionary<string, LineRuntime> _lines = [];
    private readonly Dictionary<string, LineSnapshot> _refused = [];
    private readonly Dictionary<string, IReadOnlyList<RefusedSetting>> _problems = [];
    private readonly HttpClient _http;
    private readonly IHostApplicationLifetime _life;
    private readonly TimeProvider _time;
    private readonly ILogger<SiteRuntime> _log;

    /// <summary>Opens the ledgers of all sound lines.</summary>
    public SiteRuntime(
        ConfigurationResult configuration, ReportBoard board, IHostApplicationLifetime life, TimeProvider time, ILogger<SiteRuntime> log)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(time);
        (Configuration, Board, _life, _time, _log) = (configuration, board, life, time, log);
        Identity = Identity.Now(time);
        _http = new HttpClient { BaseAddress = configuration.Site?.Platform.Url, Timeout = TimeSpan.FromSeconds(20) };
        foreach (LineConfiguration line in configuration.Site?.Lines ?? [])
        {
            Open(line, configuration.Site!);
        }

        foreach (RefusedLine line in configuration.RefusedLines.Where(l => l.IdIsSound))
        {
            Refuse(line.Id, line.Title, [.. (line.Problems.Count > 0 ? line.Problems : configuration.Problems).Where(p => !p.IsWarning).Select(AsRefused)]);
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

    /// <summary>What MQTT knows of itself, by line.</summary>
    public Func<string, MqttFacts?> MqttOf { get; set; } = _ => null;

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
        foreach (LineSnapshot refused in _refused.Values)
        {
            Show(refused);
        }

        Task[] lines = [.. _lines.Values.Select(l => RunLineAsync(l, stoppingToken)), HeartbeatAsync(stoppingToken)];
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
            _lines[line.Id] = new LineRuntime(line, site, _http, Show, Die, _time, _log);
        }
        catch (LedgerException e)
        {
            _log.LogCritical("Line {Line}: {Detail}", line.Id, e.Message);
            Refuse(line.Id, line.Title, [new RefusedSetting(Path.Combine(site.DataPath, line.Id), e.Message, "see the way back in README.md")]);
        }
    }

    private void Refuse(string id, string title, IReadOnlyList<RefusedSetting> problems)
    {
        _problems[id] = problems;
        _refused[id] = LineTopics.RefusedLine(id, title, "conveyor", _time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private static RefusedSetting AsRefused(Devices.Profiles.SettingsProblem p) =>
        new($"{p.File}:{p.Line}: {p.Key}", $"{p.What} ({p.Value}); {p.Limit}", p.Remedy);

    private void Show(LineSnapshot line)
    {
        IReadOnlyList<RefusedSetting> problems = _problems.GetValueOrDefault(line.LineId, []);
        Board.Set(line.LineId, "state", LineTopics.State(line, problems));
        Board.Set(line.LineId, "batch", LineTopics.Batch(line));
        Board.Set(line.LineId, "counts", LineTopics.Counts(line, Identity));
        Board.Set(line.LineId, "codes", LineTopics.Codes(line));
        Board.Set(line.LineId, "alarms", LineTopics.Alarms(line));
    }

    private async Task HeartbeatAsync(CancellationToken stop)
    {
        while (true)
        {
            long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (LineSnapshot line in Pictures)
            {
                Board.Set(line.LineId, Report.Heartbeat, LineTopics.Heartbeat(line, Identity, MqttOf(line.LineId), now));
                Board.Set(line.LineId, Report.Status, LineTopics.Status(Identity, online: true, null));
                Board.Set(line.LineId, "info", LineTopics.Info(line, Identity, _problems.GetValueOrDefault(line.LineId, [])));
            }

            await Task.Delay(HeartbeatEvery, _time, stop);
        }
    }

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
