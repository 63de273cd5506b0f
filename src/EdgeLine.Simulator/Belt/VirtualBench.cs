using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Simulator.Belt;

/// <summary>
/// A bench with a person: takes the label, sticks it on a product, scans it, waits for the verdict and puts the product
/// on the pile. The verdict is what the screen says, or the next label: it comes only after a good read. A product whose
/// label was taken away at clearance never reaches the pile.
/// </summary>
internal sealed class VirtualBench : Workstation, IAsyncDisposable
{
    private readonly BenchOptions _options;
    private readonly VirtualHandheld _handheld;
    private readonly SeededRandom _random;
    private readonly ITimer _hand;
    private Item? _inHand;
    private readonly Queue<TapeLabel> _onTable = new();
    private bool _scanned;
    private long _items;
    private long _scannedAt;

    public VirtualBench(Floor floor, BenchOptions options, VirtualPrinter printer, VirtualHandheld handheld)
        : base(floor, printer)
    {
        _options = options;
        _handheld = handheld;
        _random = new SeededRandom(options.Seed);
        _hand = floor.Timer(Scan);
        printer.LabelOut = TakeLabel;
    }

    /// <summary>The screen is dark: nobody scans for nothing.</summary>
    public bool ScreenDark { get; set; }

    /// <summary>From the scan to the next label or the verdict on the screen.</summary>
    public LatencyHistogram Decisions { get; } = new();

    /// <inheritdoc />
    public override int LabelsOnTheWay
    {
        get
        {
            lock (Floor.Moment)
            {
                return _onTable.Count + (_inHand is null ? 0 : 1);
            }
        }
    }

    /// <summary>The screen shows a verdict for the label whose code ends like this.</summary>
    public void SeeVerdict(string codeTail, bool pass)
    {
        lock (Floor.Moment)
        {
            if (pass && _scanned && codeTail.Length > 0 && _inHand?.Labels[0].CodeTail is string code
                && code.EndsWith(codeTail, StringComparison.Ordinal))
            {
                PutOnPile();
                TakeNext();
            }
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<TapeLabel> ClearLine()
    {
        lock (Floor.Moment)
        {
            var found = new List<TapeLabel>(_onTable);
            found.AddRange(_inHand?.Labels ?? []);
            found.AddRange(new[] { Printer.TakePieceUnderHead() }.OfType<TapeLabel>());
            _onTable.Clear();
            _inHand = null;
            _hand.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return found;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _hand.DisposeAsync();

    private void TakeLabel(TapeLabel label)
    {
        _onTable.Enqueue(label);
        // A first image that comes after a scan is the answer to it. A twin or a blank is not.
        if (_inHand is not null && _scanned && label.Kind == TapeLabelKind.Printed && !label.IsPartial)
        {
            PutOnPile();
        }

        TakeNext();
    }

    private void TakeNext()
    {
        while (_inHand is null && _onTable.TryDequeue(out TapeLabel? label))
        {
            var item = new Item(++_items);
            item.Labels.Add(label);
            if (label.Readable is null)
            {
                // Nothing to scan on it: into the bin with it, the next one.
                PutInBin(item);
                continue;
            }

            _inHand = item;
            _scanned = false;
            if (_options.Handling > TimeSpan.Zero)
            {
                _hand.Change(_options.Handling, Timeout.InfiniteTimeSpan);
            }
            else
            {
                Scan();
            }
        }
    }

    private void Scan()
    {
        if (_inHand?.Labels[0].Readable is not string symbol)
        {
            return;
        }

        _hand.Change(_options.ScanAgainAfter, Timeout.InfiniteTimeSpan);
        if (!ScreenDark && !_random.Happens(_options.Misses))
        {
            _scannedAt = _scanned ? _scannedAt : Floor.Now;
            _scanned = true;
            _handheld.Scan(symbol);
        }
    }

    private void PutOnPile()
    {
        Decisions.Add(Floor.Span(Floor.Now - _scannedAt));
        Shipped.Add(_inHand!, WayOut.Bench);
        _inHand = null;
        _hand.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
