using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Simulator.Belt;

/// <summary>
/// A web of labels from the print head past a scanner to a peeler that takes off what got no PASS. It moves by printing
/// only: each piece that comes out pushes all others one place further. Nothing is ever swapped or lost on it.
/// </summary>
internal sealed class VirtualWeb : Workstation, IAsyncDisposable
{
    private readonly int _labelsToScanner;
    private readonly TimeSpan _gateDeadline;
    private readonly FaultPlan _faults;
    private readonly VirtualScanner _scanner;
    private readonly VirtualGate _gate;
    private readonly ITimer _deadline;
    private readonly Queue<Item> _web = new();
    private long _pieces;

    public VirtualWeb(
        Floor floor, int labelsToScanner, TimeSpan gateDeadline, FaultPlan faults, VirtualPrinter printer, VirtualScanner scanner, VirtualGate gate)
        : base(floor, printer)
    {
        (_labelsToScanner, _gateDeadline, _faults, _scanner, _gate) = (labelsToScanner, gateDeadline, faults, scanner, gate);
        _deadline = floor.Timer(Peel);
        printer.LabelOut = Push;
        gate.Changed = Peel;
    }

    /// <summary>Pieces without a code that went through, such as the blanks at the end of a run.</summary>
    public int Blanks { get; private set; }

    /// <inheritdoc />
    public override int LabelsOnTheWay
    {
        get
        {
            lock (Floor.Moment)
            {
                return _web.Count(i => i.Labels[0].Code is not null);
            }
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<TapeLabel> ClearLine()
    {
        lock (Floor.Moment)
        {
            // The labels are peeled off; the liner stays threaded.
            List<TapeLabel> found = [.. _web.SelectMany(i => i.Labels), .. new[] { Printer.TakePieceUnderHead() }.OfType<TapeLabel>()];
            _web.Clear();
            return found;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _deadline.DisposeAsync();

    private void Push(TapeLabel label)
    {
        ItemFault fault = label is { Kind: TapeLabelKind.Printed, Code: not null } ? _faults.Next() : ItemFault.None;
        var piece = new Item(++_pieces) { HiddenFromScanner = fault is ItemFault.NoRead or ItemFault.Smudged, Smudged = fault == ItemFault.Smudged };
        piece.Labels.Add(label);
        _web.Enqueue(piece);
        if (_web.Count > _labelsToScanner)
        {
            Item atScanner = _web.Dequeue();
            _gate.Trigger(atScanner);
            _scanner.Read(atScanner.Visible);
        }

        Peel();
    }

    private void Peel()
    {
        while (_gate.NextScannedAt is long scanned)
        {
            long due = scanned + Floor.Ticks(_gateDeadline);
            if (_gate.VerdictOfNext is null && Floor.Now < due)
            {
                _deadline.Change(Floor.Span(due - Floor.Now) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            (Item item, bool passed) = _gate.Leave();
            if (passed)
            {
                Shipped.Add(item, WayOut.Gate);
            }
            else if (item.Labels[0].Code is null)
            {
                Blanks++;
            }
            else
            {
                PutInBin(item);
            }
        }
    }
}
