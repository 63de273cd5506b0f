using EdgeLine.Contracts;
using EdgeLine.Devices.Gates;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>The gate alone saw what became of an item; its word is checked against ours.</summary>
public sealed class GateReportTests
{
    private readonly LineUnderTest _line = new(gateReports: true);

    [Fact]
    public void An_item_that_the_gate_rejected_although_it_had_its_pass_has_a_rejected_code()
    {
        _line.Read(1);
        Assert.True(_line.VerdictOf(1)!.Pass);

        Report(1, ItemOutcome.Rejected);

        Assert.Equal(CodeState.Rejected, _line.StateOf(1));
        LineEntry entry = _line.Entries(JournalKind.Rejected).Last();
        Assert.Equal(("gate-rejected", 1L), (entry.Reason, entry.Item));
        Assert.Equal(0, _line.Core.VerifiedInRun);
        Assert.Equal("accept", _line.Rework(1).Answer);
    }

    [Fact]
    public void An_item_that_went_on_with_its_pass_is_no_news()
    {
        _line.Read(1);
        int effects = _line.Effects.Count;
        Report(1, ItemOutcome.Passed);
        Assert.Equal(effects, _line.Effects.Count);
        Report(1, ItemOutcome.Rejected); // told before
        Assert.Equal(CodeState.Verified, _line.StateOf(1));
    }

    [Fact]
    public void An_item_that_went_on_without_a_pass_rejects_everything_until_the_line_is_cleared()
    {
        _line.NoRead();
        Report(1, ItemOutcome.Passed);
        Assert.Equal("Held gate-passed", _line.StateText);
        Assert.True(_line.Core.NeedsClearance);
        Assert.True(_line.HasAlarm("gate-passed"));
        Assert.False(_line.Read(1)!.Pass);
    }

    [Fact]
    public void A_reject_that_was_not_seen_in_the_bin_rejects_everything_until_the_line_is_cleared()
    {
        _line.NoRead();
        Report(1, ItemOutcome.Missed);
        Assert.Equal("Held gate-missed", _line.StateText);
        Assert.True(_line.Core.NeedsClearance);
        Assert.False(_line.Read(1)!.Pass);
    }

    [Fact]
    public void Reports_that_were_overwritten_are_told_once_a_minute_and_none_is_left_out()
    {
        _line.Apply(new LineEvent.GateReportsLost(3));
        Assert.Equal("3", Lost.Args["items"]);
        Assert.Equal("Execute", _line.StateText);
        _line.Apply(new LineEvent.GateReportsLost(2));
        _line.Advance(59_999);
        _line.Apply(new LineEvent.GateReportsLost(2));
        Assert.Equal("3", Lost.Args["items"]);
        _line.Advance(1);
        Assert.Equal("7", Lost.Args["items"]);
    }

    [Fact]
    public void An_item_that_was_in_the_bin_before_its_entry_was_on_disk_gets_no_pass()
    {
        _line.AutoCommit = false;
        _line.Read(1);
        Report(1, ItemOutcome.Rejected);
        Assert.Empty(_line.Verdicts);
        _line.AutoCommit = true;
        _line.CommitAll();
        Assert.DoesNotContain(_line.Verdicts, v => v.Pass);
        Assert.Equal(CodeState.Rejected, _line.StateOf(1));
    }

    [Fact]
    public void After_a_restart_the_gate_still_knows_what_became_of_the_last_items()
    {
        _line.Read(1);
        _line.Read(2);
        _line.AutoCommit = false;
        _line.Read(3);
        _line.Crash(committedBeforeIt: 1); // verified on disk, and the service died before it could say PASS
        _line.AutoCommit = true;
        _line.CommitAll();
        Assert.Equal([CodeState.Verified, CodeState.Verified, CodeState.Verified], _line.States(1, 3));

        Report(2, ItemOutcome.Passed);
        Report(3, ItemOutcome.Rejected);
        Report(4, ItemOutcome.Passed); // new item, without a word from us

        Assert.Equal([CodeState.Verified, CodeState.Verified, CodeState.Rejected], _line.States(1, 3));
        Assert.Equal("Held gate-passed", _line.StateText);
    }

    [Fact]
    public void A_report_that_is_told_again_after_a_restart_takes_no_code_back_that_rework_accepted()
    {
        _line.Read(1);
        Report(1, ItemOutcome.Rejected);
        Assert.Equal("accept", _line.Rework(1).Answer);
        _line.Crash();
        _line.CommitAll();
        Report(1, ItemOutcome.Rejected);
        Assert.Equal(CodeState.Verified, _line.StateOf(1));
    }

    [Fact]
    public void An_item_of_before_the_start_that_went_on_is_taken_as_it_is()
    {
        _line.Read(1);
        _line.Crash();
        _line.CommitAll();
        _line.DevicesUp();
        Report(1, ItemOutcome.Passed);
        Assert.NotEqual(PackMlState.Held, _line.Core.State);
        Assert.Equal(CodeState.Verified, _line.StateOf(1));
    }

    [Fact]
    public void A_code_that_a_person_withdrew_in_the_meantime_stays_withdrawn()
    {
        _line.Read(1);
        Assert.Equal("", _line.Void(1, supervisor: true));
        Report(1, ItemOutcome.Rejected);
        Assert.Equal(CodeState.Void, _line.StateOf(1));
    }

    [Fact]
    public void An_item_on_the_rework_table_that_the_gate_has_not_told_of_waits_and_is_accepted_then()
    {
        _line.Read(1);
        Assert.Equal(("wait", "gate-not-heard"), (_line.Rework(1).Answer, _line.Rework(1).Reason));
        Report(1, ItemOutcome.Rejected);
        Assert.Equal("accept", _line.Rework(1).Answer);
    }

    [Fact]
    public void A_second_label_of_an_item_that_went_on_is_told_as_such_and_so_it_is_when_the_gate_stays_silent()
    {
        _line.Read(1);
        _line.Read(2);
        Report(1, ItemOutcome.Passed);
        Assert.Equal(("destroy", "second-label"), (_line.Rework(1).Answer, _line.Rework(1).Reason));
        Assert.Equal("wait", _line.Rework(2).Answer);
        _line.Advance(_line.Settings.RunOutMs);
        Assert.Equal("destroy", _line.Rework(2).Answer);
    }

    [Fact]
    public void A_run_ends_when_its_last_item_was_reported_and_a_rejected_one_is_made_up_for()
    {
        LineUnderTest line = new(target: 2, gateReports: true);
        line.Read(1);
        line.Read(2);
        Assert.Equal(PackMlState.Completing, line.Core.State);
        Report(line, 1, ItemOutcome.Passed);
        Report(line, 2, ItemOutcome.Rejected);
        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.Read(3);
        Report(line, 3, ItemOutcome.Passed);
        Assert.Equal(PackMlState.Complete, line.Core.State);
    }

    [Fact]
    public void A_run_does_not_wait_for_ever_for_an_item_that_stands_before_the_gate()
    {
        LineUnderTest line = new(target: 1, gateReports: true);
        line.Read(1);
        Assert.Equal(PackMlState.Completing, line.Core.State);
        line.Advance(line.Settings.RunOutMs);
        Assert.Equal(PackMlState.Complete, line.Core.State);
        Report(line, 1, ItemOutcome.Rejected);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
    }

    [Fact]
    public void A_run_does_not_end_while_the_gate_is_away_and_may_have_rejected_its_last_item()
    {
        LineUnderTest line = new(target: 1, gateReports: true);
        line.Read(1);
        line.Apply(new LineEvent.GateDown());
        line.Advance(3 * line.Settings.RunOutMs);
        Assert.Equal(PackMlState.Completing, line.Core.State);
        Assert.Equal("wait", line.Rework(1).Answer);
        Report(line, 1, ItemOutcome.Rejected);
        line.Apply(new LineEvent.GateUp());
        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.Read(2);
        Report(line, 2, ItemOutcome.Passed);
        Assert.Equal(PackMlState.Complete, line.Core.State);
        Assert.Equal("surplus", line.Rework(1).Reason);
    }

    [Fact]
    public void A_gate_without_reports_lets_a_run_end_at_once()
    {
        LineUnderTest line = new(target: 1);
        line.Read(1);
        Assert.Equal(PackMlState.Complete, line.Core.State);
    }

    [Fact]
    public void A_full_bin_holds_the_line_and_lets_nobody_go_on_before_it_is_emptied()
    {
        _line.Apply(new LineEvent.BinFull(true));
        Assert.Equal("Held reject-bin-full", _line.StateText);
        Assert.Equal("reject-bin-full", _line.Resume());
        _line.Apply(new LineEvent.BinFull(false));
        Assert.Equal("", _line.Resume());
        Assert.Equal(PackMlState.Execute, _line.Core.State);
    }

    [Fact]
    public void No_run_starts_over_a_full_bin()
    {
        LineUnderTest line = new(started: false);
        line.Apply(new LineEvent.BinFull(true));
        Assert.Equal("reject-bin-full", line.Start(Some.Order(10)));
    }

    private void Report(long item, ItemOutcome outcome) => Report(_line, item, outcome);

    private AlarmSnapshot Lost => _line.Core.Alarms.Active.Single(a => a.Key == "gate-reports-lost");

    private static void Report(LineUnderTest line, long item, ItemOutcome outcome) =>
        line.Apply(new LineEvent.GateReport(item, outcome));
}
