using System.Net;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>Printer and scanner on one web of labels, through real processes and sockets.</summary>
public sealed class LabelWebTests(ITestOutputHelper output)
{
    private const int Target = 40, LabelsToScanner = 6;

    [Fact(Timeout = 120_000)]
    public async Task A_run_on_a_web_ends_with_blanks_meets_its_target_and_an_unread_label_is_peeled_off()
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        var floor = new Floor(TimeProvider.System);
        await using var printer = new VirtualPrinter(floor, PrinterTraits.Of("zebra-zt411-300dpi"));
        await using var scanner = new VirtualScanner();
        await using var gate = new VirtualGate(floor);
        FaultPlan faults = new FaultPlan(1).At(10, ItemFault.NoRead).At(Target, ItemFault.NoRead);
        await using var web = new VirtualWeb(floor, LabelsToScanner, TimeSpan.FromSeconds(5), faults, printer, scanner, gate);
        await using Site site = Site.New(output);
        System.Text.Json.Nodes.JsonObject config = Site.Conveyor(printer.Listen(any).EndPoint, scanner.Listen(any).EndPoint, gate.Listen(any).EndPoint);
        config["station"] = "web";
        site.Line("roll", config);
        await site.StartPlatformAsync(Target);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.PictureAsync("roll", p => p is { Printer.State: "up", Scanner.State: "up", Gate.State: "up", Station: "web" }, "devices up");

        await site.MustActAsync("roll", "start", new { who = "anna" });
        LineSnapshot end = await site.PictureAsync("roll", p => p is { State: PackMlState.Complete } && p.ConfirmedSeq == p.AsOfSeq, "run complete and confirmed");

        Assert.Equal((Target, 0L), (end.Account.Verified, end.Account.Remainder));
        Assert.Equal(Target, end.PlatformConfirmed);
        Assert.Equal(2, end.Account.Rejected);
        Assert.Equal(Target, web.Shipped.Count);
        Assert.Equal((0, 2), (web.Shipped.WithoutCode, web.InBin));
        Assert.All(web.Shipped.Codes, code => Assert.Equal(1, code.Value));
        Assert.Equal(0, end.RunCounts.Unlabelled);
        Assert.Equal(Target + 2, printer.Tape.Labels().Count(l => l.Code is not null));
        Assert.InRange(printer.Tape.Labels().Count(l => l.Code is null), LabelsToScanner, 3 * LabelsToScanner);
        Assert.DoesNotContain(end.Alarms, a => a.Key == "clearance");
        Assert.Equal(0, web.LabelsOnTheWay);
    }
}
