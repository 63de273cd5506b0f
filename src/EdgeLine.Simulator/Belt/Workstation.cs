using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.Belt;

/// <summary>
/// A place where labels meet products and a person can put a hand in: conveyor or bench. Whatever it hands out is really
/// gone from it, so no label can be in two places.
/// </summary>
internal abstract class Workstation(Floor floor, VirtualPrinter printer)
{
    private readonly List<Item> _bin = [];
    private readonly List<Item> _aside = [];

    /// <summary>The shop floor it stands on.</summary>
    public Floor Floor { get; } = floor;

    /// <summary>Its printer.</summary>
    public VirtualPrinter Printer { get; } = printer;

    /// <summary>What left the line.</summary>
    public ShippedItems Shipped { get; } = new();

    /// <summary>Called when an item fell into the bin.</summary>
    public Action? BinChanged { get; set; }

    /// <summary>Labels that are printed and neither shipped, nor in the bin, nor destroyed.</summary>
    public abstract int LabelsOnTheWay { get; }

    /// <summary>Items in the bin.</summary>
    public int InBin
    {
        get
        {
            lock (Floor.Moment)
            {
                return _bin.Count;
            }
        }
    }

    /// <summary>A person empties the bin.</summary>
    public IReadOnlyList<Item> TakeBin()
    {
        lock (Floor.Moment)
        {
            Item[] items = [.. _bin];
            _bin.Clear();
            return items;
        }
    }

    /// <summary>A person puts back into the bin what could not be dealt with now; no news to anybody.</summary>
    public void PutBack(IEnumerable<Item> items)
    {
        lock (Floor.Moment)
        {
            _bin.AddRange(items);
        }
    }

    /// <summary>At the end of a run a person brings what was taken off the line by hand to the items of the bin.</summary>
    public void BringFromAside()
    {
        lock (Floor.Moment)
        {
            _bin.AddRange(_aside);
            _aside.Clear();
        }
    }

    /// <summary>A hand takes an item off the line; it stands aside until <see cref="BringFromAside"/>.</summary>
    protected void PutAside(Item item)
    {
        lock (Floor.Moment)
        {
            _aside.Add(item);
        }
    }

    /// <summary>An item falls into the bin.</summary>
    protected void PutInBin(Item item)
    {
        lock (Floor.Moment)
        {
            _bin.Add(item);
            BinChanged?.Invoke();
        }
    }

    /// <summary>
    /// Line clearance: a person takes every label between printer and scanner, and the piece under the print head, and
    /// destroys them. Returns them. What was scanned stays: the gate knows what to do with it.
    /// </summary>
    public abstract IReadOnlyList<TapeLabel> ClearLine();
}
