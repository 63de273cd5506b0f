using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>
/// A print-and-apply line as it physically is: a printer with labels in its memory, an applicator, items on a belt, a
/// scanner, a gate that rejects by default, an operator. It knows what is on each item, which the core never does, and
/// judges every verdict by that. All chance comes from one seed.
/// </summary>
internal sealed class VirtualLine
{
    private const int PitchMs = 100;

    private readonly SeededRandom _random;
    private readonly LineFaults _faults;
    private readonly LineSettings _settings;
    private readonly Queue<CodeRef> _printer = new();
    private readonly List<Item> _belt = [];
    private readonly Queue<(LineEffect.Journal Journal, long DueMs)> _disk = new();
    private readonly Dictionary<long, Item> _scanned = [];
    private readonly HashSet<CertificateCode> _gone = [];
    private readonly HashSet<CertificateCode> _twins = [];
    private readonly HashSet<CertificateCode> _sent = [];
    private readonly Queue<(CertificateCode Code, long DueItem)> _strays = new();
    private long _items;
    private PackagingLine _core;
    private Moment _now = new(1000, Some.WallMs);
    private long _commandId;
    private bool _stopRequested;
    private int _coasting;
    private bool _printerDown;
    private long _printerBackMs;
    private bool _trackDown;
    private long _trackBackMs;
    private string _refusal = "";

    public VirtualLine(ulong seed, LineFaults faults, LineSettings settings, int target)
    {
        (_random, _faults, _settings) = (new SeededRandom(seed), faults, settings);
        Target = target;
        _core = new PackagingLine(settings, Ledger.Memory());
        Ledger.KeepEntries = false;
        Ledger.Lend("order-1", target, target + (target / 5) + 200, Some.WallMs + 1_000_000_000);
        Do(new LineEvent.Begin());
        DevicesUp();
        Do(new LineEvent.Start(++_commandId, "auto", Some.Order(target)));
    }

    public VirtualLedger Ledger { get; } = new();

    public int Target { get; }

    public long ItemsScanned { get; private set; }

    public long Passed { get; private set; }

    /// <summary>Good labels that the scanner read on an item of their own while the line had no reason to refuse them, and that were rejected.</summary>
    public List<string> Misjudged { get; } = [];

    public int Crashes { get; private set; }

    public int Clearances { get; private set; }

    public int Resumes { get; private set; }

    /// <summary>Codes that are verified although their item never passed: only a crash or a lost link may leave some.</summary>
    public long VerifiedNotPassed => Ledger.Codes.Count(c => c.State == CodeState.Verified && !_gone.Contains(c.Code.Code));

    /// <summary>Runs item by item until the run is over.</summary>
    public void Run(long maxItems)
    {
        for (long i = 0; i < maxItems && _core.Run is not null; i++)
        {
            Step();
        }

        Assert.True(_core.Run is null, $"The run did not end: {_core.State} {_core.Reason}, {Ledger.Fold.VerifiedInRun} of {Target} verified, {_refusal}.");
    }

    private void Step()
    {
        Faults();
        long end = _now.Ms + PitchMs;
        if (!_stopRequested || _coasting-- > 0)
        {
            Move();
        }

        while (_disk.TryPeek(out (LineEffect.Journal Journal, long DueMs) next) && next.DueMs <= end)
        {
            _disk.Dequeue();
            At(Math.Max(_now.Ms, next.DueMs));
            Commit(next.Journal);
            Do(new LineEvent.Committed(next.Journal.Ticket));
        }

        At(end);
        Do(new LineEvent.Tick());
        Operator();
    }

    private void At(long ms) => _now = new Moment(ms, _now.WallMs + ms - _now.Ms);

    // One item reaches the applicator, one the scanner.
    private void Move()
    {
        var item = new Item();
        Apply(item);
        _belt.Add(item);
        if (_belt.Count > 1 && _random.Chance(_faults.SwappedPair))
        {
            (_belt[^1], _belt[^2]) = (_belt[^2], _belt[^1]);
        }

        if (_belt.Count > _settings.LabelsToScanner)
        {
            Item first = _belt[0];
            _belt.RemoveAt(0);
            Scan(first);
        }
    }

    private void Apply(Item item)
    {
        _items++;
        if (_strays.TryPeek(out (CertificateCode Code, long DueItem) stray) && stray.DueItem <= _items)
        {
            // A second copy that lay about somewhere is stuck on by hand.
            _strays.Dequeue();
            item.Labels.Add(stray.Code);
            return;
        }

        if (_printerDown || _random.Chance(_faults.Unlabelled))
        {
            return;
        }

        Stick(item);
        if (_random.Chance(_faults.DoubleFeed))
        {
            Stick(item);
        }

        if (_random.Chance(_faults.ForeignLabel))
        {
            item.Labels.Add(Some.ForeignCode(_random.Below(1000)));
        }
    }

    private void Stick(Item item)
    {
        if (_printer.TryPeek(out CodeRef code))
        {
            item.Labels.Add(code.Code);
            if (_random.Chance(_faults.LateTwin))
            {
                _twins.Add(code.Code);
                _strays.Enqueue((code.Code, _items + _random.Below(40)));
            }

            if (_random.Chance(_faults.PrinterRepeat))
            {
                // The same label once more: it stays in the printer and comes out again.
                _twins.Add(code.Code);
            }
            else
            {
                _printer.Dequeue();
            }
        }
    }

    private void Scan(Item item)
    {
        if (_trackDown)
        {
            return;
        }

        ItemsScanned++;
        (item.Number, item.ScannedMs) = (ItemsScanned, _now.Ms);
        _scanned[item.Number] = item;
        if (item.Labels.Count == 0 || _random.Chance(_faults.NoRead))
        {
            Do(new LineEvent.NoRead(item.Number));
        }
        else
        {
            string? run = _core.Run?.RunId;
            List<CodeRead> reads = item.Labels.ConvertAll(c => Ledger.ReadOf(c, run));
            if (_random.Chance(_faults.CartonCode))
            {
                reads.Insert(_random.Below(reads.Count + 1), new CodeRead(ReadKind.Other, default, default, false));
            }

            item.MustPass = IsGood(item);
            Do(new LineEvent.FrameRead(item.Number, reads));
        }
    }

    // What anybody who sees the item would say: one label, of this run, not seen on an item before, and no reason to stop.
    private bool IsGood(Item item)
    {
        if (item.Labels is not [CertificateCode only] || _twins.Contains(only) || _core.NeedsClearance
            || _core.Run is null || Verified >= Target || Ledger.ReadOf(only, _core.Run.RunId).Kind != ReadKind.Known)
        {
            return false;
        }

        return Ledger.RowOf(only).State is CodeState.Printing or CodeState.InDoubt or CodeState.Rejected;
    }

    // Verified on disk or on its way there.
    private int Verified => Ledger.Fold.VerifiedInRun + _disk.Sum(d => d.Journal.Entries.Sum(e =>
        e.Kind == JournalKind.Verified ? 1 : e is { Kind: JournalKind.Rejected, From: CodeState.Verified } ? -1 : 0));

    private void OnVerdict(LineEffect.Verdict verdict)
    {
        if (!_scanned.Remove(verdict.Item, out Item? item))
        {
            Assert.False(verdict.Pass, $"Item {verdict.Item} was judged before, or is lost, and now it is to pass.");
            return;
        }

        if (verdict.Pass)
        {
            Assert.True(_now.Ms - item.ScannedMs <= _settings.VerdictWithinMs, $"Item {verdict.Item} is past the gate when its pass comes.");
            CertificateCode code = Assert.Single(item.Labels);
            Assert.Equal(CodeState.Verified, Ledger.RowOf(code).State);
            Assert.True(_gone.Add(code), $"Code {code} left the line on a second item.");
            Passed++;
        }
        else if (item.MustPass && verdict.Reason is not ("late" or "tracking-lost" or "surplus"))
        {
            Misjudged.Add($"item {verdict.Item} was rejected: {verdict.Reason}");
        }
    }

    private void Faults()
    {
        if (_random.Chance(_faults.Crash))
        {
            Crash();
        }

        if (!_printerDown && _random.Chance(_faults.PrinterFault))
        {
            (_printerDown, _printerBackMs) = (true, _now.Ms + _random.Below(60_000));
            Do(new LineEvent.PrinterFault("printer-media-out"));
        }
        else if (_printerDown && _now.Ms >= _printerBackMs)
        {
            _printerDown = false;
            Do(new LineEvent.PrinterReady(1));
        }

        if (!_trackDown && _random.Chance(_faults.TrackDown))
        {
            (_trackDown, _trackBackMs) = (true, _now.Ms + _random.Below(5_000));
            _scanned.Clear();
            Do(new LineEvent.GateDown());
        }
        else if (_trackDown && _now.Ms >= _trackBackMs)
        {
            _trackDown = false;
            Do(new LineEvent.GateUp());
        }
    }

    // Power is cut: what is on the disk stays, items at the gate are rejected, the printer and the belt keep what they have.
    private void Crash()
    {
        Crashes++;
        for (int kept = _random.Below(_disk.Count + 1); kept > 0; kept--)
        {
            Commit(_disk.Dequeue().Journal);
        }

        _disk.Clear();
        _scanned.Clear();
        _stopRequested = false;
        _core = new PackagingLine(_settings, Ledger.Memory());
        Do(new LineEvent.Begin());
        if (!_printerDown)
        {
            Do(new LineEvent.PrinterReady(1));
        }

        Do(new LineEvent.ScannerUp());
        if (!_trackDown)
        {
            Do(new LineEvent.GateUp());
        }
    }

    private void Operator()
    {
        // Not at once: the belt coasts a little, and people take their time.
        if (_core.State != PackMlState.Held || _coasting > 0 || !_random.Chance(300_000))
        {
            return;
        }

        if (_core.NeedsClearance)
        {
            Clear();
        }
        else
        {
            Resumes++;
            Do(new LineEvent.Resume(++_commandId, "Li"));
        }
    }

    private void Clear()
    {
        int found = _belt.Sum(i => i.Labels.Count);
        _belt.ForEach(i => i.Labels.Clear());
        _printer.Clear();
        long asked = ++_commandId;
        Do(new LineEvent.ClearanceDone(asked, "Li", found, "cleared"));
        if (_refusal.Length > 0)
        {
            // More labels than codes: a person looks for the reason, then says how many belong to this line.
            Assert.True(_faults.MayBringMoreLabels, $"A person counted {found} labels, the line allows {_core.ClearanceMax}.");
            Do(new LineEvent.ClearanceDone(++_commandId, "Li", _core.ClearanceMax, "twins destroyed"));
        }

        Assert.Equal("", _refusal);
        Clearances++;
    }

    private void DevicesUp()
    {
        Do(new LineEvent.ScannerUp());
        Do(new LineEvent.GateUp());
        Do(new LineEvent.PrinterReady(1));
    }

    private void Commit(LineEffect.Journal journal)
    {
        foreach (LineEntry entry in journal.Entries)
        {
            Ledger.Write(entry, _now.WallMs);
        }
    }

    private void Do(LineEvent e)
    {
        LineEffect[] effects = [.. _core.Apply(_now, e)];
        foreach (LineEffect effect in effects)
        {
            switch (effect)
            {
                case LineEffect.Journal journal: _disk.Enqueue((journal, Math.Max(_now.Ms + DiskMs(), _disk.Count > 0 ? _disk.Last().DueMs : 0))); break;
                case LineEffect.Send send: Print(send.Code); break;
                case LineEffect.Verdict verdict: OnVerdict(verdict); break;
                case LineEffect.StopRequest stop: (_stopRequested, _coasting) = (stop.On, stop.On ? _random.Below(6) : 0); break;
                case LineEffect.PrinterCancel: _printer.Clear(); break;
                case LineEffect.AskCodes ask: Supply(ask); break;
                case LineEffect.Answer answer: _refusal = answer.Refused; break;
                default: break;
            }
        }
    }

    private int DiskMs() => _random.Chance(_faults.SlowDisk) ? _random.Below(3 * _settings.VerdictWithinMs) : _random.Below(_settings.VerdictWithinMs / 4);

    private void Print(CodeRef code)
    {
        Assert.Equal(CodeState.Printing, Ledger.RowOf(code.Code).State);
        Assert.True(_sent.Add(code.Code), $"Code {code.Code} is sent a second time.");
        if (_random.Chance(_faults.SendFails))
        {
            bool left = _random.Chance(500_000);
            if (left && _random.Chance(500_000))
            {
                _printer.Enqueue(code);
            }

            if (!left)
            {
                _sent.Remove(code.Code);
            }

            Do(new LineEvent.SendEnded(code, left ? SendResult.Unknown : SendResult.NotOneByte));
            (_printerDown, _printerBackMs) = (true, _now.Ms + 500);
            return;
        }

        _printer.Enqueue(code);
    }

    private void Supply(LineEffect.AskCodes ask)
    {
        LineEvent.CodesSupplied codes = Ledger.Supply("order-1", ask.AfterId, ask.Count);
        Do(codes.Codes.Count > 0 ? codes : new LineEvent.CodesUnavailable("no-codes"));
    }

    private sealed class Item
    {
        public List<CertificateCode> Labels { get; } = [];

        public long Number { get; set; }

        public long ScannedMs { get; set; }

        public bool MustPass { get; set; }
    }
}

/// <summary>How often what goes wrong, in a million items; zero is never.</summary>
internal sealed record LineFaults
{
    public int Unlabelled { get; init; }

    public int NoRead { get; init; }

    public int SwappedPair { get; init; }

    public int DoubleFeed { get; init; }

    public int PrinterRepeat { get; init; }

    public int LateTwin { get; init; }

    public int ForeignLabel { get; init; }

    public int CartonCode { get; init; }

    public int Crash { get; init; }

    public int PrinterFault { get; init; }

    public int TrackDown { get; init; }

    public int SendFails { get; init; }

    public int SlowDisk { get; init; }

    /// <summary>Labels that the line did not ask for: then a person may find more than there can be.</summary>
    public bool MayBringMoreLabels => PrinterRepeat > 0 || ForeignLabel > 0 || LateTwin > 0;
}
