using System.Text;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class LabelSendingTests : IAsyncDisposable
{
    private static readonly byte[] Format = "^XA^FO1,1^FDx^FS^PQ1,0,0,N^XZ\r\n"u8.ToArray();

    private readonly EventLog<PrinterReport> _reports = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PseudoTerminal> _terminals = [];
    private Task _running = Task.CompletedTask;
    private LabelPrinter? _printer;

    [Fact(Timeout = 20_000)]
    public async Task A_format_cut_off_by_the_device_is_unknown_and_the_ones_behind_it_are_not_begun()
    {
        await using PrinterPeer peer = new(receiveBuffer: 4096);
        Start(peer.Address, SomeDevice.Printer(status: "none", sendTimeoutMs: 400));
        await ReadyAsync();
        peer.Reads = false;
        byte[] large = Encoding.ASCII.GetBytes("^XA^FD" + new string('x', 32_000_000) + "^XZ");

        ValueTask<SendOutcome> first = _printer!.SendAsync(large, CancellationToken.None);
        ValueTask<SendOutcome> second = _printer.SendAsync(Format, CancellationToken.None);
        SendOutcome outcome = await first;

        SendOutcome.Unknown unknown = Assert.IsType<SendOutcome.Unknown>(outcome);
        Assert.InRange(unknown.BytesTaken, 1, large.Length - 1);
        Assert.IsType<SendOutcome.NotOneByte>(await second);
        await FaultAsync(PrinterFaultKind.LinkLost);
        peer.Reads = true;
        await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch == 2);
        Assert.Equal(1, peer.Received.Split("^XA").Length - 1); // what was begun is never sent again
        // Nor does the operating system bring what it still held: a label must not come out after the line was cleared.
        int begun = peer.Received.IndexOf("^XA", StringComparison.Ordinal);
        Assert.InRange(peer.Received.IndexOf("~JX", begun, StringComparison.Ordinal) - begun, 1, unknown.BytesTaken - 1);
    }

    [Fact(Timeout = 20_000)]
    public async Task Formats_sent_together_arrive_whole_and_in_order_each_with_its_outcome()
    {
        await using PrinterPeer peer = new();
        Start(peer.Address, SomeDevice.Printer());
        await ReadyAsync();
        byte[][] formats = [.. Enumerable.Range(0, 2000).Select(
            i => Encoding.ASCII.GetBytes($"^XA^FD{i}^FS^PQ1,0,0,N^XZ\r\n"))];

        SendOutcome[] outcomes =
            await Task.WhenAll(formats.Select(f => _printer!.SendAsync(f, CancellationToken.None).AsTask()));
        await Within.Async(() => peer.Received.Contains("^FD1999^FS^PQ1,0,0,N^XZ\r\n", StringComparison.Ordinal));

        Assert.All(outcomes, o => Assert.Equal(SendOutcome.Written.Value, o));
        string all = peer.Received.Replace("~HS\r\n", "", StringComparison.Ordinal);
        Assert.EndsWith(string.Concat(formats.Select(Encoding.ASCII.GetString)), all, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task On_a_serial_line_that_stops_each_of_the_joined_formats_has_its_own_true_outcome()
    {
        PseudoTerminal device = Terminal();
        Start(SomeDevice.Serial(device.Path), SomeDevice.Printer(status: "none", identify: "none", sendTimeoutMs: 300));
        await ReadyAsync();
        await Within.Async(() =>
            Encoding.ASCII.GetString(device.ReadWaiting()).EndsWith("~JA\r\n", StringComparison.Ordinal));
        byte[][] formats = [.. Enumerable.Range(0, 60).Select(
            i => Encoding.ASCII.GetBytes($"^XA^FD{i:00}" + new string('x', 985) + "^XZ"))];

        // Sent in one go while the device takes nothing: about four kilobytes fit into the driver.
        Task<SendOutcome>[] sends = [.. formats.Select(f => _printer!.SendAsync(f, CancellationToken.None).AsTask())];
        SendOutcome.Unknown unknown = Assert.IsType<SendOutcome.Unknown>(await FirstNotWrittenAsync(sends));
        int whole = sends.TakeWhile(s => s.IsCompletedSuccessfully && s.Result is SendOutcome.Written).Count();

        Assert.InRange(whole, 1, 59);
        Assert.InRange(unknown.BytesTaken, 1, 994);
        foreach (Task<SendOutcome> behind in sends.Skip(whole + 1))
        {
            Assert.IsType<SendOutcome.NotOneByte>(await behind);
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task A_withdrawn_format_is_either_sent_or_not_begun_and_says_which()
    {
        await using PrinterPeer peer = new(receiveBuffer: 4096);
        Start(peer.Address, SomeDevice.Printer(status: "none", sendTimeoutMs: 5000));
        await ReadyAsync();
        peer.Reads = false;
        ValueTask<SendOutcome> large = _printer!.SendAsync(new byte[8_000_000], CancellationToken.None);
        using CancellationTokenSource withdraw = new();
        ValueTask<SendOutcome> waiting = _printer.SendAsync(Format, withdraw.Token);

        await withdraw.CancelAsync();
        SendOutcome outcome = await waiting;
        peer.Reads = true;

        Assert.Contains("withdrawn", Assert.IsType<SendOutcome.NotOneByte>(outcome).Reason, StringComparison.Ordinal);
        Assert.Equal(SendOutcome.Written.Value, await large);
        Assert.Equal(SendOutcome.Written.Value,
            await _printer.SendAsync("^XAlast^XZ"u8.ToArray(), CancellationToken.None));
        await Within.Async(() => peer.Received.Contains("last", StringComparison.Ordinal));
        Assert.DoesNotContain("^FDx^FS", peer.Received, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_fault_gives_back_the_formats_that_still_wait()
    {
        await using PrinterPeer peer = new(receiveBuffer: 4096);
        Start(peer.Address, SomeDevice.Printer(sendTimeoutMs: 8000));
        await ReadyAsync();
        peer.Reads = false;
        Task<SendOutcome> large = _printer!.SendAsync(new byte[8_000_000], CancellationToken.None).AsTask();
        Task<SendOutcome> waiting = _printer.SendAsync(Format, CancellationToken.None).AsTask();
        while (peer.BytesWaiting < 1000)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        await peer.SayAsync(PrinterPeer.Healthy.Replace("030,0,0", "030,1,0", StringComparison.Ordinal));
        SendOutcome given = await waiting;
        bool stillWriting = !large.IsCompleted;
        peer.Reads = true;

        Assert.Contains("not ready", Assert.IsType<SendOutcome.NotOneByte>(given).Reason, StringComparison.Ordinal);
        Assert.True(stillWriting);
        Assert.Equal(SendOutcome.Written.Value, await large);
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

    private static async Task<SendOutcome> FirstNotWrittenAsync(Task<SendOutcome>[] sends)
    {
        foreach (Task<SendOutcome> send in sends)
        {
            if (await send is not SendOutcome.Written)
            {
                return await send;
            }
        }

        return SendOutcome.Written.Value;
    }

    private void Start(LinkAddress address, PrinterProfile profile)
    {
        _printer = new LabelPrinter(profile, SomeDevice.At(address), _reports.Add, TimeProvider.System);
        _running = _printer.RunAsync(_stop.Token);
    }

    private Task<PrinterReport> ReadyAsync() => _reports.WaitForAsync(r => r.IsReady);

    private Task<PrinterReport> FaultAsync(PrinterFaultKind kind) =>
        _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(kind));
}
