using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>A virtual bench on pseudo-terminals: a desktop printer, a handheld, a person's hands. Both can be unplugged.</summary>
internal sealed class BenchLine : IAsyncDisposable
{
    private readonly string? _printerAlias, _scannerAlias;
    private PtyPort _printerPort;
    private DevicePort _scannerPort;

    /// <summary>The aliases are files that name the ports, and stay when a device is plugged in again; handling is from label to scan.</summary>
    public BenchLine(string start = "operator", string? printerAlias = null, string? scannerAlias = null, TimeSpan handling = default)
    {
        (_printerAlias, _scannerAlias) = (printerAlias, scannerAlias);
        var floor = new Floor(TimeProvider.System);
        Printer = new VirtualPrinter(floor, PrinterTraits.Of("generic-zpl-203dpi") with { LabelMm = 30 });
        Handheld = new VirtualHandheld();
        Bench = new VirtualBench(floor, new BenchOptions { Handling = handling }, Printer, Handheld);
        _printerPort = Printer.OpenSerial(printerAlias);
        _scannerPort = Handheld.OpenSerial(scannerAlias);
        Config = new JsonObject
        {
            ["title"] = "2 号台",
            ["station"] = "bench",
            ["start"] = start,
            ["printer"] = Site.Device("generic-zpl-203dpi", _printerPort.Link),
            ["scanner"] = Site.Device("generic-serial-handheld", _scannerPort.Link),
            ["label"] = "labels/uniform-50x30.zpl",
            ["runOutSeconds"] = 1,
        };
    }

    public VirtualPrinter Printer { get; }

    public VirtualHandheld Handheld { get; }

    public VirtualBench Bench { get; }

    public JsonObject Config { get; }

    public ValueTask UnplugPrinterAsync() => _printerPort.DisposeAsync();

    public void PlugPrinter() => _printerPort = Printer.OpenSerial(_printerAlias);

    public ValueTask UnplugScannerAsync() => _scannerPort.DisposeAsync();

    public void PlugScanner() => _scannerPort = Handheld.OpenSerial(_scannerAlias);

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        await Handheld.DisposeAsync();
        await Printer.DisposeAsync();
    }
}

/// <summary>How the person at a bench reads the screen.</summary>
internal static class BenchScreen
{
    /// <summary>The person looks at the verdicts that the screen shows; the last label has no next one to follow it.</summary>
    public static void Watch(this VirtualBench bench, Panel screen, string line) => screen.Changed += (_, topic) =>
    {
        bench.ScreenDark = !screen.Line(line).Lit;
        if (topic == "counts" && screen.Line(line).Get("counts", "last_verdicts") is { ValueKind: JsonValueKind.Array } verdicts)
        {
            foreach (JsonElement verdict in verdicts.EnumerateArray())
            {
                bench.SeeVerdict(verdict.GetProperty("code_tail").GetString()!, verdict.GetProperty("pass").GetBoolean());
            }
        }
    };
}
