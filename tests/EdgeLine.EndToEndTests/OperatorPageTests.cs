using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>The operator page of a running service, in a real browser.</summary>
public sealed class OperatorPageTests(ITestOutputHelper output)
{
    [Fact(Timeout = 240_000)]
    public async Task A_person_starts_the_line_in_the_browser_and_sees_the_numbers_of_the_service()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 240 });
        await using var bench = new BenchLine();
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        site.Line("line-2", bench.Config);
        await site.StartPlatformAsync(2000);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        string shots = Path.Combine(site.Folder, "shots");

        await using RunningProgram browser = RunningProgram.StartOther(
            "node", Path.Combine(Site.Root, "tests", "peers", "operator-page.mjs"), site.PanelUrl.ToString(),
            "--line", "line-1", "--start", "--pause", "--language", "zh", "--shots", shots, "--seconds", "60",
            "--kill", $"{site.Service.Id}");
        int exit = await browser.EndAsync();

        Assert.True(exit == 0, string.Join('\n', browser.Lines));
        Assert.Contains(browser.Lines, said => said.Contains("counts grow", StringComparison.Ordinal));
        Assert.Contains(browser.Lines, said => said.Contains("no request to another host", StringComparison.Ordinal));
        Assert.True(Directory.GetFiles(shots, "*.png").Length >= 6, "pictures of the page");
        Assert.True(line.Belt.Shipped.Count > 0, "items left the line");
    }
}
