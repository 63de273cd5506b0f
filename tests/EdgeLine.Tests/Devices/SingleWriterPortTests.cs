using System.Net;
using System.Net.Sockets;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>A printer with a port that serves one computer at a time is printed on by that port.</summary>
public sealed class SingleWriterPortTests : IAsyncDisposable
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly TimeSpan Evict = TimeSpan.FromSeconds(180);

    private readonly CancellationTokenSource _stop = new();
    private readonly EventLog<PrinterReport> _reports = new();
    private readonly VirtualPrinter _device = new(new Floor(TimeProvider.System), PrinterTraits.Of("zebra-zt411-300dpi"));
    private Task _running = Task.CompletedTask;

    [Fact(Timeout = 20_000)]
    public async Task The_port_for_one_computer_is_taken_first()
    {
        TcpPort ordinary = _device.Listen(AnyPort);
        TcpPort alone = _device.ListenAlone(AnyPort, Evict);

        Start(ordinary.EndPoint.Port, alone.EndPoint.Port);
        await _reports.WaitForAsync(r => r.IsReady);

        Assert.Equal((0, 1), (ordinary.Hosts, alone.Hosts));
    }

    [Fact(Timeout = 20_000)]
    public async Task Where_nobody_listens_there_the_ordinary_port_is_taken()
    {
        TcpPort ordinary = _device.Listen(AnyPort);

        Start(ordinary.EndPoint.Port, await ClosedAsync());
        await _reports.WaitForAsync(r => r.IsReady);

        Assert.Equal(1, ordinary.Hosts);
        Assert.Single(_reports.All);
    }

    [Fact(Timeout = 20_000)]
    public async Task While_another_computer_has_it_nothing_goes_by_the_other_port_and_people_are_told_why()
    {
        TcpPort ordinary = _device.Listen(AnyPort);
        int visitors = 0;
        TcpPort alone = _device.ListenAlone(AnyPort, Evict);
        using TcpClient other = new();
        await other.ConnectAsync(alone.EndPoint);
        await Within.Async(() => alone.Hosts == 1);

        Start(ordinary.EndPoint.Port, alone.EndPoint.Port);
        PrinterReport report = await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.LinkLost));
        visitors += ordinary.Hosts;
        Assert.Contains("serves one computer at a time", report.Detail, StringComparison.Ordinal);
        other.Close();
        await _reports.WaitForAsync(r => r.IsReady);

        Assert.Equal((0, 0, 1), (visitors, ordinary.Hosts, alone.Hosts));
    }

    /// <summary>A printer that never heard of a connection's end takes the next one for another computer, unless it comes from the same port.</summary>
    [Fact(Timeout = 20_000)]
    public async Task After_a_break_it_is_called_from_the_same_port_so_that_it_does_not_keep_us_out()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using TcpPeer printer = await WithFreeNeighbourAsync();
        int own = printer.Address.Port ^ 1;
        DeviceLink first = await AloneAsync(printer);
        using TcpConversation kept = await printer.AcceptAsync();
        Assert.Equal(own, PortOf(kept));

        // Another program of this PC gets a port of its own and does not fail.
        await using (DeviceLink other = await AloneAsync(printer))
        {
            using TcpConversation another = await printer.AcceptAsync();
            Assert.NotEqual(own, PortOf(another));
        }

        // What is abandoned leaves nothing behind here that would hold the port, also with bytes on the way.
        await first.WriteAsync(new byte[100], TimeSpan.FromSeconds(1), CancellationToken.None);
        first.Abandon();
        await first.DisposeAsync();
        await using DeviceLink again = await AloneAsync(printer);
        using TcpConversation anew = await printer.AcceptAsync();
        Assert.Equal(own, PortOf(anew));
    }

    [Theory(Timeout = 20_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_printer_that_refuses_each_port_may_have_been_sold_so(bool soldSo)
    {
        Start(await ClosedAsync(), await ClosedAsync(), soldSo);

        PrinterReport report = await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.LinkLost));

        Assert.Contains("nobody listens there", report.Detail, StringComparison.Ordinal);
        Assert.Equal(soldSo, report.Detail.Contains("EMEA after August 2025", StringComparison.Ordinal));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_look_at_a_printer_tells_which_port_was_taken()
    {
        int ordinary = _device.Listen(AnyPort).EndPoint.Port, alone = _device.ListenAlone(AnyPort, Evict).EndPoint.Port;
        int closed = await ClosedAsync();

        Assert.Equal($"tcp://127.0.0.1:{alone}", await LookAsync(ordinary, alone));
        Assert.Equal($"tcp://127.0.0.1:{ordinary}", await LookAsync(ordinary, closed));
        Assert.Null(await LookAsync(closed, closed));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _device.DisposeAsync();
        _stop.Dispose();
    }

    private static Task<DeviceLink> AloneAsync(TcpPeer printer) => DeviceLink.ConnectAsync(
        new LinkAddress.Tcp("127.0.0.1", 1) { SingleWriterPort = printer.Address.Port }, TimeProvider.System, CancellationToken.None);

    private static int PortOf(TcpConversation host) => ((IPEndPoint)host.Socket.RemoteEndPoint!).Port;

    // Whoever else runs on this PC may have the port that we would call from.
    private static async Task<TcpPeer> WithFreeNeighbourAsync()
    {
        while (true)
        {
            TcpPeer peer = new();
            try
            {
                using Socket neighbour = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                neighbour.Bind(new IPEndPoint(IPAddress.Any, peer.Address.Port ^ 1));
                return peer;
            }
            catch (SocketException)
            {
                await peer.DisposeAsync();
            }
        }
    }

    private static async Task<int> ClosedAsync()
    {
        TcpPeer nobody = new();
        await nobody.DisposeAsync();
        return nobody.Address.Port;
    }

    private static (PrinterProfile Profile, LinkAddress.Tcp Address) Printer(int ordinary, int alone, bool soldSo = false)
    {
        PrinterProfile some = SomeDevice.Printer();
        return (
            some with
            {
                Links = some.Links with { Tcp = new() { Port = ordinary, SingleWriterPort = alone } },
                Quirks = soldSo ? new Dictionary<string, string> { ["tcpMayBeOffFromFactory"] = "switched off" } : some.Quirks,
            },
            new LinkAddress.Tcp("127.0.0.1", ordinary) { SingleWriterPort = alone });
    }

    private static async Task<string?> LookAsync(int ordinary, int alone)
    {
        (PrinterProfile profile, LinkAddress.Tcp at) = Printer(ordinary, alone);
        return (await PrinterProbe.RunAsync(profile, SomeDevice.At(at), TimeProvider.System, CancellationToken.None)).Address;
    }

    private void Start(int ordinary, int alone, bool soldSo = false)
    {
        (PrinterProfile profile, LinkAddress.Tcp at) = Printer(ordinary, alone, soldSo);
        LabelPrinter printer = new(profile, SomeDevice.At(at), _reports.Add, TimeProvider.System);
        _running = printer.RunAsync(_stop.Token);
    }
}
