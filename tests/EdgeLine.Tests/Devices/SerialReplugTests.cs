using EdgeLine.Devices.Printing;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Devices.Support;
using EdgeLine.Tests.Simulator;

namespace EdgeLine.Tests.Devices;

/// <summary>A printer behind an adapter that is pulled and plugged in again, found by the link that names the adapter.</summary>
public sealed class SerialReplugTests : IAsyncDisposable
{
    private readonly string _adapter = Path.Combine(Path.GetTempPath(), $"edgeline-by-id-{Guid.NewGuid():N}");
    private readonly VirtualPrinter _device = new(new Floor(TimeProvider.System), PrinterTraits.Of("zebra-zt411-300dpi"));
    private readonly CancellationTokenSource _stop = new();
    private readonly EventLog<PrinterReport> _reports = new();
    private Task _running = Task.CompletedTask;

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replugged_printer_prints_again_also_under_another_name(bool goneForAWhile)
    {
        PtyPort first = _device.OpenSerial(_adapter);
        LabelPrinter printer = Start();
        await _reports.WaitForAsync(r => r.IsReady);
        await PrintAsync(printer, "H000000000000001");

        // Under another name: the first one is still taken when the second comes.
        PtyPort? second = goneForAWhile ? null : _device.OpenSerial(_adapter + "-2");
        await first.DisposeAsync();
        PrinterReport lost = await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.LinkLost));
        Assert.Contains("plugged in", lost.Detail, StringComparison.Ordinal);
        int before = _reports.All.Count;
        Assert.Equal(
            new SendOutcome.NotOneByte("the printer is not connected"),
            await printer.SendAsync("^XA^XZ"u8.ToArray(), CancellationToken.None) as SendOutcome);
        await Within.Async(() => !IsHeld(first.Path), "the old name is let go of, so that the adapter may have it again");
        if (second is null)
        {
            _device.OpenSerial(_adapter);
        }
        else
        {
            File.CreateSymbolicLink(_adapter, second.Path);
        }

        await _reports.WaitForAsync(r => r.IsReady, before);
        await PrintAsync(printer, "H000000000000002");

        Assert.Equal(2, _device.Tape.ReadableCodes);
        Assert.Empty(_device.Tape.Twins);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _device.DisposeAsync();
        File.Delete(_adapter);
        _stop.Dispose();
    }

    private LabelPrinter Start()
    {
        LabelPrinter printer = new(
            SomeDevice.Printer(), SomeDevice.At(SomeDevice.Serial(_adapter, "9600 8N1 xon-xoff")), _reports.Add, TimeProvider.System);
        _running = printer.RunAsync(_stop.Token);
        return printer;
    }

    private async Task PrintAsync(LabelPrinter printer, string code)
    {
        int before = _device.Tape.Count;
        Assert.Equal(
            SendOutcome.Written.Value,
            await printer.SendAsync(System.Text.Encoding.ASCII.GetBytes(PrinterUnderTest.Label(code)), CancellationToken.None));
        await Within.Async(() => _device.Tape.Count == before + 1, "the label on the tape");
    }

    private static bool IsHeld(string path) => Directory.GetFiles("/proc/self/fd")
        .Any(f => new FileInfo(f).LinkTarget is { } target && target.StartsWith(path, StringComparison.Ordinal) && target.EndsWith("(deleted)", StringComparison.Ordinal));
}
