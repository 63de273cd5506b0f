using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>The shipped broker configuration and commands over it: who may what, and what does nothing and says why.</summary>
public sealed class RemoteCommandTests(ITestOutputHelper output)
{
    [Fact(Timeout = 180_000)]
    public async Task The_access_list_lets_everybody_do_their_own_part_and_nothing_else()
    {
        await using PlantBroker broker = await PlantBroker.StartAsync();
        const string line = PlantBroker.Base;
        await using RunningProgram witness = broker.Subscribe("supervisor", "test/site/#", 4);
        await witness.LineAsync("SUBACK");

        // The line's user cannot write commands to itself, nor anything of another line.
        Assert.Contains("Not authorized", await broker.PublishAsync("line-1", line + "cmd/hold", "{}"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Not authorized", await broker.PublishAsync("line-1", "test/site/line-2/edgeline/state", "{}"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Not authorized", await broker.PublishAsync("line-1", "test/site/x", "{}"), StringComparison.OrdinalIgnoreCase);
        // A dashboard cannot write at all.
        foreach (string topic in (string[])["state", "status", "cmd/hold", "cmd/hold/result", "alarm/slip", "event/held", "x"])
        {
            Assert.Contains("Not authorized", await broker.PublishAsync("dashboard", line + topic, "{}"), StringComparison.OrdinalIgnoreCase);
        }

        // A supervisor's program commands, and pretends nothing.
        Assert.Contains("Not authorized", await broker.PublishAsync("supervisor", line + "state", "{}"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Not authorized", await broker.PublishAsync("supervisor", line + "cmd/hold/result", "{}"), StringComparison.OrdinalIgnoreCase);

        Assert.Equal("", await broker.PublishAsync("supervisor", line + "cmd/hold", "{}"));
        Assert.Equal("", await broker.PublishAsync("line-1", line + "state", "{}"));
        Assert.Equal("", await broker.PublishAsync("line-1", line + "cmd/hold/result", "{}"));
        Assert.Equal("", await broker.PublishAsync("line-1", line + "alarm/slip", "{}"));
        Assert.Equal(0, await witness.EndAsync());
        Assert.Equal(
            ["cmd/hold", "state", "cmd/hold/result", "alarm/slip"], Heard.In(witness.Lines).Select(h => h.Topic));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_hold_over_MQTT_stands_until_a_person_comes_and_every_other_trick_does_nothing_and_says_why()
    {
        await using PlantBroker broker = await PlantBroker.StartAsync();
        // Slow enough to be still running when the last trick was tried.
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 240 });
        await using Site site = await StartAsync(broker, line, "hold", "end", "acknowledge");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        LineSnapshot running = await site.PictureAsync("line-1", p => p.Account.Verified >= 3, "runs");
        string batch = running.Run!.BatchId;

        await DoesNothingAsync(site, broker, "hold", PlantBroker.Payload("old", issuedS: -90, expiresS: -30), "expired");
        await DoesNothingAsync(site, broker, "hold", PlantBroker.Payload("future", issuedS: 300, expiresS: 400), "clock-skew");
        await DoesNothingAsync(site, broker, "hold", PlantBroker.Payload("kept"), "retained", "-r");
        await DoesNothingAsync(site, broker, "hold", "{ \"id\": 7 }", "malformed");
        await DoesNothingAsync(site, broker, "hold", PlantBroker.Payload("batch", "\"batch_id\":\"other\""), "wrong-batch");
        await DoesNothingAsync(site, broker, "start", PlantBroker.Payload("off"), "not-enabled");
        await DoesNothingAsync(site, broker, "resume", PlantBroker.Payload("never-1"), "not-possible");
        await DoesNothingAsync(site, broker, "clearance", PlantBroker.Payload("never-2"), "not-possible");
        await DoesNothingAsync(site, broker, "void", PlantBroker.Payload("never-3"), "not-possible");

        string hold = PlantBroker.Payload("mes-1", $"\"batch_id\":\"{batch}\"");
        Assert.Equal(["accepted", "done"], Statuses(await broker.CommandAsync("hold", hold, 2)));
        LineSnapshot held = await site.PictureAsync("line-1", p => p.State == PackMlState.Held, "held");
        Assert.Equal(("paused", "paused"), (held.Reason, held.StopReason?.Key));

        // Only a person lets it go on; then the same command again, also after a restart, holds nothing.
        await site.MustActAsync("line-1", "resume", new { who = "anna" });
        await DoesNothingAsync(site, broker, "hold", hold, "", "--repeated");
        await site.Service.KillAsync();
        await site.StartServiceAsync();
        await site.PictureAsync("line-1", p => p.Reason is not ("" or "run-out") || p.State == PackMlState.Execute, "back");
        await site.PictureAsync("line-1", p => p.AsOfSeq > 0, "ledger read");
        await ConnectedAsync(broker);
        JsonNode again = Assert.Single(await broker.CommandAsync("hold", hold, 1));
        Assert.Equal(("done", true), ((string?)again["status"], (bool?)again["repeated"]));
        Assert.NotEqual("paused", (await site.PictureAsync("line-1")).Reason);

        await site.Service.StopAsync();
        JournalEntry[] remote = [.. StoppedLedger.Read(site, "line-1").Of(JournalKind.RemoteCommand)];
        Assert.All(remote, e => Assert.Equal("mqtt:mes", e.Who));
        Assert.Equal(["mes-1 accepted", "mes-1 done"], remote.Where(e => e.Reason == "hold" && e.Detail.StartsWith("mes-1", StringComparison.Ordinal)).Select(e => e.Detail));
        Assert.Contains(remote, e => e.Detail == "never-1 rejected not-possible");
        Assert.Contains(remote, e => e.Detail == "kept rejected retained");
    }

    [Fact(Timeout = 180_000)]
    public async Task Nobody_listens_where_no_command_is_enabled()
    {
        await using PlantBroker broker = await PlantBroker.StartAsync();
        await using var line = new ConveyorLine();
        await using Site site = await StartAsync(broker, line);
        await using RunningProgram witness = broker.Subscribe("supervisor", PlantBroker.Base + "cmd/#", 2, 8);
        await witness.LineAsync("SUBACK");
        Assert.Equal("", await broker.PublishAsync("supervisor", PlantBroker.Base + "cmd/hold", PlantBroker.Payload("x")));
        await witness.EndAsync();
        Assert.Equal(["cmd/hold"], Heard.In(witness.Lines).Select(h => h.Topic));
    }

    [Fact(Timeout = 180_000)]
    public async Task Who_names_a_response_topic_is_answered_there_with_its_own_words_back()
    {
        await using PlantBroker broker = await PlantBroker.StartAsync();
        await using var line = new ConveyorLine();
        await using Site site = await StartAsync(broker, line, "hold");
        await using RunningProgram mes = broker.Subscribe("supervisor", "test/site/reply/mes", 1, 30);
        await mes.LineAsync("SUBACK");
        Assert.Equal("", await broker.PublishAsync(
            "supervisor", PlantBroker.Base + "cmd/hold", PlantBroker.Payload("x"),
            "-D", "publish", "response-topic", "test/site/reply/mes", "-D", "publish", "correlation-data", "4711"));
        Assert.Equal(0, await mes.EndAsync());
        string answer = mes.Lines.Single(l => l.StartsWith("test/site/reply/mes", StringComparison.Ordinal));
        Assert.Contains("\"code\":\"not-running\"", answer, StringComparison.Ordinal);
        Assert.EndsWith("4711", answer, StringComparison.Ordinal);

        // Nobody makes the line write its own topics.
        await broker.CommandAsync("hold", PlantBroker.Payload("y"), 1, "-D", "publish", "response-topic", PlantBroker.Base + "status");
        await Task.WhenAll(broker.CommandAsync("hold", PlantBroker.Payload("z"), 1));
        Assert.Equal("online", (string?)Assert.Single(await broker.RetainedAsync("status")).Body["state"]);
    }

    private async Task<Site> StartAsync(PlantBroker broker, ConveyorLine line, params string[] commands)
    {
        Site site = Site.New(output);
        site.Line("line-1", line.Config);
        site.Mqtt = broker.Config;
        site.Mqtt["commands"] = new JsonArray([.. commands.Select(c => (JsonNode)c)]);
        await site.StartPlatformAsync(2000);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await ConnectedAsync(broker);
        return site;
    }

    // The subscription to commands comes right after the status.
    private static Task ConnectedAsync(PlantBroker broker) => Soon.IsAsync(
        async () => (await broker.RetainedAsync("status", seconds: 1)).Any(h => (string?)h.Body["state"] == "online")
            && (await broker.RetainedAsync("counts", seconds: 1)).Count == 1,
        "connected", 60);

    private static async Task DoesNothingAsync(Site site, PlantBroker broker, string name, string payload, string code, params string[] more)
    {
        bool repeated = more is ["--repeated"];
        JsonNode answer = Assert.Single(await broker.CommandAsync(name, payload, 1, repeated ? [] : more));
        Assert.Equal((repeated ? "done" : "rejected", code, repeated), ((string?)answer["status"], (string?)answer["code"], (bool?)answer["repeated"]));
        Assert.NotEqual(PackMlState.Held, (await site.PictureAsync("line-1")).State);
        if (more is ["-r"])
        {
            Assert.Equal("", await broker.PublishAsync("supervisor", $"{PlantBroker.Base}cmd/{name}", "", "-r"));
        }
    }

    private static IEnumerable<string?> Statuses(IEnumerable<JsonNode> answers) => answers.Select(a => (string?)a["status"]);
}
