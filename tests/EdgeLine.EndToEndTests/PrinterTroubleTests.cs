using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Printing;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>The printer stops in the middle of a label; what was in its memory, and on the tape, is unknown.</summary>
public sealed class PrinterTroubleTests(ITestOutputHelper output)
{
    private const int Target = 30;

    [Fact(Timeout = 180_000)]
    public async Task Paper_out_in_mid_label_asks_for_paper_then_for_a_clearance_and_goes_on_without_a_twin()
    {
        await using var line = new ConveyorLine();
        await using Site site = await StartAsync(line, PrinterFault.MediaOut, 0.5);

        LineSnapshot held = await site.PictureAsync(
            "line-1", p => p is { State: PackMlState.Held, Printer.Fault: "printer-media-out" }, "held without paper");
        Assert.Equal("fault", held.Printer.State);
        Assert.Contains("clearance", held.Actions);
        Assert.DoesNotContain("resume", held.Actions);
        Assert.Equal("clearance", await site.RefusalAsync("line-1", "resume", new { who = "anna" }));
        int printed = line.Printer.Tape.Count;

        // New paper, and the half label is pulled out. The printer alone does not set the line in motion.
        Assert.NotNull(line.Printer.TakePieceUnderHead());
        line.Printer.Repair();
        held = await site.PictureAsync("line-1", p => p is { Printer.State: "up" }, "printer back");
        Assert.Equal(PackMlState.Held, held.State);
        Assert.Equal(printed, line.Printer.Tape.Count);

        int found = line.Belt.ClearLine().Count + 1;
        await site.MustActAsync("line-1", "clearance", new { found, who = "anna", why = "paper" });
        LineSnapshot end = await site.CompleteAsync("line-1");
        await site.Service.StopAsync();

        AssertClosed(line, site, end);
        Assert.Empty(line.Printer.Tape.Twins);
        JournalEntry cleared = Assert.Single(StoppedLedger.Read(site, "line-1").Of(JournalKind.Cleared));
        Assert.Equal(("anna", found, "paper"), (cleared.Who, (int)cleared.Count, cleared.Detail));
    }

    [Theory(Timeout = 180_000)]
    [InlineData(nameof(PrinterFault.MediaOut), 0.95)]
    [InlineData(nameof(PrinterFault.RibbonOut), 0.1)]
    [InlineData(nameof(PrinterFault.HeadOpen), 0.5)]
    [InlineData(nameof(PrinterFault.PowerCycle), 0.5)]
    public async Task Whatever_stops_the_printer_no_label_passes_twice_and_the_run_ends_on_target(string fault, double atShare)
    {
        await using var line = new ConveyorLine();
        await using Site site = await StartAsync(line, Enum.Parse<PrinterFault>(fault), atShare, person: true);

        LineSnapshot end = await site.CompleteAsync("line-1");
        await site.Service.StopAsync();

        AssertClosed(line, site, end);
        Assert.Empty(line.Printer.Tape.Twins);
        Assert.NotEmpty(StoppedLedger.Read(site, "line-1").Of(JournalKind.InDoubt));
    }

    private async Task<Site> StartAsync(ConveyorLine line, PrinterFault fault, double atShare, bool person = false)
    {
        line.Printer.Arm(fault, 12, (int)(480 * atShare));
        Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(Target);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        if (person)
        {
            site.Staff("line-1", line.Belt);
        }
        else
        {
            await site.MustActAsync("line-1", "start", new { who = "anna" });
        }

        return site;
    }

    private static void AssertClosed(ConveyorLine line, Site site, LineSnapshot end)
    {
        HashSet<string> verified = StoppedLedger.Read(site, "line-1").In("verified");
        Assert.Equal(Target, end.Account.Verified);
        Assert.Equal(0, end.Account.Remainder);
        Assert.Equal(Target, end.PlatformConfirmed);
        Assert.All(line.Belt.Shipped.Codes, code => Assert.Equal(1, code.Value));
        Assert.All(line.Belt.Shipped.Codes, code => Assert.Contains(code.Key[^16..], verified));
        Assert.Equal(0, line.Belt.Shipped.WithoutCode);
    }
}
