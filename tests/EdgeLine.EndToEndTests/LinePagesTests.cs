using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>The pages of a line in a real browser: sign-in, run, rework, clearance, report, history.</summary>
public sealed class LinePagesTests(ITestOutputHelper output)
{
    private const string Badge = "BADGE-20261122-07";

    [Fact(Timeout = 300_000)]
    public async Task A_shift_at_the_pages_from_sign_in_to_the_report()
    {
        // Two labels that the scanner of the line does not read; the handheld at the rework table does.
        await using var line = new ConveyorLine(
            new ConveyorOptions { ItemsPerMinute = 300 }, new FaultPlan(1).At(8, ItemFault.NoRead).At(14, ItemFault.NoRead));
        await using Site site = await SiteAsync(line.Config, 400);
        string shots = Path.Combine(site.Folder, "shots");

        await DriveAsync(site, shots, "asks-for-sign-in=start", "sign-in=li.na:4713", "start");
        await site.PictureAsync("line-1", _ => line.Belt.InBin >= 2, "two items in the bin");
        string[] bin = [.. line.Belt.TakeBin().Select(i => i.Labels[0].Readable!)];
        await DriveAsync(
            site, shots, $"badge={Badge}", $"rework={bin[0]}:accept", "look=rework", $"rework={bin[1][^16..]}:destroy", "void", $"rework={bin[1]}:destroy", "pause");
        int found = line.Belt.ClearLine().Count;
        await DriveAsync(site, shots, "sign-in=qian:8246", $"clearance={found}", "look=run", "end");
        if ((await site.PictureAsync("line-1")).State == PackMlState.Held)
        {
            // The last labels never come to the scanner: nobody may close over them.
            await DriveAsync(site, shots, "sign-in=li.na:4713", $"clearance={line.Belt.ClearLine().Count}");
        }

        await site.CompleteAsync("line-1");
        await DriveAsync(
            site, shots, "sign-in=li.na:4713", $"report={bin[1][^16..]}", "look=report", $"history={bin[0]}:", $"look=history/{bin[0][^16..]}", "look=line");

        LineSnapshot end = await site.PictureAsync("line-1");
        Assert.Equal(1, end.RunCounts.Reworked);
        Assert.Equal(0, end.Account.Remainder);
        Assert.True(Directory.GetFiles(shots, "*.png").Length >= 30, "pictures of the pages");
    }

    [Fact(Timeout = 240_000)]
    public async Task First_article_roll_sample_and_check_at_the_run_page()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 240 });
        line.Config["firstArticle"] = true;
        await using Site site = await SiteAsync(line.Config, 60);
        string shots = Path.Combine(site.Folder, "shots");

        await DriveAsync(site, shots, "sign-in=li.na:4713", "roll=LOT-2026-77", "start", "first-article", "approve-refused", "look=run");
        await DriveAsync(site, shots, "sign-in=qian:8246", "approve");
        LineSnapshot running = await site.PictureAsync("line-1", p => p.RunCounts.Verified > 5, "items after the approval");
        Assert.Equal("LOT-2026-77", running.Media.MediaLot);
        string good = line.Belt.Shipped.Codes.First().Key;
        await DriveAsync(site, shots, "sign-in=qian:8246", $"sample={good}", "report");
        LineSnapshot sampled = await site.PictureAsync("line-1", p => p.Account.Sampled == 1, "one sample");
        Assert.Equal(0, sampled.Account.Remainder);
        await DriveAsync(site, shots, "sign-in=li.na:4713", "check", "look=run");
    }

    [Fact(Timeout = 240_000)]
    public async Task A_look_alike_prints_when_somebody_confirmed_at_the_page_that_its_own_reprint_is_off()
    {
        await using var bench = new BenchLine();
        // Nobody's hands: the first label stays the only one.
        bench.Printer.LabelOut = null;
        await using Site site = await SiteAsync(bench.Config, 20);
        string shots = Path.Combine(site.Folder, "shots");

        await DriveAsync(site, shots, "sign-in=li.na:4713", "start", "reprint-off=run");
        await Soon.IsAsync(() => Task.FromResult(bench.Printer.Tape.Count == 1), "the first label");
        // A connection that was cut may have been a power-up: asked again, on the page of the line too.
        await site.PictureAsync("line-1", p => p.ReprintOff.State == "confirmed", "confirmed");
        await site.Service.StopAsync();
        await site.StartServiceAsync();
        await DriveAsync(site, shots, "sign-in=li.na:4713", "reprint-off");
        await site.Service.StopAsync();

        Assert.Equal(1, bench.Printer.Tape.Count);
        Assert.Equal(
            ["li.na@run", "li.na@panel"], StoppedLedger.Read(site, "line-1").Journal.Where(e => e.Kind == JournalKind.ReprintOff).Select(e => e.Who));
    }

    [Fact(Timeout = 240_000)]
    public async Task Wrong_PINs_lock_a_person_out_until_a_colleague_unlocks()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 240 });
        await using Site site = await SiteAsync(line.Config, 100);
        string shots = Path.Combine(site.Folder, "shots");

        await DriveAsync(
            site, shots, "wrong-pin=li.na:3", "sign-in-refused=li.na:4713", "sign-in=qian:8246", "unlock=li.na", "sign-out", "sign-in=li.na:4713", "sign-out");

        Assert.Equal("needs-sign-in", await site.RefusalAsync("line-1", "start", new { who = "li.na@panel" }));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await site.Panel.GetAsync("api/lines/line-1/report")).StatusCode);
    }

    private async Task<Site> SiteAsync(JsonObject line, int quantity)
    {
        Site site = Site.New(output);
        site.Line("line-1", line);
        await site.StartPlatformAsync(quantity);
        site.People = new JsonObject { ["file"] = "people.json", ["wrongPins"] = 3 };
        site.WriteConfig();
        await AddAsync(site, "li.na", "李娜", "operator", "4713", Badge);
        await AddAsync(site, "qian", "钱工", "quality", "8246", null);
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        return site;
    }

    private static async Task AddAsync(Site site, string name, string shown, string role, string pin, string? badge)
    {
        string pinFile = Path.Combine(site.Folder, $"{name}.pin");
        string badgeFile = Path.Combine(site.Folder, $"{name}.badge");
        await File.WriteAllTextAsync(pinFile, pin + "\n");
        await File.WriteAllTextAsync(badgeFile, badge);
        (int code, string said) = await RunningProgram.RunAsync(
            "edgeline",
            ["people", "add", name, "--shown", shown, "--role", role, "--pin-file", pinFile, .. badge is null ? (string[])[] : ["--badge-file", badgeFile], "--config", site.ConfigFile]);
        Assert.True(code == 0, said);
        Assert.DoesNotContain(pin, said, StringComparison.Ordinal);
    }

    private async Task DriveAsync(Site site, string shots, params string[] steps)
    {
        await using RunningProgram browser = RunningProgram.StartOther(
            "node",
            [Path.Combine(Site.Root, "tests", "peers", "line-pages.mjs"), site.PanelUrl.ToString(), "--line", "line-1", "--shots", shots, "--seconds", "40", .. steps]);
        int exit = await browser.EndAsync();
        string said = string.Join('\n', browser.Lines);
        output.WriteLine(said);
        if (Environment.GetEnvironmentVariable("EDGELINE_SHOTS") is { Length: > 0 } keep && Directory.Exists(shots))
        {
            Directory.CreateDirectory(keep);
            foreach (string shot in Directory.GetFiles(shots))
            {
                File.Copy(shot, Path.Combine(keep, Path.GetFileName(shot)), overwrite: true);
            }
        }

        Assert.True(exit == 0, said);
    }
}
