using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>The bench (stick, scan, next) and the rework table.</summary>
public sealed class BenchAndReworkTests
{
    private static LineUnderTest Bench(int target = 10) => new(Station.Bench, target: target);

    [Fact]
    public void On_a_bench_the_next_label_comes_only_after_a_good_read()
    {
        LineUnderTest line = Bench();
        Assert.Equal([line.Code(1)], line.Sent);
        line.Advance(3_600_000);
        Assert.Single(line.Sent);
        Assert.True(line.Read(1)!.Pass);
        Assert.Equal([line.Code(1), line.Code(2)], line.Sent);
    }

    [Fact]
    public void A_trigger_pulled_twice_says_that_it_is_done_and_holds_nothing()
    {
        LineUnderTest line = Bench();
        line.AutoCommit = false;
        line.Read(1);
        line.Read(1);
        line.CommitAll();
        line.AutoCommit = true;
        line.Read(1);
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.Single(line.Verdicts, v => v.Pass);
        Assert.Equal("already-final", line.Effects.OfType<LineEffect.Tell>().Last().Card.Answer);
        Assert.Equal(2, line.Sent.Count());
    }

    [Fact]
    public void A_spoiled_label_is_voided_by_its_typed_code_and_the_next_one_comes()
    {
        LineUnderTest line = Bench();
        Assert.Equal("", line.Void(1));
        Assert.Equal(CodeState.Void, line.StateOf(1));
        Assert.Equal([line.Code(1), line.Code(2)], line.Sent);
        Assert.True(line.Read(2)!.Pass);
    }

    [Fact]
    public void A_carton_code_on_a_bench_is_rejected_and_nothing_is_held()
    {
        LineUnderTest line = Bench();
        for (int i = 0; i < 10; i++)
        {
            Assert.False(line.Frame(new CodeRead(ReadKind.Other, default, default, false))!.Pass);
        }

        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(1)!.Pass);
    }

    [Fact]
    public void A_bench_run_meets_its_target_exactly()
    {
        LineUnderTest line = Bench(target: 3);
        line.Read(1);
        line.Void(2);
        line.Read(3);
        line.Read(4);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal(4, line.Sent.Count());
        line.Ledger.Demand();
    }

    [Fact]
    public void A_bench_crash_is_resolved_by_scanning_the_label_at_hand()
    {
        LineUnderTest line = Bench();
        line.Crash();
        line.DevicesUp();
        Assert.Equal("Suspended run-out", line.StateText);
        Assert.True(line.Read(1)!.Pass);
        line.Advance(50);
        Assert.Equal([line.Code(2)], line.Sent);
    }

    [Fact]
    public void A_rejected_item_is_accepted_at_rework_once_and_counts_for_the_target()
    {
        var line = new LineUnderTest(target: 6);
        line.NoRead();
        line.Read(2);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        ReworkCard card = line.Rework(1);
        Assert.Equal(("accept", "rework"), (card.Answer, card.Reason));
        Assert.Equal(("rework", "Wang"), (line.Entries(JournalKind.Verified).Last().Reason, line.Entries(JournalKind.Verified).Last().Who));
        Assert.Equal(("already-final", "accepted-just-now"), (line.Rework(1).Answer, line.Rework(1).Reason));
        line.Advance(60_000);
        Assert.Equal("accepted-before", line.Rework(1).Reason);
        line.Read(3);
        line.Read(4);
        line.Read(5);
        line.Read(6);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal((6, 6), (line.Ledger.Fold.VerifiedInRun, line.Sent.Count()));
        line.Ledger.Demand();
    }

    [Fact]
    public void Rework_is_told_only_when_it_is_on_disk()
    {
        var line = new LineUnderTest();
        line.NoRead();
        line.Read(2);
        line.AutoCommit = false;
        Assert.Equal("looking", line.Rework(1).Answer);
        line.CommitAll();
        Assert.Equal(["looking", "accept"], line.Effects.OfType<LineEffect.Tell>().Select(t => t.Card.Answer));
    }

    [Fact]
    public void A_typed_code_is_never_verified()
    {
        var line = new LineUnderTest();
        line.NoRead();
        line.Read(2);
        ReworkCard card = line.Rework(1, typed: true);
        Assert.Equal(("destroy", "typed"), (card.Answer, card.Reason));
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        Assert.Equal("", line.Void(1));
        Assert.Equal(CodeState.Void, line.StateOf(1));
    }

    [Fact]
    public void A_rework_scan_beyond_the_target_is_destroyed()
    {
        var line = new LineUnderTest(target: 3);
        line.NoRead();
        line.Read(2);
        line.Read(3);
        // Label 4 is on its way and fills the target; label 1 in the bin is one too many.
        ReworkCard card = line.Rework(1);
        Assert.Equal(("destroy", "surplus"), (card.Answer, card.Reason));
        Assert.Equal(CodeState.Void, line.StateOf(1));
        Assert.True(line.Read(4)!.Pass);
        Assert.Equal("Complete target-met", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void Rework_has_an_answer_for_every_label()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Void(2);
        Assert.Equal(("destroy", "second-label"), (line.Rework(1).Answer, line.Rework(1).Reason));
        Assert.Equal(("destroy", "voided-label-alive"), (line.Rework(2).Answer, line.Rework(2).Reason));
        Assert.Equal(("not-ours", "foreign"), (line.Rework(line.Ledger.ReadOf(Some.ForeignCode(), null)).Answer, "foreign"));
        Assert.Equal("not-ours", line.Rework(new CodeRead(ReadKind.Other, default, default, false)).Answer);
        Assert.Equal("not-ours", line.Rework(new CodeRead(ReadKind.Test, new CodeRef(0, Some.Code(5, 'T')), default, false)).Answer);
        Assert.Equal(("destroy", "never-printed"), (line.Rework(50).Answer, line.Rework(51).Reason));
        Assert.Equal("accept", line.Rework(3).Answer);
    }

    [Fact]
    public void A_label_accepted_at_rework_is_a_duplicate_on_the_belt()
    {
        var line = new LineUnderTest();
        line.NoRead();
        line.Read(2);
        line.Rework(1);
        Assert.Equal("duplicate", line.Read(1)!.Reason);
    }

    [Fact]
    public void Only_open_codes_can_be_voided_by_the_operator()
    {
        var line = new LineUnderTest();
        line.Read(1);
        Assert.Equal("verified-needs-supervisor", line.Void(1));
        Assert.Equal("", line.Void(2));
        Assert.Equal("already-final", line.Void(2));
        Assert.Equal("already-final", line.Void(50));
    }
}
