using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>
/// A print-and-apply line as it physically is: a printer with labels in its memory, an applicator, items on a belt, a
/// scanner, a gate that rejects by default, an operator. It knows what is on each item, which the core never does, and
/// judges every verdict by that. All chance comes from one seed.
/// </summary>
internal sealed partial class VirtualLine
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

        EmptyBin();
        Assert.True(_core.Run is null, $"The run did not end: {_core.State} {_core.Reason}, {Ledger.Fold.VerifiedInRun} of {Target} verified, {_refusal}.");
    }

    private void Step()
    {
        Faults();
        if (_resync)
        {
            CountAnew();
        }

        long end = _now.Ms + PitchMs;
        if (_random.Planned(_faults.BackUp))
        {
            _standsUntilMs = _now.Ms + _random.Below(20 * PitchMs);
        }

        if (_now.Ms >= _standsUntilMs && (!_stopRequested || _coasting-- > 0))
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

        Compare(500_000);
        At(end);
        Compare(1_000_000);
        ReachGate(all: false);
        TellReports();
        Do(new LineEvent.Tick());
        Operator();
        People();
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

        Hands();
        for (int scanned = 0; _belt.Count > _settings.LabelsToScanner; scanned++)
        {
            // An item more on the belt than places comes through between two others.
            At(_now.Ms + (scanned == 0 ? 0 : PitchMs * 6 / 10));
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

        Trigger(item, item);
        Chatter(item);
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
    private int Verified => Ledger.Fold.VerifiedInRun + _disk.Sum(d => d.Journal.Entries.Sum(e => e switch
    {
        { Kind: JournalKind.Verified } => 1,
        { Kind: JournalKind.Rejected or JournalKind.Void, From: CodeState.Verified } => -1,
        { Kind: JournalKind.Sampled } => -(int)e.Count,
        _ => 0,
    }));

    private void OnVerdict(LineEffect.Verdict verdict)
    {
        if (!_scanned.Remove(verdict.Item, out Item? item))
        {
            Assert.False(verdict.Pass, $"Item {verdict.Item} was judged before, or is lost, and now it is to pass.");
            return;
        }

        item.Passed = verdict.Pass;
        Assert.False(item.Ghost && verdict.Pass, $"Item {verdict.Item} is another trigger of the item before.");
        if (item.Card || item.Ghost)
        {
            return;
        }

        if (!verdict.Pass)
        {
            _bin.Add(item);
        }

        if (verdict.Pass)
        {
            Assert.True(_now.Ms - item.ScannedMs <= _settings.VerdictWithinMs, $"Item {verdict.Item} is past the gate when its pass comes.");
            CertificateCode code = Assert.Single(item.Labels);
            Assert.True(_sent.Contains(code), $"Code {code} was never sent to this printer.");
            Assert.Equal(CodeState.Verified, Ledger.RowOf(code).State);
            Assert.True(_gone.Add(code), $"Code {code} left the line on a second item.");
            Passed++;
        }
        else if (item.MustPass && verdict.Reason is not ("late" or "uncounted" or "tracking-lost" or "surplus"))
        {
            Misjudged.Add($"item {verdict.Item} was rejected: {verdict.Reason}");
        }
    }

    private sealed class Item
    {
        public List<CertificateCode> Labels { get; } = [];

        public long Number { get; set; }

        public long ScannedMs { get; set; }

        public bool MustPass { get; set; }

        /// <summary>The verdict, or null while there is none.</summary>
        public bool? Passed { get; set; }

        /// <summary>A further trigger of the item before.</summary>
        public bool Ghost { get; init; }

        /// <summary>Carries a card of the scanner check, or is its blank.</summary>
        public bool Card { get; set; }
    }
}
