using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using EdgeLine.Simulator.Printing;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// From one batch to the next at full speed. Labels of A are on the belt, at the peel bar and in the printer's memory when
/// A ends, and somebody presses the printer's feed key when everything seems clear.
/// </summary>
public sealed class ChangeoverTests(ITestOutputHelper output)
{
    private const int OfA = 120;
    private const int OfB = 80;

    [Fact(Timeout = 240_000)]
    public async Task None_of_A_leaves_in_B_and_no_text_of_A_is_on_a_label_of_B()
    {
        // Near the end of A labels are not read, so that others are topped up for them.
        FaultPlan faults = new FaultPlan(3).At(112, ItemFault.NoRead).At(116, ItemFault.NoRead).At(118, ItemFault.NoRead).At(130, ItemFault.NoRead);
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsToGate = 4 }, faults);
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(OfA);
        var people = new People(site);
        string batchB = await people.DraftLikeAsync("line-1", "B-NEXT");
        string report = await people.ReportAsync("line-1", batchB, "R-NEXT", "qualified");
        await people.DoAsync("qa", $"batches/{batchB}/submit", new { reportId = report });
        await people.DoAsync("approver", $"batches/{batchB}/approve");
        await people.DoAsync("qa", "orders", new { lineId = "line-1", batchId = batchB, target = OfB });
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");

        int shippedOfA = 0;
        int pressed = 0;
        VirtualOperator person = site.Staff("line-1", line.Belt, new OperatorOptions
        {
            Runs = 2,
            BetweenRuns = () =>
            {
                // Cleared, and then the feed key: the printer gives its last label of A once more, right before B.
                shippedOfA = line.Belt.Shipped.Count;
                if (Interlocked.Exchange(ref pressed, 1) == 0)
                {
                    line.Printer.RepeatLast();
                }
            },
        });
        await site.PictureAsync("line-1", p => p.Account.Verified > 0, "A runs");
        // While A runs nobody gets B started, whatever lies where.
        string early = await site.RefusalAsync("line-1", "start", new { who = "anna" });
        await site.PictureAsync("line-1", p => p.Account.Verified > OfA + 10, "B runs");
        // Somebody finds a label of A on the floor and sticks it on.
        lock (line.Belt.Floor.Moment)
        {
            line.Printer.LabelOut!(line.Printer.Tape.Labels()[5]);
        }

        LineSnapshot end = await site.SettledAsync("line-1", person, 180);
        await site.Service.StopAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, "line-1");

        JournalEntry[] starts = [.. ledger.Of(JournalKind.RunStarted)];
        Assert.Equal(2, starts.Length);
        string numberOfA = JsonDocument.Parse(starts[0].Detail).RootElement.GetProperty("N").GetString()!;
        Dictionary<string, string> runOf = ledger.Of(JournalKind.Print).ToDictionary(e => e.Code, e => e.RunId);
        string a = starts[0].RunId;
        string b = starts[1].RunId;
        HashSet<string> verified = ledger.In("verified");

        Assert.Equal((OfA, OfB), (verified.Count(c => runOf[c] == a), verified.Count(c => runOf[c] == b)));
        Assert.Equal((OfA + OfB, 0L), (end.Account.Verified, end.Account.Remainder));
        Assert.Equal(OfA, shippedOfA);
        IReadOnlyList<(Item Item, WayOut Way)> shipped = line.Belt.Shipped.Items;
        Assert.Equal(OfA + OfB, shipped.Count);
        Assert.All(shipped.Take(OfA), s => Assert.Equal(a, runOf[Assert.Single(s.Item.Labels).CodeTail!]));
        Assert.All(shipped.Skip(OfA), s => Assert.Equal(b, runOf[Assert.Single(s.Item.Labels).CodeTail!]));

        // The stray label of A was found by the scanner, and the line stood until a person had looked.
        JournalEntry[] afterStart = [.. ledger.Journal.Where(e => e.Seq > starts[1].Seq)];
        Assert.Contains(afterStart, e => e.Kind == JournalKind.Intruder && runOf[e.Code] == a);
        Assert.Contains(afterStart, e => e is { Kind: JournalKind.Held, Reason: "duplicate" });
        Assert.Contains(ledger.Of(JournalKind.Cleared), e => e.Seq < starts[1].Seq && e.Reason == "changeover" && e.Who.Length > 0);
        // The feed key between the runs was noticed too, before or after the start.
        Assert.True(ledger.Of(JournalKind.Intruder).Count(e => runOf[e.Code] == a) >= 2);

        foreach (TapeLabel label in line.Printer.Tape.Labels().Where(l => l.Code is not null && l.Kind == TapeLabelKind.Printed))
        {
            string text = Encoding.ASCII.GetString(line.Printer.Tape.FormatOf(label)!.Raw);
            (string own, string other) = runOf[label.CodeTail!] == a ? (numberOfA, "B-NEXT") : ("B-NEXT", numberOfA);
            Assert.Contains(own, text, StringComparison.Ordinal);
            Assert.DoesNotContain(other, text, StringComparison.Ordinal);
        }

        Assert.Equal("run-active", early);
    }
}
