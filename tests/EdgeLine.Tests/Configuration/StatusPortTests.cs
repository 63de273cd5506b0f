using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

/// <summary>A site says at which port a printer is asked how it is, where that is not the one of its profile.</summary>
public sealed class StatusPortTests
{
    private const string Key = "lines.belt.printer.statusPort";
    private const string Zebra = "\"zebra-zt411-300dpi\"";
    private const string Link = "\"tcp://10.0.1.21\"";

    [Fact]
    public void The_port_of_the_site_takes_the_place_of_the_one_of_the_profile()
    {
        using var site = new SiteFolder();
        Assert.Equal(9200, site.Load().Site!.Lines[0].Printer.Profile.Status.Port);

        SiteConfiguration changed = site.Edit(Link, $"{Link}, \"statusPort\": 19200").Load().Site!;
        using var again = new SiteFolder(EffectiveConfiguration.Write(changed));

        Assert.Equal(19200, changed.Lines[0].Printer.Profile.Status.Port);
        Assert.Equal(19200, again.Load().Site!.Lines[0].Printer.Profile.Status.Port);
        Assert.Null(changed.Lines[1].Printer.Profile.Status.Port);
    }

    [Theory]
    [InlineData(Zebra, Link, "0", "too small", "1 to 65535 (TCP port)", "limits")]
    [InlineData(Zebra, Link, "65536", "too large", "1 to 65535 (TCP port)", "limits")]
    [InlineData(Zebra, Link, "\"9200\"", "not a number", "1 to 65535 (TCP port)", "without quotes")]
    [InlineData(Zebra, Link, "9100", "the port for labels", "another port than that of tcp://10.0.1.21:9300 or :9100", "answers JSON")]
    [InlineData(Zebra, Link, "9300", "the port for labels", "another port than that of", "answers JSON")]
    [InlineData(Zebra, "\"serial:/dev/ttyS5\"", "9200", "a status port on a serial line", "only with tcp://", "remove it")]
    [InlineData("\"generic-zpl-300dpi\"", Link, "9200", "a port that is never asked", "generic-zpl-300dpi is not", "remove it")]
    public void A_wrong_one_is_one_line_with_value_limit_and_remedy(
        string profile, string link, string port, string what, string limit, string remedy)
    {
        using var site = new SiteFolder();
        site.Edit(Zebra, profile).Edit(Link, $"{link}, \"statusPort\": {port}");

        SettingsProblem problem = site.OnlyProblem();

        Assert.Equal((Key, site.LineOf("statusPort"), port), (problem.Key, problem.Line, problem.Value));
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.Contains(limit, problem.Limit, StringComparison.Ordinal);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
    }

    // The other device would be asked how this printer is, and this printer be called healthy for it.
    [Fact]
    public void The_port_of_another_device_is_refused_at_both()
    {
        using var site = new SiteFolder();
        site.Edit(Link, "\"tcp://10.0.1.22\", \"statusPort\": 9004");

        Assert.Equal([Key, "lines.belt.scanner.link"], site.Load().Problems.Select(p => p.Key));
    }
}
