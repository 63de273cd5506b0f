using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

/// <summary>A scanner that calls this PC, one with two ports, and every way to write them wrong.</summary>
public sealed class ScannerLinkTests
{
    private const string Sound = "\"profile\": \"keyence-sr-1000\",\n        \"link\": \"tcp://10.0.1.22\",";

    [Theory]
    [InlineData("listen://0.0.0.0:3100", "0.0.0.0", 3100)]
    [InlineData("listen://192.168.1.10", "192.168.1.10", 3000)]
    [InlineData("listen://[::]:3000", "::", 3000)]
    public void A_scanner_may_call_this_PC(string link, string host, int port)
    {
        LinkAddress.Listen address = Assert.IsType<LinkAddress.Listen>(Link("cognex-dataman-push", link, "\"from\": \"10.0.1.22\","));

        Assert.Equal((host, port, "10.0.1.22"), (address.Host, address.Port, address.From));
    }

    [Fact]
    public void Results_may_come_on_a_second_port()
    {
        LinkAddress.Tcp address = Assert.IsType<LinkAddress.Tcp>(Link("keyence-sr-1000", "tcp://10.0.1.22:9004", "\"resultsPort\": 9005,"));

        Assert.Equal((9004, 9005), (address.Port, address.ResultsPort!.Value));
    }

    [Fact]
    public void What_check_writes_as_effective_is_read_again_as_the_same()
    {
        foreach ((string profile, string link, string more) in new[]
        {
            ("cognex-dataman-push", "listen://0.0.0.0:3100", "\"from\": \"10.0.1.22\","), ("keyence-sr-1000", "tcp://10.0.1.22:9004", "\"resultsPort\": 9005,"),
        })
        {
            using SiteFolder site = Site(profile, link, more);
            SiteConfiguration first = site.Load().Site!;
            using SiteFolder again = new(EffectiveConfiguration.Write(first));
            Assert.Equal(first.Lines[0].Scanner.Link, again.Load().Site!.Lines[0].Scanner.Link);
        }
    }

    [Theory]
    [InlineData("cognex-dataman-push", "listen:3000", "", "link", "did you mean \"listen://0.0.0.0:3000\"?")]
    [InlineData("cognex-dataman-push", "listen://:3000", "", "link", "did you mean \"listen://0.0.0.0:3000\"?")]
    [InlineData("cognex-dataman-push", "listen://*:3000", "", "link", "did you mean \"listen://0.0.0.0:3000\"?")]
    [InlineData("cognex-dataman-push", "listen://line-pc:3000", "", "link", "for example")]
    [InlineData("cognex-dataman-push", "listen://0.0.0.0:70000", "", "link", "for example")]
    [InlineData("cognex-dataman-push", "tcp://10.0.1.22", "", "link", "write \"listen://0.0.0.0:3000\"")]
    [InlineData("keyence-sr-1000", "listen://0.0.0.0:3000", "", "link", "links.listen")]
    [InlineData("cognex-dataman-push", "listen://0.0.0.0:3000", "\"from\": \"scanner-1\",", "from", "such as 192.168.1.21")]
    [InlineData("keyence-sr-1000", "tcp://10.0.1.22", "\"from\": \"10.0.1.22\",", "from", "remove it")]
    [InlineData("keyence-sr-1000", "tcp://10.0.1.22", "\"resultsPort\": 9004,", "resultsPort", "data port")]
    [InlineData("keyence-sr-1000", "tcp://10.0.1.22", "\"resultsPort\": 0,", "resultsPort", "within the limits")]
    [InlineData("cognex-dataman", "tcp://10.0.1.22", "\"resultsPort\": 9005,", "resultsPort", "into the link")]
    [InlineData("cognex-dataman-push", "listen://0.0.0.0:3000", "\"resultsPort\": 9005,", "resultsPort", "remove it")]
    [InlineData("generic-tcp-client", "hid:/dev/hidraw0", "", "link", "USB serial")]
    [InlineData("generic-tcp-client", "keyboard:0", "", "link", "USB serial")]
    [InlineData("keyence-sr-1000-table", "tcp://10.0.1.22", "", "profile", "make the station a bench")]
    [InlineData("zebra-handheld-ssi", "tcp://10.0.1.22", "", "profile", "make the station a bench")]
    public void A_mistake_is_one_line_that_says_what_to_do(string profile, string link, string more, string key, string remedy)
    {
        using SiteFolder site = Site(profile, link, more);

        ConfigurationResult result = site.Load();

        SettingsProblem problem = Assert.Single(result.Problems);
        Assert.Equal($"lines.belt.scanner.{key}", problem.Key);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Limit);
        Assert.Equal("belt", Assert.Single(result.RefusedLines).Id);
    }

    [Fact]
    public void Two_scanners_cannot_call_at_one_port()
    {
        using SiteFolder site = Site("cognex-dataman-push", "listen://0.0.0.0:3000", "");
        site.Edit("\"profile\": \"generic-serial-handheld\",\n        \"link\": \"serial:/dev/ttyS2\"", "\"profile\": \"generic-tcp-listener\",\n        \"link\": \"listen://10.0.1.9:3000\"");

        Assert.All(site.Load().Problems, one => Assert.StartsWith("the same link", one.What, StringComparison.Ordinal));
        Assert.Equal(2, site.Load().Problems.Count);
    }

    private static LinkAddress Link(string profile, string link, string more)
    {
        using SiteFolder site = Site(profile, link, more);
        ConfigurationResult result = site.Load();
        Assert.Empty(result.Problems);
        return result.Site!.Lines.Single(line => line.Id == "belt").Scanner.Link;
    }

    private static SiteFolder Site(string profile, string link, string more)
    {
        var site = new SiteFolder();
        site.Edit(Sound, $"\"profile\": \"{profile}\",\n        \"link\": \"{link}\", {more}");
        return site;
    }
}
