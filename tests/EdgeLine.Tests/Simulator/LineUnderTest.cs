using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Tests.Simulator;

/// <summary>A whole virtual line on its own clock; a test plays the host over real sockets for scanner and gate.</summary>
internal sealed class LineUnderTest : IAsyncDisposable
{
    private readonly Paper _nowhere = new();
    private readonly TcpClient _scannerSide = new();
    private readonly TcpClient _gateSide = new();
    private readonly StringBuilder _frames = new();
    private ushort _transaction;
    private int _made;

    private LineUnderTest(ConveyorOptions options, FaultPlan faults)
    {
        Floor = new Floor(Time);
        Printer = new VirtualPrinter(Floor, PrinterTraits.Of("zebra-zt411-300dpi"));
        Scanner = new VirtualScanner();
        Gate = new VirtualGate(Floor);
        Belt = new VirtualConveyor(Floor, options, faults, Printer, Scanner, Gate);
    }

    public ManualTime Time { get; } = new();

    public Floor Floor { get; }

    public VirtualPrinter Printer { get; }

    public VirtualScanner Scanner { get; }

    public VirtualGate Gate { get; }

    public VirtualConveyor Belt { get; }

    public static async Task<LineUnderTest> Start(ConveyorOptions? options = null, FaultPlan? faults = null, bool alive = true)
    {
        var line = new LineUnderTest(options ?? new ConveyorOptions { LabelsToScanner = 0, ItemsToGate = 8 }, faults ?? new FaultPlan(1));
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        TcpPort scanner = line.Scanner.Listen(any);
        await line._scannerSide.ConnectAsync(scanner.EndPoint);
        await line._gateSide.ConnectAsync(line.Gate.Listen(any).EndPoint);
        await Soon.Is(() => scanner.Hosts == 1, "scanner connected");
        if (alive)
        {
            await line.Alive();
        }

        return line;
    }

    public void Print(int labels = 1)
    {
        for (int i = 0; i < labels; i++)
        {
            string zpl = PrinterUnderTest.Label($"H{++_made:000000000000000}");
            ValueTask fed = Printer.ReceiveAsync(Encoding.ASCII.GetBytes(zpl), _nowhere, default);
            Assert.True(fed.IsCompletedSuccessfully);
        }
    }

    public static string Url(int label) => $"https://hg.example/C/H{label:000000000000000}";

    /// <summary>The next frame of the scanner, without its CR.</summary>
    public async Task<string> Frame()
    {
        byte[] buffer = new byte[1024];
        while (!_frames.ToString().Contains('\r', StringComparison.Ordinal))
        {
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            int count = await _scannerSide.GetStream().ReadAsync(buffer, late.Token);
            Assert.NotEqual(0, count);
            _frames.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        string all = _frames.ToString();
        string frame = all[..all.IndexOf('\r', StringComparison.Ordinal)];
        _frames.Remove(0, frame.Length + 1);
        return frame;
    }

    public async Task<List<string>> Frames(int count)
    {
        var frames = new List<string>();
        while (frames.Count < count)
        {
            frames.Add(await Frame());
        }

        return frames;
    }

    public void Tell(string toScanner) => _scannerSide.GetStream().Write(Encoding.ASCII.GetBytes(toScanner));

    public Task Alive() => Request([6, 0, 100, 0, 1]);

    public Task Verdict(int tag, bool pass) => Request([16, 0, 0, 0, 3, 6, 0, 0, (byte)(tag >> 8), (byte)tag, 0, (byte)(pass ? 1 : 2)]);

    public Task Stop(bool on) => Request([5, 0, 0, (byte)(on ? 0xFF : 0), 0]);

    public async Task Resync(int last)
    {
        await Request([16, 0, 10, 0, 2, 4, 0, 0, (byte)(last >> 8), (byte)last]);
        await Request([5, 0, 1, 0xFF, 0]);
    }

    /// <summary>Tag and outcome in the newest places of the reports, oldest first.</summary>
    public async Task<List<(int Tag, int Outcome)>> Reports()
    {
        byte[] answer = await Request([4, 0, 7, 0, 97]);
        int Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2 + (2 * at)));
        return [.. Enumerable.Range(0, Math.Min(32, Word(0))).Select(i => ((Word(1 + (3 * i)) << 16) + Word(2 + (3 * i)), Word(3 + (3 * i))))];
    }

    /// <summary>One Modbus request; the answer's PDU.</summary>
    public async Task<byte[]> Request(byte[] pdu)
    {
        _transaction++;
        NetworkStream stream = _gateSide.GetStream();
        await stream.WriteAsync(
            new byte[] { (byte)(_transaction >> 8), (byte)_transaction, 0, 0, 0, (byte)(pdu.Length + 1), 0xFF }.Concat(pdu).ToArray());
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        byte[] head = new byte[7];
        await stream.ReadExactlyAsync(head, late.Token);
        Assert.Equal(_transaction, BinaryPrimitives.ReadUInt16BigEndian(head));
        byte[] answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(4)) - 1];
        await stream.ReadExactlyAsync(answer, late.Token);
        lock (Floor.Moment)
        {
            // The answer goes out before the belt has moved, both under this lock.
        }

        return answer;
    }

    public NetworkStream GateStream => _gateSide.GetStream();

    public async ValueTask DisposeAsync()
    {
        _scannerSide.Dispose();
        _gateSide.Dispose();
        await Belt.DisposeAsync();
        await Gate.DisposeAsync();
        await Scanner.DisposeAsync();
        await Printer.DisposeAsync();
    }

    private sealed class Paper : Outlet
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
