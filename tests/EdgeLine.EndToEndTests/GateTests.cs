using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using EdgeLine.Simulator.Scanning;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>What reaches the gate in time, what the gate says became of it, and what happens when nobody tells it anything.</summary>
public sealed class GateTests(ITestOutputHelper output)
{
    private const int Wanted = 60;

    [Fact(Timeout = 150_000)]
    public async Task When_the_service_dies_the_belt_stops_and_nothing_passes_and_no_code_stays_open()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 1200, ItemsToGate = 4 });
        await using Site site = await StartAsync(line);
        await Soon.IsAsync(() => Task.FromResult(line.Gate.Passed >= 10), "items pass", 60);

        await site.Service.KillAsync();
        await Soon.IsAsync(() => Task.FromResult(line.Gate.Stopped), "the belt stands", 10);
        long passed = line.Gate.Passed;
        await Soon.IsAsync(() => Task.FromResult(line.Gate.VerdictOfNext is null && line.Gate.NextScannedAt is null), "the belt behind the scanner is empty", 20);
        Assert.Equal(passed, line.Gate.Passed);
        Assert.True(line.Gate.Rejected > 0, "items between scanner and gate were rejected");

        await site.StartServiceAsync();
        VirtualOperator person = site.Staff("line-1", line.Belt, new OperatorOptions());
        LineSnapshot end = await site.SettledAsync("line-1", person);
        await site.Service.StopAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, "line-1");
        HashSet<string> shipped = [.. line.Belt.Shipped.Codes.Keys.Select(url => url[^16..])];
        Assert.Equal(Wanted, end.Account.Verified);
        // Also of the items whose entry was on disk when the service died before it could say PASS.
        Assert.Equal(ledger.In("verified").Order(), shipped.Order());
    }

    [Theory(Timeout = 150_000)]
    [InlineData(50, 40)]
    [InlineData(5000, 800)]
    public async Task A_disk_that_is_too_slow_lets_no_late_item_pass_and_the_page_says_so(int syncMs, int withinMs)
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsToGate = 4 });
        line.Config["verdictWithinMs"] = withinMs;
        await using Site site = await StartAsync(line);
        await Soon.IsAsync(() => Task.FromResult(line.Gate.Passed >= 5), "items pass", 60);

        RunningProgram slow = RunningProgram.StartOther(
            "strace", "-f", "-p", $"{site.Service.Id}", "-o", Path.Combine(site.Folder, "strace.txt"), "-e", "trace=fsync,fdatasync",
            "-e", $"inject=fsync,fdatasync:delay_enter={syncMs * 1000}");
        LineSnapshot late;
        try
        {
            late = await site.PictureAsync("line-1", p => p.Alarms.Any(a => a.Key == "verdict-late"), "says that the disk is too slow");
        }
        finally
        {
            await slow.DisposeAsync();
        }

        Assert.True(late.Run is not null);
        VirtualOperator person = site.Staff("line-1", line.Belt, new OperatorOptions());
        LineSnapshot end = await site.SettledAsync("line-1", person);
        await site.Service.StopAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, "line-1");
        IReadOnlyList<JournalEntry> tooLate = [.. ledger.Of(JournalKind.Rejected).Where(e => e.Reason == "late")];
        Assert.NotEmpty(tooLate);
        // None of these items passed; their labels were accepted at rework, which is no pass of the gate.
        HashSet<string> atGate = [.. line.Belt.Shipped.Items.Where(i => i.Way == WayOut.Gate).SelectMany(i => i.Item.Labels).Select(l => l.Readable![^16..])];
        Assert.DoesNotContain(tooLate, e => atGate.Contains(e.Code));
        Assert.Equal(Wanted, end.Account.Verified);
    }

    [Fact(Timeout = 150_000)]
    public async Task A_reader_that_swallows_a_frame_between_close_items_lets_no_item_have_the_verdict_of_its_neighbour()
    {
        // 50 ms between two items and eight of them on the way to the gate: by its time alone no frame tells whose it is.
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 1200, ItemsToGate = 8 });
        line.Config["verdictWithinMs"] = 390;
        await using Site site = await StartAsync(line);
        await Soon.IsAsync(() => Task.FromResult(line.Gate.Passed >= 10), "items pass", 60);

        line.Scanner.Fail(ReaderFault.Silent);
        LineSnapshot held = await site.PictureAsync("line-1", p => p is { State: PackMlState.Held, Reason: "scanner-silent" }, "held");
        Assert.Contains(held.Alarms, a => a.Key == "scanner-silent");
        VirtualOperator person = site.Staff("line-1", line.Belt, new OperatorOptions());
        LineSnapshot end = await site.SettledAsync("line-1", person);
        await site.Service.StopAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, "line-1");
        HashSet<string> atGate = [.. line.Belt.Shipped.Items.Where(i => i.Way == WayOut.Gate).SelectMany(i => i.Item.Labels).Select(l => l.Readable![^16..])];
        // The item that nobody read has a good label too, and its neighbour's pass would have let it out.
        Assert.Equal(atGate.Count, ledger.Of(JournalKind.Verified).Select(e => e.Code).Count(atGate.Contains));
        Assert.Equal(atGate.Count, line.Gate.Passed);
        Assert.Contains("uncounted", ledger.ReasonsOf(JournalKind.Rejected));
        HashSet<string> shipped = [.. line.Belt.Shipped.Codes.Keys.Select(url => url[^16..])];
        Assert.Equal(Wanted, end.Account.Verified);
        Assert.Equal(ledger.In("verified").Order(), shipped.Order());
    }

    [Fact(Timeout = 150_000)]
    public async Task A_reject_that_the_bin_did_not_see_holds_the_line_until_it_is_cleared()
    {
        // Not faster: a gate keeps 32 reports, and a PC that stands for so many items does not hear of this one.
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 1200 }, new FaultPlan(1).At(12, ItemFault.NoRead));
        line.Gate.Sticks = 1;
        line.Config["rejectByReader"] = true;
        await using Site site = await StartAsync(line);
        LineSnapshot held = await site.PictureAsync("line-1", p => p is { State: PackMlState.Held, Reason: "gate-missed" }, "held");
        Assert.Contains(held.Alarms, a => a.Key == "gate-missed");
        // The reader was told to reject it, too; that this passes nothing is the gate's word.
        await Soon.IsAsync(() => Task.FromResult(line.Scanner.OutputPulses >= 1), "the output of the reader was switched", 10);
        await Soon.IsAsync(() => Task.FromResult(line.Gate.Lamp == 4), "the stack light is red", 10);
        site.Staff("line-1", line.Belt, new OperatorOptions());
        LineSnapshot end = await site.CompleteAsync("line-1");
        Assert.Equal(Wanted, end.Account.Verified);
        // The one that went on unread: its label was in nobody's hand yet, and the account says so.
        Assert.Equal(1, end.Account.Rejected);
    }

    private async Task<Site> StartAsync(ConveyorLine line)
    {
        Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(quantity: Wanted);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        return site;
    }
}
