using System.CommandLine;
using System.Net;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Simulator.Commands;

/// <summary><c>edgeline-sim printer|line</c>: virtual devices for acceptance at a site, ended by Ctrl-C.</summary>
internal static class DeviceCommands
{
    /// <summary>A label printer; each label is shown as it comes out, Enter puts a fault right.</summary>
    public static Command Printer()
    {
        var shared = new DeviceOptions();
        Option<IPEndPoint?> listen = DeviceOptions.Listen("--listen", 9100);
        Option<IPEndPoint?> alone = DeviceOptions.Listen("--listen-alone", 9300);
        Option<IPEndPoint?> status = DeviceOptions.Listen("--listen-status", 9200);
        var command = new Command("printer", "A virtual label printer (ZPL) that shows its tape")
        {
            listen, alone, status, shared.Serial, shared.Profile, shared.Speed, shared.Fault,
        };
        command.SetAction(async (parsed, stop) =>
        {
            await using VirtualPrinter printer = shared.Printer(parsed, new Floor(TimeProvider.System));
            printer.LabelOut = label => Console.WriteLine(
                $"label {label.Sequence} {label.Kind} {label.RowsImaged}/{label.RowsOfLabel} rows: {label.Readable ?? "not readable"}");
            string? serial = parsed.GetValue(shared.Serial);
            var links = new List<DevicePort>();
            if (serial is not null)
            {
                links.Add(printer.OpenSerial(serial));
            }

            if (serial is null || parsed.GetValue(listen) is not null)
            {
                links.Add(printer.Listen(parsed.GetValue(listen) ?? new IPEndPoint(IPAddress.Loopback, 9100)));
            }

            if (parsed.GetValue(alone) is { } aloneAt)
            {
                links.Add(printer.ListenAlone(aloneAt, VirtualPrinter.EvictAfter));
            }

            if (parsed.GetValue(status) is { } statusAt)
            {
                links.Add(printer.ListenForStatus(statusAt));
            }

            Console.WriteLine($"printer on {string.Join(" and ", links.Select(l => l.Link))}; Enter puts a fault right, Ctrl-C ends");
            OnEnter(printer.Repair, stop);
            return await DeviceOptions.UntilStoppedAsync(stop);
        });
        return command;
    }

    /// <summary>Printer, scanner, gate and belt together.</summary>
    public static Command Line()
    {
        var shared = new DeviceOptions();
        Option<IPEndPoint?> printerAt = DeviceOptions.Listen("--printer", 9100);
        Option<IPEndPoint?> scannerAt = DeviceOptions.Listen("--scanner", 9004);
        Option<IPEndPoint?> gateAt = DeviceOptions.Listen("--gate", 502);
        var pace = new Option<int>("--items-per-minute") { DefaultValueFactory = _ => 60, Description = "Pace of the belt; 0 is as fast as it goes" };
        var distance = new Option<int>("--labels-to-scanner") { DefaultValueFactory = _ => 6, Description = "Items between applicator and scanner" };
        var faults = new Option<string>("--faults") { DefaultValueFactory = _ => "none", Description = string.Join("|", FaultPlan.Names) };
        faults.AcceptOnlyFromAmong([.. FaultPlan.Names]);
        Option<string> reader = ScannerCommand.AmongReaders("--scanner-profile", triggered: true);
        var seed = new Option<ulong>("--seed") { DefaultValueFactory = _ => 1, Description = "Seed of all chance" };
        var command = new Command("line", "A virtual print-and-apply line: printer, scanner, gate and belt")
        {
            printerAt, scannerAt, gateAt, pace, distance, faults, reader, seed, shared.Profile, shared.Speed, shared.Fault,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var floor = new Floor(TimeProvider.System);
            int items = parsed.GetValue(pace);
            await using VirtualPrinter printer = shared.Printer(parsed, floor, peelOff: items > 0);
            await using var scanner = new VirtualScanner(ReaderTraits.Of(parsed.GetValue(reader)!));
            await using var gate = new VirtualGate(floor);
            var options = new ConveyorOptions { ItemsPerMinute = items, LabelsToScanner = parsed.GetValue(distance) };
            FaultPlan plan = FaultPlan.Named(parsed.GetValue(faults)!, parsed.GetValue(seed));
            await using var belt = new VirtualConveyor(floor, options, plan, printer, scanner, gate);
            belt.BinChanged = () => Console.WriteLine($"rejected: {gate.Rejected}, in the bin {belt.InBin}");
            IPEndPoint Or(Option<IPEndPoint?> option, int port) => parsed.GetValue(option) ?? new IPEndPoint(IPAddress.Loopback, port);
            IPEndPoint scans = Or(scannerAt, scanner.Traits.CallsHost ? 3000 : 9004);
            scanner.KeepBeating();
            string scannerLink = scanner.Traits.CallsHost ? scanner.Call(scans).Link : scanner.Listen(scans).Link;
            Console.WriteLine($"printer {printer.Listen(Or(printerAt, 9100)).Link}  scanner {scannerLink}  "
                + $"gate {gate.Listen(Or(gateAt, 502)).Link}; Enter puts a printer fault right, Ctrl-C ends");
            OnEnter(printer.Repair, stop);
            await DeviceOptions.UntilStoppedAsync(stop);
            Console.WriteLine($"tape {printer.Tape.Count} labels, {printer.Tape.Twins.Count} codes twice; passed {gate.Passed}, rejected {gate.Rejected}");
            return 0;
        });
        return command;
    }

    private static void OnEnter(Action action, CancellationToken stop) => OnLine(_ => action(), stop);

    /// <summary>Does something with each line typed or piped in.</summary>
    // The console cannot be read with a token: the thread ends with the process.
    internal static void OnLine(Action<string> action, CancellationToken stop)
    {
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested && Console.ReadLine() is string text)
            {
                action(text);
            }
        })
        { IsBackground = true };
        reader.Start();
    }
}
