using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Simulator.Belt;

/// <summary>
/// A print-and-apply line: labels from the printer go on products, each product triggers the scanner, the gate lets it
/// pass or throws it in the bin. A product is fed only when a label is ready. The belt never loses a label by itself. A
/// stop halts everything up to the scanner; the short belt behind it runs empty.
/// </summary>
internal sealed class VirtualConveyor : Workstation, IAsyncDisposable
{
    private readonly ConveyorOptions _options;
    private readonly Applicator _applicator;
    private readonly VirtualScanner _scanner;
    private readonly VirtualGate _gate;
    private readonly ITimer _pitch;
    private readonly ITimer _deadline;
    private readonly Queue<TapeLabel> _peelBar = new();
    private readonly Queue<Item?> _belt = new();
    private readonly Queue<long> _arrivals = new();
    private long _pitches;
    private bool _moved;
    private bool _pumping;
    private bool _again;
    private bool _idleArmed;
    private long _labelAt;
    private long? _deadlineFor;

    public VirtualConveyor(
        Floor floor, ConveyorOptions options, FaultPlan faults, VirtualPrinter printer, VirtualScanner scanner, VirtualGate gate)
        : base(floor, printer)
    {
        _options = options;
        _applicator = new Applicator(faults, printer);
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

    /// <summary>Products that were scanned.</summary>
    public long ItemsScanned { get; private set; }

    /// <summary>Labels on peel bar, applicator and belt in front of the scanner.</summary>
    public override int LabelsOnTheWay
    {
        get
        {
            lock (Floor.Moment)
            {
                return _peelBar.Count + _applicator.Labels.Count() + OnBelt.Count();
            }
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<TapeLabel> ClearLine()
    {
        lock (Floor.Moment)
        {
            List<TapeLabel> found = [.. _peelBar, .. _applicator.Labels, .. OnBelt];
            found.AddRange(new[] { Printer.TakePieceUnderHead() }.OfType<TapeLabel>());
            _peelBar.Clear();
            _applicator.Clear();
            _belt.Clear();
            _arrivals.Clear();
            Printer.LabelTaken();
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

    private IEnumerable<TapeLabel> OnBelt => _belt.OfType<Item>().SelectMany(i => i.Labels);

    private void TakeLabel(TapeLabel label)
    {
        _labelAt = Floor.Now;
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
        if (!_idleArmed && !_gate.Stopped && (_applicator.HoldsBack || _belt.Count > 0))
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

        long due = scanned + Floor.Ticks(_options.GateDeadline);
        if (_gate.VerdictOfNext is not null || Floor.Now >= due)
        {
            Leave();
            return true;
        }

        if (scanned != _deadlineFor)
        {
            _deadlineFor = scanned;
            _deadline.Change(Floor.Span(due - Floor.Now) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        return false;
    }

    private bool MoveIfReady()
    {
        if (_arrivals.Count >= _options.ItemsToGate)
        {
            return false;
        }

        while (_applicator.Ready == 0 && _peelBar.TryDequeue(out TapeLabel? label))
        {
            _applicator.Apply(label);
            Printer.LabelTaken();
        }

        if (_applicator.Next() is not Item next)
        {
            return false;
        }

        Move(next);
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
                if (Floor.Now - _labelAt >= Floor.Ticks(_options.NeighbourWithin))
                {
                    _applicator.ReleaseHeldBack();
                }

                Move(_applicator.Next());
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

        if (_applicator.Ready == 0 && _peelBar.TryDequeue(out TapeLabel? label))
        {
            _applicator.Apply(label);
            Printer.LabelTaken();
        }
        else if (_applicator.Ready == 0 && _belt.All(i => i is null))
        {
            _applicator.ReleaseHeldBack();
        }

        Move(_applicator.Next());
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
            PutInBin(item);
        }
    }
}
