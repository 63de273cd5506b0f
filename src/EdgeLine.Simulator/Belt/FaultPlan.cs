using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.Belt;

/// <summary>What goes wrong with one item on its way to the scanner.</summary>
internal enum ItemFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The applicator missed: a product without label comes first, the label goes on the next one.</summary>
    Unlabelled,

    /// <summary>The scanner of the line does not read this label.</summary>
    NoRead,

    /// <summary>No scanner at all reads the symbol of this label; a person can still type the characters below it.</summary>
    Smudged,

    /// <summary>This product and the next one change places before the scanner.</summary>
    Swapped,

    /// <summary>This label and the next one go on the same product.</summary>
    DoubleFeed,

    /// <summary>The printer repeats this label on its own.</summary>
    Repeat,

    /// <summary>The scanner does not read this label, and the printer repeats it: the second copy is the one that is read.</summary>
    UnreadAndRepeated,

    /// <summary>The product carries an EAN-13 beside our code.</summary>
    OtherSymbol,

    /// <summary>A product with a label of our shape comes by whose code was never issued to this line.</summary>
    Foreign,
}

/// <summary>
/// What will go wrong, decided by a seed before the line starts. The fault model: an applicator that misses or doubles,
/// a lens that sees nothing, hands that swap products, a printer that repeats itself or runs out of paper in the middle of
/// a label, products with other people's codes on them.
/// </summary>
internal sealed class FaultPlan
{
    private readonly SeededRandom _random;
    private readonly Dictionary<long, ItemFault> _at = [];
    private readonly List<(ItemFault Fault, double Rate)> _rates = [];
    private long _labels;

    public FaultPlan(ulong seed) => _random = new SeededRandom(seed);

    /// <summary>Names of the plans that come with the simulator.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "none", "demo", "mixed", "unlabelled", "no-read", "swapped", "double-feed", "repeat", "other-symbol", "foreign",
        "media-out", "media-out-late", "power-cycle", "belt",
    ];

    /// <summary>Faults of the printer: after how many labels, which, and at what share of the label's length.</summary>
    public List<(int AfterLabels, PrinterFault Fault, double AtShare)> PrinterFaults { get; } = [];

    /// <summary>What happens to the belt itself.</summary>
    public BeltTroubles Belt { get; init; } = new();

    /// <summary>Something that happens to this share of pitches happens now.</summary>
    public bool Happens(double share) => share > 0 && _random.Happens(share);

    /// <summary>A number from 0 up to, but not including, <paramref name="limit"/>.</summary>
    public int Below(int limit) => _random.Below(limit);

    /// <summary>Number of faults of each kind that have happened.</summary>
    public Dictionary<ItemFault, int> Happened { get; } = [];

    /// <summary>One of <see cref="Names"/>.</summary>
    /// <exception cref="ArgumentException">No such plan; the message lists them.</exception>
    public static FaultPlan Named(string name, ulong seed)
    {
        var plan = new FaultPlan(seed);
        return name switch
        {
            "none" => plan,
            "demo" => plan.At(12, ItemFault.NoRead).WithPrinter(22, PrinterFault.MediaOut, 0.5),
            // The rates of a poor but working line.
            "mixed" => plan.Rate(ItemFault.Unlabelled, 0.01).Rate(ItemFault.NoRead, 0.005).Rate(ItemFault.Swapped, 0.001),
            "unlabelled" => plan.Rate(ItemFault.Unlabelled, 0.02),
            "no-read" => plan.Rate(ItemFault.NoRead, 0.02),
            "swapped" => plan.Rate(ItemFault.Swapped, 0.02),
            "other-symbol" => plan.Rate(ItemFault.OtherSymbol, 0.2),
            "double-feed" => plan.At(25, ItemFault.DoubleFeed),
            "repeat" => plan.At(25, ItemFault.Repeat),
            "foreign" => plan.At(25, ItemFault.Foreign),
            "media-out" => plan.WithPrinter(25, PrinterFault.MediaOut, 0.3),
            "media-out-late" => plan.WithPrinter(25, PrinterFault.MediaOut, 0.95),
            "power-cycle" => plan.WithPrinter(25, PrinterFault.PowerCycle, 0.5),
            "belt" => new FaultPlan(seed) { Belt = new BeltTroubles { Jitter = 0.2, Stands = 0.02, Chatters = 0.03, Inserted = 0.02, Removed = 0.01 } },
            _ => throw new ArgumentException($"No fault plan '{name}'. There are: {string.Join(", ", Names)}."),
        };
    }

    /// <summary>Plans a fault for the label with this number, from 1.</summary>
    public FaultPlan At(long label, ItemFault fault)
    {
        _at[label] = fault;
        return this;
    }

    /// <summary>Plans a fault for a share of all labels.</summary>
    public FaultPlan Rate(ItemFault fault, double share)
    {
        _rates.Add((fault, share));
        return this;
    }

    /// <summary>Plans a fault of the printer.</summary>
    public FaultPlan WithPrinter(int afterLabels, PrinterFault fault, double atShare)
    {
        PrinterFaults.Add((afterLabels, fault, atShare));
        return this;
    }

    /// <summary>The next item that gets a label suffers this, as when somebody presses a key.</summary>
    public void Now(ItemFault fault) => _at[_labels + 1] = fault;

    /// <summary>What happens to the item that gets the next label.</summary>
    public ItemFault Next()
    {
        _labels++;
        if (!_at.Remove(_labels, out ItemFault fault))
        {
            foreach ((ItemFault candidate, double rate) in _rates)
            {
                // Every rate draws each time, so that one plan's seed means the same with other rates beside it.
                fault = _random.Happens(rate) && fault == ItemFault.None ? candidate : fault;
            }
        }

        Happened[fault] = Happened.GetValueOrDefault(fault) + 1;
        return fault;
    }

    /// <summary>The text of a label of our shape that nobody issued: right check character, random body.</summary>
    public string ForeignCode(string ours)
    {
        int at = ours.LastIndexOf('/') + 1;
        string body = "H" + string.Concat(Enumerable.Range(0, 14).Select(_ => CheckCharacter.Alphabet[_random.Below(32)]));
        return ours[..at] + body + CheckCharacter.Of(body);
    }
}
