using System.Net;
using System.Text.Json.Nodes;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>A virtual conveyor line on free ports: printer, scanner, gate, belt.</summary>
internal sealed class ConveyorLine : IAsyncDisposable
{
    public ConveyorLine(ConveyorOptions? options = null, FaultPlan? faults = null)
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        var floor = new Floor(TimeProvider.System);
        Printer = new VirtualPrinter(floor, PrinterTraits.Of("zebra-zt411-300dpi"));
        Scanner = new VirtualScanner();
        Gate = new VirtualGate(floor);
        Belt = new VirtualConveyor(floor, options ?? new ConveyorOptions(), faults ?? new FaultPlan(1), Printer, Scanner, Gate);
        ScannerPort = Scanner.Listen(any);
        GatePort = Gate.Listen(any);
        Config = Site.Conveyor(Printer.Listen(any).EndPoint, ScannerPort.EndPoint, GatePort.EndPoint);
    }

    public VirtualPrinter Printer { get; }

    public VirtualScanner Scanner { get; }

    /// <summary>Where the service reaches the scanner.</summary>
    public TcpPort ScannerPort { get; }

    public VirtualGate Gate { get; }

    /// <summary>Where the service reaches the gate.</summary>
    public TcpPort GatePort { get; }

    public VirtualConveyor Belt { get; }

    public JsonObject Config { get; }

    public async ValueTask DisposeAsync()
    {
        await Belt.DisposeAsync();
        await Gate.DisposeAsync();
        await Scanner.DisposeAsync();
        await Printer.DisposeAsync();
    }
}
