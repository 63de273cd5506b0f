using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>What was decided is on disk before the product moves on; what comes too late is no pass.</summary>
public sealed class LateDurabilityTests
{
    [Fact]
    public void A_verdict_that_comes_too_late_is_no_pass_and_the_code_is_rejected()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.Advance(line.Settings.VerdictWithinMs + 1);
        line.CommitAll();
        Assert.Equal((false, "late"), (line.VerdictOf(1)!.Pass, line.VerdictOf(1)!.Reason));
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        Assert.True(line.HasAlarm("verdict-late"));
        Assert.DoesNotContain(line.Verdicts, v => v.Pass);
    }

    [Fact]
    public void Late_verdicts_in_a_row_hold_the_line_because_the_disk_is_too_slow_and_one_in_time_forgives_them()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        for (int code = 1; code <= 6; code++)
        {
            Assert.Equal(PackMlState.Execute, line.Core.State);
            line.Read(code);
            line.Advance(code == 3 ? 0 : line.Settings.VerdictWithinMs + 1);
            line.CommitAll();
        }

        Assert.Equal("Held storage-slow", line.StateText);
        Assert.True(line.HasAlarm("storage-slow"));
        line.AutoCommit = true;
        Assert.Equal("", line.Resume());
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    /// <summary>The disk was in time for it; that the gate had not counted it by then is the scanner's affair.</summary>
    [Fact]
    public void An_item_that_was_on_disk_in_time_and_not_counted_speaks_for_the_disk()
    {
        var line = new LineUnderTest(gateCounts: true);
        line.AutoCommit = false;
        string[] why = [.. Enumerable.Range(1, 5).Select(code =>
        {
            bool inTime = code == 3;
            line.Read(code);
            line.Advance(inTime ? 0 : line.Settings.VerdictWithinMs + 1);
            line.CommitAll();
            line.Advance(inTime ? line.Settings.VerdictWithinMs + 1 : 0);
            line.CommitAll();
            return line.VerdictOf(code)!.Reason;
        })];
        Assert.Equal(["late", "late", "uncounted", "late", "late"], why);
        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.Read(6);
        line.Advance(line.Settings.VerdictWithinMs + 1);
        line.CommitAll();
        Assert.Equal("Held storage-slow", line.StateText);
    }

    /// <summary>Two more would hold the line because of the scanner, but none of them because of the disk.</summary>
    [Fact]
    public void An_item_that_was_not_counted_is_no_sign_of_a_slow_disk()
    {
        var line = new LineUnderTest(gateCounts: true);
        line.Read(1);
        line.Read(2);
        line.Advance(line.Settings.VerdictWithinMs + 1);
        Assert.Equal(2, line.Verdicts.Count(v => v.Reason == "uncounted"));
        line.AutoCommit = false;
        line.Read(3);
        line.Advance(line.Settings.VerdictWithinMs + 1);
        line.CommitAll();
        Assert.Equal("late", line.VerdictOf(3)!.Reason);
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void An_item_in_the_bin_that_a_slow_disk_still_keeps_its_verdict_from_is_not_destroyed_as_a_second_label()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.Advance(5_000);
        Assert.Equal("wait", line.Rework(1).Answer);
        line.CommitAll();
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        line.AutoCommit = true;
        Assert.Equal("accept", line.Rework(1).Answer);
        Assert.Equal(CodeState.Verified, line.StateOf(1));
    }

    [Fact]
    public void A_verdict_at_its_deadline_still_passes()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.Advance(line.Settings.VerdictWithinMs);
        line.CommitAll();
        Assert.True(line.VerdictOf(1)!.Pass);
    }

    [Fact]
    public void On_a_bench_the_person_waits_and_no_verdict_comes_too_late()
    {
        var line = new LineUnderTest(Station.Bench);
        line.AutoCommit = false;
        line.Read(1);
        line.Advance(60_000);
        Assert.Empty(line.Verdicts);
        line.CommitAll();
        Assert.True(line.VerdictOf(1)!.Pass);
        Assert.Equal(CodeState.Verified, line.StateOf(1));
        Assert.False(line.HasAlarm("verdict-late"));
    }

    [Fact]
    public void The_target_is_met_exactly_by_a_top_up_after_a_late_verdict()
    {
        var line = new LineUnderTest(target: 3);
        line.Read(1);
        line.Read(2);
        line.AutoCommit = false;
        line.Read(3);
        line.Advance(line.Settings.VerdictWithinMs + 1);
        line.AutoCommit = true;
        line.CommitAll();
        Assert.Equal(line.Code(4), line.Sent.Last());
        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.Read(4);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal(3, line.Ledger.Fold.VerifiedInRun);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_late_item_that_is_put_back_on_the_belt_passes_once()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.Advance(2000);
        line.CommitAll();
        line.AutoCommit = true;
        Assert.True(line.Read(1)!.Pass);
        Assert.False(line.Read(1)!.Pass);
    }

    [Fact]
    public void The_same_label_at_the_same_item_is_ignored_before_and_after_the_commit()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.FrameAt(1, line.ReadOf(1));
        line.CommitAll();
        line.FrameAt(1, line.ReadOf(1));
        line.CommitAll();
        Assert.Single(line.Verdicts);
        Assert.True(line.VerdictOf(1)!.Pass);
        Assert.Empty(line.Entries(JournalKind.Intruder));
    }

    [Fact]
    public void The_printers_own_repeat_is_rejected_while_the_first_is_still_on_its_way_to_the_disk()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        Assert.Equal((false, "repeat-of-last"), (line.Read(1)!.Pass, line.VerdictOf(2)!.Reason));
        line.CommitAll();
        Assert.True(line.VerdictOf(1)!.Pass);
        Assert.Single(line.Verdicts, v => v.Pass);
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void Several_items_may_wait_for_the_disk_and_each_gets_its_own_verdict()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.NoRead();
        line.Read(2);
        line.CommitAll();
        Assert.Equal([(1, true), (2, false), (3, true)], line.Verdicts.OrderBy(v => v.Item).Select(v => (v.Item, v.Pass)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_waits_for_the_disk_when_scanner_or_gate_goes_down_gets_no_pass(bool gate)
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.Apply(gate ? new LineEvent.GateDown() : new LineEvent.ScannerDown());
        line.Apply(gate ? new LineEvent.GateUp() : new LineEvent.ScannerUp());
        line.CommitAll();
        Assert.Equal((false, "tracking-lost"), (line.VerdictOf(1)!.Pass, line.VerdictOf(1)!.Reason));
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
    }

    [Fact]
    public void What_waits_for_the_disk_when_tracking_is_lost_gets_no_pass_not_even_after_the_clearance()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.ReadForeign();
        Assert.Equal("", line.Clear(2));
        line.CommitAll();
        Assert.False(line.VerdictOf(1)!.Pass);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
    }
}
