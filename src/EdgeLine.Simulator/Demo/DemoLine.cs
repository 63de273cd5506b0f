using System.Net;
using System.Text.Json.Nodes;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.People;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// One line of the demonstration: its virtual devices and its person. The first one is a conveyor on TCP, the second a
/// bench on pseudo-terminals, the third a label web on TCP; each stands on a floor of its own.
/// </summary>
internal sealed class DemoLine : IAsyncDisposable
{
    /// <summary>Key of the line that is a label web.</summary>
    public const string WebId = "line-3";

    private const int LabelsToScanner = 6;

    // Beyond this pace the printer must not be what the belt waits for.
    private const int FasterThanPrinters = 1000;
    private static readonly IPEndPoint Any = new(IPAddress.Loopback, 0);
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly List<DevicePort> _ports = [];
    private readonly string _profile;
    private int? _statusPort;

    public DemoLine(string id, bool bench, DemoOptions options)
    {
        Id = id;
        IsBench = bench;
        IsWeb = id == WebId;
        Faults = FaultPlan.Named(bench ? "none" : options.Faults, options.Seed);
        var floor = new Floor(TimeProvider.System);
        _profile = bench ? "generic-zpl-203dpi" : "zebra-zt411-300dpi";
        PrinterTraits traits = PrinterTraits.Of(_profile) with
        {
            LabelMm = bench ? 30 : 40,
            SpeedMmPerSecond = options.AtFullSpeed || options.ItemsPerMinute > FasterThanPrinters ? 0 : 100,
            PeelOff = !bench && !IsWeb && !options.AtFullSpeed,
        };
        Printer = new VirtualPrinter(floor, traits);
        foreach ((int after, PrinterFault fault, double share) in Faults.PrinterFaults)
        {
            Printer.Arm(fault, after, (int)(share * traits.LabelMm * traits.DotsPerMm));
        }

        _parts.Add(Printer);
        Place = bench ? Bench(floor, options) : IsWeb ? Web(floor) : Conveyor(floor, options);
    }

    /// <summary>Key of the line.</summary>
    public string Id { get; }

    /// <summary>Bench or conveyor.</summary>
    public bool IsBench { get; }

    /// <summary>Printer and scanner on one web of labels.</summary>
    public bool IsWeb { get; }

    /// <summary>Its printer.</summary>
    public VirtualPrinter Printer { get; }

    /// <summary>Belt or bench.</summary>
    public Workstation Place { get; }

    /// <summary>Its gate, or null at a bench.</summary>
    public VirtualGate? Gate { get; private set; }

    /// <summary>Where a printer could be reached that might take the place of this line's, or empty.</summary>
    public string Spare { get; private set; } = "";

    /// <summary>What goes wrong with items.</summary>
    public FaultPlan Faults { get; }

    /// <summary>Its person.</summary>
    public VirtualOperator? Person { get; private set; }

    /// <summary>From the scan to the verdict.</summary>
    public LatencyHistogram Decisions => Gate?.Decisions ?? ((VirtualBench)Place).Decisions;

    /// <summary>A person comes to the line.</summary>
    public void Staff(Panel panel, DemoOptions options, Action<string> say)
    {
        TimeSpan reaction = options.AtFullSpeed ? TimeSpan.Zero : TimeSpan.FromSeconds(2);
        Person = new VirtualOperator(Id, panel, Place, new OperatorOptions { Reaction = reaction }, say);
        if (Place is VirtualBench bench)
        {
            panel.Changed += (line, topic) => Show(bench, panel, line, topic);
        }
    }

    /// <summary>The section of this line in the site file.</summary>
    public JsonObject Configuration(DemoOptions options, Programs programs)
    {
        var line = new JsonObject
        {
            ["title"] = IsBench ? "2 号台 · 校服" : IsWeb ? "3 号机 · 卷标" : "1 号线 · 板材",
            ["station"] = IsBench ? "bench" : IsWeb ? "web" : "conveyor",
            ["start"] = "operator",
            ["printer"] = PrinterDevice(),
            ["scanner"] = Device(IsBench ? "generic-serial-handheld" : options.Scanner, 1),
            ["label"] = programs.Site(Path.Combine("config", "labels", IsBench ? "uniform-50x30.zpl" : "board-60x40.zpl")),
            ["runOutSeconds"] = options.AtFullSpeed ? 1 : 6,
            ["codes"] = options.AtFullSpeed
                ? new JsonObject { ["leaseWhenBelow"] = 2000, ["leaseCodes"] = 10_000 }
                : new JsonObject { ["leaseWhenBelow"] = 50, ["leaseCodes"] = 500 },
        };
        if (!IsBench)
        {
            line["gate"] = Device("modbus-tagged", 2);
            line["labelsToScanner"] = LabelsToScanner;
            line["itemsPerMinute"] = options.AtFullSpeed ? 60_000 : options.ItemsPerMinute;
            if (!options.AtFullSpeed && Faults.Belt.Chatters > 0)
            {
                line["minPitchMs"] = Math.Max(1, 60_000 / options.ItemsPerMinute / 3);
            }

            if (options.SendAhead is { } formats)
            {
                line["sendAhead"] = formats;
            }

            if (options.AtFullSpeed)
            {
                line["verdictWithinMs"] = 2_000;
            }
            else if (options.RawWrites)
            {
                line["verdictWithinMs"] = 950;
            }
        }

        return line;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Person is not null)
        {
            await Person.DisposeAsync();
        }

        foreach (IAsyncDisposable part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }
    }

    private JsonObject PrinterDevice()
    {
        JsonObject printer = Device(_profile, 0);
        if (_statusPort is { } port)
        {
            printer["statusPort"] = port;
        }

        return printer;
    }

    private JsonObject Device(string profile, int port) => new() { ["profile"] = profile, ["link"] = _ports[port].Link };

    private VirtualConveyor Conveyor(Floor floor, DemoOptions options)
    {
        var scanner = new VirtualScanner(ReaderTraits.Of(options.Scanner));
        Gate = new VirtualGate(floor);
        var belt = new ConveyorOptions
        {
            LabelsToScanner = LabelsToScanner,
            ItemsPerMinute = options.ItemsPerMinute,
            // Whoever measures wants the slowest verdict too, so no item may be past the gate before.
            ItemsToGate = options.AtFullSpeed ? 32 : options.RawWrites ? 1 + (options.ItemsPerMinute / 60) : 1,
        };
        var conveyor = new VirtualConveyor(floor, belt, Faults, Printer, scanner, Gate);
        scanner.KeepBeating();
        DevicePort scans = scanner.Traits.CallsHost ? scanner.Call(new IPEndPoint(IPAddress.Loopback, FreePort.Take(1)[0])) : scanner.Listen(Any);
        _ports.AddRange([Printer.Listen(Any), scans, Gate.Listen(Any)]);
        _statusPort = Printer.ListenForStatus(Any).EndPoint.Port;
        if (OperatingSystem.IsLinux() && !options.NoSerial)
        {
            // Nobody is connected to it: whoever wants to exchange the printer of a running line has another one here.
            Spare = Printer.OpenSerial(Path.Combine(options.Folder, $"tty-spare-{Id}")).Link;
        }

        _parts.AddRange([scanner, Gate, conveyor]);
        return conveyor;
    }

    private VirtualWeb Web(Floor floor)
    {
        var scanner = new VirtualScanner();
        Gate = new VirtualGate(floor);
        var web = new VirtualWeb(floor, LabelsToScanner, TimeSpan.FromSeconds(5), Faults, Printer, scanner, Gate);
        _ports.AddRange([Printer.Listen(Any), scanner.Listen(Any), Gate.Listen(Any)]);
        _parts.AddRange([scanner, Gate, web]);
        return web;
    }

    private VirtualBench Bench(Floor floor, DemoOptions options)
    {
        var handheld = new VirtualHandheld();
        TimeSpan handling = options.AtFullSpeed ? TimeSpan.Zero : TimeSpan.FromMinutes(0.8 / options.ItemsPerMinute);
        var bench = new VirtualBench(floor, new BenchOptions { Handling = handling, Seed = options.Seed }, Printer, handheld);
        bool serial = OperatingSystem.IsLinux() && !options.NoSerial;
        _ports.Add(serial ? Printer.OpenSerial(Path.Combine(options.Folder, "tty-printer")) : Printer.Listen(Any));
        _ports.Add(serial ? handheld.OpenSerial(Path.Combine(options.Folder, "tty-scanner")) : handheld.Listen(Any));
        _parts.AddRange([handheld, bench]);
        return bench;
    }

    private void Show(VirtualBench bench, Panel panel, string line, string topic)
    {
        if (line != Id)
        {
            return;
        }

        PanelLine screen = panel.Line(Id);
        bench.ScreenDark = !screen.Lit;
        if (topic == "state" && screen.Text("state", "rework", "reason") == "repeat-of-last")
        {
            // The screen says: this one was read well already.
            bench.SeeVerdict(screen.Text("state", "rework", "code_tail"), pass: true);
        }

        if (topic == "counts" && screen.Get("counts", "last_verdicts") is { ValueKind: System.Text.Json.JsonValueKind.Array } last)
        {
            foreach (System.Text.Json.JsonElement verdict in last.EnumerateArray())
            {
                bool pass = verdict.TryGetProperty("pass", out var p) && p.ValueKind == System.Text.Json.JsonValueKind.True;
                bench.SeeVerdict(verdict.TryGetProperty("code_tail", out var tail) ? tail.GetString() ?? "" : "", pass);
            }
        }
    }
}
