using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>
/// The answer of the rework table is on disk before it is shown. While the disk takes its time the same label is shown
/// again, another one is, or a person withdraws the code: no good item is taken for a twin, no answer for another label's.
/// </summary>
public sealed class ReworkOnASlowDiskTests
{
    // Labels 1 and 2 lie in the bin, and from now on nothing is on disk before the test says so.
    private static LineUnderTest WithFullBin()
    {
        var line = new LineUnderTest();
        line.NoRead();
        line.NoRead();
        line.Read(3);
        Assert.Equal([CodeState.Rejected, CodeState.Rejected], line.States(1, 2));
        line.AutoCommit = false;
        line.CommitAll();
        line.Effects.Clear();
        return line;
    }

    private static (string Answer, string Reason, string Tail) Shown(LineUnderTest line)
    {
        ReworkCard card = line.Effects.OfType<LineEffect.Tell>().Last().Card;
        return (card.Answer, card.Reason, card.CodeTail);
    }

    private static (string, string, string) Accept(LineUnderTest line, int code) => ("accept", "rework", line.Code(code).Tail);

    private static int Accepts(LineUnderTest line) => line.Effects.OfType<LineEffect.Tell>().Count(t => t.Card.IsAccept);

    [Fact]
    public void A_label_shown_again_while_its_acceptance_is_written_gets_that_answer_and_is_nobodys_twin()
    {
        LineUnderTest line = WithFullBin();
        line.Rework(1);
        line.Advance(3_000);
        Assert.Equal("looking", line.Rework(1).Answer);
        line.CommitAll();
        Assert.Equal(Accept(line, 1), Shown(line));
        Assert.Equal(1, Accepts(line));
        Assert.Single(line.Entries(JournalKind.Verified), e => e.Code == line.Code(1));
    }

    [Fact]
    public void A_label_heard_again_before_the_disk_had_written_gets_the_answer_that_nobody_saw()
    {
        LineUnderTest line = WithFullBin();
        line.Rework(1);
        line.Advance(3_000);
        // The ledger is asked about the second scan only after it has written the first one.
        line.Apply(new LineEvent.ReworkHeard(77, ""));
        line.CommitAll();
        line.Advance(60_000);
        Assert.Equal("looking", Shown(line).Answer);
        line.Ask(id => new LineEvent.ReworkRead(id, 77, "Wang", line.ReadOf(1), false));
        Assert.Equal(Accept(line, 1), Shown(line));
        Assert.Equal(1, Accepts(line));
    }

    [Fact]
    public void What_was_told_once_is_told_no_second_label()
    {
        LineUnderTest line = WithFullBin();
        line.Rework(1);
        line.Advance(3_000);
        line.Rework(1);
        line.CommitAll();
        line.Advance(500);
        Assert.Equal(("already-final", "accepted-just-now"), (line.Rework(1).Answer, line.Rework(1).Reason));
        line.Advance(5_000);
        Assert.Equal(("find-the-twin", "accepted-before"), (line.Rework(1).Answer, line.Rework(1).Reason));
        Assert.Equal(1, Accepts(line));
    }

    [Fact]
    public void The_card_of_the_label_before_goes_when_a_new_one_is_heard()
    {
        LineUnderTest line = WithFullBin();
        line.Rework(1);
        line.CommitAll();
        Assert.Equal(Accept(line, 1), Shown(line));
        line.Apply(new LineEvent.ReworkHeard(77, "WXYZ"));
        Assert.Equal(("looking", "", "WXYZ"), Shown(line));
    }

    [Fact]
    public void The_answer_to_one_label_is_never_shown_for_the_next_one()
    {
        LineUnderTest line = WithFullBin();
        line.Rework(1);
        line.Rework(2);
        line.CommitNext();
        Assert.Equal("looking", Shown(line).Answer);
        line.CommitAll();
        Assert.Equal(Accept(line, 2), Shown(line));
        // Nobody was told of the first one: it comes back to the table and is as good as it was.
        line.Advance(60_000);
        Assert.Equal("accept", line.Rework(1).Answer);
        Assert.Equal((2, 3), (Accepts(line), line.Ledger.Fold.VerifiedInRun));
        line.Ledger.Demand();
    }

    [Fact]
    public void Nothing_is_decided_about_a_label_that_was_overtaken()
    {
        LineUnderTest line = WithFullBin();
        line.Apply(new LineEvent.ReworkHeard(77, ""));
        line.Apply(new LineEvent.ReworkHeard(78, ""));
        Assert.Equal("overtaken", line.Ask(id => new LineEvent.ReworkRead(id, 77, "Wang", line.ReadOf(1), false)));
        Assert.Equal("", line.Ask(id => new LineEvent.ReworkRead(id, 78, "Wang", line.ReadOf(2), false)));
        line.CommitAll();
        Assert.Equal(Accept(line, 2), Shown(line));
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
    }

    [Fact]
    public void A_typed_code_does_not_take_the_answer_of_the_label()
    {
        LineUnderTest line = WithFullBin();
        line.Rework(1);
        Assert.Equal(("wait", "scan-again"), (line.Rework(1, typed: true).Answer, line.Rework(1, typed: true).Reason));
        line.CommitAll();
        Assert.Equal(0, Accepts(line));
        Assert.Equal("accept", line.Rework(1).Answer);
    }

    [Fact]
    public void A_code_that_is_withdrawn_meanwhile_is_not_called_good()
    {
        LineUnderTest line = WithFullBin();
        line.Rework(1);
        Assert.Equal("", line.Void(1, supervisor: true));
        Assert.Equal(("wait", "scan-again", line.Code(1).Tail), Shown(line));
        line.CommitAll();
        Assert.Equal(0, Accepts(line));
        Assert.Equal("voided-label-alive", line.Rework(1).Reason);
        line.Ledger.Demand();
    }

    [Fact]
    public void Nothing_of_a_batch_that_is_suspended_meanwhile_is_called_good()
    {
        LineUnderTest line = WithFullBin();
        line.Rework(1);
        line.Apply(new LineEvent.PlatformSaid(true, line.Now.WallMs));
        line.CommitAll();
        Assert.Equal(("other-run", "batch-suspended", line.Code(1).Tail), Shown(line));
        line.Apply(new LineEvent.PlatformSaid(false, line.Now.WallMs));
        Assert.Equal("accept", line.Rework(1).Answer);
    }

    [Fact]
    public void A_second_label_shown_twice_before_its_entry_is_on_disk_is_one_intruder()
    {
        LineUnderTest line = WithFullBin();
        line.Read(4);
        line.CommitAll();
        line.Rework(4);
        line.Advance(3_000);
        line.Rework(4);
        line.CommitAll();
        Assert.Equal(("destroy", "second-label", line.Code(4).Tail), Shown(line));
        Assert.Single(line.Entries(JournalKind.Intruder));
    }

    [Fact]
    public void A_bench_tells_each_label_its_own_answer()
    {
        var line = new LineUnderTest(Station.Bench, target: 5);
        line.Pause();
        line.AutoCommit = false;
        line.Read(1);
        line.Advance(3_000);
        line.Read(1);
        Assert.Equal("looking", Shown(line).Answer);
        line.CommitAll();
        Assert.Equal(Accept(line, 1), Shown(line));
        Assert.Equal(1, Accepts(line));
    }
}
