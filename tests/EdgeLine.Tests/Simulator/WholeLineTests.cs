using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Simulator;

public sealed class WholeLineTests(ITestOutputHelper output)
{
    private const int Labels = 20_000;
    private const int Window = 38;

    /// <summary>A host in a few lines, without any rule: prints ahead and passes whatever is read.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_line_without_delays_carries_thousands_of_labels_a_second_over_real_sockets()
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        var floor = new Floor(TimeProvider.System);
        await using var printer = new VirtualPrinter(floor, PrinterTraits.Of("zebra-zt411-300dpi"));
        await using var scanner = new VirtualScanner();
        await using var gate = new VirtualGate(floor);
        var options = new ConveyorOptions { LabelsToScanner = 6, ItemsToGate = 32 };
        await using var belt = new VirtualConveyor(floor, options, new FaultPlan(1), printer, scanner, gate);
        using TcpClient toPrinter = await Connect(printer.Listen(any));
        using TcpClient toScanner = await Connect(scanner.Listen(any));
        using TcpClient toGate = await Connect(gate.Listen(any));
        await toGate.GetStream().WriteAsync(new byte[] { 0, 1, 0, 0, 0, 6, 0xFF, 6, 0, 100, 0, 1 });
        await Soon.Is(() => !gate.Stopped, "gate alive");

        var clock = Stopwatch.StartNew();
        int printed = 0;
        int read = 0;
        int written = 1;
        byte[] frames = new byte[64 * 1024];
        Task drain = toGate.GetStream().CopyToAsync(Stream.Null);
        while (belt.Shipped.Count < Labels)
        {
            var zpl = new StringBuilder();
            while (printed < Labels && printed - read < Window)
            {
                zpl.Append(PrinterUnderTest.Label($"H{++printed:000000000000000}"));
            }

            await toPrinter.GetStream().WriteAsync(Encoding.ASCII.GetBytes(zpl.ToString()));
            int bytes = read < Labels ? await toScanner.GetStream().ReadAsync(frames) : 0;
            // Alive with every write, as a service is: on a busy PC the gate would stop the belt for good.
            var verdicts = new List<byte> { 0, 1, 0, 0, 0, 6, 0xFF, 6, 0, 100, 0, (byte)((written++ % 200) + 1) };
            for (int i = frames.AsSpan(0, bytes).Count((byte)'\r'); i > 0; i--)
            {
                read++;
                verdicts.AddRange([0, 2, 0, 0, 0, 13, 0xFF, 16, 0, 0, 0, 3, 6, 0, 0, (byte)(read >> 8), (byte)read, 0, 1]);
            }

            await toGate.GetStream().WriteAsync(verdicts.ToArray());
            if (read == Labels)
            {
                await Soon.Is(() => belt.Shipped.Count == Labels, "last items passed");
            }
        }

        double rate = Labels / clock.Elapsed.TotalSeconds;
        output.WriteLine($"{rate:0} labels/s, decision p50 {gate.Decisions.MillisecondsAt(0.5):0.000} ms, p99 {gate.Decisions.MillisecondsAt(0.99):0.000} ms");
        Assert.Equal(Labels, belt.Shipped.Codes.Count);
        Assert.Equal(0, gate.Rejected);
        // The figure itself is for the report of a quiet machine; here only that nothing waits for a timer.
        Assert.True(rate > 1_000, $"{rate:0} labels/s");
        toGate.Close();
        try
        {
            await drain;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed by us.
        }
    }

    private static async Task<TcpClient> Connect(TcpPort port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(port.EndPoint);
        await Soon.Is(() => port.Hosts == 1, "connected");
        return client;
    }
}
