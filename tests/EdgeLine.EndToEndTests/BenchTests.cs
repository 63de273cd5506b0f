using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>A desktop printer and a handheld on serial lines: the commonest site.</summary>
public sealed class BenchTests(ITestOutputHelper output)
{
    private const int Target = 25;

    [Fact(Timeout = 120_000)]
    public async Task A_bench_that_starts_by_itself_prints_the_next_label_only_after_a_good_read()
    {
        await using var line = new BenchLine(start: "auto");
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(Target);
        site.WriteConfig();
        await site.StartServiceAsync();
        site.Staff("line-1", line.Bench);

        LineSnapshot end = await site.CompleteAsync("line-1");
        await Soon.IsAsync(() => Task.FromResult(line.Bench.Shipped.Count == Target), "everything is on the pile");
        await site.Service.StopAsync();

        Assert.Equal(Target, end.Account.Verified);
        Assert.Equal(0, end.Account.Remainder);
        Assert.Equal(Target, end.PlatformConfirmed);
        Assert.Equal(Target, line.Printer.Tape.Count);
        Assert.All(line.Bench.Shipped.Codes, code => Assert.Equal(1, code.Value));
        Assert.All(line.Bench.Shipped.Items, item => Assert.Equal(WayOut.Bench, item.Way));
        Assert.Equal(StoppedLedger.Read(site, "line-1").In("verified").Order(), line.Bench.Shipped.Codes.Keys.Select(c => c[^16..]).Order());
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_read_no_second_label_comes_and_a_label_read_twice_counts_once()
    {
        await using var line = new BenchLine();
        // Nobody's hands: the test scans.
        line.Printer.LabelOut = null;
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(5);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        LineSnapshot waiting = await site.PictureAsync("line-1", p => p is { State: PackMlState.Suspended, Reason: "reprint-off-unconfirmed" }, "waits for a person");
        Assert.Equal("boot-missing", await site.RefusalAsync("line-1", "reprint-off", new { who = "anna" }));
        Assert.Equal("printer-restarted", await site.RefusalAsync("line-1", "reprint-off", new { who = "anna", boot = waiting.ReprintOff.Boot + 1 }));
        Assert.Equal(0, line.Printer.Tape.Count);
        await site.ConfirmReprintOffAsync("line-1", "anna");
        await Soon.IsAsync(() => Task.FromResult(line.Printer.Tape.Count == 1), "first label");

        line.Handheld.Scan("6901234567892");
        LineSnapshot seen = await site.PictureAsync("line-1", p => p.LastVerdicts.Count > 0, "another symbol was seen");
        Assert.False(seen.LastVerdicts[0].Pass);
        Assert.Equal(1, line.Printer.Tape.Count);

        string first = line.Printer.Tape.Labels()[0].Readable!;
        line.Handheld.Scan(first);
        line.Handheld.Scan(first);
        await Soon.IsAsync(() => Task.FromResult(line.Printer.Tape.Count == 2), "second label");
        line.Handheld.Scan(first);
        line.Handheld.Scan(line.Printer.Tape.Labels()[1].Readable!);
        await Soon.IsAsync(() => Task.FromResult(line.Printer.Tape.Count == 3), "third label");
        LineSnapshot now = await site.PictureAsync("line-1", p => p.Account is { Verified: 2, Printing: 1 }, "two verified, one printed");

        Assert.Equal(PackMlState.Execute, now.State);
        Assert.Equal(1, now.InFlight);
        Assert.Equal(0, now.Account.Remainder);
    }
}
