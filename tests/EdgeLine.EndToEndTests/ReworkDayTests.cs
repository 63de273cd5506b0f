using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using EdgeLine.Simulator.Scanning;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// A day at the rework table: some thirty rejected items of every kind, a handheld on a serial line, a person who types
/// what no scanner reads, and a batch that closes with every code in its right place.
/// </summary>
public sealed class ReworkDayTests(ITestOutputHelper output)
{
    private const int Target = 260;
    private static readonly long[] Unread = [40, 44, 48, 52, 56, 60, 64, 68, 170, 176, 182, 188, 194, 200];
    private static readonly long[] Smudged = [73, 78, 83, 88, 93];
    private static readonly long[] Doubled = [99, 106, 113];
    private static readonly long[] UnreadAndRepeated = [10, 25];

    private static FaultPlan Day()
    {
        FaultPlan day = new FaultPlan(7).At(120, ItemFault.Repeat).At(135, ItemFault.Foreign).At(155, ItemFault.Foreign).At(215, ItemFault.Foreign);
        foreach ((long[] labels, ItemFault fault) in new[]
        {
            (Unread, ItemFault.NoRead), (Smudged, ItemFault.Smudged), (Doubled, ItemFault.DoubleFeed),
            (UnreadAndRepeated, ItemFault.UnreadAndRepeated),
        })
        {
            Array.ForEach(labels, n => day.At(n, fault));
        }

        return day;
    }

    [Fact(Timeout = 240_000)]
    public async Task Thirty_rejected_items_of_all_kinds_end_where_they_belong_and_the_batch_closes()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsToGate = 6 }, Day());
        await using var handheld = new VirtualHandheld();
        await using Site site = Site.New(output);
        // More in flight than the belt holds, so that some labels are read between an intruder and the standstill.
        line.Config["labelsToScanner"] = 14;
        line.Config["rework"] = Site.Device("generic-serial-handheld", handheld.OpenSerial().Link);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(Target);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        VirtualOperator person = site.Staff("line-1", line.Belt, new OperatorOptions { Handheld = handheld, BinItems = 14 });
        LineSnapshot end = await site.SettledAsync("line-1", person, 180);
        Reconciliation platform = await new People(site).AccountAsync("line-1");
        await site.Service.StopAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, "line-1");
        ILookup<string, ReworkTold> cards = person.Log.Cards.ToLookup(c => c.Code);
        foreach (var group in person.Log.Cards.GroupBy(c => $"{c.Answer} ({c.Reason}){(c.Typed ? " typed" : "")}"))
        {
            output.WriteLine($"{group.Count()} {group.Key}");
        }

        Assert.True(line.Gate.Rejected >= 30, $"{line.Gate.Rejected} items were rejected");
        Assert.Equal((Target, 0L, 0L, 0L, 0L), (end.Account.Verified, end.Account.Printing, end.Account.InDoubt, end.Account.Rejected, end.Account.Remainder));
        Assert.Equal((Target, 0L, 0L, 0L, 0L), (platform.Active, platform.Printing, platform.InDoubt, platform.Rejected, platform.Refused));
        Assert.Equal(Target, line.Belt.Shipped.Codes.Count);
        Assert.All(line.Belt.Shipped.Codes, code => Assert.Equal((1, "verified"), (code.Value, ledger.Codes[code.Key[^16..]])));

        HashSet<string> verifiedEver = [.. ledger.Of(JournalKind.Verified).Select(e => e.Code)];
        ReworkTold[] typed = [.. person.Log.Cards.Where(c => c.Typed)];
        Assert.Equal(Smudged.Length, typed.Select(c => c.Code).Distinct().Count());
        Assert.All(typed, c => Assert.Equal(("destroy", "typed"), (c.Answer, c.Reason)));
        Assert.All(typed, c => Assert.Equal("void", ledger.Codes[c.Code]));
        Assert.All(typed, c => Assert.DoesNotContain(c.Code, verifiedEver));

        Assert.All(person.Log.Cards.Where(c => c.Reason == "second-label"), c => Assert.Equal("verified", ledger.Codes[c.Code]));
        Assert.True(person.Log.Cards.Count(c => c.Reason == "second-label") >= UnreadAndRepeated.Length);
        Assert.Contains(person.Log.Cards, c => c is { Answer: "not-ours", Reason: "foreign" });
        Assert.Contains(person.Log.Cards, c => c.Answer == "accept");
        IEnumerable<JournalEntry> accepted = ledger.Of(JournalKind.Verified).Where(e => e.Reason == "rework");
        Assert.Equal(person.Log.Cards.Where(c => c.Answer == "accept").Select(c => c.Code).Order(), accepted.Select(e => e.Code).Order());
        Assert.All(accepted, e => Assert.Contains("rework-scanner", e.Who, StringComparison.Ordinal));

        foreach (string kind in (string[])["no-read", "several-codes", "tracking-lost"])
        {
            Assert.Contains(kind, ledger.ReasonsOf(JournalKind.Rejected));
        }

        // Whatever was rejected has a name, and its code an end.
        Assert.All(ledger.Of(JournalKind.Rejected), e => Assert.Contains(ledger.Codes[e.Code], (string[])["verified", "void"]));
        Assert.All(ledger.Of(JournalKind.Rejected).Where(e => ledger.Codes[e.Code] == "verified"), e => Assert.Contains(e.Code, verifiedEver));
        Assert.All(cards, c => Assert.True(c.Count(o => o.Answer == "accept") <= 1, $"{c.Key} was accepted twice"));
        (int verify, string said) = await RunningProgram.RunAsync("edgeline", ["ledger", "verify", "--config", site.ConfigFile, "--line", "line-1"]);
        Assert.True(verify == 0, said);
    }
}
