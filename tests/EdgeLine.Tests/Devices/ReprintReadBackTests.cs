using System.Net;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>A printer that can be asked whether it repeats labels is asked after each power-up, before the first
/// label.</summary>
public sealed class ReprintReadBackTests : IAsyncDisposable
{
    private const string Question = "^XA^JZN^XZ\r\n^XA^HZF^XZ\r\n";
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly byte[] Format = "^XA^JZN^FO1,1^A0N,20,20^FDx^FS^PQ1,0,0,N^XZ\r\n"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private readonly EventLog<PrinterReport> _reports = new();
    private readonly Floor _floor = new(TimeProvider.System);
    private readonly HeardBytes _heard = new();
    private VirtualPrinter? _device;
    private LabelPrinter? _printer;
    private Task _running = Task.CompletedTask;

    [Theory(Timeout = 60_000)]
    [InlineData("zebra-hs")]
    [InlineData("zebra-hqes")]
    [InlineData("zebra-sgd")]
    [InlineData("zebra-json")]
    public async Task A_printer_is_asked_once_and_answers_before_the_first_label(string dialect)
    {
        StartVirtual(dialect);
        await _reports.WaitForAsync(r => r.IsReady);

        Assert.False(_device!.ReprintAfterError);
        Assert.Equal(SendOutcome.Written.Value, await _printer!.SendAsync(Format, CancellationToken.None));
        await Within.Async(() => _device.Tape.Count == 1);
        string heard = _heard.All;
        Assert.Equal(2, heard.Split(Question).Length);
        Assert.True(heard.IndexOf(Question, StringComparison.Ordinal) < heard.IndexOf("^FDx", StringComparison.Ordinal));
        Assert.Single(_reports.All);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("zebra-hs")]
    [InlineData("zebra-json")]
    public async Task A_printer_that_says_it_repeats_labels_never_gets_one(string dialect)
    {
        StartVirtual(dialect, t => t with { StubbornReprint = true });

        PrinterReport report = await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.Reprints));
        await Within.Async(() => _heard.All.Split(Question).Length > 3, "it is asked again");

        Assert.Contains("REPRINT-AFTER-ERROR is Y", report.Detail, StringComparison.Ordinal);
        Assert.IsType<SendOutcome.NotOneByte>(await _printer!.SendAsync(Format, CancellationToken.None));
        Assert.DoesNotContain(_reports.All, r => r.IsReady);
        Assert.Equal(0, _device!.Tape.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_printer_that_does_not_say_it_never_gets_a_label_until_it_does()
    {
        await using PrinterPeer peer = new();
        Start(Profile("zebra-hs", silentAfterMs: 1_500), peer.Address);
        PrinterReport report = await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.Reprints));
        Assert.Contains("no answer to ^HZF", report.Detail, StringComparison.Ordinal);
        Assert.IsType<SendOutcome.NotOneByte>(await _printer!.SendAsync(Format, CancellationToken.None));

        await peer.SayAsync("<ZEBRA-ELTRON-PERSONALITY><REPRINT-AFTER-ERROR>N</REPRINT-AFTER-ERROR>");
        Assert.IsType<SendOutcome.NotOneByte>(await _printer.SendAsync(Format, CancellationToken.None));
        Assert.DoesNotContain(_reports.All, r => r.IsReady);
        await peer.SayAsync("</ZEBRA-ELTRON-PERSONALITY>\r\n");
        await _reports.WaitForAsync(r => r.IsReady);

        Assert.Equal(SendOutcome.Written.Value, await _printer.SendAsync(Format, CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_printer_that_was_switched_off_is_asked_again_before_the_next_label()
    {
        StartVirtual("zebra-sgd", serial: true, marked: true);
        await _reports.WaitForAsync(r => r.IsReady);

        _device!.Fail(PrinterFault.PowerCycle);
        await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch == 2);

        Assert.Equal(3, _heard.All.Split(Question).Length);
        Assert.False(_device.ReprintAfterError);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_printer_with_a_fault_is_asked_when_a_person_has_mended_it()
    {
        StartVirtual("zebra-hs", before: d => d.Fail(PrinterFault.HeadOpen));
        await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.HeadOpen));
        Assert.DoesNotContain("^HZF", _heard.All, StringComparison.Ordinal);

        _device!.Repair();
        await _reports.WaitForAsync(r => r.IsReady);

        Assert.Equal(2, _reports.All.Count);
        Assert.Equal(2, _heard.All.Split(Question).Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task On_a_slow_wire_a_long_answer_is_waited_for()
    {
        PrinterProfile profile = Profile("zebra-json", marked: true);
        profile = profile with { Status = profile.Status with { Every = TimeSpan.FromMilliseconds(100), SilentAfter = TimeSpan.FromMilliseconds(300), Port = 9 } };
        _device = new VirtualPrinter(_floor, PrinterTraits.Of("zebra-zt411-300dpi")) { Heard = _heard.Hear };
        Start(profile, SomeDevice.Serial(_device.OpenSerial(baud: 9600).Path, "9600 8N1 xon-xoff"));

        PrinterReport ready = await _reports.WaitForAsync(r => r.IsReady);

        Assert.Same(ready, Assert.Single(_reports.All));
        Assert.Equal(1, ready.BootEpoch);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_device is not null)
        {
            await _device.DisposeAsync();
        }

        _stop.Dispose();
    }

    // A printer that answers is never called silent by a busy machine; only who tests silence waits for it.
    private static PrinterProfile Profile(string dialect, int? statusPort = null, bool marked = false, int silentAfterMs = 5_000)
    {
        PrinterProfile some = SomeDevice.Printer(status: dialect, silentAfterMs: silentAfterMs, sendTimeoutMs: 500);
        return some with
        {
            BootEpoch = marked ? "zebra-user-variable" : null,
            Status = some.Status with { Port = statusPort },
            ReprintOff = some.ReprintOff with { ReadBack = "zebra-hz" },
        };
    }

    private void StartVirtual(
        string dialect, Func<PrinterTraits, PrinterTraits>? traits = null, bool serial = false, bool marked = false, Action<VirtualPrinter>? before = null)
    {
        PrinterTraits zebra = PrinterTraits.Of("zebra-zt411-300dpi");
        _device = new VirtualPrinter(_floor, traits?.Invoke(zebra) ?? zebra) { Heard = _heard.Hear };
        before?.Invoke(_device);
        int? port = dialect == "zebra-json" ? _device.ListenForStatus(AnyPort).EndPoint.Port : null;
        Start(
            Profile(dialect, port, marked),
            serial ? SomeDevice.Serial(_device.OpenSerial().Path) : new LinkAddress.Tcp("127.0.0.1", _device.Listen(AnyPort).EndPoint.Port));
    }

    private void Start(PrinterProfile profile, LinkAddress address)
    {
        _printer = new LabelPrinter(profile, SomeDevice.At(address), _reports.Add, TimeProvider.System);
        _running = _printer.RunAsync(_stop.Token);
    }
}
