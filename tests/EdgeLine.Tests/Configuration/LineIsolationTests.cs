using System.Net;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

public class LineIsolationTests
{
    public static TheoryData<string> MistakesOfALine =>
        [.. Mistake.All.Where(one => one.Value.Key.StartsWith("lines.", StringComparison.Ordinal)).Select(one => one.Key)];

    public static TheoryData<string> MistakesOfTheSite =>
        [.. Mistake.All.Where(one => !one.Value.Key.StartsWith("lines.", StringComparison.Ordinal)).Select(one => one.Key)];

    [Theory]
    [MemberData(nameof(MistakesOfALine))]
    public void A_mistake_in_one_line_leaves_the_other_line_alone(string name)
    {
        Mistake mistake = Mistake.All[name];
        using var site = new SiteFolder();
        LineConfiguration[] sound = [.. site.Load().Site!.Lines];
        site.Edit(mistake.Old, mistake.By);

        ConfigurationResult result = site.Load();

        string wrong = mistake.Key.Split('.')[1];
        RefusedLine refused = Assert.Single(result.RefusedLines);
        Assert.Equal(wrong, refused.Id);
        Assert.NotEmpty(refused.Problems);
        if (name != "line twice")
        {
            LineConfiguration other = Assert.Single(result.Site!.Lines);
            Assert.NotEqual(wrong, other.Id);
            Assert.Equal(Comparable(sound.Single(one => one.Id == other.Id)), Comparable(other));
        }
    }

    [Theory]
    [MemberData(nameof(MistakesOfTheSite))]
    public void A_mistake_outside_the_lines_refuses_all_of_them_but_page_and_lines_are_still_known(string name)
    {
        Mistake mistake = Mistake.All[name];
        using var site = new SiteFolder();
        site.Edit(mistake.Old, mistake.By);

        ConfigurationResult result = site.Load();

        Assert.Null(result.Site);
        Assert.Equal(["belt", "table"], result.RefusedLines.Select(one => one.Id));
        Assert.All(result.RefusedLines, one => Assert.True(one.IdIsSound));
        Assert.Equal("1 号线 · 板材", result.RefusedLines[0].Title);
        Assert.Equal(mistake.Key.StartsWith("site", StringComparison.Ordinal), result.Identity is null);
        Assert.Equal(mistake.Key.StartsWith("mqtt", StringComparison.Ordinal), result.Mqtt is null);
        Assert.Equal(mistake.Key.StartsWith("panel", StringComparison.Ordinal) ? 8080 : 8088, result.Panel.Listen.Port);
    }

    [Fact]
    public void A_line_key_that_must_not_become_a_topic_is_marked()
    {
        using var site = new SiteFolder();
        RefusedLine refused = Assert.Single(site.Edit("\"table\": {", "\"a/#\": {").Load().RefusedLines);
        Assert.False(refused.IdIsSound);
    }

    [Fact]
    public void Every_value_of_the_file_arrives_with_its_unit()
    {
        using var site = new SiteFolder();
        SiteConfiguration all = site.Load().Site!;
        Assert.Equal(("company/plant/packing", "en"), (all.Site.Topic, all.Site.Language));
        Assert.Equal(site["data"], all.DataPath);
        Assert.Equal(TimeSpan.FromSeconds(5), all.Platform.Poll);
        Assert.Equal(site["platform.token"], all.Platform.TokenFile);
        Assert.Equal(("127.0.0.1", 1883, false, "line-pc"), (all.Mqtt!.Host, all.Mqtt.Port, all.Mqtt.Tls, all.Mqtt.User));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8088), all.Panel.Listen);

        LineConfiguration belt = all.Lines[0];
        Assert.Equal((StationKind.Conveyor, RunStart.Auto), (belt.Station, belt.Start));
        Assert.Equal(new LinkAddress.Tcp("10.0.1.21", 9100) { SingleWriterPort = 9300 }, belt.Printer.Link);
        Assert.Equal(new LinkAddress.Tcp("10.0.1.22", 9004), belt.Scanner.Link);
        Assert.Equal(new LinkAddress.Tcp("10.0.1.23", 1502), belt.Gate!.Link);
        Assert.Equal((6, 2, 60), (belt.LabelsToScanner, belt.SendAhead, belt.ItemsPerMinute));
        Assert.Equal(TimeSpan.FromMilliseconds(800), belt.VerdictWithin);
        Assert.Equal(TimeSpan.FromSeconds(12), belt.RunOut);
        Assert.Equal((4, 5), (belt.Hold.BadReadsInRow, belt.Hold.BadReadBucket));
        Assert.Equal((200, 2000), (belt.Codes.LeaseWhenBelow, belt.Codes.LeaseCodes));

        LineConfiguration table = all.Lines[1];
        Assert.Equal(("table", StationKind.Bench, RunStart.Operator), (table.Title, table.Station, table.Start));
        Assert.Equal("115200 8N1 rts-cts", Assert.IsType<LinkAddress.Serial>(table.Printer.Link).Settings.ToString());
        Assert.Equal("9600 8N1", Assert.IsType<LinkAddress.Serial>(table.Scanner.Link).Settings.ToString());
        Assert.Null(table.Gate);
        Assert.Equal((1, 1, 50), (table.LabelsToScanner, table.SendAhead, table.Codes.LeaseWhenBelow));
    }

    [Fact]
    public void The_effective_configuration_loads_as_the_same_configuration()
    {
        using var site = new SiteFolder();
        SiteConfiguration first = site.Load().Site!;
        string written = EffectiveConfiguration.Write(first);
        using var again = new SiteFolder(written);

        ConfigurationResult result = again.Load();

        Assert.Empty(result.Problems);
        Assert.Equal(written, EffectiveConfiguration.Write(result.Site!));
        Assert.Contains("1 号线 · 板材", written, StringComparison.Ordinal);
    }

    // Profiles hold patterns, which have no equality.
    private static string Comparable(LineConfiguration line) => string.Join('|', line.Id, line.Title, line.Station, line.Start,
        line.Printer.Profile.Id, line.Printer.Link, line.Scanner.Profile.Id, line.Scanner.Link, line.Gate?.Link,
        line.LabelFile, line.LabelsToScanner, line.SendAhead, line.VerdictWithin, line.RunOut, line.Hold, line.Codes);
}
