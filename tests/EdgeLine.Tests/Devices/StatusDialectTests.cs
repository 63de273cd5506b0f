using System.Net;
using System.Net.Sockets;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>Each way to ask a printer how it is, against the virtual printer, which answers with code of its
/// own.</summary>
public sealed class StatusDialectTests : IAsyncDisposable
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly byte[] Format = "^XA^JZN^FO1,1^A0N,20,20^FDx^FS^PQ1,0,0,N^XZ\r\n"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private readonly EventLog<PrinterReport> _reports = new();
    private readonly Floor _floor = new(TimeProvider.System);
    private VirtualPrinter? _device;
    private LabelPrinter? _printer;
    private Task _running = Task.CompletedTask;
    private PrinterProfile? _profile;
    private LinkAddress? _address;
    private CancellationTokenSource? _session;

    [Theory(Timeout = 20_000)]
    [InlineData("zebra-hs")]
    [InlineData("zebra-hqes")]
    [InlineData("zebra-sgd")]
    [InlineData("zebra-json")]
    public async Task Each_dialect_tells_of_faults_and_of_their_end(string dialect)
    {
        Start(dialect);
        await _reports.WaitForAsync(r => r.IsReady);

        await FailsAsync(PrinterFault.MediaOut, PrinterFaultKind.MediaOut);
        await FailsAsync(PrinterFault.RibbonOut, PrinterFaultKind.RibbonOut);
        await FailsAsync(PrinterFault.HeadOpen, PrinterFaultKind.HeadOpen);

        Assert.Equal(7, _reports.All.Count);
        Assert.All(_reports.All, r => Assert.Equal(1, r.BootEpoch));
    }

    [Theory(Timeout = 20_000)]
    [InlineData("zebra-hs", false, true)]
    [InlineData("zebra-hqes", false, true)]
    [InlineData("zebra-sgd", false, true)]
    [InlineData("zebra-hs", true, false)]
    public async Task A_printer_that_does_not_answer_is_unknown_and_never_healthy(string dialect, bool marked, bool silent)
    {
        Start(dialect, marked, t => t with
        {
            AnswersHostStatus = !silent,
            AnswersErrorQuery = !silent,
            KeepsVariables = false,
        });

        PrinterReport report = await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.Silent));

        Assert.DoesNotContain(_reports.All, r => r.IsReady);
        Assert.Contains(silent ? "no answer" : "keeps no variable", report.Detail, StringComparison.Ordinal);
        Assert.IsType<SendOutcome.NotOneByte>(await _printer!.SendAsync(Format, CancellationToken.None));
    }

    [Theory(Timeout = 20_000)]
    [InlineData("zebra-hs")]
    [InlineData("zebra-json")]
    public async Task A_printer_that_is_healthy_but_does_not_say_who_it_is_is_a_fault(string dialect)
    {
        Start(dialect, traits: t => t with { SaysWhoItIs = false });

        PrinterReport report = await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.Silent));

        Assert.DoesNotContain(_reports.All, r => r.IsReady);
        Assert.Contains("no answer to ~HI", report.Detail, StringComparison.Ordinal);
    }

    // Seen on a ZD621: the port for labels is another PC's, the port for status answers everybody.
    [Fact(Timeout = 20_000)]
    public async Task A_port_for_labels_that_answers_nothing_is_called_again_although_the_port_for_status_lives()
    {
        _device = new VirtualPrinter(_floor, PrinterTraits.Of("zebra-zt411-300dpi") with { HearsOneHost = true });
        LinkAddress.Tcp port = Tcp();
        using TcpClient other = new(port.Host, port.Port);
        await other.GetStream().WriteAsync("~HI"u8.ToArray());
        await Within.Async(() => other.Available > 0, "the other one is served");
        PrinterProfile profile = Profile("zebra-json", false, _device.ListenForStatus(AnyPort).EndPoint.Port);
        Connect(profile with { Timings = profile.Timings with { Boot = TimeSpan.FromMilliseconds(200) } }, port);

        PrinterReport report = await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.LinkLost));
        Assert.Contains("no answer to ~HI for longer than it takes to boot", report.Detail, StringComparison.Ordinal);
        other.Close();
        await _reports.WaitForAsync(r => r.IsReady);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("zebra-hs", true)]
    [InlineData("zebra-hqes", true)]
    [InlineData("zebra-sgd", true)]
    [InlineData("zebra-hs", false)]
    [InlineData("zebra-sgd", false)]
    [InlineData("zebra-json", false)]
    public async Task A_printer_that_was_switched_off_between_two_questions_is_noticed_on_an_unbroken_connection(
        string dialect, bool serial)
    {
        Start(dialect, marked: true, serial: serial);
        await _reports.WaitForAsync(r => r.IsReady);

        await ResetAsync(serial);
        await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch == 2);

        Assert.All(_reports.All, r => Assert.True(r.IsReady));
        Assert.Equal(SendOutcome.Written.Value, await _printer!.SendAsync(Format, CancellationToken.None));
        await ResetAsync(serial);
        await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch == 3);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("zebra-hs")]
    [InlineData("zebra-sgd")]
    [InlineData("zebra-json")]
    public async Task A_printer_that_stays_on_keeps_its_number_whoever_connects_again(string dialect)
    {
        Start(dialect, marked: true);
        await _reports.WaitForAsync(r => r.IsReady);
        await FailsAsync(PrinterFault.HeadOpen, PrinterFaultKind.HeadOpen);
        Assert.All(_reports.All, r => Assert.Equal(1, r.BootEpoch));

        // The variable of the first driver is still there: it is not made again, only set.
        await StopAsync();
        Connect();
        await _reports.WaitForAsync(r => r.IsReady, from: 4);
        await FailsAsync(PrinterFault.MediaOut, PrinterFaultKind.MediaOut);

        Assert.All(_reports.All, r => Assert.True(r.BootEpoch <= 1));
    }

    [Fact(Timeout = 20_000)]
    public async Task The_status_port_tells_the_truth_while_labels_wait_on_the_print_port()
    {
        Start("zebra-json", traits: t => t with { SpeedMmPerSecond = 50 });
        await _reports.WaitForAsync(r => r.IsReady);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(SendOutcome.Written.Value, await _printer!.SendAsync(Format, CancellationToken.None));
        }

        await Within.Async(() => !_device!.Idle);
        _device!.Fail(PrinterFault.RibbonOut);
        await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.RibbonOut));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_closed_status_port_is_replaced_by_questions_between_labels()
    {
        TcpPeer nobody = new();
        await nobody.DisposeAsync();
        _device = new VirtualPrinter(_floor, PrinterTraits.Of("zebra-zt411-300dpi"));
        Connect(Profile("zebra-json", true, nobody.Address.Port), Tcp());

        await _reports.WaitForAsync(r => r.IsReady);
        await FailsAsync(PrinterFault.HeadOpen, PrinterFaultKind.HeadOpen);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("zebra-hqes")]
    [InlineData("zebra-sgd")]
    [InlineData("zebra-json")]
    public async Task A_look_at_a_printer_uses_its_dialect_and_leaves_no_marker(string dialect)
    {
        await using VirtualPrinter device = new(_floor, PrinterTraits.Of("zebra-zt411-300dpi"));
        PrinterProfile profile = Profile(dialect, true, device.ListenForStatus(AnyPort).EndPoint.Port);
        LinkAddress.Tcp at = new("127.0.0.1", device.Listen(AnyPort).EndPoint.Port);

        PrinterProbe well = await PrinterProbe.RunAsync(profile, SomeDevice.At(at), TimeProvider.System, CancellationToken.None);
        device.Fail(PrinterFault.MediaOut);
        PrinterProbe ill = await PrinterProbe.RunAsync(profile, SomeDevice.At(at), TimeProvider.System, CancellationToken.None);

        Assert.Null(well.Problem);
        Assert.Contains("no labels", ill.Problem, StringComparison.Ordinal);
        Assert.Equal(0, device.UserVariables);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_device is not null)
        {
            await _device.DisposeAsync();
        }

        _stop.Dispose();
    }

    private static PrinterProfile Profile(string dialect, bool marked, int? statusPort = null)
    {
        PrinterProfile some = SomeDevice.Printer(status: dialect, silentAfterMs: 1500);
        return some with
        {
            BootEpoch = marked ? "zebra-user-variable" : null,
            Status = some.Status with { Port = statusPort },
        };
    }

    private void Start(
        string dialect, bool marked = false, Func<PrinterTraits, PrinterTraits>? traits = null, bool serial = false)
    {
        PrinterTraits zebra = PrinterTraits.Of("zebra-zt411-300dpi");
        _device = new VirtualPrinter(_floor, traits?.Invoke(zebra) ?? zebra);
        int? statusPort = dialect == "zebra-json" ? _device.ListenForStatus(AnyPort).EndPoint.Port : null;
        Connect(Profile(dialect, marked, statusPort), serial ? SomeDevice.Serial(_device.OpenSerial().Path) : Tcp());
    }

    private LinkAddress.Tcp Tcp() => new("127.0.0.1", _device!.Listen(AnyPort).EndPoint.Port);

    private void Connect(PrinterProfile profile, LinkAddress address)
    {
        (_profile, _address) = (profile, address);
        Connect();
    }

    private void Connect()
    {
        _session = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _printer = new LabelPrinter(_profile!, SomeDevice.At(_address!), _reports.Add, TimeProvider.System);
        _running = _printer.RunAsync(_session.Token);
    }

    private async Task StopAsync()
    {
        if (_session is not null)
        {
            await _session.CancelAsync();
            await _running;
            _session.Dispose();
            _session = null;
        }
    }

    // On a serial line a power cycle breaks nothing; on TCP only the printer's own reset command leaves connections alone.
    private async Task ResetAsync(bool serial)
    {
        if (serial)
        {
            _device!.Fail(PrinterFault.PowerCycle);
        }
        else
        {
            await _device!.ReceiveAsync("~JR"u8.ToArray(), new Nowhere(), CancellationToken.None);
        }
    }

    private async Task FailsAsync(PrinterFault fault, PrinterFaultKind kind)
    {
        int from = _reports.All.Count;
        _device!.Fail(fault);
        await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(kind), from);
        _device.Repair();
        await _reports.WaitForAsync(r => r.IsReady, from + 1);
    }

    private sealed class Nowhere : EdgeLine.Simulator.Ports.Outlet
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
