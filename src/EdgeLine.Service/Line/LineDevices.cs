using System.Threading.Channels;
using EdgeLine.Contracts;
using EdgeLine.Devices.Gates;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Raster;
using EdgeLine.Devices.Scanning;
using EdgeLine.Service.Configuration;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Line;

/// <summary>
/// The real printer, scanners and gate of a line: drivers on one side, events of the core on the other. Keeps scanner
/// and gate in step, and drops every frame that belongs to no known item.
/// </summary>
public sealed partial class LineDevices
{
    private static readonly TimeSpan RetrySynchronisation = TimeSpan.FromMilliseconds(500);

    // A controller that counts once in its cycle may be behind the scanner for a moment.
    private static readonly TimeSpan GateIsBehind = TimeSpan.FromMilliseconds(5);

    private readonly LineConfiguration _line;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LabelPrinter _printer;
    private readonly LabelScanner _scanner;
    private readonly LabelScanner? _rework;
    private readonly ModbusGate? _gate;
    private readonly ItemNumbers _items;
    private readonly InOrder<ScannerEvent> _scans;
    private readonly Channel<(long Scan, string Text)> _reworkScans =
        Channel.CreateBounded<(long, string)>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Channel<bool> _outOfStep = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<bool> _toCount = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _scannerUp;
    private volatile bool _gateConnected;
    private volatile bool _stopWanted;
    private volatile StackLight _lamp;
    private bool _toldLost;
    private volatile string _scannerDetail = "";
    private volatile string _gateDetail = "";
    private volatile ZplLabel? _label;
    private volatile CodeCarrier? _carrier;
    private volatile StoredFormat? _stored;
    private LineLoop? _loop;

    /// <summary>Makes the drivers of a line; nothing is opened before <see cref="RunAsync"/>.</summary>
    /// <param name="line">The line's part of the configuration.</param>
    /// <param name="lastItem">Number of the last item in the ledger.</param>
    /// <param name="time">Clock of all waits.</param>
    /// <param name="log">For people.</param>
    public LineDevices(LineConfiguration line, long lastItem, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(line);
        (_line, _items, _time, _log) = (line, new ItemNumbers(lastItem), time, log);
        _printer = new LabelPrinter(line.Printer.Profile, Connect(line.Printer.Link), OnPrinter, time);
        _scans = new(OnScannerAsync);
        _scanner = new LabelScanner(line.Scanner.Profile, Connect(line.Scanner.Link), _scans.Bring, time);
        _rework = line.Rework is null
            ? null
            : new LabelScanner(line.Rework.Profile, Connect(line.Rework.Link), OnRework, time);
        _gate = line.Gate is null ? null : new ModbusGate(line.Gate.Profile, Connect(line.Gate.Link), OnGate, time);
        Outputs = new LineOutputs
        {
            PrepareLabel = PrepareLabel,
            Send = SendAsync,
            FeedBlanks = count => _ = FeedBlanksAsync(count),
            Verdict = Verdict,
            StopRequest = StopRequest,
            Resync = Resync,
            Lamp = Lamp,
            RunEnded = () => Keep(null),
            PrinterCancel = () => _ = _printer.CancelAsync(CancellationToken.None),
        };
    }

    /// <summary>What the line loop can do to these devices.</summary>
    public LineOutputs Outputs { get; }

    /// <summary>How the devices are now.</summary>
    public (DeviceSnapshot Printer, DeviceSnapshot Scanner, DeviceSnapshot? Gate) Picture()
    {
        PrinterReport printer = _printer.Last;
        string printerState = printer.Condition switch
        {
            PrinterCondition.Ready => "up",
            PrinterCondition.Fault { Kind: PrinterFaultKind.LinkLost } => "down",
            PrinterCondition.Fault { Kind: PrinterFaultKind.Silent } => "unknown",
            _ => "fault",
        };
        return (
            new DeviceSnapshot(printerState, printer.IsReady ? "" : ReasonOf(printer.Condition), _line.Printer.Profile.Id,
                printer.IsReady && _printer.StoreNote.Length > 0 ? _printer.StoreNote : printer.Detail)
            {
                RecalledFrom = printer.IsReady ? _printer.RecalledFrom : "",
            },
            new DeviceSnapshot(_scannerUp ? "up" : "down", _scannerUp ? "" : "scanner-down", _line.Scanner.Profile.Id, _scannerDetail),
            _line.Gate is null
                ? null
                : new DeviceSnapshot(_gateConnected ? "up" : "down", _gateConnected ? "" : "gate-down", _line.Gate.Profile.Id, _gateDetail));
    }

    /// <summary>Keeps all devices connected until stopped.</summary>
    public Task RunAsync(LineLoop loop, CancellationToken stop)
    {
        _loop = loop;
        if (_gate is null)
        {
            _items.Synchronise(0);
        }

        var tasks = new List<Task>
        {
            _printer.RunAsync(stop),
            _scanner.RunAsync(stop),
            _scans.RunAsync(stop),
        };
        if (_gate is not null)
        {
            tasks.Add(_gate.RunAsync(stop));
            tasks.Add(KeepInStepAsync(_gate, stop));
            tasks.Add(KeepCountedAsync(_gate, stop));
        }

        if (_rework is not null)
        {
            tasks.Add(_rework.RunAsync(stop));
            tasks.Add(AnswerReworkAsync(stop));
        }

        return FirstOf(tasks);
    }

    // A driver never ends by itself: when one does, the line must not go on without it and without a word.
    private static async Task FirstOf(List<Task> drivers) => await await Task.WhenAny(drivers);

    private Func<CancellationToken, Task<DeviceLink>> Connect(EdgeLine.Devices.Profiles.LinkAddress address) =>
        stop => DeviceLink.ConnectAsync(address, _time, stop, who => _log.LogWarning("Line {Line}: {Who}", _line.Id, who));

    private string PrepareLabel(LeaseManifest manifest)
    {
        CodeCarrier carrier = CodeCarrier.FromTemplate(manifest.UrlTemplate);
        IReadOnlyList<LabelProblem> problems;
        if (ZplTemplate.TryRead(_line.LabelFile, _line.Printer.Profile, out ZplTemplate? template, out problems, _line.LabelFont)
            && template.TryBind(LabelFields.Of(manifest), carrier.UrlOf(LabelFields.SampleCode), out ZplLabel? label, out problems))
        {
            (_label, _carrier) = (label, carrier);
            Keep(label.ToStored());
            return "";
        }

        foreach (LabelProblem problem in problems)
        {
            _log.LogError("Line {Line}: label {Problem}", _line.Id, problem);
        }

        return "label-refused";
    }

    private void Keep(StoredFormat? layout)
    {
        _stored = _line.Printer.Profile.Format.Stored ? layout : null;
        _printer.Use(_stored);
    }

    private async ValueTask<SendResult> SendAsync(CodeRef code)
    {
        string url = _carrier!.UrlOf(code.Code);
        byte[] format = _label!.Compose(url, code.Code.Grouped);
        RecalledLabel? recall = _stored is { } kept ? new(kept.Name, kept.Recall.Compose(url, code.Code.Grouped)) : null;
        SendOutcome outcome = await _printer.SendAsync(format, CancellationToken.None, recall);
        switch (outcome)
        {
            case SendOutcome.Written:
                return SendResult.Written;
            case SendOutcome.NotOneByte no:
                _log.LogWarning("Line {Line}: label ...{Code} was not sent: {Why}", _line.Id, code.Tail, no.Reason);
                return SendResult.NotOneByte;
            default:
                _log.LogWarning("Line {Line}: nobody knows whether label ...{Code} was printed: {Outcome}", _line.Id, code.Tail, outcome);
                return SendResult.Unknown;
        }
    }

    // Nobody waits for them: a printer that cannot feed says so by itself, and then they are asked for again.
    private async Task FeedBlanksAsync(int count)
    {
        for (int i = 0; i < count && await _printer.SendAsync(ZplLabel.Blank, CancellationToken.None) is SendOutcome.Written; i++)
        {
        }
    }

    private void Verdict(long item, bool pass)
    {
        if (!pass && _line.RejectByReader)
        {
            // Besides the gate, never in its place: the item is rejected also when the reader does not hear this.
            _scanner.Reject();
        }

        if (_gate is not null && _items.IsAtGate(item))
        {
            // The answer is not waited for: a verdict that does not arrive is a reject, and the gate's report says so.
            _ = _gate.VerdictAsync((uint)item, pass, CancellationToken.None);
        }
    }

    private void Lamp(StackLight lamp) => _ = _gate?.LampAsync(_lamp = lamp, CancellationToken.None);

    private void StopRequest(bool on)
    {
        _stopWanted = on;
        if (_gate is not null)
        {
            _ = _gate.StopRequestAsync(on || !_items.InStep, CancellationToken.None);
        }
    }

    private void OnPrinter(PrinterReport report) => _loop?.Post(report.IsReady
        ? new LineEvent.PrinterReady(report.BootEpoch)
        : new LineEvent.PrinterFault(ReasonOf(report.Condition)));

    private static string ReasonOf(PrinterCondition condition) => condition is PrinterCondition.Fault fault
        ? fault.Kind switch
        {
            PrinterFaultKind.MediaOut => "printer-media-out",
            PrinterFaultKind.RibbonOut => "printer-ribbon-out",
            PrinterFaultKind.HeadOpen => "printer-head-open",
            PrinterFaultKind.Paused => "printer-paused",
            PrinterFaultKind.UnknownLabels => PackagingLine.UnknownLabels,
            PrinterFaultKind.ReprintKeyOn => "printer-reprint-key-on",
            PrinterFaultKind.LinkLost or PrinterFaultKind.Silent => "printer-down",
            PrinterFaultKind.Reprints => "printer-reprints",
            _ => "printer-fault",
        }
        : "";
}
