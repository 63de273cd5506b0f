using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>A maintenance engineer swaps the printer of a line in the middle of a run, with one word and one address.</summary>
public sealed class SwapTests(ITestOutputHelper output)
{
    private const string Line = "line-1";

    [Fact(Timeout = 180_000)]
    public async Task A_swapped_printer_is_in_force_when_a_person_says_so_and_not_before()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 });
        await using Site site = Site.New(output);
        site.Line(Line, line.Config);
        await site.StartPlatformAsync(40);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync(Line);
        await site.MustActAsync(Line, "start", new { who = "anna" });
        await site.PictureAsync(Line, p => p.Account.Verified >= 5, "runs");
        using var http = new HttpClient { BaseAddress = site.PanelUrl };
        Assert.False((await LookAsync(http)).GetProperty("changed").GetBoolean());
        Assert.Equal("files-unchanged", await ApplyAsync(http));

        // One word wrong: it is named, and the line goes on with what it has.
        site.WriteConfig(text => text.Replace("zebra-zt411-300dpi", "generic-zpl-204dpi", StringComparison.Ordinal));
        JsonElement wrong = await LookAsync(http);
        Assert.Contains("generic-zpl-203dpi", wrong.GetProperty("problems")[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("files-wrong", await ApplyAsync(http));

        // The look-alike on a serial line.
        string serial = line.Printer.OpenSerial().Link;
        line.Config["printer"] = Site.Device("generic-zpl-203dpi", serial);
        site.Line(Line, line.Config);
        site.WriteConfig();
        Assert.Equal([Line], (await LookAsync(http)).GetProperty("waiting").EnumerateArray().Select(w => w.GetString()));
        Assert.Equal("line-not-standing", await ApplyAsync(http));
        LineSnapshot before = await site.PictureAsync(Line);
        Assert.Equal((PackMlState.Execute, "zebra-zt411-300dpi"), (before.State, before.Printer.Profile));

        await site.MustActAsync(Line, "pause", new { who = "anna" });
        await site.PictureAsync(Line, p => p.State == PackMlState.Held, "held");
        Assert.True((await LookAsync(http)).GetProperty("mayApply").GetBoolean());
        string shots = Environment.GetEnvironmentVariable("EDGELINE_SHOTS") is { Length: > 0 } keep ? keep : Path.Combine(site.Folder, "shots");
        await using (RunningProgram browser = RunningProgram.StartOther(
            "node", Path.Combine(Site.Root, "tests", "peers", "line-pages.mjs"), site.PanelUrl.ToString(), "--line", Line, "--shots", shots, "apply-files"))
        {
            Assert.True(await browser.EndAsync() == 0, string.Join('\n', browser.Lines));
        }

        LineSnapshot swapped = await site.PictureAsync(Line, p => p.Printer is { Profile: "generic-zpl-203dpi", State: "up" }, "the other printer", 60);
        Assert.True(swapped.Account.Verified >= before.Account.Verified, "counts went back");
        LineSnapshot end = await site.SettledAsync(Line, site.Staff(Line, line.Belt));
        Assert.Equal((PackMlState.Complete, 40), (end.State, end.Account.Verified));
        Assert.Empty(line.Printer.Tape.Twins);
        Assert.False((await LookAsync(http)).GetProperty("changed").GetBoolean());

        await site.Service.StopAsync();
        Assert.Contains(StoppedLedger.Read(site, Line).Journal, e => e is { Reason: "configuration-applied", Who: "bo@panel" });
    }

    [Fact(Timeout = 180_000)]
    public async Task The_terminal_applies_too_says_what_is_in_the_way_and_knows_who_may()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 });
        await using Site site = Site.New(output);
        site.Line(Line, line.Config);
        await site.StartPlatformAsync(2000);
        site.People = new JsonObject { ["file"] = "people.json" };
        site.WriteConfig();
        string pin = Path.Combine(site.Folder, "pin");
        await File.WriteAllTextAsync(pin, "4713");
        foreach ((string name, string role) in new[] { ("li.na", "operator"), ("wang.wei", "maintenance") })
        {
            Assert.Equal(0, (await RunningProgram.RunAsync(
                "edgeline", "people", "add", name, "--role", role, "--pin-file", pin, "--config", site.ConfigFile)).ExitCode);
        }

        await AppliesAsync(site, 3, "No service answers");
        await site.StartServiceAsync();
        await site.ReadyAsync(Line);
        await AppliesAsync(site, 0, "already runs with these files");
        await site.MustActAsAsync("li.na", "4713", Line, "start", new { });
        await site.PictureAsync(Line, p => p.Account.Verified >= 2, "runs");

        site.WriteConfig(text => text.Replace("zebra-zt411-300dpi", "zebra-zt412-300dpi", StringComparison.Ordinal));
        await AppliesAsync(site, 2, "lines.line-1.printer.profile", "zebra-zt411-300dpi", "goes on with the files it has read");
        line.Config["title"] = "2 号线";
        site.WriteConfig();
        await AppliesAsync(site, 3, "pause or end the run on line-1");
        await site.MustActAsAsync("li.na", "4713", Line, "pause", new { });
        await site.PictureAsync(Line, p => p.State == PackMlState.Held, "held");
        await AppliesAsync(site, 3, "--as NAME");
        await AppliesAsync(site, 3, "role-missing", "--as", "li.na", "--pin-file", pin);
        await AppliesAsync(site, 0, "Applied", "--as", "wang.wei", "--pin-file", pin);

        Assert.Equal("2 号线", (await site.PictureAsync(Line)).Title);
        await site.Service.StopAsync();
        Assert.Contains(StoppedLedger.Read(site, Line).Journal, e => e is { Reason: "configuration-applied", Who: "wang.wei@terminal" });
    }

    // Words that are said, then options behind the first that begins with two hyphens.
    private static async Task AppliesAsync(Site site, int exit, params string[] more)
    {
        string[] words = [.. more.TakeWhile(m => m == "--as NAME" || !m.StartsWith("--", StringComparison.Ordinal))];
        (int code, string said) = await RunningProgram.RunAsync("edgeline", ["apply", "--config", site.ConfigFile, .. more.Skip(words.Length)]);
        Assert.True(code == exit && words.All(w => said.Contains(w, StringComparison.Ordinal)), $"exit code {code}\n{said}");
    }

    private static async Task<JsonElement> LookAsync(HttpClient http) =>
        await http.GetFromJsonAsync<JsonElement>(new Uri("api/configuration", UriKind.Relative));

    private static async Task<string> ApplyAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(new Uri("api/configuration/apply", UriKind.Relative), new { who = "bo" });
        JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? "" : body.GetProperty("title").GetString()!;
    }
}
