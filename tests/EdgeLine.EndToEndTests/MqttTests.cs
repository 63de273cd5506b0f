using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>What a plant's systems hear of a line through a real mosquitto with user and password.</summary>
public sealed class MqttTests(ITestOutputHelper output)
{
    private static readonly string[] Topics = ["alarms", "batch", "codes", "counts", "heartbeat", "info", "oee", "rate", "state", "status"];

    [Fact(Timeout = 180_000)]
    public async Task Who_subscribes_late_sees_everything_at_once_and_all_witnesses_agree_at_one_entry()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var line = new ConveyorLine(faults: new FaultPlan(1).At(8, ItemFault.NoRead).At(14, ItemFault.NoRead));
        await using Site site = await StartAsync(broker, line, 25);
        LineSnapshot panel = await site.SettledAsync("line-1", site.Staff("line-1", line.Belt));

        // At most one message of counts in a second: the last one may still be on its way.
        await AssertCountsAsync(broker, panel.AsOfSeq);
        IReadOnlyList<Heard> heard = await AllRetainedAsync(broker);
        Assert.Equal("online", (string?)Of(heard, "status")["state"]);
        Assert.Equal("Complete", (string?)Of(heard, "state")["packml"]!["state"]);
        Assert.Equal(25, Number(Of(heard, "batch"), "target"));

        Reconciliation platform = await new People(site).AccountAsync("line-1");
        // The operator's page is still open; it must not keep the service from saying farewell.
        await site.Service.StopAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, "line-1");
        Assert.Equal(panel.AsOfSeq, ledger.Journal[^1].Seq);
        JsonNode told = Of(heard, "counts")["account"]!;
        foreach ((string name, long shown, long atPlatform) in new[]
        {
            ("leased", panel.Account.Leased, platform.Leased),
            ("available", panel.Account.Available, platform.Open),
            ("printing", panel.Account.Printing, platform.Printing),
            ("in_doubt", panel.Account.InDoubt, platform.InDoubt),
            ("rejected", panel.Account.Rejected, platform.Rejected),
            ("verified", panel.Account.Verified, platform.Active),
            ("void", panel.Account.Void, platform.Void),
            ("returned", panel.Account.Returned, platform.Returned),
            ("expired", panel.Account.Expired, platform.Expired),
        })
        {
            long kept = name == "leased" ? ledger.Codes.Count : ledger.In(name.Replace('_', '-')).Count;
            Assert.True((shown, atPlatform, kept) == (Number(told, name), shown, shown),
                $"{name}: MQTT {Number(told, name)}, panel {shown}, platform {atPlatform}, ledger {kept}");
        }

        Assert.Equal(25, panel.Account.Verified);
        Assert.Equal(0, Number(told, "remainder"));
        Assert.Equal("stopped", (string?)(await StatusAsync(broker, "offline"))["reason"]);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_broker_that_is_killed_and_comes_back_empty_has_lost_nothing()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 600 });
        await using Site site = await StartAsync(broker, line, 60);
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        await site.PictureAsync("line-1", p => p.Account.Verified >= 3, "runs");

        await broker.KillAsync();
        await site.MustActAsync("line-1", "pause", new { who = "anna" });
        await site.PictureAsync("line-1", p => p.Alarms.Any(a => a.Key == "mqtt-down"), "broker missed");
        await site.MustActAsync("line-1", "resume", new { who = "anna" });
        LineSnapshot end = await site.CompleteAsync("line-1");
        Assert.Equal(60, end.Account.Verified);

        // The subscriber is there first; then the cable brings the service.
        await broker.Cable.PullAsync();
        await broker.StartAgainAsync();
        await using RunningProgram subscriber = broker.Subscribe(Heard.Base + "event/#", 3);
        await subscriber.LineAsync("SUBACK");
        broker.Cable.PlugIn();
        Assert.Equal(0, await subscriber.EndAsync());

        IReadOnlyList<Heard> events = Heard.In(subscriber.Lines);
        Assert.Equal(["event/held", "event/resumed", "event/run_ended"], events.Select(e => e.Topic));
        Assert.Equal("anna", (string?)events[0].Body["who"]);
        Assert.Equal(60, Number(events[2].Body, "count"));
        await AssertCountsAsync(broker, end.AsOfSeq);
        await AllRetainedAsync(broker);
    }

    [Fact(Timeout = 120_000)]
    public async Task After_a_kill_the_broker_says_that_the_line_is_offline_and_a_new_start_says_online_again()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var line = new ConveyorLine();
        await using Site site = await StartAsync(broker, line, 5);
        await StatusAsync(broker, "online");

        await site.Service.KillAsync();
        JsonNode will = await StatusAsync(broker, "offline");
        Assert.NotEqual("stopped", (string?)will["reason"]);

        await site.StartServiceAsync();
        await StatusAsync(broker, "online");
    }

    private async Task<Site> StartAsync(Mosquitto broker, ConveyorLine line, int quantity)
    {
        Site site = Site.New(output);
        site.Line("line-1", line.Config);
        site.Mqtt = broker.Config;
        await site.StartPlatformAsync(quantity);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        return site;
    }

    private static Task<JsonNode> StatusAsync(Mosquitto broker, string state) => Soon.GetAsync(
        async () => (await broker.LateAsync(Heard.Base + "status", 1)).Select(h => h.Body).FirstOrDefault(b => (string?)b["state"] == state),
        $"status {state}",
        60);

    // A heartbeat that passes by just then comes once live, or twice: who comes after it sees each topic once, retained.
    private static Task<IReadOnlyList<Heard>> AllRetainedAsync(Mosquitto broker) => Soon.GetAsync(
        async () =>
        {
            IReadOnlyList<Heard> heard = await broker.LateAsync(Heard.Base + "+", Topics.Length);
            return heard.All(h => h.Retained) && Topics.SequenceEqual(heard.Select(h => h.Topic).Order(StringComparer.Ordinal)) ? heard : null;
        },
        $"each of {string.Join(", ", Topics)} retained",
        60);

    private static async Task AssertCountsAsync(Mosquitto broker, long seq)
    {
        long last = 0;
        try
        {
            await Soon.IsAsync(async () => (last = Number((await broker.LateAsync(Heard.Base + "counts", 1))[0].Body, "as_of_seq")) == seq, "counts");
        }
        catch (TimeoutException)
        {
            Assert.Equal(seq, last);
        }
    }

    private static JsonNode Of(IReadOnlyList<Heard> heard, string topic) => heard.Single(h => h.Topic == topic).Body;

    private static long Number(JsonNode json, string name) => json[name]!.GetValue<long>();
}
