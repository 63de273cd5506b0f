using System.Text;
using EdgeLine.Devices.Gates;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class DeviceProbeTests
{
    [Fact(Timeout = 20_000)]
    public async Task A_look_at_a_printer_asks_and_does_nothing_else()
    {
        await using PrinterPeer peer = new();

        PrinterProbe probe = await PrinterProbe.RunAsync(
            SomeDevice.Printer(), SomeDevice.At(peer.Address), TimeProvider.System, CancellationToken.None);

        Assert.Null(probe.Problem);
        Assert.Equal("ZT411-300dpi V92.21.39Z", probe.Model);
        Assert.Equal(959, probe.Status!.LabelLengthDots);
        Assert.Equal("~HI\r\n~HS\r\n", peer.Received);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_printer_that_cannot_print_says_why()
    {
        await using PrinterPeer peer = new() { Identity = "\x02ZT411-203dpi,V92,8,8192KB\x03\r\n" };
        PrinterProbe wrong = await PrinterProbe.RunAsync(
            SomeDevice.Printer(), SomeDevice.At(peer.Address), TimeProvider.System, CancellationToken.None);
        await using PrinterPeer mute = new() { Status = "" };
        PrinterProbe silent = await PrinterProbe.RunAsync(
            SomeDevice.Printer(silentAfterMs: 1500), SomeDevice.At(mute.Address), TimeProvider.System,
                CancellationToken.None);
        await using PrinterPeer empty =
            new() { Status = PrinterPeer.Healthy.Replace("030,0,0", "030,1,0", StringComparison.Ordinal) };
        PrinterProbe noLabels = await PrinterProbe.RunAsync(
            SomeDevice.Printer(), SomeDevice.At(empty.Address), TimeProvider.System, CancellationToken.None);

        Assert.Contains("profile test-printer", wrong.Problem, StringComparison.Ordinal);
        Assert.Contains("nothing to ~HS", silent.Problem, StringComparison.Ordinal);
        Assert.Contains("no labels", noLabels.Problem, StringComparison.Ordinal);
    }

    // Something else may listen at that port, such as a database: a fault that names it, and never a healthy printer.
    [Fact(Timeout = 20_000)]
    public async Task A_port_for_status_that_says_nothing_is_named()
    {
        await using PrinterPeer peer = new();
        await using TcpPeer mute = new();
        PrinterProfile profile = SomeDevice.Printer(status: "zebra-json", silentAfterMs: 500);
        profile = profile with { Status = profile.Status with { Port = mute.Address.Port } };

        PrinterProbe probe = await PrinterProbe.RunAsync(profile, SomeDevice.At(peer.Address), TimeProvider.System, CancellationToken.None);

        Assert.Contains($"nothing to JSON for 500 ms. Check that port {mute.Address.Port} is its port for JSON", probe.Problem, StringComparison.Ordinal);
        Assert.Equal($"asked by JSON at port {mute.Address.Port}", probe.AskedBy);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("OK,KEYENCE,SR-1000\r", null)]
    [InlineData("https://c.example.cn/C/A\rOK,KEYENCE,SR-1000\r", null)]
    [InlineData("login:", "it said 'login:'")]
    public async Task A_look_at_a_scanner_tells_what_it_answers(string answer, string? problem)
    {
        await using TcpPeer peer = new();
        Task<ScannerProbe> probing = ScannerProbe.RunAsync(
            SomeDevice.Keyence(silentAfterMs: 1500), SomeDevice.At(peer.Address), TimeProvider.System,
                CancellationToken.None);
        using TcpConversation reader = await peer.AcceptAsync();
        Assert.Equal("KEYENCE\r", Encoding.ASCII.GetString(await reader.ReadAsync(8)));
        await reader.SendAsync(answer);

        ScannerProbe probe = await probing;

        Assert.Equal(problem is null ? "OK,KEYENCE,SR-1000" : "", probe.Answer);
        Assert.Contains(problem ?? "", probe.Problem ?? "", StringComparison.Ordinal);
        Assert.Equal(problem is null, probe.Problem is null);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_look_at_a_gate_only_reads()
    {
        await using GatePeer peer = new();

        GateProbe probe = await GateProbe.RunAsync(
            SomeDevice.Gate(), SomeDevice.At(peer.Address), TimeProvider.System, CancellationToken.None);

        Assert.Null(probe.Problem);
        Assert.Equal(41, probe.Counters!.Triggers);
        Assert.Equal(["0400000006"], peer.Requests);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_device_that_is_not_there_is_an_answer()
    {
        TcpPeer gone = new();
        await gone.DisposeAsync();

        PrinterProbe printer = await PrinterProbe.RunAsync(
            SomeDevice.Printer(), SomeDevice.At(gone.Address), TimeProvider.System, CancellationToken.None);
        ScannerProbe scanner = await ScannerProbe.RunAsync(
            SomeDevice.Keyence(), SomeDevice.At(gone.Address), TimeProvider.System, CancellationToken.None);
        GateProbe gate = await GateProbe.RunAsync(
            SomeDevice.Gate(), SomeDevice.At(gone.Address), TimeProvider.System, CancellationToken.None);

        Assert.All([printer.Problem, scanner.Problem, gate.Problem], p =>
            Assert.Contains("nobody listens", p, StringComparison.Ordinal));
    }
}
