using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Simulator.Belt;

/// <summary>
/// A print-and-apply line: labels from the printer go on products, each product triggers the scanner, the gate lets it
/// pass or throws it in the bin. A product is fed only when a label is ready. The belt never loses a label by itself. A
/// stop halts everything up to the scanner; the short belt behind it runs empty.
/// </summary>
internal sealed class VirtualConveyor : IAsyncDisposable
{
    private const string Ean = "6901234567892";
    private readonly Floor _floor;
    private readonly ConveyorOptions _options;
    private readonly FaultPlan _faults;
    private readonly VirtualPrinter _printer;
    private readonly VirtualScanner _scanner;
    private readonly VirtualGate _gate;
    private readonly ITimer _pitch;
    private readonly ITimer _deadline;
    private readonly Queue<TapeLabel> _peelBar = new();
    private readonly Queue<Item> _ready = new();
    private readonly Queue<Item?> _belt = new();
    private readonly Queue<long> _arrivals = new();
    private readonly List<Item> _bin = [];
    private Item? _swapped;
    private TapeLabel? _doubled;
    private long _items;
    private long _pitches;
    private bool _moved;
    private bool _pumping;
    private bool _again;
    private bool _idleArmed;
    private long? _deadlineFor;

    public VirtualConveyor(
        Floor floor, ConveyorOptions options, FaultPlan faults, VirtualPrinter printer, VirtualScanner scanner, VirtualGate gate)
    {
        _floor = floor;
        _options = options;
        _faults = faults;
        _printer = printer;
        _scanner = scanner;
        _gate = gate;
        _pitch = floor.Timer(Tick);
        _deadline = floor.Timer(Pump);
        printer.LabelOut = TakeLabel;
        gate.Changed = Pump;
        if (!AtFullSpeed)
        {
            TimeSpan pitch = TimeSpan.FromMinutes(1.0 / options.ItemsPerMinute);
            _pitch.Change(pitch, pitch);
        }
    }

    /// <summary>What left the line.</summary>
    public ShippedItems Shipped { get; } = new();

    /// <summary>Called when an item fell into the bin.</summary>
    public Action? BinChanged { get; set; }

    /// <summary>Products that were scanned.</summary>
    public long ItemsScanned { get; private set; }

    /// <summary>Labels on peel bar, applicator and belt in front of the scanner.</summary>
    public int LabelsOnTheWay
    {
        get
        {
            lock (_floor.Moment)
            {
                return _peelBar.Count + (_doubled is null ? 0 : 1) + Underway.Sum(i => i.Labels.Count);
            }
        }
    }

    /// <summary>A person empties the bin.</summary>
    public IReadOnlyList<Item> TakeBin()
    {
        lock (_floor.Moment)
        {
            Item[] items = [.. _bin];
            _bin.Clear();
            return items;
        }
    }

    /// <summary>
    /// Line clearance: a person takes everything with a label off peel bar, applicator, belt and gate, and the piece
    /// under the head, and destroys the labels. Returns them.
    /// </summary>
    public IReadOnlyList<TapeLabel> ClearLine()
    {
        lock (_floor.Moment)
        {
            var found = new List<TapeLabel>(_peelBar);
            found.AddRange(Underway.Concat(_gate.TakeAll()).SelectMany(i => i.Labels));
            found.AddRange(new[] { _doubled, _printer.TakePieceUnderHead() }.OfType<TapeLabel>());
            _peelBar.Clear();
            _ready.Clear();
            _belt.Clear();
            _arrivals.Clear();
            _swapped = null;
            _doubled = null;
            _printer.LabelTaken();
            return found;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _pitch.DisposeAsync();
        await _deadline.DisposeAsync();
    }

    private bool AtFullSpeed => _options.ItemsPerMinute <= 0;

    private IEnumerable<Item> Underway => _ready.Concat(_belt.OfType<Item>()).Concat(new[] { _swapped }.OfType<Item>());

    private void TakeLabel(TapeLabel label)
    {
        _peelBar.Enqueue(label);
        if (AtFullSpeed)
        {
            Pump();
        }
    }

    /// <summary>Full speed: everything moves as far as it can, then waits for the next event.</summary>
    private void Pump()
    {
        if (!AtFullSpeed)
        {
            return;
        }

        if (_pumping)
        {
            _again = true;
            return;
        }

        _pumping = true;
        do
        {
            _again = false;
            while (LeaveIfDecided() || (!_gate.Stopped && MoveIfReady()))
            {
            }
        }
        while (_again);
        _pumping = false;
        if (!_idleArmed && !_gate.Stopped && (_swapped is not null || _doubled is not null || _belt.Count > 0))
        {
            _idleArmed = true;
            _moved = false;
            _pitch.Change(_options.IdlePitch, Timeout.InfiniteTimeSpan);
        }
    }

    private bool LeaveIfDecided()
    {
        if (_gate.NextScannedAt is not long scanned)
        {
            return false;
        }

        long due = scanned + _floor.Ticks(_options.GateDeadline);
        if (_gate.VerdictOfNext is not null || _floor.Now >= due)
        {
            Leave();
            return true;
        }

        if (scanned != _deadlineFor)
        {
            _deadlineFor = scanned;
            _deadline.Change(_floor.Span(due - _floor.Now) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        return false;
    }

    private bool MoveIfReady()
    {
        if (_arrivals.Count >= _options.ItemsToGate)
        {
            return false;
        }

        if (_ready.Count == 0 && _peelBar.Count > 0)
        {
            Apply(_peelBar.Dequeue());
            _printer.LabelTaken();
        }

        if (_ready.Count == 0)
        {
            return false;
        }

        Move(_ready.Dequeue());
        return true;
    }

    /// <summary>Fixed pace: one pitch of the belt. At full speed: nothing came for a while and the belt runs on.</summary>
    private void Tick()
    {
        _idleArmed = false;
        if (AtFullSpeed)
        {
            if (!_moved && !_gate.Stopped && _arrivals.Count < _options.ItemsToGate)
            {
                ReleaseHeldBack();
                Move(_ready.TryDequeue(out Item? held) ? held : null);
            }

            Pump();
            return;
        }

        _pitches++;
        while (_arrivals.TryPeek(out long at) && at <= _pitches)
        {
            Leave();
        }

        if (_gate.Stopped)
        {
            return;
        }

        if (_ready.Count == 0 && _peelBar.Count > 0)
        {
            Apply(_peelBar.Dequeue());
            _printer.LabelTaken();
        }
        else if (_ready.Count == 0 && _belt.All(i => i is null))
        {
            ReleaseHeldBack();
        }

        Move(_ready.TryDequeue(out Item? next) ? next : null);
    }

    private void Move(Item? item)
    {
        _moved = true;
        _belt.Enqueue(item);
        while (_belt.Count > _options.LabelsToScanner)
        {
            if (_belt.Dequeue() is Item atScanner)
            {
                ItemsScanned++;
                _arrivals.Enqueue(_pitches + _options.ItemsToGate);
                _gate.Trigger(atScanner);
                _scanner.Read(atScanner.Visible);
            }
        }

        if (_belt.All(i => i is null))
        {
            _belt.Clear();
        }
    }

    private void Leave()
    {
        _arrivals.TryDequeue(out _);
        (Item item, bool passed) = _gate.Leave();
        if (passed)
        {
            Shipped.Add(item, WayOut.Gate);
        }
        else
        {
            _bin.Add(item);
            BinChanged?.Invoke();
        }
    }

    /// <summary>A label is applied to a product, or something goes wrong with it.</summary>
    private void Apply(TapeLabel label)
    {
        ItemFault fault = label.Kind == TapeLabelKind.Printed ? _faults.Next() : ItemFault.None;
        if (fault == ItemFault.DoubleFeed && _doubled is null)
        {
            _doubled = label;
            return;
        }

        if (fault == ItemFault.Unlabelled)
        {
            Ready(new Item(++_items));
        }
        else if (fault == ItemFault.Foreign && label.Code is string ours)
        {
            Ready(new Item(++_items) { ForeignLabel = _faults.ForeignCode(ours) });
        }

        var item = new Item(++_items)
        {
            HiddenFromScanner = fault == ItemFault.NoRead,
            OtherSymbol = fault == ItemFault.OtherSymbol ? Ean : null,
        };
        item.Labels.AddRange(_doubled is null ? [label] : [_doubled, label]);
        _doubled = null;
        if (fault == ItemFault.Swapped && _swapped is null)
        {
            _swapped = item;
            return;
        }

        Ready(item);
        if (fault == ItemFault.Repeat)
        {
            _printer.RepeatLast();
        }
    }

    private void Ready(Item item)
    {
        _ready.Enqueue(item);
        if (_swapped is Item before)
        {
            _swapped = null;
            _ready.Enqueue(before);
        }
    }

    /// <summary>Nothing follows: what waited for a neighbour goes on alone.</summary>
    private void ReleaseHeldBack()
    {
        if (_doubled is TapeLabel alone)
        {
            _doubled = null;
            var item = new Item(++_items);
            item.Labels.Add(alone);
            Ready(item);
        }

        if (_swapped is Item before)
        {
            _swapped = null;
            _ready.Enqueue(before);
        }
    }
}
