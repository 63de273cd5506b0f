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
    private readonly FaultPlan _faults;
    private readonly Queue<TapeLabel> _peelBar = new();
    private readonly List<Item?> _belt = [];
    private readonly Queue<long> _arrivals = new();
    private long _pitches;
    private int _stands;
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
        (_options, _faults) = (options, faults);
        _applicator = new Applicator(faults, printer);
        _scanner = scanner;
        _gate = gate;
        _pitch = floor.Timer(Tick);
        _deadline = floor.Timer(Pump);
        printer.LabelOut = TakeLabel;
        gate.Changed = Pump;
        if (!AtFullSpeed)
        {
            WaitForPitch();
        }
    }

    /// <summary>Products that were scanned.</summary>
    public long ItemsScanned { get; private set; }

    /// <summary>Times that the photo-eye fired again for one product.</summary>
    public int Chattered { get; private set; }

    /// <summary>Products that a hand put on the belt, without label.</summary>
    public int Inserted { get; private set; }

    /// <summary>Products that a hand took off the belt.</summary>
    public int Removed { get; private set; }

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

        if (_applicator.Ready == 0)
        {
            return false;
        }

        Move(FromApplicator());
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

                Move(FromApplicator());
            }

            Pump();
            return;
        }

        WaitForPitch();
        _pitches++;
        while (_arrivals.TryPeek(out long at) && at <= _pitches)
        {
            Leave();
        }

        _stands = _stands > 0 ? _stands - 1 : _faults.Happens(_faults.Belt.Stands) ? _faults.Belt.StandsFor : 0;
        if (_gate.Stopped || _stands > 0)
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

        Move(FromApplicator());
    }

    private void WaitForPitch()
    {
        double jitter = _faults.Belt.Jitter;
        double share = jitter > 0 ? 1 + (jitter * ((_faults.Below(2001) / 1000.0) - 1)) : 1;
        _pitch.Change(TimeSpan.FromMinutes(share / _options.ItemsPerMinute), Timeout.InfiniteTimeSpan);
    }

    // A product that a hand puts on the belt takes the place of the next one, which comes one pitch later.
    private Item? FromApplicator()
    {
        if (_applicator.Ready == 0 || !_faults.Happens(_faults.Belt.Inserted))
        {
            return _applicator.Next();
        }

        Inserted++;
        return new Item(0);
    }

    private void TakeOff()
    {
        int at = _belt.FindIndex(i => i is not null);
        if (at >= 0 && _faults.Happens(_faults.Belt.Removed))
        {
            // Its place on the belt stays empty.
            Removed++;
            PutAside(_belt[at]!);
            _belt[at] = null;
        }
    }

    private void Trigger(Item counted, Item seen)
    {
        _arrivals.Enqueue(_pitches + _options.ItemsToGate);
        _gate.Trigger(counted);
        _scanner.Read(seen.Visible);
    }

    private void Move(Item? item)
    {
        _moved = true;
        _belt.Add(item);
        TakeOff();
        while (_belt.Count > _options.LabelsToScanner)
        {
            Item? first = _belt[0];
            _belt.RemoveAt(0);
            if (first is Item atScanner)
            {
                ItemsScanned++;
                Trigger(atScanner, atScanner);
                if (!AtFullSpeed && _faults.Happens(_faults.Belt.Chatters))
                {
                    Chattered++;
                    Trigger(new Item(atScanner.Number) { IsChatter = true }, atScanner);
                }
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
        if (item.IsChatter)
        {
            return; // nothing is there: the product went with its first trigger
        }

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
