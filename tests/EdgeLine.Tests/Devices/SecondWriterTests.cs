using System.Net;
using System.Net.Sockets;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>Somebody else prints on the printer, or its reprint key is used: the driver says so, over the virtual printer.</summary>
public sealed class SecondWriterTests : IAsyncDisposable
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly PrinterCondition Unknown = new PrinterCondition.Fault(PrinterFaultKind.UnknownLabels);
    private static readonly PrinterCondition KeyOn = new PrinterCondition.Fault(PrinterFaultKind.ReprintKeyOn);

    private readonly CancellationTokenSource _stop = new();
    private readonly EventLog<PrinterReport> _reports = new();
    private readonly VirtualPrinter _device = new(
        new Floor(TimeProvider.System), PrinterTraits.Of("zebra-zt411-300dpi") with { SpeedMmPerSecond = 400, BlanksAfterHeadClose = 2 });

    private IPEndPoint _print = AnyPort;
    private LabelPrinter? _printer;
    private Task _running = Task.CompletedTask;
    private int _formats;

    [Theory(Timeout = 30_000)]
    [InlineData("zebra-json")]
    [InlineData("zebra-sgd")]
    public async Task A_label_of_another_program_is_told_and_our_own_are_not(string dialect)
    {
        await StartAsync(dialect);
        await PrintAsync(6);
        await RoundAsync();
        Assert.DoesNotContain(_reports.All, r => r.Condition == Unknown);

        // After the fault of that round one and the two blanks might be what lay under the head.
        using var other = new TcpClient();
        await other.ConnectAsync(_print);
        await other.GetStream().WriteAsync("^XA^FO1,1^A0N,20,20^FDtest page^FS^PQ6^XZ"u8.ToArray());
        await Within.Async(() => _device.Tape.Count >= 12 && _device.Idle, "six labels of the other program");
        PrinterReport told = await _reports.WaitForAsync(r => r.Condition == Unknown);
        Assert.Contains("more than it was sent", told.Detail, StringComparison.Ordinal);

        await RoundAsync();
        int times = _reports.All.Count(r => r.Condition == Unknown);
        await PrintAsync(3);
        await RoundAsync();
        Assert.Equal(times, _reports.All.Count(r => r.Condition == Unknown));
    }

    [Fact(Timeout = 30_000)]
    public async Task Its_reprint_key_is_told_while_we_print()
    {
        await StartAsync("zebra-json");
        await PrintAsync(3);
        _device.RepeatLast();
        await PrintAsync(3);
        _device.RepeatLast();
        await PrintAsync(3, orRefused: true);
        await _reports.WaitForAsync(r => r.Condition == Unknown);
    }

    [Fact(Timeout = 30_000)]
    public async Task Cancels_faults_blanks_and_power_cycles_are_nobody_elses_labels()
    {
        await StartAsync("zebra-json");
        await PrintAsync(4);
        Assert.True(await _printer!.CancelAsync(CancellationToken.None));
        await PrintAsync(2);
        int from = _reports.All.Count;
        _device.Fail(PrinterFault.HeadOpen);
        await _reports.WaitForAsync(r => !r.IsReady, from);
        _device.Repair();
        await _reports.WaitForAsync(r => r.IsReady, from + 1);
        await PrintAsync(2);
        from = _reports.All.Count;
        _device.Fail(PrinterFault.PowerCycle);
        await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch == 2, from);
        await PrintAsync(4);
        await RoundAsync();
        Assert.DoesNotContain(_reports.All, r => r.Condition == Unknown);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("zebra-json")]
    [InlineData("zebra-sgd")]
    public async Task A_printer_whose_reprint_key_works_is_not_used(string dialect)
    {
        await _device.ReceiveAsync("^XA^JJ0,0,p,e,e,f^XZ"u8.ToArray(), new Nowhere(), CancellationToken.None);
        await StartAsync(dialect, ready: false);
        PrinterReport told = await _reports.WaitForAsync(r => r.Condition == KeyOn);

        Assert.Contains("ezpl.reprint_mode", told.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_reports.All, r => r.IsReady);
        Assert.IsType<SendOutcome.NotOneByte>(await SendAsync());
    }

    [Theory]
    [InlineData("\"0123456789abcdef0123456789abcdef\"\"?\"\"?\"\"?\"", "Marker 0123456789abcdef0123456789abcdef|Odometer   False|Errors")]
    [InlineData("\"?\"\"12\"\"3\"\"off\"", "Marker ?|Odometer 12 3 False|Errors")]
    [InlineData("\"12\"\"3\"\"on\"", "Odometer 12 3 True|Errors")]
    [InlineData("\"?\"", "Marker ?|Errors")]
    [InlineData("", "Errors")]
    public void Answers_without_a_name_are_told_apart_by_their_order(string before, string expected)
    {
        List<string> said = [];
        new PrinterReplies(witnesses: true).Feed(
            System.Text.Encoding.ASCII.GetBytes(before + "\"0,0,00000000,00000000,0,00000000,00000000\""),
            r => said.Add(r switch
            {
                PrinterReply.Marker m => $"Marker {m.Value}",
                PrinterReply.Odometer o => $"Odometer {o.Labels} {o.HeadOpened} {o.ReprintKeyOn}",
                _ => r.GetType().Name,
            }));
        Assert.Equal(expected, string.Join('|', said));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _device.DisposeAsync();
        _stop.Dispose();
    }

    private async Task StartAsync(string dialect, bool ready = true)
    {
        PrinterProfile some = SomeDevice.Printer(status: dialect, silentAfterMs: 1500);
        PrinterProfile profile = some with
        {
            BootEpoch = "zebra-user-variable",
            AfterHeadClose = new AfterHeadClose { BlankLabelsMax = 2 },
            Status = some.Status with { Port = dialect == "zebra-json" ? _device.ListenForStatus(AnyPort).EndPoint.Port : null },
        };
        _print = _device.Listen(AnyPort).EndPoint;
        _printer = new LabelPrinter(profile, SomeDevice.At(new LinkAddress.Tcp("127.0.0.1", _print.Port)), _reports.Add, TimeProvider.System);
        _running = _printer.RunAsync(_stop.Token);
        if (ready)
        {
            await _reports.WaitForAsync(r => r.IsReady);
        }
    }

    private ValueTask<SendOutcome> SendAsync() => _printer!.SendAsync(
        System.Text.Encoding.ASCII.GetBytes($"^XA^JZN^FO1,1^A0N,20,20^FD{++_formats}^FS^PQ1,0,0,N^XZ\r\n"), CancellationToken.None);

    private async Task PrintAsync(int labels, bool orRefused = false)
    {
        int before = _device.Tape.Count;
        for (int i = 0; i < labels; i++)
        {
            SendOutcome outcome = await SendAsync();
            if (orRefused && outcome is SendOutcome.NotOneByte)
            {
                return;
            }

            Assert.Equal(SendOutcome.Written.Value, outcome);
        }

        await Within.Async(() => _device.Idle && _device.Tape.Count >= before + labels);
    }

    // A fault that it tells, and its end: what it said of its past before that, the driver has judged.
    private async Task RoundAsync()
    {
        int from = _reports.All.Count;
        _device.Fail(PrinterFault.MediaOut);
        await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.MediaOut), from);
        from = _reports.All.Count;
        _device.Repair();
        await _reports.WaitForAsync(r => r.IsReady, from);
    }

    private sealed class Nowhere : EdgeLine.Simulator.Ports.Outlet
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
