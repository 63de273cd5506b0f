using System.Diagnostics.CodeAnalysis;
using EdgeLine.Contracts;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Line;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Configuration;
using EdgeLine.Tests.Line;
using EdgeLine.Tests.Simulator;
using SeededRandom = EdgeLine.Tests.Line.SeededRandom;

namespace EdgeLine.Tests.Twins;

/// <summary>
/// A print-and-apply line with the real driver and the real core; printer, belt and people are virtual. What the printer
/// imaged is on its tape, what left the line is counted by the code that is physically on it.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The driver closes its links.")]
internal sealed partial class TwinHunt
{
    private const int PitchMs = 300;

    private readonly HuntDay _day;
    private readonly SeededRandom _random;
    private readonly HandLoop _loop = new();
    private readonly ManualTime _time = new();
    private readonly CablePlan _plan;
    private readonly Floor _floor;
    private readonly LabelPrinter _driver;
    private readonly LineSettings _settings;
    private readonly PackagingLine _core;
    private readonly ZplLabel _label;
    private readonly StoredFormat? _stored;
    private readonly Queue<LineEvent> _inbox = new();
    private readonly Queue<(LineEffect.Journal Journal, long DueMs)> _disk = new();
    private readonly Queue<TapeLabel> _web = new();
    private readonly List<Item> _belt = [];
    private readonly Dictionary<long, Item> _scanned = [];
    private readonly HashSet<string> _gone = [];
    // On which connection each code was sent, and what came out of the ones before.
    private readonly Dictionary<string, int> _sent = [];
    private readonly Dictionary<int, int> _leftBehind = [];
    private int _connections;
    private Cable? _cable;
    private long _items;
    private long _commandId;
    private Cable? _mourned;
    private bool _settling;
    private bool _stopRequested;

    public TwinHunt(HuntDay day)
    {
        (_day, _random) = (day, new SeededRandom(day.Seed));
        List<SettingsProblem> wrong = [];
        PrinterProfile profile = new ProfileFolder(SiteFolder.Profiles).Printer(day.Printer, wrong)!;
        // A stubborn printer would be found out before its first label: here it must do no harm when it is not.
        profile = profile with { ReprintOff = profile.ReprintOff with { ReadBack = null } };
        _label = LabelFor(profile);
        _stored = day.Stored && profile.Format.Stored ? _label.ToStored() : null;
        _floor = new Floor(_time);
        _plan = new CablePlan { LabelsOnly = day.EveryByte, Timers = () => _time.TimersMade, LeavesOut = day.LeavesOut };
        _settings = new LineSettings { Station = Station.Conveyor, SendAhead = 1 + _random.Below(2), LabelsToScanner = _random.Below(7) };
        PrinterTraits traits = day.Traits(PrinterTraits.Of(day.Printer) with { StubbornReprint = true, BlanksAfterHeadClose = _random.Below(3) });
        Printer = new VirtualPrinter(_floor, traits) { LabelOut = ComesOut, PoweredUp = PowerIsBack };
        _driver = new LabelPrinter(profile, _ => Task.FromResult(Connect()), Report, _time);
        Ledger.KeepEntries = false;
        // Each cable pull costs the codes that were under way: up to four.
        int pulls = day.EveryByte ? 5 * FormatLength : 2_000;
        Ledger.Lend("order-1", day.Target, (3 * day.Target) + pulls, Some.WallMs + 10_000_000_000);
        _core = new PackagingLine(_settings, Ledger.Memory());
    }

    public VirtualPrinter Printer { get; }

    public VirtualLedger Ledger { get; } = new();

    public int Recalls => _plan.Recalls;

    public IReadOnlyCollection<int> CutsDone => _plan.CutsDone;

    /// <summary>How many bytes of a label were missing then.</summary>
    public IReadOnlyCollection<int> LeftOver => _plan.LeftOver;

    /// <summary>So many positions are counted from the end as well.</summary>
    public int LastBytes => FormatLength / 8;

    /// <summary>Bytes of one label as it is sent here.</summary>
    public int FormatLength => (_stored?.Recall ?? _label).Compose(Carrier.UrlOf(LabelFields.SampleCode), LabelFields.SampleCode.Grouped).Length;

    /// <summary>Codes that left the line on a second item: there must be none, ever.</summary>
    public List<string> LeftTwice { get; } = [];

    public int Passed => _gone.Count;

    /// <summary>Readable codes that the printer put on a second label by itself.</summary>
    public int RepeatedByPrinter => Printer.Tape.Labels()
        .Where(l => l.Readable is not null).GroupBy(l => l.Readable)
        .Count(g => g.Any(l => l.Kind == TapeLabelKind.ReprintedAfterError) && g.Count() > 1);

    /// <summary>Whole labels without a code: what a recall prints when its layout is not in the printer.</summary>
    public int Codeless => Printer.Tape.Labels().Count(l => l is { Kind: TapeLabelKind.Printed, IsPartial: false, Code: null });

    public int Clearances { get; private set; }

    /// <summary>The most whole labels sent on earlier connections that came out after a later one had begun: the one in print, no more.</summary>
    public int LeftBehind => _leftBehind.Values.DefaultIfEmpty().Max();

    /// <summary>Labels in which a piece of an earlier format stands: two codes, or the code of one and the words of another.</summary>
    public int Merged => Printer.Tape.Labels().Count(l => Printer.Tape.FormatOf(l) is { } format && format.Raw.AsSpan().Count("^XA"u8) > 1 + format.Raw.AsSpan().Count("^DFR:"u8));

    public override string ToString() =>
        $"seed {_day.Seed} {_day.Printer}: {Printer.Tape.Count} labels, {Passed} passed, {Faults} printer faults, {Keys} reprint keys, "
        + $"{Cuts} cable pulls, {Clearances} clearances, {Printer.Tape.Twins.Count} codes twice on the tape, {RepeatedByPrinter} of them by the printer itself, "
        + $"{_plan.Recalls} recalled, {Codeless} without a code, {LeftBehind} left behind at most, {Merged} merged";

    /// <summary>Runs item by item until the run is over.</summary>
    public void Run(int maxItems)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_loop);
        using CancellationTokenSource stop = new();
        Task driver = _driver.RunAsync(stop.Token);
        try
        {
            _driver.Use(_stored);
            Tell(new LineEvent.Begin(), new LineEvent.ScannerUp(), new LineEvent.GateUp());
            Tell(new LineEvent.Start(++_commandId, "Li", Some.Order(_day.Target)));
            for (int i = 0; i < maxItems && _core.Run is not null; i++)
            {
                Step();
                Assert.False(driver.IsFaulted, driver.Exception?.ToString());
            }

            Assert.True(_core.Run is null, $"{this}. The run did not end: {_core.State} {_core.Reason}, {Ledger.Fold.VerifiedInRun} verified, {_refusal}; "
                + $"printer {_driver.Last}, {Printer.Fault} idle {Printer.Idle}, belt {(_stopRequested ? "stands" : "runs")}, "
                + $"{_core.InFlightCount} in flight, {_core.ClearanceMax} to clear, since {Now.Ms - _core.SinceMs} ms, {_disk.Count} on the way to the disk.");
        }
        finally
        {
            _settling = true; // what the driver still says goes nowhere
            stop.Cancel();
            driver.ContinueWith(_ => _loop.Post(_ => { }, null), TaskScheduler.Default);
            _loop.Until(() => driver.IsCompleted, "the driver ends");
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static readonly CodeCarrier Carrier = CodeCarrier.ShortUrl("c.example.cn");

    private static ZplLabel LabelFor(PrinterProfile profile)
    {
        string file = Path.Combine(Path.GetDirectoryName(SiteFolder.Profiles)!, "config", "labels", "board-60x40.zpl");
        Assert.True(ZplTemplate.TryCompile(file, File.ReadAllText(file), profile, out ZplTemplate? template, out _));
        Assert.True(template.TryBind(LabelFields.Test, Carrier.UrlOf(LabelFields.SampleCode), out ZplLabel? label, out _));
        return label;
    }

    private void Step()
    {
        Trouble();
        if (!_stopRequested)
        {
            Move();
        }

        // What the driver does when its time has come is done here too: its reports wait until it has finished.
        _settling = true;
        _time.Advance(TimeSpan.FromMilliseconds(PitchMs));
        _settling = false;
        Settle();
        while (_disk.TryPeek(out (LineEffect.Journal Journal, long DueMs) next) && next.DueMs <= Now.Ms)
        {
            Commit(_disk.Dequeue().Journal);
        }

        Tell(new LineEvent.Tick());
        Operator();
        ReworkTable();
    }

    private Moment Now => new(_time.GetTimestamp() / TimeSpan.TicksPerMillisecond, Some.WallMs + (_time.GetTimestamp() / TimeSpan.TicksPerMillisecond));

    // Driver and core in turn until neither has anything to do. When the cable is gone the driver goes through another
    // thread before it waits for its next attempt.
    private void Settle()
    {
        if (_settling)
        {
            return;
        }

        _settling = true;
        do
        {
            _loop.Settle();
            if (_cable is { Pulled: true } gone && gone != _mourned)
            {
                _mourned = gone;
                _loop.Until(() => _time.TimersMade > _plan.TimersAtPull, "the driver waits for its next attempt");
            }

            while (_inbox.TryDequeue(out LineEvent? e))
            {
                foreach (LineEffect effect in _core.Apply(Now, e).ToArray())
                {
                    Do(effect);
                }
            }
        }
        while (_loop.HasWork || _inbox.Count > 0);
        _settling = false;
    }

    private void Tell(params LineEvent[] events)
    {
        foreach (LineEvent e in events)
        {
            _inbox.Enqueue(e);
        }

        Settle();
    }

    private void Do(LineEffect effect)
    {
        switch (effect)
        {
            case LineEffect.Journal journal: _disk.Enqueue((journal, Now.Ms + _random.Below(2 * PitchMs))); break;
            case LineEffect.Send send:
                Assert.True(_sent.TryAdd(send.Code.Code.Value, _connections), $"Code {send.Code.Code} is sent a second time.");
                _ = SendAsync(send.Code);
                break;
            case LineEffect.Verdict verdict: OnVerdict(verdict); break;
            case LineEffect.StopRequest stop: _stopRequested = stop.On; break;
            case LineEffect.PrinterCancel: _ = _driver.CancelAsync(CancellationToken.None); break;
            case LineEffect.AskCodes ask:
                LineEvent.CodesSupplied codes = Ledger.Supply("order-1", ask.AfterId, ask.Count);
                Tell(codes.Codes.Count > 0 ? codes : new LineEvent.CodesUnavailable("no-codes"));
                break;
            case LineEffect.Tell tell: _card = tell.Card.IsAnswer ? tell.Card : null; break;
            case LineEffect.Answer answer: _refusal = answer.Refused; break;
            default: break;
        }
    }

    private void Commit(LineEffect.Journal journal)
    {
        foreach (LineEntry entry in journal.Entries)
        {
            Ledger.Write(entry, Now.WallMs);
        }

        Tell(new LineEvent.Committed(journal.Ticket));
    }

    private async Task SendAsync(CodeRef code)
    {
        string url = Carrier.UrlOf(code.Code);
        RecalledLabel? recall = _stored is null ? null : new(_stored.Name, _stored.Recall.Compose(url, code.Code.Grouped));
        switch (await _driver.SendAsync(_label.Compose(url, code.Code.Grouped), CancellationToken.None, recall))
        {
            case SendOutcome.Written:
                break;
            case SendOutcome.NotOneByte:
                _sent.Remove(code.Code.Value);
                Tell(new LineEvent.SendEnded(code, SendResult.NotOneByte));
                break;
            default:
                Tell(new LineEvent.SendEnded(code, SendResult.Unknown));
                break;
        }
    }

    private void Report(PrinterReport report) => Tell(report.Condition switch
    {
        PrinterCondition.Fault { Kind: PrinterFaultKind.LinkLost or PrinterFaultKind.Silent } => new LineEvent.PrinterFault("printer-down"),
        PrinterCondition.Fault fault => new LineEvent.PrinterFault($"printer-{fault.Kind}"),
        _ => new LineEvent.PrinterReady(report.BootEpoch),
    });
}
