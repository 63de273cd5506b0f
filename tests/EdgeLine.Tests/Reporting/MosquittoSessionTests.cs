using System.Collections.Concurrent;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Mqtt;
using EdgeLine.Service.Reporting;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Reporting;

/// <summary>The session with a broker that is not ours, stopped, killed and emptied.</summary>
public sealed class MosquittoSessionTests
{
    private const int Limit = 60_000;
    private const string Base = SessionUnderTest.Base;

    [Fact(Timeout = Limit)]
    public async Task Who_subscribes_late_sees_every_state_at_once_and_offline_after_a_stop()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true");
        await using var session = new SessionUnderTest(broker.Uri, TimeProvider.System);
        var reporter = new LineReporter(
            session.Board, () => Pictures.Line(), () => session.Session.Facts, [], Pictures.Identity, TimeProvider.System);
        reporter.Look();
        session.Start();
        await session.Until(() => session.Session.Facts.Connected);

        string[] seen = await UntilLateAsync(broker, 8);
        Assert.Equal(8, seen.Length);
        Assert.Equal(
            ["alarms", "batch", "codes", "counts", "heartbeat", "info", "state", "status"],
            seen.Select(line => line.Split(' ')[0][(Base.Length + 1)..]).Order(StringComparer.Ordinal));
        Assert.All(seen, line => Assert.Equal("1", line.Split(' ')[1]));

        await session.StopAsync();
        string status = Assert.Single(await broker.SubscribeLateAsync($"{Base}/status", 1));
        Assert.Contains("\"state\":\"offline\",\"reason\":\"stopped\"", status, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task A_broker_that_comes_back_empty_is_filled_again()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true");
        await using var session = new SessionUnderTest(broker.Uri, TimeProvider.System);
        session.Set("state", "before");
        session.Set("counts", "1");
        session.Start();
        await session.Until(() => session.Session.Facts.Connected);
        await broker.KillAsync();
        await session.Until(() => !session.Session.Facts.Connected);
        session.Set("counts", "2");
        await broker.StartAgainAsync();

        string[] seen = await UntilLateAsync(broker, 3);
        Assert.Contains(seen, line => line.Contains("\"x\":\"before\"", StringComparison.Ordinal));
        Assert.Contains(seen, line => line.Contains("\"x\":\"2\"", StringComparison.Ordinal));
        Assert.Contains(seen, line => line.Contains("\"state\":\"online\"", StringComparison.Ordinal));
    }

    [Fact(Timeout = Limit)]
    public async Task No_event_is_lost_while_the_broker_restarts_and_a_repeated_one_has_the_same_bytes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(
            files => ["allow_anonymous true", "persistence true", $"persistence_location {files}/"]);
        var heard = new ConcurrentDictionary<long, string>();
        using var stop = new CancellationTokenSource();
        var subscribed = new TaskCompletionSource();
        Task listening = ListenAsync(broker, heard, subscribed, stop.Token);
        await subscribed.Task;
        await using var session = new SessionUnderTest(broker.Uri, TimeProvider.System);
        session.Start();

        const int Events = 200;
        for (int number = 1; number <= Events; number++)
        {
            session.Happens(number % 2 == 0 ? JournalKind.Held : JournalKind.Resumed);
            if (number % 100 == 50)
            {
                await Waiting.Until(() => heard.Count > number - 60, Facts);
                await broker.StopAsync();
                await broker.StartAgainAsync();
            }
        }

        await Waiting.Until(() => heard.Count == Events, Facts);
        Assert.Equal(Enumerable.Range(1, Events).Select(number => (long)number), heard.Keys.Order());
        await stop.CancelAsync();
        await listening;

        string Facts() => $"{heard.Count} heard, {listening.Status} {listening.Exception?.InnerException}, {session.Session.Facts}, "
            + $"missing {string.Join(' ', Enumerable.Range(1, Events).Where(number => !heard.ContainsKey(number)).Take(30))}";
    }

    // A subscriber whose session survives restarts, as a plant's historian would have.
    private static async Task ListenAsync(
        Mosquitto broker, ConcurrentDictionary<long, string> heard, TaskCompletionSource subscribed, CancellationToken stop)
    {
        var options = new MqttConnectOptions
        {
            Host = "127.0.0.1",
            Port = broker.Port,
            ClientId = "historian",
            CleanStart = false,
            SessionExpiryInterval = 300,
        };
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using MqttConnection client = await MqttConnection.OpenAsync(options, TimeProvider.System, stop);
                await client.SubscribeAsync([new MqttTopicFilter($"{Base}/event/#")], stop);
                subscribed.TrySetResult();
                while (await client.Inbound.WaitToReadAsync(stop))
                {
                    while (client.Inbound.TryRead(out MqttInbound? inbound))
                    {
                        string text = RecordingBroker.Text(inbound.Message);
                        using JsonDocument json = JsonDocument.Parse(text);
                        string before = heard.GetOrAdd(json.RootElement.GetProperty("seq").GetInt64(), text);
                        Assert.Equal(before, text);
                        await client.AcknowledgeAsync(inbound, stop);
                    }
                }
            }
            catch (Exception e) when (e is MqttConnectionException or OperationCanceledException)
            {
                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop));
            }
        }
    }

    // Each look is a new subscriber; the first ones may come before the session is back.
    private static async Task<string[]> UntilLateAsync(Mosquitto broker, int messages)
    {
        string[] seen = [];
        for (int look = 0; look < 20 && (seen.Length < messages || !seen.All(Retained)); look++)
        {
            seen = await broker.SubscribeLateAsync($"{Base}/#", messages);
        }

        return seen;

        static bool Retained(string line) => line.Split(' ')[1] == "1";
    }
}
