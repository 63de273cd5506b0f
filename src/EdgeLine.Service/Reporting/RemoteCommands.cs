using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// All that a command over MQTT can ever reach of a line. Going on after a hold, clearance, withdrawing, sampling, the
/// gate and every other thing that needs a person at the line are not here, so no configuration can bring them here.
/// </summary>
public sealed record RemoteLine
{
    /// <summary>The newest picture.</summary>
    public required Func<LineSnapshot> Look { get; init; }

    /// <summary>Stops printing and the belt; a person at the line lets it go on.</summary>
    public required Func<string, Task<string>> Hold { get; init; }

    /// <summary>Starts a run: order or null for the oldest, batch or null, who.</summary>
    public required Func<string?, string?, string, Task<string>> Start { get; init; }

    /// <summary>Ends the run.</summary>
    public required Func<string, Task<string>> End { get; init; }

    /// <summary>Acknowledges an alarm: key, who.</summary>
    public required Func<string, string, Task<string>> Acknowledge { get; init; }

    /// <summary>Writes a command into the journal: who, name, detail.</summary>
    public required Func<string, string, string, Task<string>> Note { get; init; }
}

/// <summary>
/// Judges commands that came over MQTT and carries out the ones that may be. Each id once: a repeated one gets its old
/// result, after a restart too, because the journal remembers.
/// </summary>
/// <param name="enabled">Names that the site has switched on.</param>
/// <param name="line">What can be done.</param>
/// <param name="earlier">Results that the journal remembers, oldest first.</param>
/// <param name="clock">Time.</param>
public sealed class RemoteCommands(
    IReadOnlyCollection<string> enabled, RemoteLine line, IEnumerable<RemoteResult> earlier, TimeProvider clock)
{
    /// <summary>How many ids are remembered; older ones have long expired.</summary>
    public const int Remembered = 1_000;

    // A garrulous or hostile sender must not fill the journal.
    private const int NewIdsPerMinute = 30;

    private static readonly TimeSpan _skewMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _lifeMax = TimeSpan.FromMinutes(10);

    private readonly OrderedDictionary<string, RemoteResult> _results = Latest(earlier);
    private readonly Queue<long> _newIds = new();

    /// <summary>The closed table of what may come over MQTT.</summary>
    public static IReadOnlyList<string> Names { get; } = ["hold", "start", "end", "acknowledge"];

    /// <summary>Whether the site takes any command at all.</summary>
    public bool Any => enabled.Count > 0;

    /// <summary>Deals with one message; the results are told in order, the last one is final.</summary>
    /// <param name="name">Name in the topic.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="retained">The message was published as one to keep.</param>
    /// <param name="tell">Gets each result.</param>
    public async Task HandleAsync(string name, ReadOnlyMemory<byte> payload, bool retained, Func<RemoteResult, Task> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        if (RemoteCommand.Read(name, payload, out string wrong) is not { } command)
        {
            await tell(new RemoteResult("", name, "rejected", "malformed", wrong));
            return;
        }

        if (_results.TryGetValue(command.Id, out RemoteResult? before))
        {
            await tell(before with { Repeated = true });
            return;
        }

        if (TooMany())
        {
            await tell(new RemoteResult(command.Id, name, "rejected", "too-many"));
            return;
        }

        string who = "mqtt:" + command.IssuedBy;
        string refused = Judge(command, retained);
        if (refused.Length > 0)
        {
            await FinishAsync(who, new RemoteResult(command.Id, name, "rejected", refused), tell);
            return;
        }

        // Entered before it is done: after a crash in between it is not done a second time.
        var accepted = new RemoteResult(command.Id, name, "accepted");
        await line.Note(who, name, accepted.Written);
        await tell(accepted);
        string failed = await DoAsync(command, who);
        await FinishAsync(who, new RemoteResult(command.Id, name, failed.Length == 0 ? "done" : "failed", failed), tell);
    }

    private async Task FinishAsync(string who, RemoteResult result, Func<RemoteResult, Task> tell)
    {
        _results[result.Id] = result;
        if (_results.Count > Remembered)
        {
            _results.RemoveAt(0);
        }

        await line.Note(who, Names.Contains(result.Name) ? result.Name : "unknown", result.Written);
        await tell(result);
    }

    private string Judge(RemoteCommand command, bool retained)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var issued = DateTimeOffset.FromUnixTimeMilliseconds(command.IssuedUnixMs);
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(command.ExpiresUnixMs);
        return retained ? "retained"
            : !Names.Contains(command.Name) ? "not-possible"
            : !enabled.Contains(command.Name) ? "not-enabled"
            : issued - now > _skewMax ? "clock-skew"
            : expires - issued > _lifeMax ? "expires-too-late"
            : now >= expires ? "expired"
            : JudgeState(command, line.Look());
    }

    private static string JudgeState(RemoteCommand command, LineSnapshot now)
    {
        string? batch = command.Args.GetValueOrDefault("batch_id");
        bool otherBatch = batch is not null && batch != now.Run?.BatchId;
        return command.Name switch
        {
            "hold" => !now.Actions.Contains("pause") ? "not-running" : otherBatch ? "wrong-batch" : "",
            // Ending the wrong run cannot be undone.
            "end" => !now.Actions.Contains("end") ? "no-run" : batch is null ? "batch-missing" : otherBatch ? "wrong-batch" : "",
            "start" => !now.Actions.Contains("start") ? "run-active" : "",
            _ => now.Alarms.Any(a => a.Key == command.Args.GetValueOrDefault("key")) ? "" : "no-such-alarm",
        };
    }

    private Task<string> DoAsync(RemoteCommand command, string who) => command.Name switch
    {
        "hold" => line.Hold(who),
        "start" => line.Start(command.Args.GetValueOrDefault("order_id"), command.Args.GetValueOrDefault("batch_id"), who),
        "end" => line.End(who),
        "acknowledge" => line.Acknowledge(command.Args["key"], who),
        _ => throw new System.Diagnostics.UnreachableException($"{command.Name} is not in the table."),
    };

    private bool TooMany()
    {
        long now = clock.GetTimestamp();
        while (_newIds.TryPeek(out long oldest) && clock.GetElapsedTime(oldest, now) > TimeSpan.FromMinutes(1))
        {
            _newIds.Dequeue();
        }

        if (_newIds.Count >= NewIdsPerMinute)
        {
            return true;
        }

        _newIds.Enqueue(now);
        return false;
    }

    private static OrderedDictionary<string, RemoteResult> Latest(IEnumerable<RemoteResult> earlier)
    {
        var results = new OrderedDictionary<string, RemoteResult>();
        foreach (RemoteResult result in earlier)
        {
            results[result.Id] = result;
        }

        return results;
    }
}
