using System.Text.Json.Nodes;
using EdgeLine.EndToEndTests.Support;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// The service as a Windows program under Wine, from its start to an orderly end. Wine 8 cannot import the platform's P-256
/// key (NCryptImportKey knows no ECCPUBLICBLOB), so no lease is taken and nothing is printed here; what goes over COM ports is
/// in <see cref="ComPortTests"/>.
/// </summary>
public sealed class WindowsServiceTests(ITestOutputHelper output)
{
    [Trait("tier", "full")]
    [WineFact(Timeout = 600_000)]
    public async Task The_service_starts_shows_its_page_and_stops_cleanly()
    {
        await using Site site = Site.New(output);
        site.Windows = await WindowsPublish.MakeAsync("src/EdgeLine.Service", "edgeline");
        site.Line("line-1", new JsonObject
        {
            ["station"] = "bench",
            ["printer"] = Site.Device("generic-zpl-203dpi", "serial:COM5"),
            ["scanner"] = Site.Device("generic-serial-handheld", "serial:COM6"),
            ["label"] = "labels/uniform-50x30.zpl",
        });
        await site.StartPlatformAsync(5);
        site.WriteConfig();

        await site.StartServiceAsync();

        Assert.Contains("EdgeLine", await site.Panel.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(0, await site.Service.InterruptAsync());
    }
}
