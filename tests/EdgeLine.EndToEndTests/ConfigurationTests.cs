using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>A bad site file, with the real programs: what <c>check</c> says, and what a running service shows.</summary>
public sealed partial class ConfigurationTests(ITestOutputHelper output)
{
    /// <summary>Every mistake: what the sound file has, what stands there instead, and the key and value that must be named.</summary>
    private static readonly (string Old, string By, string Key, string Value)[] Mistakes =
    [
        ("\"schemaVersion\": 1", "\"schemaVersion\": 2", "schemaVersion", "2"),
        ("\"topic\": \"test/site\"", "\"topic\": \"test/+/site\"", "site.topic", "\"test/+/site\""),
        ("\"language\": \"zh\"", "\"language\": \"zn\"", "site.language", "\"zn\""),
        ("\"pollSeconds\": 1", "\"pollSeconds\": 0", "platform.pollSeconds", "0"),
        ("device.token", "no.token", "platform.tokenFile", "no.token"),
        ("platform.pem", "tokens.json", "platform.publicKeyFile", "tokens.json"),
        ("\"panel\": {", "\"panle\": 1, \"panel\": {", "panle", "1"),
        ("\"listen\": \"127.0.0.1:", "\"listen\": \"0.0.0.0:", "panel.listen", "0.0.0.0:"),
        ("\"line-1\": {", "\"line-0\": [], \"line-1\": {", "lines.line-0", "a list"),
        ("\"station\": \"bench\"", "\"station\": \"robot\"", "lines.line-2.station", "\"robot\""),
        ("\"labelsToScanner\": 6", "\"labelsToScanner\": 500", "lines.line-1.labelsToScanner", "500"),
        ("\"itemsPerMinute\": 600", "\"itemsPerMinute\": \"600\"", "lines.line-1.itemsPerMinute", "\"600\""),
        ("\"verdictWithinMs\": 5000", "\"verdictWithinMs\": 90000", "lines.line-1.verdictWithinMs", "90000"),
        ("\"runOutSeconds\": 1,\n      \"hold\"", "\"runOutSeconds\": 1.5,\n      \"hold\"", "lines.line-1.runOutSeconds", "1.5"),
        ("\"badReadsInRow\": 3", "\"badReadsInRow\": 0", "lines.line-1.hold.badReadsInRow", "0"),
        ("\"badReadBucket\": 5", "\"badReadBuckets\": 5", "lines.line-1.hold.badReadBuckets", "5"),
        ("\"sendAhead\": 2", "\"sendAhead\": 33", "lines.line-1.sendAhead", "33"),
        ("\"leaseWhenBelow\": 50", "\"leaseWhenBelow\": 500", "lines.line-1.codes.leaseWhenBelow", "500"),
        ("keyence-sr-1000", "keyence-sr1000", "lines.line-1.scanner.profile", "\"keyence-sr1000\""),
        ("zebra-zt411-300dpi", "zebra-zt411", "lines.line-1.printer.profile", "\"zebra-zt411\""),
        ("\"profile\": \"modbus-tagged\",\n        \"link\": \"tcp:", "\"profile\": \"modbus-tagged\",\n        \"link\": \"tpc:", "lines.line-1.gate.link", "tpc:"),
        ("labels/board-60x40.zpl", "labels/borad.zpl", "lines.line-1.label", "\"labels/borad.zpl\""),
        ("\"title\": \"1 号线\"", "\"title\": \"the very first packaging line of all of this plant\"", "lines.line-1.title", "the very first"),
        ("\"start\": \"operator\",\n      \"printer\": {\n        \"profile\": \"zebra", "\"start\": \"sometimes\",\n      \"printer\": {\n        \"profile\": \"zebra", "lines.line-1.start", "\"sometimes\""),
        ("\"profile\": \"generic-serial-handheld\"", "\"profil\": \"generic-serial-handheld\"", "lines.line-2.scanner.profil", "generic-serial-handheld"),
    ];

    [Fact(Timeout = 180_000)]
    public async Task Twenty_five_mistakes_are_all_named_at_once_and_a_running_line_is_undisturbed()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 });
        await using var bench = new BenchLine();
        await using Site site = await StartAsync(line, bench, 2000);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        LineSnapshot before = await site.PictureAsync("line-1", p => p.Account.Verified >= 3, "runs");

        // Into the file of the running service itself, as an engineer does.
        string[] lines = [];
        site.WriteConfig(sound =>
        {
            string spoilt = Spoil(sound, Mistakes);
            lines = spoilt.Split('\n');
            return spoilt;
        });
        (int exit, string said) = await RunningProgram.RunAsync("edgeline", "check", "--config", site.ConfigFile);

        Assert.Equal(2, exit);
        (int Line, string Key, string Said)[] problems = [.. Problem().Matches(said)
            .Select(m => (int.Parse(m.Groups["line"].ValueSpan, null), m.Groups["key"].Value, m.Groups["rest"].Value))];
        Assert.Contains($"{site.ConfigFile}:", said, StringComparison.Ordinal);
        foreach ((string _, string by, string key, string value) in Mistakes)
        {
            var named = problems.FirstOrDefault(p => p.Key == key && p.Said.Contains(value, StringComparison.Ordinal));
            Assert.True(named != default, $"{key} with {value} is not among\n{said}");
            // What (value); limit; remedy: all three are there, and the line is that of the mistake.
            Assert.Matches(@"^.+ \(.+\); .+; .+$", named.Said);
            Assert.Contains(key.Split('.')[^1], lines[named.Line - 1], StringComparison.Ordinal);
        }

        LineSnapshot after = await site.PictureAsync("line-1", p => p.Account.Verified >= before.Account.Verified + 5, "goes on verifying");
        Assert.Equal(PackMlState.Execute, after.State);
        Assert.Equal(before.Run!.RunId, after.Run!.RunId);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_service_with_one_bad_line_says_so_on_page_and_MQTT_and_runs_the_other()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var line = new ConveyorLine();
        await using var bench = new BenchLine();
        await using Site site = await StartAsync(line, bench, 10);
        site.Mqtt = broker.Config;
        site.WriteConfig(sound => Spoil(sound, Mistakes.Where(m => m.Key == "lines.line-1.labelsToScanner")));
        await site.StartServiceAsync();

        LineSnapshot refused = await site.PictureAsync("line-1");
        Assert.Equal((PackMlState.Stopped, "config-refused"), (refused.State, refused.Reason));
        await AssertToldAsync(site, broker, "labelsToScanner", "500", "0 to 200 labels");
        Assert.Equal("no-such-line", await site.RefusalAsync("line-1", "start", new { who = "anna" }));

        await site.Staff("line-2", bench.Bench).Done;
        LineSnapshot end = await site.CompleteAsync("line-2");
        Assert.Equal(10, end.Account.Verified);
        Assert.Equal(0, line.Printer.Tape.Count);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_service_whose_whole_site_is_bad_starts_and_names_file_line_key_and_remedy()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var line = new ConveyorLine();
        await using var bench = new BenchLine();
        await using Site site = await StartAsync(line, bench, 10);
        site.Mqtt = broker.Config;
        site.WriteConfig(sound => Spoil(sound, Mistakes.Where(m => m.Key == "platform.pollSeconds")));
        await site.StartServiceAsync();

        foreach (string id in (string[])["line-1", "line-2"])
        {
            LineSnapshot refused = await site.PictureAsync(id);
            Assert.Equal((PackMlState.Stopped, "config-refused"), (refused.State, refused.Reason));
        }

        await AssertToldAsync(site, broker, "pollSeconds", "0", "1 to 3600 s");
        Assert.False(site.Service.HasExited);
        Assert.Equal(0, line.Printer.BytesReceived);
    }

    private async Task<Site> StartAsync(ConveyorLine line, BenchLine bench, int quantity)
    {
        Site site = Site.New(output);
        line.Config["hold"] = new System.Text.Json.Nodes.JsonObject { ["badReadsInRow"] = 3, ["badReadBucket"] = 5 };
        line.Config["sendAhead"] = 2;
        line.Config["codes"] = new System.Text.Json.Nodes.JsonObject { ["leaseWhenBelow"] = 50, ["leaseCodes"] = 500 };
        site.Line("line-1", line.Config);
        site.Line("line-2", bench.Config);
        await site.StartPlatformAsync(quantity);
        return site;
    }

    private static async Task AssertToldAsync(Site site, Mosquitto broker, string key, string value, string limit)
    {
        JsonElement problem = (await site.Panel.GetFromJsonAsync<JsonElement>("api/site")).GetProperty("problems").EnumerateArray().Single();
        string told = (await broker.LateAsync(Heard.Base + "state", 1))[0].Body["problems"]!.AsArray().Single()!.ToJsonString();
        foreach (string part in (string[])[Path.GetFileName(site.ConfigFile) + ":", key, value, limit])
        {
            Assert.Contains(part, problem.ToString(), StringComparison.Ordinal);
            Assert.Contains(part, told, StringComparison.Ordinal);
        }

        Assert.NotEqual("", problem.GetProperty("remedy").GetString());
    }

    private static string Spoil(string sound, IEnumerable<(string Old, string By, string Key, string Value)> mistakes)
    {
        foreach ((string old, string by, string key, string _) in mistakes)
        {
            int at = sound.IndexOf(old, StringComparison.Ordinal);
            Assert.True(at >= 0, $"{key}: the sound file has no {old}\n{sound}");
            sound = sound[..at] + by + sound[(at + old.Length)..];
        }

        return sound;
    }

    [GeneratedRegex(@"^.*edgeline\.json:(?<line>\d+): (?<key>[^ ]+): (?<rest>.+)$", RegexOptions.Multiline)]
    private static partial Regex Problem();
}
