using System.Text;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class LabelPrinterTests : IAsyncDisposable
{
    private static readonly byte[] Format = "^XA^FO1,1^FDx^FS^PQ1,0,0,N^XZ\r\n"u8.ToArray();

    private readonly EventLog<PrinterReport> _reports = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PseudoTerminal> _terminals = [];
    private Task _running = Task.CompletedTask;
    private LabelPrinter? _printer;

    [Fact(Timeout = 20_000)]
    public async Task A_printer_is_cleared_asked_who_it_is_and_how_it_is_before_the_first_label()
    {
        await using PrinterPeer peer = new();
        Start(peer.Address, SomeDevice.Printer());

        PrinterReport ready = await ReadyAsync();
        Assert.Equal(SendOutcome.Written.Value, await _printer!.SendAsync(Format, CancellationToken.None));
        await Within.Async(() => peer.Received.Contains("^XZ", StringComparison.Ordinal));

        Assert.Equal(1, ready.BootEpoch);
        Assert.StartsWith("~JX\r\n~JX\r\n~JA\r\n~HI\r\n~HS\r\n", peer.Received, StringComparison.Ordinal);
        Assert.Equal(1, peer.Received.Split("^XA").Length - 1);
    }

    [Fact(Timeout = 20_000)]
    public async Task Nothing_is_sent_before_the_printer_is_ready()
    {
        await using PrinterPeer peer = new() { Identity = "" };
        Start(peer.Address, SomeDevice.Printer());
        Assert.IsType<SendOutcome.NotOneByte>(await _printer!.SendAsync(Format, CancellationToken.None));
        await Within.Async(() => peer.Received.Split("~HI").Length > 3);

        Assert.IsType<SendOutcome.NotOneByte>(await _printer.SendAsync(Format, CancellationToken.None));
        Assert.DoesNotContain("^XA", peer.Received, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("\x02ZT230-203dpi,V72.20,12,8192KB\x03\r\n")]
    [InlineData("\x02ZT411-203dpi,V92.21.39Z,8,8192KB\x03\r\n")]
    public async Task Another_model_or_resolution_never_gets_a_label(string identity)
    {
        await using PrinterPeer peer = new() { Identity = identity };
        Start(peer.Address, SomeDevice.Printer());

        PrinterReport report = await FaultAsync(PrinterFaultKind.WrongModel);

        Assert.Contains("ZT", report.Detail, StringComparison.Ordinal);
        Assert.IsType<SendOutcome.NotOneByte>(await _printer!.SendAsync(Format, CancellationToken.None));
        Assert.DoesNotContain(_reports.All, r => r.IsReady);
    }

    [Fact(Timeout = 20_000)]
    public async Task Each_change_is_told_once_and_none_is_skipped()
    {
        await using PrinterPeer peer = new();
        Start(peer.Address, SomeDevice.Printer());
        await ReadyAsync();

        peer.Status = PrinterPeer.Healthy.Replace("030,0,0", "030,1,0", StringComparison.Ordinal);
        await FaultAsync(PrinterFaultKind.MediaOut);
        Assert.IsType<SendOutcome.NotOneByte>(await _printer!.SendAsync(Format, CancellationToken.None));
        peer.Status = PrinterPeer.Healthy.Replace("001,0,0,0", "001,0,1,0", StringComparison.Ordinal);
        await FaultAsync(PrinterFaultKind.HeadOpen);
        peer.Status = PrinterPeer.Healthy;
        await _reports.WaitForAsync(r => r.IsReady, from: 3);

        Assert.Equal(["Ready", "MediaOut", "HeadOpen", "Ready"], Told());
        Assert.All(_reports.All, r => Assert.Equal(1, r.BootEpoch));
        Assert.Equal(SendOutcome.Written.Value, await _printer.SendAsync(Format, CancellationToken.None));
    }

    [Fact(Timeout = 20_000)]
    public async Task Silence_is_unknown_and_coming_back_is_a_new_boot()
    {
        await using PrinterPeer peer = new();
        Start(peer.Address, SomeDevice.Printer(silentAfterMs: 1500));
        await ReadyAsync();

        peer.Status = "";
        await FaultAsync(PrinterFaultKind.Silent);
        Assert.IsType<SendOutcome.NotOneByte>(await _printer!.SendAsync(Format, CancellationToken.None));
        int cleared = peer.Received.Split("~JA").Length;
        peer.Status = PrinterPeer.Healthy;
        PrinterReport back = await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch == 2);

        Assert.Equal(2, back.BootEpoch);
        Assert.True(peer.Received.Split("~JA").Length > cleared, "the printer must be cleared again");
        Assert.Equal(1, peer.Connections);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_printer_that_cannot_be_asked_is_ready_while_the_link_is_up()
    {
        await using PrinterPeer peer = new() { Status = "", Identity = "" };
        Start(peer.Address, SomeDevice.Printer(status: "none", identify: "none", silentAfterMs: 200));

        await ReadyAsync();
        Assert.Equal(SendOutcome.Written.Value, await _printer!.SendAsync(Format, CancellationToken.None));
        await Within.Async(() => peer.Received.Contains("^XZ", StringComparison.Ordinal));

        Assert.DoesNotContain("~HS", peer.Received, StringComparison.Ordinal);
        peer.Reset();
        await FaultAsync(PrinterFaultKind.LinkLost);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_lost_connection_is_told_and_made_again_with_a_new_boot_number()
    {
        await using PrinterPeer peer = new();
        Start(peer.Address, SomeDevice.Printer());
        await ReadyAsync();

        peer.Reset();
        await FaultAsync(PrinterFaultKind.LinkLost);
        PrinterReport back = await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch == 2);

        Assert.Equal(["Ready", "LinkLost", "Ready"], Told());
        Assert.Equal(2, back.BootEpoch);
        await Within.Async(() => peer.Received.Split("~JA").Length == 3);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_printer_that_is_not_there_is_told_once_and_found_later()
    {
        TcpPeer gone = new();
        await gone.DisposeAsync();
        LinkAddress.Tcp address = gone.Address;
        _printer = new LabelPrinter(
            SomeDevice.Printer(),
            ct => EdgeLine.Devices.Links.DeviceLink.ConnectAsync(Volatile.Read(ref address!), TimeProvider.System, ct),
            _reports.Add,
            TimeProvider.System);
        _running = _printer.RunAsync(_stop.Token);
        await FaultAsync(PrinterFaultKind.LinkLost);

        await using PrinterPeer peer = new();
        Volatile.Write(ref address!, peer.Address);
        await ReadyAsync();

        Assert.Equal(["LinkLost", "Ready"], Told());
    }

    [Fact(Timeout = 20_000)]
    public async Task Cancel_asks_the_printer_to_forget()
    {
        await using PrinterPeer peer = new();
        Start(peer.Address, SomeDevice.Printer());
        await ReadyAsync();
        int before = peer.Received.Split("~JX\r\n~JA").Length;

        Assert.True(await _printer!.CancelAsync(CancellationToken.None));

        await Within.Async(() => peer.Received.Split("~JX\r\n~JA").Length == before + 1);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_serial_printer_that_is_unplugged_comes_back_under_the_same_path()
    {
        string path = Path.Combine(Path.GetTempPath(), $"edgeline-tty-{Guid.NewGuid():N}");
        PseudoTerminal device = Terminal();
        File.CreateSymbolicLink(path, device.Path);
        try
        {
            Start(SomeDevice.Serial(path), SomeDevice.Printer(status: "none", identify: "none"));
            await ReadyAsync();

            // As udev does: otherwise the path could soon mean the terminal of another test.
            File.Delete(path);
            device.Unplug();
            await FaultAsync(PrinterFaultKind.LinkLost);

            PseudoTerminal again = Terminal();
            File.CreateSymbolicLink(path, again.Path);
            PrinterReport back = await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch == 2);

            Assert.Equal(SendOutcome.Written.Value, await _printer!.SendAsync(Format, CancellationToken.None));
            Assert.Equal("~JX\r\n~JX\r\n~JA\r\n" + Encoding.ASCII.GetString(Format),
                Encoding.ASCII.GetString(await again.ReadAsync(10 + Format.Length)));
            Assert.Equal(2, back.BootEpoch);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _terminals.ForEach(t => t.Dispose());
        _stop.Dispose();
    }

    // Kept until the driver has stopped: a driver that looks for its line again must not find another test's.
    private PseudoTerminal Terminal()
    {
        PseudoTerminal terminal = new();
        _terminals.Add(terminal);
        return terminal;
    }

    private void Start(LinkAddress address, PrinterProfile profile)
    {
        _printer = new LabelPrinter(profile, SomeDevice.At(address), _reports.Add, TimeProvider.System);
        _running = _printer.RunAsync(_stop.Token);
    }

    private Task<PrinterReport> ReadyAsync() => _reports.WaitForAsync(r => r.IsReady);

    private Task<PrinterReport> FaultAsync(PrinterFaultKind kind) =>
        _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(kind));

    private IEnumerable<string> Told() =>
        _reports.All.Select(r => r.Condition is PrinterCondition.Fault f ? f.Kind.ToString() : "Ready");
}
