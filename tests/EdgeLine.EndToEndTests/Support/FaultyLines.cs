using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Gates;
using EdgeLine.Simulator.People;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// One service with a line for each thing that goes wrong on a belt, all run to their end by virtual operators; what the
/// witnesses then say is what the tests are about.
/// </summary>
public sealed class FaultyLines : IAsyncLifetime
{
    /// <summary>Items wanted of each line.</summary>
    internal const int Target = 30;

    private static readonly Dictionary<string, FaultPlan> Plans = new()
    {
        ["unlabelled"] = new FaultPlan(1).At(12, ItemFault.Unlabelled).At(20, ItemFault.Unlabelled),
        ["no-read"] = new FaultPlan(1).At(12, ItemFault.NoRead).At(20, ItemFault.NoRead),
        ["three-no-reads"] = new FaultPlan(1).At(12, ItemFault.NoRead).At(13, ItemFault.NoRead).At(14, ItemFault.NoRead),
        ["swapped"] = new FaultPlan(1).At(12, ItemFault.Swapped).At(20, ItemFault.Swapped),
        ["double-feed"] = new FaultPlan(1).At(15, ItemFault.DoubleFeed),
        ["repeat"] = new FaultPlan(1).At(15, ItemFault.Repeat),
        ["ean"] = new FaultPlan(1).Rate(ItemFault.OtherSymbol, 0.4),
        ["foreign"] = new FaultPlan(1).At(15, ItemFault.Foreign),
    };

    private readonly List<string> _said = [];
    private readonly Dictionary<string, ConveyorLine> _lines = [];
    private readonly Dictionary<string, LineSnapshot> _pictures = [];
    private readonly Dictionary<string, StoppedLedger> _ledgers = [];
    private readonly Dictionary<string, VirtualOperator> _persons = [];

    /// <summary>Names of the lines.</summary>
    public static IEnumerable<string> Names => Plans.Keys;

    /// <summary>What the service said.</summary>
    public string Said => string.Join('\n', _said);

    internal ConveyorLine Belt(string line) => _lines[line];

    internal LineSnapshot Picture(string line) => _pictures[line];

    internal StoppedLedger Ledger(string line) => _ledgers[line];

    internal OperatorLog Person(string line) => _persons[line].Log;

    internal ShippedItems Shipped(string line) => _lines[line].Belt.Shipped;

    /// <summary>Why the site did not come so far.</summary>
    public Exception? Failure { get; private set; }

    public async Task InitializeAsync()
    {
        // Thrown from here, it would hide what the service said.
        try
        {
            await RunAsync();
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }

    private async Task RunAsync()
    {
        await using Site site = Site.New(_said.Add);
        foreach ((string name, FaultPlan plan) in Plans)
        {
            _lines[name] = new ConveyorLine(faults: plan);
            site.Line(name, _lines[name].Config);
        }

        await site.StartPlatformAsync(Target);
        site.WriteConfig();
        await site.StartServiceAsync();
        foreach ((string name, ConveyorLine line) in _lines)
        {
            _persons[name] = site.Staff(name, line.Belt);
        }

        foreach ((string name, LineSnapshot picture) in await Task.WhenAll(Names.Select(name => EndOfAsync(site, name))))
        {
            _pictures[name] = picture;
        }

        await site.Service.StopAsync();
        foreach (string name in Names)
        {
            _ledgers[name] = StoppedLedger.Read(site, name);
        }
    }

    // A line that does not come to its end is a matter of its own tests, not of all.
    private async Task<(string Line, LineSnapshot Picture)> EndOfAsync(Site site, string line)
    {
        try
        {
            return (line, await site.SettledAsync(line, _persons[line], 120));
        }
        catch (TimeoutException e)
        {
            _said.Add($"{line}: {e.Message}");
            return (line, await site.PictureAsync(line));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (ConveyorLine line in _lines.Values)
        {
            await line.DisposeAsync();
        }
    }
}
