using System.Runtime.CompilerServices;
using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// The networks to platform and broker stall, delay, cut and refuse, again and again, while a real service prints (P6, P10): no
/// item waits for them, and when they are well again everything has arrived once.
/// </summary>
public sealed class PartitionTests(ITestOutputHelper output)
{
    private const ulong Seed = 11;

    // The longest pause between two attempts is a minute.
    private const int BackWithin = 90;

    [Fact(Timeout = 300_000)]
    public Task Everything_arrives_once_whatever_the_networks_do() => RunAsync(items: 80, troubles: 12, full: false);

    [Fact(Timeout = 1_800_000)]
    [Trait("tier", "full")]
    public Task Also_when_it_goes_on_for_minutes() => RunAsync(items: 2_000, troubles: 300, full: true);

    private async Task RunAsync(int items, int troubles, bool full, [CallerMemberName] string test = "")
    {
        using FaultRow platform = FaultRow.Begin("F11", "network to the platform stalls, delays, cuts, refuses; real service", $"{Seed}", full, test);
        using FaultRow mqtt = FaultRow.Begin("F12", "network to the broker stalls, delays, cuts, refuses; real service", $"{Seed + 1}", full, test);
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var toBroker = new BadNetwork(broker.Cable.Port);
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 600 });
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(items);
        await using var toPlatform = new BadNetwork(site.PlatformUrl.Port);
        site.Instead = (new Uri($"http://127.0.0.1:{toPlatform.Port}/"), Path.Combine(site.PlatformFolder, "platform.pem"));
        site.Mqtt = broker.Config;
        site.Mqtt["broker"] = $"mqtt://127.0.0.1:{toBroker.Port}";
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await using RunningProgram subscriber = broker.Subscribe(Heard.Base + "event/#", 1_000_000, seconds: 1_500);
        await Soon.IsAsync(() => Task.FromResult(subscriber.Lines.Any(l => l.Contains("SUBACK", StringComparison.Ordinal))), "subscribed");

        // A busy PC is late for an item now and then; somebody has to bring it to the rework table.
        VirtualOperator person = site.Staff("line-1", line.Belt);
        await site.PictureAsync("line-1", p => p.Account.Verified >= 3, "runs");
        await Task.WhenAll(
            toPlatform.TroubleAsync(Seed, troubles, () => platform.Cycles++),
            toBroker.TroubleAsync(Seed + 1, troubles, () => mqtt.Cycles++));
        LineSnapshot end = await site.SettledAsync("line-1", person, full ? 600 : 120);

        Reconciliation account = await new People(site).AccountAsync("line-1");
        Reconcile(platform, end.Account.Verified == items && account.Active == items && account.Refused == 0, $"{account}; panel {end.Account}");
        Reconcile(platform, line.Belt.Shipped.Codes.Values.All(labels => labels == 1), "a code left twice");
        // Events of a run come from the journal: each is told, in order, and the last counts are those of the last entry.
        await Soon.IsAsync(
            async () => (await broker.LateAsync(Heard.Base + "counts", 1)).Any(h => h.Body["as_of_seq"]!.GetValue<long>() == end.AsOfSeq), "the last counts", BackWithin);
        await Soon.IsAsync(
            () => Task.FromResult(Heard.In(subscriber.Lines).Any(h => h.Topic == "event/run_ended")), "the end of the run told", BackWithin);
        await site.Service.StopAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, "line-1");
        Reconcile(platform, ledger.In("verified").Count == items, "the ledger says another number");
        long last = ledger.Of(JournalKind.RunEnded)[^1].Seq;
        long[] told = Told(subscriber);
        Assert.Contains(last, told);
        Reconcile(mqtt, told.Distinct().SequenceEqual(told.Distinct().Order()), $"events out of order: {string.Join(' ', told)}");
        Reconcile(mqtt, told.Contains(ledger.Of(JournalKind.RunStarted)[0].Seq), $"the begin of the run was not told: {string.Join(' ', told)}");
        output.WriteLine($"{told.Length} events heard, {told.Distinct().Count()} different; {end.AsOfSeq} entries");
    }

    private static long[] Told(RunningProgram subscriber) => [.. Heard.In(subscriber.Lines).Select(h => h.Body["seq"]!.GetValue<long>())];

    private static void Reconcile(FaultRow row, bool holds, string what)
    {
        row.Violated(holds ? 0 : 1);
        Assert.True(holds, what);
    }
}
