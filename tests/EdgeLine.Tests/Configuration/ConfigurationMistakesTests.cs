using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

public class ConfigurationMistakesTests
{
    public static TheoryData<string> Mistakes => [.. Mistake.All.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_line_key_value_limit_and_remedy(string name)
    {
        Mistake mistake = Mistake.All[name];
        using var site = new SiteFolder();
        site.Edit(mistake.Old, mistake.By);

        ConfigurationResult result = site.Load();

        SettingsProblem problem = mistake.More
            ? Assert.Single(result.Problems, one => one.Key == mistake.Key && one.What.Contains(mistake.What))
            : Assert.Single(result.Problems);
        Assert.Equal(mistake.Key, problem.Key);
        Assert.Equal(site.File, problem.File);
        Assert.Equal(site.LineOf(mistake.At), problem.Line);
        Assert.Contains(mistake.What, problem.What, StringComparison.Ordinal);
        Assert.Equal(mistake.Value, problem.Value);
        Assert.Contains(mistake.Limit, problem.Limit, StringComparison.Ordinal);
        Assert.Contains(mistake.Remedy, problem.Remedy, StringComparison.Ordinal);
        Assert.False(problem.IsWarning);
        Assert.True(result.HasErrors);
    }

    [Fact]
    public void The_sound_site_has_no_problem()
    {
        using var site = new SiteFolder();
        ConfigurationResult result = site.Load();
        Assert.Empty(result.Problems);
        Assert.Equal(["belt", "table"], result.Site!.Lines.Select(one => one.Id));
    }

    [Fact]
    public void All_mistakes_of_a_file_appear_at_once()
    {
        // Those that change the same text cannot stand in one file, a line or section that is gone hides what was in it,
        // and nothing follows from a station or address that cannot be read; all others do.
        using var site = new SiteFolder();
        var made = new List<Mistake>();
        foreach (Mistake mistake in Mistake.All.Where(one => one.Key is not ("line twice" or "site missing" or "authority without TLS" or "station unknown"
            or "two devices at one address")).Select(one => one.Value))
        {
            if (site.Text.Split(mistake.Old).Length == 2 && !made.Exists(one => one.Key == mistake.Key))
            {
                site.Edit(mistake.Old, mistake.By);
                made.Add(mistake);
            }
        }

        Assert.True(made.Count >= 25, $"only {made.Count} mistakes fit into one file");
        ConfigurationResult result = site.Load();
        // The line key with capitals is part of other keys and words, so keys are compared by their end.
        foreach (Mistake mistake in made)
        {
            Assert.True(
                result.Problems.Any(one => LastOf(one.Key) == LastOf(mistake.Key)
                    && one.What.Contains(mistake.What.Replace(" table ", " Table 2 "))),
                $"{mistake.Key}: {mistake.What} is not among\n{string.Join('\n', result.Problems)}");
        }

        Assert.Equal(result.Problems.OrderBy(one => one.Line), result.Problems);
    }

    [Fact]
    public void Two_lines_at_one_printer_are_both_refused_and_each_names_the_other()
    {
        using var site = new SiteFolder();
        site.Edit("serial:/dev/ttyS1", "tcp://10.0.1.21:9100").Edit("        \"serial\": \"115200 8N1 rts-cts\",\n", "");

        ConfigurationResult result = site.Load();

        Assert.Equal(["belt", "table"], result.RefusedLines.Select(one => one.Id));
        Assert.Contains($"lines.table.printer.link on line {site.LineOf(":9100")}", result.Problems[0].What, StringComparison.Ordinal);
        Assert.Contains($"lines.belt.printer.link on line {site.LineOf("10.0.1.21")}", result.Problems[1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_names_of_one_serial_port_are_one_link()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var site = new SiteFolder();
        string port = site.Write("ttyUSB0", "");
        File.CreateSymbolicLink(site["by-id"], port);
        site.Edit("/dev/ttyS1", port).Edit("/dev/ttyS2", site["by-id"]);
        Assert.Equal(2, site.Load().Problems.Count(one => one.What.StartsWith("the same link", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_secret_that_everybody_can_read_is_a_warning_and_refuses_nothing()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var site = new SiteFolder();
        File.SetUnixFileMode(site["mqtt.password"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        SettingsProblem warning = site.OnlyProblem();
        Assert.True(warning.IsWarning);
        Assert.Equal(("mqtt.passwordFile", site.LineOf("passwordFile")), (warning.Key, warning.Line));
        Assert.Contains("chmod o= ", warning.Remedy, StringComparison.Ordinal);
        ConfigurationResult result = site.Load();
        Assert.NotNull(result.Site);
        Assert.NotNull(result.Mqtt);
        Assert.False(result.HasErrors);
    }

    [Theory]
    [InlineData("http://10.0.0.9", "platform.url")]
    [InlineData("mqtt://10.0.0.9", "mqtt.broker")]
    public void Secrets_that_travel_readable_are_a_warning(string address, string key)
    {
        using var site = new SiteFolder();
        site.Edit(address.StartsWith("http", StringComparison.Ordinal) ? "http://127.0.0.1:8090" : "mqtt://127.0.0.1", address);
        SettingsProblem warning = site.OnlyProblem();
        Assert.True(warning.IsWarning);
        Assert.Equal(key, warning.Key);
    }

    // It goes into a header of every answer of the page.
    [Theory]
    [InlineData("ws://例え.jp")]
    [InlineData("ws://10.0.0.5; script-src *")]
    [InlineData("ws://*")]
    public void A_web_socket_that_no_header_can_hold_is_a_mistake(string address)
    {
        using var site = new SiteFolder();
        site.Edit("\"mqtt://127.0.0.1\"", $"\"mqtt://127.0.0.1\", \"webSocket\": \"{address}\"");
        Assert.Equal("mqtt.webSocket", site.OnlyProblem().Key);
    }

    [Fact]
    public void A_profiles_folder_that_is_not_there_is_one_problem_and_not_one_for_each_device()
    {
        using var site = new SiteFolder();
        ConfigurationResult result = site.Load(profiles: site["nowhere"]);
        Assert.Equal("profilesPath", Assert.Single(result.Problems).Key);
        Assert.Null(result.Site);
    }

    [Fact]
    public void What_the_label_check_finds_belongs_to_the_line()
    {
        using var site = new SiteFolder();
        ConfigurationResult result = site.Load((file, printer, _) =>
        {
            Assert.True(File.Exists(file));
            return printer.Device.DotsPerMm == 8
                ? [new SettingsValue(file, 3, 1, "^PQ", SettingsKind.Text).Problem("prints twice", "^PQ1", "remove it")]
                : [];
        });
        Assert.Equal("table", Assert.Single(result.RefusedLines).Id);
        Assert.Equal(3, Assert.Single(result.Problems).Line);
    }

    private static string LastOf(string key) => key[(key.LastIndexOf('.') + 1)..];
}
