using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

/// <summary>
/// A maintenance engineer puts a serial look-alike where a network printer was, and makes the usual mistakes: each is one
/// line that says what was probably meant.
/// </summary>
public sealed class SwapMistakesTests
{
    private const string Profile = "lines.belt.printer.profile";
    private const string Link = "lines.belt.printer.link";
    private const string Serial = "lines.belt.printer.serial";
    private const string Good = "\"profile\": \"generic-zpl-300dpi\", \"link\": \"serial:/dev/ttyUSB0\"";

    [Theory]
    [InlineData("generic-zpl-300", Profile, "generic-zpl-300dpi")]
    [InlineData("Generic-ZPL-300dpi", Profile, "generic-zpl-300dpi")]
    [InlineData("generic-zpl-300dpi.json", Profile, "generic-zpl-300dpi")]
    [InlineData("generic_zpl_300dpi", Profile, "generic-zpl-300dpi")]
    [InlineData("ZT411", Profile, "zebra-zt411-203dpi or zebra-zt411-300dpi")]
    [InlineData("keyence-sr-1000", Profile, "is one of the scanners")]
    [InlineData("no-such-thing", Profile, "more")]
    public void A_model_that_is_none(string model, string key, string remedy) =>
        AssertOne(Good.Replace("generic-zpl-300dpi", model, StringComparison.Ordinal), key, remedy);

    [Theory]
    [InlineData("10.0.1.21", "did you mean \"tcp://10.0.1.21\"?")]
    [InlineData("10.0.1.21:9100", "did you mean \"tcp://10.0.1.21:9100\"?")]
    [InlineData("http://10.0.1.21/", "did you mean \"tcp://10.0.1.21\"?")]
    [InlineData("tcp:10.0.1.21", "did you mean \"tcp://10.0.1.21\"?")]
    [InlineData("tcp://10.0.1.21/zpl", "did you mean \"tcp://10.0.1.21\"?")]
    [InlineData("tcp://10.0.1.21:99999", "did you mean \"tcp://10.0.1.21\"?")]
    [InlineData("printer-7.plant.example", "did you mean \"tcp://printer-7.plant.example\"?")]
    [InlineData("/dev/ttyUSB0", "did you mean \"serial:/dev/ttyUSB0\"?")]
    [InlineData("/opt/ports/printer", "did you mean \"serial:/opt/ports/printer\"?")]
    [InlineData("ttyUSB0", "did you mean \"serial:/dev/ttyUSB0\"?")]
    [InlineData("serial:ttyUSB0", "did you mean \"serial:/dev/ttyUSB0\"?")]
    [InlineData("serial：/dev/ttyUSB0", "did you mean \"serial:/dev/ttyUSB0\"?")]
    [InlineData("COM3", "did you mean \"serial:COM3\"?")]
    [InlineData(@"\\\\.\\COM12", "did you mean \"serial:COM12\"?")]
    [InlineData("serial:/dev/ttyUSB0:9600", "write \"serial\": \"9600 8N1\" beside the link")]
    [InlineData("serial:COM3,19200", "write \"serial\": \"19200 8N1\" beside the link")]
    [InlineData("serial:/dev", "for example")]
    [InlineData("usb:/dev/usb/lp0", "network or RS-232")]
    [InlineData("serial:/dev/usb/lp0", "network or RS-232")]
    [InlineData("serial:/dev/ttyS1", "correct the address")]
    [InlineData("serial:///dev//ttyS1", "correct the address")]
    public void A_link_that_is_none_or_taken(string link, string remedy) =>
        AssertOne(Good.Replace("serial:/dev/ttyUSB0", link, StringComparison.Ordinal), Link, remedy);

    [Theory]
    [InlineData("9600", "did you mean \"9600 8N1\"?")]
    [InlineData("\"9600\"", "did you mean \"9600 8N1\"?")]
    [InlineData("\"9600,8,N,1\"", "did you mean \"9600 8N1\"?")]
    [InlineData("\"9600-8-e-1 XON/XOFF\"", "did you mean \"9600 8E1 xon-xoff\"?")]
    [InlineData("\"115200 8N1 hardware\"", "did you mean \"115200 8N1 rts-cts\"?")]
    [InlineData("\"8N1 9600 baud\"", "did you mean \"9600 8N1\"?")]
    [InlineData("\"9601 8N1\"", "for example")]
    public void A_setting_in_another_notation(string setting, string remedy) =>
        AssertOne($"{Good}, \"serial\": {setting}", Serial, remedy);

    [Fact]
    public void The_name_of_a_port_of_another_system_is_a_warning_and_an_exchanged_printer_is_fine()
    {
        using var site = new SiteFolder();
        using var other = new SiteFolder();
        Assert.Empty(Problems(site, Good));
        SettingsProblem warned = Assert.Single(Problems(other, Good.Replace("/dev/ttyUSB0", OperatingSystem.IsWindows() ? "/dev/ttyUSB0" : "COM3", StringComparison.Ordinal)));
        Assert.True(warned.IsWarning);
        Assert.Contains("another PC", warned.Remedy, StringComparison.Ordinal);
    }

    private static void AssertOne(string printer, string key, string remedy)
    {
        using var site = new SiteFolder();
        IReadOnlyList<SettingsProblem> problems = Problems(site, printer);
        SettingsProblem problem = problems.First(p => p.Key == key);
        // Two devices with one address are told at both; everything else once.
        Assert.All(problems, p => Assert.True(p == problem || p.What.StartsWith("the same link", StringComparison.Ordinal), p.ToString()));
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
        Assert.False(problem.IsWarning);
    }

    private static IReadOnlyList<SettingsProblem> Problems(SiteFolder site, string printer) => site
        .Edit("\"profile\": \"zebra-zt411-300dpi\",\n        \"link\": \"tcp://10.0.1.21\"", printer)
        .Load().Problems;
}
