using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.Belt;

/// <summary>
/// Puts labels on products, and does everything wrong that the fault plan asks for. Labels go in, products come out in
/// the order in which they go on the belt; none is ever lost inside.
/// </summary>
internal sealed class Applicator(FaultPlan faults, VirtualPrinter printer)
{
    private const string Ean = "6901234567892";
    private readonly Queue<Item> _ready = new();
    private Item? _swapped;
    private TapeLabel? _doubled;
    private long _items;

    /// <summary>Products ready to go on the belt.</summary>
    public int Ready => _ready.Count;

    /// <summary>Something waits for a neighbour that may not come.</summary>
    public bool HoldsBack => _swapped is not null || _doubled is not null;

    /// <summary>Labels that are inside.</summary>
    public IEnumerable<TapeLabel> Labels => _ready.Concat(new[] { _swapped }.OfType<Item>())
        .SelectMany(i => i.Labels).Concat(new[] { _doubled }.OfType<TapeLabel>());

    /// <summary>The next product for the belt, or null.</summary>
    public Item? Next() => _ready.TryDequeue(out Item? item) ? item : null;

    /// <summary>Everything is taken out.</summary>
    public void Clear()
    {
        _ready.Clear();
        _swapped = null;
        _doubled = null;
    }

    /// <summary>A label is applied to a product, or something goes wrong with it.</summary>
    public void Apply(TapeLabel label)
    {
        ItemFault fault = label.Kind == TapeLabelKind.Printed ? faults.Next() : ItemFault.None;
        if (fault == ItemFault.DoubleFeed && _doubled is null)
        {
            _doubled = label;
            return;
        }

        if (fault == ItemFault.Unlabelled)
        {
            Put(new Item(++_items));
        }
        else if (fault == ItemFault.Foreign && label.Code is string ours)
        {
            Put(new Item(++_items) { ForeignLabel = faults.ForeignCode(ours) });
        }

        var item = new Item(++_items)
        {
            HiddenFromScanner = fault is ItemFault.NoRead or ItemFault.Smudged or ItemFault.UnreadAndRepeated,
            Smudged = fault == ItemFault.Smudged,
            OtherSymbol = fault == ItemFault.OtherSymbol ? Ean : null,
        };
        item.Labels.AddRange(_doubled is null ? [label] : [_doubled, label]);
        _doubled = null;
        if (fault == ItemFault.Swapped && _swapped is null)
        {
            _swapped = item;
            return;
        }

        Put(item);
        if (fault is ItemFault.Repeat or ItemFault.UnreadAndRepeated)
        {
            printer.RepeatLast();
        }
    }

    /// <summary>Nothing follows: what waited for a neighbour goes on alone.</summary>
    public void ReleaseHeldBack()
    {
        if (_doubled is TapeLabel alone)
        {
            _doubled = null;
            var item = new Item(++_items);
            item.Labels.Add(alone);
            Put(item);
        }

        if (_swapped is Item before)
        {
            _swapped = null;
            _ready.Enqueue(before);
        }
    }

    private void Put(Item item)
    {
        _ready.Enqueue(item);
        if (_swapped is Item before)
        {
            _swapped = null;
            _ready.Enqueue(before);
        }
    }
}
