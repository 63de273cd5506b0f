using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

/// <summary>A label web in the site file: what it must have, and what it may have.</summary>
public class WebStationTests
{
    private const string Gate = """
                  "gate": {
                    "profile": "modbus-tagged",
                    "link": "tcp://10.0.1.23:1502",
                  },
            """;

    [Fact]
    public void A_web_has_a_gate_or_none()
    {
        using var site = new SiteFolder();
        site.Edit("\"conveyor\"", "\"web\"");
        LineConfiguration with = site.Load().Site!.Lines[0];
        Assert.Equal((StationKind.Web, true, 6), (with.Station, with.Gate is not null, with.LabelsToScanner));

        site.Edit(Gate, "");
        ConfigurationResult without = site.Load();
        Assert.Empty(without.Problems);
        Assert.Null(without.Site!.Lines[0].Gate);
    }

    [Theory]
    [InlineData("\"labelsToScanner\": 6,", "", "lines.belt.labelsToScanner")]
    [InlineData("\"itemsPerMinute\": 60,", "", "lines.belt.itemsPerMinute")]
    [InlineData("keyence-sr-1000", "generic-serial-handheld", "lines.belt.scanner.profile")]
    public void A_web_says_how_far_its_scanner_is_how_fast_it_is_and_has_a_triggered_reader(string old, string by, string key)
    {
        using var site = new SiteFolder();
        site.Edit("\"conveyor\"", "\"web\"").Edit(old, by);
        SettingsProblem problem = Assert.Single(site.Load().Problems);
        Assert.Equal(key, problem.Key);
        Assert.NotEmpty(problem.Remedy);
    }
}
