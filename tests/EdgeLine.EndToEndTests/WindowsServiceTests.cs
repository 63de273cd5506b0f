using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>The service as a Windows program under Wine, whose COM ports are pseudo-terminals; the platform runs beside it.</summary>
public sealed class WindowsServiceTests(ITestOutputHelper output)
{
    private const int Target = 24;

    [Trait("tier", "full")]
    [WineFact(Timeout = 600_000)]
    public async Task A_bench_on_COM_ports_prints_and_reads_a_batch_comes_back_after_unplugging_and_stops_cleanly()
    {
        await using WindowsPublish windows = await WindowsPublish.MakeAsync("src/EdgeLine.Service", "edgeline");
        await using Site site = Site.New(output);
        site.Windows = windows;
        await using var line = new BenchLine("auto", WindowsPublish.Port(5), WindowsPublish.Port(6), TimeSpan.FromMilliseconds(200));
        line.Config["printer"] = Site.Device("generic-zpl-203dpi", "serial:COM5");
        line.Config["scanner"] = Site.Device("generic-serial-handheld", "serial:COM6");
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(Target);
        site.WriteConfig();
        await site.StartServiceAsync();
        Assert.Contains("EdgeLine", await site.Panel.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        site.Staff("line-1", line.Bench);

        await VerifiedAsync(site, Target / 3);
        await line.UnplugPrinterAsync();
        await site.PictureAsync("line-1", p => p.Printer.State != "up", "printer is gone");
        line.PlugPrinter();
        await VerifiedAsync(site, Target / 2);

        // Ctrl-C while the printer is away and nobody waits for a verdict; the next start finds what is on the disk.
        await line.UnplugPrinterAsync();
        await site.PictureAsync("line-1", p => p.Printer.State != "up", "printer is gone again");
        await Soon.IsAsync(() => Task.FromResult(line.Bench.LabelsOnTheWay == 0), "nothing in the hand");
        Assert.Equal(0, await site.Service.InterruptAsync());
        line.PlugPrinter();
        await site.StartServiceAsync();
        await VerifiedAsync(site, 2 * Target / 3);
        await line.UnplugScannerAsync();
        await site.PictureAsync("line-1", p => p.Scanner.State != "up", "scanner is gone");
        line.PlugScanner();
        LineSnapshot end = await site.CompleteAsync("line-1");
        await Soon.IsAsync(() => Task.FromResult(line.Bench.Shipped.Count == Target), "everything is on the pile");

        Assert.Equal(0, await site.Service.InterruptAsync());
        Assert.Equal((Target, 0, Target), (end.Account.Verified, end.Account.Remainder, end.PlatformConfirmed));
        Assert.Empty(line.Printer.Tape.Twins);
        Assert.All(line.Bench.Shipped.Codes, code => Assert.Equal(1, code.Value));
        Assert.All(line.Bench.Shipped.Items, item => Assert.Equal(WayOut.Bench, item.Way));
        Assert.Equal(StoppedLedger.Read(site, "line-1").In("verified").Order(), line.Bench.Shipped.Codes.Keys.Select(c => c[^16..]).Order());
        (int code, string said) = await RunningProgram.RunAsync("edgeline", "ledger", "verify", "--config", site.ConfigFile);
        Assert.True(code == 0, said);
        CertificateCode one = CertificateCode.Parse(line.Bench.Shipped.Codes.Keys.First()[^16..]);
        Assert.Contains("active", await site.CertificateAsync(one), StringComparison.Ordinal);
    }

    private static Task<LineSnapshot> VerifiedAsync(Site site, int count) =>
        site.PictureAsync("line-1", p => p.Account.Verified >= count, $"{count} verified", 120);
}
