using System.Net;
using EdgeLine.Contracts;
using EdgeLine.Devices.Gates;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;
using EdgeLine.Tests.Configuration;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>Every profile in hardware-profiles, found by its file, drives its virtual device over a real
/// link.</summary>
public sealed class ShippedDevicesTests : IAsyncDisposable
{
    private static readonly ProfileFolder Profiles = new(SiteFolder.Profiles);
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly CodeCarrier Carrier = CodeCarrier.ShortUrl("c.example.cn");

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly List<IAsyncDisposable> _devices = [];
    private readonly Floor _floor = new(TimeProvider.System);

    public static TheoryData<string, bool> Printers()
    {
        TheoryData<string, bool> all = [];
        foreach (string name in Profiles.Names("printers"))
        {
            all.Add(name, false);
            if (Read(Profiles.Printer, name).Links.Serial is not null)
            {
                all.Add(name, true);
            }
        }

        return all;
    }

    public static TheoryData<string> Scanners() => [.. Profiles.Names("scanners")];

    public static TheoryData<string> Gates() => [.. Profiles.Names("gates")];

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Printers))]
    public async Task A_shipped_printer_prints_each_shipped_label_that_is_made_for_it(string name, bool serial)
    {
        PrinterProfile profile = Read(Profiles.Printer, name);
        VirtualPrinter device = Keep(new VirtualPrinter(_floor, PrinterTraits.Of(name)));
        LinkAddress address = serial
            ? new LinkAddress.Serial(device.OpenSerial().Path, profile.Links.Serial!)
            : Tcp(device.Listen(AnyPort));
        (LabelPrinter printer, EventLog<PrinterReport> reports) = Start(WithStatusPort(profile, device), address);
        PrinterReport ready = await reports.WaitForAsync(r => r.IsReady);
        Assert.Equal(profile.Status.With == "none", ready.Detail.Contains("not asked", StringComparison.Ordinal));
        List<string> sent = [];

        foreach (ZplLabel label in LabelsFor(profile))
        {
            for (int i = 0; i < 20; i++)
            {
                CertificateCode code = CertificateCode.Draw();
                sent.Add(Carrier.UrlOf(code));
                Assert.Equal(
                    SendOutcome.Written.Value,
                        await printer.SendAsync(label.Compose(sent[^1], code.Grouped), CancellationToken.None));
            }
        }

        Assert.NotEmpty(sent);
        await Within.Async(() => device.Tape.Count == sent.Count, $"{sent.Count} labels on the tape");
        Assert.Equal(sent, device.Tape.Labels().Select(l => l.Readable));
        Assert.False(device.ReprintAfterError);
        device.Fail(PrinterFault.MediaOut);
        if (profile.Status.With != "none")
        {
            await reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.MediaOut));
        }
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Printers))]
    public async Task A_shipped_printer_with_another_head_is_refused_where_it_can_be_asked(string name, bool serial)
    {
        PrinterProfile profile = Read(Profiles.Printer, name);
        if (profile.Identify.With == "none")
        {
            Assert.NotNull(profile.ReprintOff.Manual); // nobody can check it: a person must know what to switch off
            return;
        }

        PrinterTraits other = PrinterTraits.Of(name) with { DotsPerMm = profile.Device.DotsPerMm == 8 ? 12 : 8 };
        VirtualPrinter device = Keep(new VirtualPrinter(_floor, other));
        LinkAddress address = serial
            ? new LinkAddress.Serial(device.OpenSerial().Path, profile.Links.Serial!)
            : Tcp(device.Listen(AnyPort));

        (_, EventLog<PrinterReport> reports) = Start(WithStatusPort(profile, device), address);
        await reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.WrongModel));

        Assert.DoesNotContain(reports.All, r => r.IsReady);
    }

    [Fact(Timeout = 30_000)]
    public async Task Labels_out_in_the_middle_of_a_label_never_gives_a_code_twice()
    {
        PrinterProfile profile = Read(Profiles.Printer, "zebra-zt411-300dpi");
        PrinterTraits traits = PrinterTraits.Of(profile.Id) with { SpeedMmPerSecond = 1000 };
        VirtualPrinter device = Keep(new VirtualPrinter(_floor, traits));
        (LabelPrinter printer, EventLog<PrinterReport> reports) = Start(profile, Tcp(device.Listen(AnyPort)));
        await reports.WaitForAsync(r => r.IsReady);
        ZplLabel label = LabelsFor(profile)[0];
        device.Arm(PrinterFault.MediaOut, labelsAhead: 1, row: 300); // the code is whole, the label is not

        for (int i = 0; i < 3; i++)
        {
            CertificateCode code = CertificateCode.Draw();
            await printer.SendAsync(label.Compose(Carrier.UrlOf(code), code.Grouped), CancellationToken.None);
        }

        await reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.MediaOut));
        device.Repair();
        await reports.WaitForAsync(r => r.IsReady, from: 2);
        await Within.Async(() => device.Idle);

        Assert.Empty(device.Tape.Twins);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Scanners))]
    public async Task A_shipped_scanner_reads(string name)
    {
        ScannerProfile profile = Read(Profiles.Scanner, name);
        VirtualScanner reader = Keep(new VirtualScanner());
        VirtualHandheld hand = Keep(new VirtualHandheld(aimPrefix: true));
        LinkAddress address = profile.Device.Kind == "fixed"
            ? Tcp(reader.Listen(AnyPort))
            : new LinkAddress.Serial(((PtyPort)hand.OpenSerial()).Path, profile.Links.Serial!);
        EventLog<ScannerEvent> heard = new();
        LabelScanner scanner = new(profile, SomeDevice.At(address), heard.Add, TimeProvider.System);
        _running.Add(scanner.RunAsync(_stop.Token));
        await heard.WaitForAsync(e => e is ScannerEvent.Up);
        string url = Carrier.UrlOf(CertificateCode.Draw());

        if (profile.Device.Kind == "fixed")
        {
            reader.Read([url, "4006381333931"]);
            reader.Read([]);
            await heard.WaitForAsync(e => e is ScannerEvent.NoRead);
            reader.Cut();
            await heard.WaitForAsync(e => e is ScannerEvent.Up { Generation: 2 });
        }
        else
        {
            hand.Scan(url);
        }

        ScannerEvent.Frame frame = (ScannerEvent.Frame)await heard.WaitForAsync(e => e is ScannerEvent.Frame);
        Assert.Equal(url, frame.Payloads[0]);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Gates))]
    public async Task A_shipped_gate_passes_only_the_item_that_was_named(string name)
    {
        GateProfile profile = Read(Profiles.Gate, name);
        VirtualGate device = Keep(new VirtualGate(_floor));
        EventLog<GateEvent> told = new();
        ModbusGate gate = new(profile, SomeDevice.At(Tcp(device.Listen(AnyPort))), told.Add, TimeProvider.System);
        _running.Add(gate.RunAsync(_stop.Token));
        await told.WaitForAsync(e => e is GateEvent.Up);
        Assert.True(device.StopRequested);

        Assert.Equal(GateAnswer.Done.Value, await gate.ResyncAsync(() => 70_000, CancellationToken.None));
        Assert.Equal(GateAnswer.Done.Value, await gate.StopRequestAsync(false, CancellationToken.None));
        lock (_floor.Moment)
        {
            device.Trigger(new Item(1));
            device.Trigger(new Item(2));
            device.Trigger(new Item(3));
        }

        Assert.Equal(GateAnswer.Done.Value, await gate.VerdictAsync(70_002, true, CancellationToken.None));
        Assert.Equal(GateAnswer.Done.Value, await gate.VerdictAsync(70_003, false, CancellationToken.None));
        lock (_floor.Moment)
        {
            Assert.Equal([false, true, false], [device.Leave().Passed, device.Leave().Passed, device.Leave().Passed]);
        }

        await told.WaitForAsync(e => e is GateEvent.Counted { Counters: { LastTag: 70_003, Passed: 1, Rejected: 2 } });
        Assert.Equal(
            [new(70_001, ItemOutcome.Rejected), new(70_002, ItemOutcome.Passed), new(70_003, ItemOutcome.Rejected)],
            told.All.OfType<GateEvent.Left>().Select(l => l.Report));
        Assert.Equal(GateAnswer.Done.Value, await gate.LampAsync(StackLight.Red, CancellationToken.None));
        Assert.Equal((ushort)StackLight.Red, device.Lamp);
        device.Cut();
        await told.WaitForAsync(e => e is GateEvent.Up { Generation: 2 });
        Assert.True(device.StopRequested);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        foreach (IAsyncDisposable device in _devices)
        {
            await device.DisposeAsync();
        }

        _stop.Dispose();
    }

    // Devices outlive their drivers, which would otherwise look for them under a path that is somebody else's by then.
    private T Keep<T>(T device)
        where T : IAsyncDisposable
    {
        _devices.Add(device);
        return device;
    }

    private (LabelPrinter Printer, EventLog<PrinterReport> Reports) Start(PrinterProfile profile, LinkAddress address)
    {
        EventLog<PrinterReport> reports = new();
        LabelPrinter printer = new(profile, SomeDevice.At(address), reports.Add, TimeProvider.System);
        _running.Add(printer.RunAsync(_stop.Token));
        return (printer, reports);
    }

    private static PrinterProfile WithStatusPort(PrinterProfile profile, VirtualPrinter device) =>
        profile.Status.Port is null
            ? profile
            : profile with { Status = profile.Status with { Port = device.ListenForStatus(AnyPort).EndPoint.Port } };

    // No shipped label is made for some heads: then a plain one of 60 x 40 mm is printed.
    private static List<ZplLabel> LabelsFor(PrinterProfile profile)
    {
        List<ZplLabel> shipped = [.. ShippedLabelsFor(profile)];
        return shipped.Count > 0 ? shipped : [PlainLabel(profile)];
    }

    private static ZplLabel PlainLabel(PrinterProfile profile)
    {
        int mm = profile.Device.DotsPerMm;
        string text = FormattableString.Invariant(
            $"^XA^PW{60 * mm}^LL{40 * mm}^FO{4 * mm},{4 * mm}^BY2,3,10^BQN,2,{(mm * 4 + 9) / 10},M^FN1\"code.url\"^FS")
            + FormattableString.Invariant($"^FO{4 * mm},{30 * mm}^A0N,{3 * mm},{3 * mm}^FN2\"code.text\"^FS^XZ");
        Assert.True(
            ZplTemplate.TryCompile("plain.zpl", text, profile, out ZplTemplate? template, out IReadOnlyList<LabelProblem>? wrong),
            string.Join('\n', wrong ?? []));
        Dictionary<string, string> run = LabelField.All.ToDictionary(f => f, _ => "x");
        Assert.True(template.TryBind(run, Carrier.UrlOf(CertificateCode.Draw()), out ZplLabel? label, out wrong), string.Join('\n', wrong ?? []));
        return label;
    }

    private static IEnumerable<ZplLabel> ShippedLabelsFor(PrinterProfile profile)
    {
        Dictionary<string, string> run = LabelField.All.ToDictionary(f => f, _ => "GB/T 34722-2017");
        string url = Carrier.UrlOf(CertificateCode.Draw());
        foreach (string file in Directory.GetFiles(
            Path.Combine(SiteFolder.Repository, "config", "labels"), "*.zpl").Order(StringComparer.Ordinal))
        {
            if (ZplTemplate.TryCompile(file, File.ReadAllText(file), profile, out ZplTemplate? template, out _)
                && template.TryBind(run, url, out ZplLabel? label, out _))
            {
                yield return label;
            }
        }
    }

    private static T Read<T>(Func<string, ICollection<SettingsProblem>, T?> read, string name)
        where T : class
    {
        List<SettingsProblem> problems = [];
        T? profile = read(name, problems);
        Assert.True(profile is not null, string.Join('\n', problems));
        return profile;
    }

    private static LinkAddress.Tcp Tcp(TcpPort port) => new("127.0.0.1", port.EndPoint.Port);
}
