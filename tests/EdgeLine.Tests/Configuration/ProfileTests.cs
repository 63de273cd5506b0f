using EdgeLine.Devices.Profiles;

namespace EdgeLine.Tests.Configuration;

public class ProfileTests
{
    public static TheoryData<string, string> Shipped
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string kind in Directory.EnumerateDirectories(SiteFolder.Profiles).Order(StringComparer.Ordinal))
            {
                foreach (string file in Directory.EnumerateFiles(kind).Order(StringComparer.Ordinal))
                {
                    data.Add(Path.GetFileName(kind), Path.GetFileNameWithoutExtension(file));
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_profile_loads(string kind, string id)
    {
        var problems = new List<SettingsProblem>();
        Assert.True(Load(new ProfileFolder(SiteFolder.Profiles), kind, id, problems), string.Join('\n', problems));
        Assert.Empty(problems);
    }

    [Fact]
    public void The_five_first_models_are_there()
    {
        var folder = new ProfileFolder(SiteFolder.Profiles);
        Assert.Superset(new HashSet<string> { "zebra-zt411-300dpi", "generic-zpl-203dpi" }, folder.Names("printers").ToHashSet());
        Assert.Superset(new HashSet<string> { "keyence-sr-1000", "generic-serial-handheld" }, folder.Names("scanners").ToHashSet());
        Assert.Contains("modbus-tagged", folder.Names("gates"));
    }

    [Fact]
    public void A_profile_arrives_with_its_units()
    {
        var problems = new List<SettingsProblem>();
        var folder = new ProfileFolder(SiteFolder.Profiles);
        PrinterProfile printer = folder.Printer("zebra-zt411-300dpi", problems)!;
        Assert.Equal((12, 1248, 9100), (printer.Device.DotsPerMm, printer.Device.WidthDots, printer.Links.Tcp!.Port));
        Assert.Equal(TimeSpan.FromSeconds(40), printer.Timings.Boot);
        Assert.Matches(printer.Identify.Expect!, "ZT411-300dpi");
        Assert.Equal("按打印机上的暂停键", printer.OperatorHint["paused"].Zh);

        ScannerProfile scanner = folder.Scanner("keyence-sr-1000", problems)!;
        Assert.Equal(("\r", TimeSpan.Zero, true), (scanner.Framing.End, scanner.Framing.Idle, scanner.OneFramePerTrigger));
        Assert.Matches(scanner.Acks[1], "ER,LON,00");
        Assert.Equal("KEYENCE\r", scanner.Liveness!.Ask);

        GateProfile gate = folder.Gate("modbus-tagged", problems)!;
        Assert.Equal((255, 0, 1, 0, 100, 0), (gate.Modbus.UnitId, gate.Modbus.StopRequestCoil, gate.Modbus.ResyncCoil,
            gate.Modbus.VerdictRegister, gate.Modbus.WatchdogRegister, gate.Modbus.StatusRegister));
        Assert.True(gate.Watchdog.Every <= TimeSpan.FromMilliseconds(500));
    }

    [Theory]
    [InlineData("printers", "\"dotsPerMm\": 12", "\"dotsPerMm\": 11", "device.dotsPerMm", "no such print head")]
    [InlineData("printers", "\"zebra-json\"", "\"zebra-snmp\"", "status.with", "unknown word")]
    [InlineData("printers", "\"zebra-json\"", "\"zebra-hs\"", "status.port", "never asked")]
    [InlineData("printers", "\"port\": 9200, ", "", "status.with", "nobody to ask")]
    [InlineData("printers", "\"singleWriterPort\": 9300", "\"singleWriterPort\": 9100", "links.tcp.singleWriterPort", "the same port twice")]
    [InlineData("scanners", "\"port\": 9004", "\"port\": 9004, \"singleWriterPort\": 9005", "links.tcp.singleWriterPort", "unknown key")]
    [InlineData("printers", "\"zebra-user-variable\"", "\"odometer\"", "bootEpoch", "unknown word")]
    [InlineData("printers", "\"zebra-hz\" }", "null, \"manual\": { \"en\": \"off\" } }", "reprintOff.manual.zh", "missing")]
    [InlineData("printers", "\"zebra-hz\" }", "\"zebra-hz\", \"manual\": { \"en\": \"off\", \"zh\": \"关\" } }", "reprintOff.manual", "a person for what")]
    [InlineData("printers", "\"zebra-hz\"", "\"zebra-hh\"", "reprintOff.readBack", "unknown word")]
    [InlineData("printers", "\"^ZT411\"", "\"^(ZT411\"", "identify.expect", "not a usable pattern")]
    [InlineData("printers", "\"zebra-hi\"", "\"none\"", "identify.expect", "never asked for")]
    [InlineData("printers", "\"^JZN\"", "\"^JZY\"", "reprintOff.inFormat", "unknown word")]
    [InlineData("printers", "\"silentAfterMs\": 2000", "\"silentAfterMs\": 500", "status.silentAfterMs", "too short")]
    [InlineData("printers", "\"9600 8N1 xon-xoff\"", "\"9600\"", "links.serial", "not a serial setting")]
    [InlineData("printers", "\"testedOn\": null,", "", "evidence.testedOn", "missing")]
    [InlineData("printers", "\"mediaOut\"", "\"paperOut\"", "operatorHint.paperOut", "unknown key")]
    [InlineData("scanners", "\"fixed\"", "\"keyboard-wedge\"", "device.kind", "P2: a keyboard wedge cannot verify")]
    [InlineData("scanners", "\"noRead\": [\"ERROR\"],", "", "noRead", "missing")]
    [InlineData("scanners", "\"photo-eye\"", "\"hand\"", "oneFramePerTrigger", "hand trigger")]
    [InlineData("scanners", "\"oneFramePerTrigger\": true", "\"oneFramePerTrigger\": \"yes\"", "oneFramePerTrigger", "not true or false")]
    [InlineData("scanners", "\"end\": \"\\r\"", "\"end\": \"X\"", "framing.end", "cannot end with this")]
    [InlineData("scanners", "[\"]Q1\"]", "[\"Q1\"]", "prefix.allowed[0]", "not an AIM identifier")]
    [InlineData("scanners", "\"answer\": \"^OK,KEYENCE\",", "", "liveness.answer", "missing")]
    [InlineData("gates", "\"resyncCoil\": 1", "\"resyncCoil\": 0", "modbus.resyncCoil", "one coil for two purposes")]
    [InlineData("gates", "\"watchdogRegister\": 100", "\"watchdogRegister\": 2", "modbus.watchdogRegister", "shares a register with verdictRegister")]
    [InlineData("gates", "\"lampRegister\": 101", "\"lampRegister\": 11", "modbus.lampRegister", "shares a register with resyncRegister")]
    [InlineData("gates", "\"itemReports\": 32", "\"itemReports\": 40", "modbus.itemReports", "too large")]
    [InlineData("gates", "\"itemReports\": 32", "\"itemReports\": 24", "modbus.itemReports", "no power of two")]
    [InlineData("gates", "\"missingAfterMs\": 3000", "\"missingAfterMs\": 400", "watchdog.missingAfterMs", "too short")]
    [InlineData("gates", "\"unitId\": 255", "\"unitId\": 256", "modbus.unitId", "too large")]
    public void A_mistake_in_a_profile_refuses_the_line_and_names_the_profile_file(
        string kind, string old, string by, string key, string what)
    {
        using var site = new SiteFolder();
        string profiles = CopyProfiles(site);
        string id = new Dictionary<string, string>
        {
            ["printers"] = "zebra-zt411-300dpi",
            ["scanners"] = "keyence-sr-1000",
            ["gates"] = "modbus-tagged",
        }[kind];
        string file = Path.Combine(profiles, kind, id + ".json");
        string text = File.ReadAllText(file);
        Assert.Equal(2, text.Split(old).Length);
        File.WriteAllText(file, text.Replace(old, by, StringComparison.Ordinal));

        var result = site.Load(profiles: profiles);

        Assert.Equal("belt", Assert.Single(result.RefusedLines).Id);
        Assert.Equal("table", Assert.Single(result.Site!.Lines).Id);
        SettingsProblem problem = Assert.Single(result.Problems, one => one.Key == key);
        Assert.Equal(file, problem.File);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Limit);
        Assert.NotEmpty(problem.Remedy);
    }

    internal static bool Load(ProfileFolder folder, string kind, string id, List<SettingsProblem> problems) => kind switch
    {
        "printers" => folder.Printer(id, problems) is not null,
        "scanners" => folder.Scanner(id, problems) is not null,
        "gates" => folder.Gate(id, problems) is not null,
        _ => throw new InvalidOperationException($"Nobody reads the folder {kind}."),
    };

    private static string CopyProfiles(SiteFolder site)
    {
        foreach (string file in Directory.EnumerateFiles(SiteFolder.Profiles, "*.json", SearchOption.AllDirectories))
        {
            site.Write(Path.Combine("profiles", Path.GetRelativePath(SiteFolder.Profiles, file)), File.ReadAllText(file));
        }

        return site["profiles"];
    }
}
