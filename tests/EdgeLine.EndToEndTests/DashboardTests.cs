using System.Globalization;
using System.Text.Json;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>Dashboards that know the broker only: the operator page as a window, and the shipped Node-RED flow.</summary>
public sealed class DashboardTests(ITestOutputHelper output)
{
    private static readonly string Peers = Path.Combine(Site.Root, "tests", "peers");

    [Fact(Timeout = 240_000)]
    public async Task The_operator_page_lives_on_the_broker_alone_shows_live_figures_has_no_buttons_and_goes_grey()
    {
        await using PlantBroker broker = await PlantBroker.StartAsync();
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 240 });
        await using Site site = await StartAsync(broker, line);
        await DriveAsync(
            site, "page", site.PanelUrl.ToString(),
            "--broker", broker.WebSocket, "--base", "test/site", "--user", "dashboard", "--password", PlantBroker.PasswordOf("dashboard"));
    }

    [Fact(Timeout = 600_000)]
    public async Task The_shipped_flow_runs_in_Node_RED_shows_live_figures_and_goes_grey_when_the_service_dies()
    {
        await using PlantBroker broker = await PlantBroker.StartAsync();
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 240 });
        await using Site site = await StartAsync(broker, line);
        string nodeRed = Path.Combine(Peers, "node-red");
        if (!Directory.Exists(Path.Combine(nodeRed, "node_modules")))
        {
            await using RunningProgram install = RunningProgram.StartOther("npm", "ci", "--prefix", nodeRed, "--no-audit", "--no-fund");
            Assert.True(await install.EndAsync() == 0, string.Join('\n', install.Lines));
        }

        string user = Directory.CreateDirectory(Path.Combine(site.Folder, "node-red")).FullName;
        string port = Site.FreePort().ToString(CultureInfo.InvariantCulture);
        Directory.CreateSymbolicLink(Path.Combine(user, "node_modules"), Path.Combine(nodeRed, "node_modules"));
        File.Copy(Path.Combine(nodeRed, "package.json"), Path.Combine(user, "package.json"));
        File.Copy(Path.Combine(Site.Root, "config", "dashboards", "node-red", "flows.json"), Path.Combine(user, "flows.json"));
        // As the editor keeps them when a person types them into the broker node.
        File.WriteAllText(Path.Combine(user, "flows_cred.json"), JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["edgeline.broker"] = new { user = "dashboard", password = PlantBroker.PasswordOf("dashboard") },
        }));
        File.WriteAllText(Path.Combine(user, "settings.js"), "module.exports = { flowFile: 'flows.json', credentialSecret: false, uiHost: '127.0.0.1' };\n");
        await using RunningProgram program = RunningProgram.StartOther(
            "env", "EDGELINE_BROKER=" + broker.Url, "EDGELINE_TOPICS=test/site/+/edgeline/#", "NODE_EXTRA_CA_CERTS=" + broker.CaFile,
            "node", Path.Combine(nodeRed, "node_modules", "node-red", "red.js"), "--userDir", user, "--port", port);
        await program.LineAsync("Started flows", 120);
        try
        {
            await DriveAsync(site, "node-red", $"http://127.0.0.1:{port}/dashboard/lines");
        }
        finally
        {
            output.WriteLine(string.Join('\n', program.Lines));
        }
    }

    private async Task DriveAsync(Site site, string mode, string url, params string[] more)
    {
        string shots = Environment.GetEnvironmentVariable("EDGELINE_SHOTS") ?? Path.Combine(site.Folder, "shots");
        await using RunningProgram browser = RunningProgram.StartOther(
            "node", [Path.Combine(Peers, "dashboards.mjs"), mode, url, "--shots", shots, "--kill", $"{site.Service.Id}", .. more]);
        int exit = await browser.EndAsync();
        output.WriteLine(string.Join('\n', browser.Lines));
        Assert.True(exit == 0, string.Join('\n', browser.Lines));
        Assert.Contains(browser.Lines, said => said.Contains("grey within seconds", StringComparison.Ordinal));
    }

    private async Task<Site> StartAsync(PlantBroker broker, ConveyorLine line)
    {
        Site site = Site.New(output);
        site.Line("line-1", line.Config);
        site.Mqtt = broker.Config;
        await site.StartPlatformAsync(2000);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        await site.PictureAsync("line-1", p => p is { State: PackMlState.Execute, Account.Verified: >= 3 }, "runs");
        return site;
    }
}
