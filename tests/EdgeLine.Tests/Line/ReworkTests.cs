using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>What the rework table says when the ledger knows more than the label: repeats, later runs, ended orders.</summary>
public sealed class ReworkTests
{
    // Label 1 goes past unread; the printer feeds it once more, and the second copy is read and leaves.
    private static LineUnderTest WithRepeatedLabel()
    {
        var line = new LineUnderTest();
        line.NoRead();
        Assert.True(line.Read(1)!.Pass);
        return line;
    }

    [Fact]
    public void The_first_copy_of_a_label_that_the_printer_repeated_is_destroyed()
    {
        LineUnderTest line = WithRepeatedLabel();
        ReworkCard card = line.Rework(1);
        Assert.Equal(("destroy", "second-label"), (card.Answer, card.Reason));
        Assert.Equal(CodeState.Verified, line.StateOf(1));
        Assert.Equal(("second-label", "Wang"), (line.Entries(JournalKind.Intruder).Last().Reason, line.Entries(JournalKind.Intruder).Last().Who));
    }

    [Fact]
    public void A_second_label_shown_twice_is_one_intruder_and_no_rejected_item()
    {
        LineUnderTest line = WithRepeatedLabel();
        line.Rework(1);
        line.Rework(1);
        Assert.Single(line.Entries(JournalKind.Intruder));
        Assert.Equal((1, 1), (line.Ledger.Fold.Totals.Intruders, line.Ledger.Fold.Totals.Rejected));
    }

    [Fact]
    public void A_second_copy_in_the_bin_is_no_second_good_item()
    {
        var line = new LineUnderTest();
        line.NoRead();
        line.NoRead();
        line.Read(2);
        Assert.Equal("accept", line.Rework(1).Answer);
        line.Rework(3);
        Assert.Equal(("find-the-twin", "accepted-before"), (line.Rework(1).Answer, line.Rework(1).Reason));
        Assert.Single(line.Entries(JournalKind.Verified), e => e.Code == line.Code(1));
    }

    [Fact]
    public void After_a_restart_the_ledger_still_tells_a_second_label_from_one_accepted_before()
    {
        LineUnderTest line = WithRepeatedLabel();
        line.Rework(2);
        line.Advance(60_000);
        line.Crash();
        Assert.Equal("second-label", line.Rework(1).Reason);
        Assert.Equal("accepted-before", line.Rework(2).Reason);
    }

    [Fact]
    public void A_typed_code_of_a_second_label_kills_no_good_item()
    {
        LineUnderTest line = WithRepeatedLabel();
        Assert.Equal("destroy", line.Rework(1, typed: true).Answer);
        Assert.Equal("verified-needs-supervisor", line.Void(1));
        Assert.Equal(CodeState.Verified, line.StateOf(1));
    }

    [Fact]
    public void A_label_of_a_code_that_was_never_printed_takes_it_out_of_the_supply()
    {
        var line = new LineUnderTest();
        Assert.Equal("never-printed", line.Rework(4).Reason);
        Assert.Equal(CodeState.Void, line.StateOf(4));
        line.Read(1);
        Assert.Equal(line.Code(5), line.Sent.Last());
    }

    [Fact]
    public void A_label_withheld_while_its_code_is_on_its_way_to_the_line_is_not_printed()
    {
        var line = new LineUnderTest(autoSupply: false);
        LineEffect.AskCodes ask = line.Effects.OfType<LineEffect.AskCodes>().Last();
        LineEvent.CodesSupplied codes = line.Ledger.Supply("order-1", ask.AfterId, ask.Count);
        line.Rework(2);
        line.Apply(codes);
        Assert.Equal([line.Code(1), line.Code(3), line.Code(4)], line.Sent);
    }

    [Fact]
    public void After_the_run_a_label_from_the_bin_is_accepted_when_the_order_still_wants_it()
    {
        var line = EndedShort();
        Assert.Equal("Complete ended", line.StateText);
        Assert.Equal("accept", line.Rework(1).Answer);
        Assert.Equal("run-1", line.Entries(JournalKind.Verified).Last().RunId);
        Assert.Equal(5, line.Ledger.Fold.VerifiedInRun);
        line.Ledger.Demand();
    }

    [Fact]
    public void After_the_run_a_label_is_destroyed_when_the_order_has_enough()
    {
        var line = new LineUnderTest(target: 3);
        line.NoRead();
        line.Read(2);
        line.Read(3);
        line.Read(4);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal("surplus", line.Rework(1).Reason);
        Assert.Equal(CodeState.Void, line.StateOf(1));
        line.Ledger.Demand();
    }

    [Fact]
    public void After_the_run_no_more_are_accepted_than_the_lease_allows()
    {
        var line = new LineUnderTest(target: 10, mayVerify: 3, codes: 20);
        line.NoRead();
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.End();
        Assert.Equal("Complete ended", line.StateText);
        Assert.Equal("surplus", line.Rework(1).Reason);
        line.Ledger.Demand();
    }

    [Fact]
    public void What_the_order_still_wants_is_remembered_over_a_restart()
    {
        LineUnderTest line = EndedShort();
        line.Crash();
        Assert.Equal("accept", line.Rework(1).Answer);
        line.Ledger.Demand();
    }

    [Fact]
    public void In_a_later_run_of_the_same_order_a_label_of_the_earlier_one_counts()
    {
        LineUnderTest line = EndedShort();
        line.Ledger.Lend("order-1", 7, 20, line.Now.WallMs + 1_000_000);
        Assert.Equal("", line.Start(Some.Order(6, run: "run-2")));
        Assert.Equal("accept", line.Rework(1).Answer);
        Assert.Equal(1, line.Ledger.Fold.VerifiedInRun);
        line.Ledger.Demand();
    }

    [Fact]
    public void In_a_run_of_another_order_a_label_of_the_earlier_one_is_put_aside_or_withdrawn()
    {
        LineUnderTest line = EndedShort();
        line.Ledger.Lend("order-2", 10, 20, line.Now.WallMs + 1_000_000);
        Assert.Equal("", line.Clear(0));
        Assert.Equal("", line.Start(Some.Order(5, "order-2", "run-2")));
        Assert.Equal("other-run", line.Rework(1).Answer);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        Assert.Equal("", line.Void(1));
        Assert.Equal((0, 0), (line.Ledger.Fold.RunCounts.Voided, line.Ledger.Fold.Replaceable));
        line.Ledger.Demand();
    }

    [Fact]
    public void Nothing_of_a_suspended_batch_is_accepted()
    {
        var line = new LineUnderTest();
        line.NoRead();
        line.Read(2);
        line.Apply(new LineEvent.PlatformSaid(true, line.Now.WallMs));
        Assert.Equal(("other-run", "batch-suspended"), (line.Rework(1).Answer, line.Rework(1).Reason));
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
    }

    [Fact]
    public void A_label_taken_to_the_table_leaves_no_gap_behind()
    {
        var line = new LineUnderTest(target: 5);
        line.NoRead();
        Assert.Equal("accept", line.Rework(1).Answer);
        line.Read(2);
        Assert.Equal(0, line.Entries(JournalKind.Verified).Last().Count);
        line.Read(3);
        line.Read(4);
        line.Read(5);
        Assert.Equal(5, line.Sent.Count());
        Assert.Equal("Complete target-met", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_bench_without_a_run_asks_its_own_scanner_what_to_do_with_an_item()
    {
        var line = new LineUnderTest(Station.Bench, target: 3);
        line.Read(1);
        line.End();
        line.Advance(20_000);
        line.Rework(2);
        line.Advance(60_000);
        line.Read(1);
        Assert.Equal(("find-the-twin", "duplicate"), (Last(line).Answer, Last(line).Reason));
        Assert.DoesNotContain(line.Entries(JournalKind.Intruder), _ => true);
    }

    [Fact]
    public void A_paused_bench_accepts_with_its_own_scanner()
    {
        var line = new LineUnderTest(Station.Bench, target: 3);
        line.Pause();
        line.Read(1);
        Assert.Equal("accept", Last(line).Answer);
        Assert.Equal("rework", line.Entries(JournalKind.Verified).Single().Reason);
    }

    private static ReworkCard Last(LineUnderTest line) => line.Effects.OfType<LineEffect.Tell>().Last().Card;

    // Label 1 lies in the bin, three of ten are verified, and a person ended the run.
    private static LineUnderTest EndedShort()
    {
        var line = new LineUnderTest(target: 10);
        line.NoRead();
        line.Read(2);
        line.End();
        line.Read(3);
        line.Read(4);
        line.Read(5);
        line.Advance(20_000);
        if (line.Core.NeedsClearance)
        {
            line.Clear(0);
        }

        return line;
    }
}
