using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A PASS leaves when the gate has counted as many triggers as the scanner has answered, and not before.</summary>
public sealed class CountedAlikeTests
{
    [Fact]
    public void A_pass_waits_for_the_count_and_a_count_for_the_disk()
    {
        var line = new LineUnderTest(gateCounts: true);
        Assert.Null(line.Read(1));
        Assert.Equal(CodeState.Verified, line.StateOf(1));
        line.Apply(new LineEvent.CountedAlike(1));
        Assert.True(line.VerdictOf(1)!.Pass);

        line.AutoCommit = false;
        line.Read(2);
        line.Apply(new LineEvent.CountedAlike(2));
        Assert.Null(line.VerdictOf(2));
        line.CommitAll();
        Assert.True(line.VerdictOf(2)!.Pass);
    }

    [Fact]
    public void A_count_that_comes_after_the_next_item_speaks_for_both_and_a_reject_waits_for_none()
    {
        var line = new LineUnderTest(gateCounts: true);
        line.Read(1);
        Assert.False(line.NoRead()!.Pass);
        line.Read(2);
        Assert.DoesNotContain(line.Verdicts, v => v.Pass);
        line.Apply(new LineEvent.CountedAlike(3));
        Assert.Equal([1L, 3L], line.Verdicts.Where(v => v.Pass).Select(v => v.Item));
    }

    [Fact]
    public void When_a_frame_is_swallowed_between_close_items_nothing_passes_and_three_of_them_hold_the_line()
    {
        // Pitch 50 ms, verdict within 800 ms: 16 items fit between scanner and gate. The frame of item 3 never comes, so each
        // later one has the number of the item before, and the gate is always one ahead.
        var line = new LineUnderTest(labelsToScanner: 6, gateCounts: true);
        for (int item = 1; item <= 40 && line.Core.State == PackMlState.Execute; item++)
        {
            line.Apply(new LineEvent.GateSaw(item));
            if (item != 3)
            {
                line.Read(item);
            }

            if (line.LastItem == item)
            {
                line.Apply(new LineEvent.CountedAlike(item));
            }

            line.Advance(50);
        }

        Assert.Equal([1L, 2L], line.Verdicts.Where(v => v.Pass).Select(v => v.Item));
        Assert.Equal("Held scanner-silent", line.StateText);
        Assert.Equal([3L, 4L, 5L], line.Verdicts.Where(v => v.Reason == "uncounted").Select(v => v.Item));
        Assert.Contains(line.Effects, e => e is LineEffect.Resync);
        Assert.True(line.Core.NeedsClearance);
        line.CommitAll();
        // What had waited for the count is rejected with the hold, and its codes are at rework, not lost.
        Assert.Equal(2, line.Ledger.Codes.Count(c => c.State == CodeState.Verified));
        line.Ledger.Demand();
    }

    [Fact]
    public void A_single_count_that_comes_too_late_rejects_its_item_and_does_not_blame_the_disk()
    {
        var line = new LineUnderTest(gateCounts: true);
        line.Read(1);
        line.Advance(line.Settings.VerdictWithinMs + 1);
        Assert.Equal((false, "uncounted"), (line.VerdictOf(1)!.Pass, line.VerdictOf(1)!.Reason));
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        Assert.False(line.HasAlarm("verdict-late"));
        line.Apply(new LineEvent.CountedAlike(1));
        Assert.Single(line.Verdicts);
        Assert.Equal("Execute", line.StateText);
    }

    [Fact]
    public void The_same_label_on_the_next_item_while_the_first_waits_is_the_printers_repeat()
    {
        var line = new LineUnderTest(gateCounts: true);
        line.Read(1);
        Assert.Equal("repeat-of-last", line.Read(1)!.Reason);
        line.Apply(new LineEvent.CountedAlike(2));
        Assert.True(line.VerdictOf(1)!.Pass);
        Assert.Single(line.Verdicts, v => v.Pass);
    }

    [Fact]
    public void What_a_person_withdraws_while_it_waits_does_not_pass()
    {
        var line = new LineUnderTest(gateCounts: true);
        line.Read(1);
        Assert.Equal("", line.Void(1, supervisor: true));
        line.Apply(new LineEvent.CountedAlike(1));
        Assert.Equal("withdrawn", line.VerdictOf(1)!.Reason);
        Assert.DoesNotContain(line.Verdicts, v => v.Pass);
        Assert.Equal(CodeState.Void, line.StateOf(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_waits_when_scanner_or_gate_goes_down_never_passes(bool gate)
    {
        var line = new LineUnderTest(gateCounts: true);
        line.Read(1);
        line.Apply(gate ? new LineEvent.GateDown() : new LineEvent.ScannerDown());
        Assert.Equal((false, "tracking-lost"), (line.VerdictOf(1)!.Pass, line.VerdictOf(1)!.Reason));
        line.Apply(gate ? new LineEvent.GateUp() : new LineEvent.ScannerUp());
        line.Apply(new LineEvent.CountedAlike(1));
        Assert.DoesNotContain(line.Verdicts, v => v.Pass);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
    }

    [Fact]
    public void A_count_after_both_began_anew_says_nothing_about_an_item_before()
    {
        var line = new LineUnderTest(gateCounts: true);
        line.Read(1);
        line.Apply(new LineEvent.GateUp());
        line.Apply(new LineEvent.CountedAlike(7));
        Assert.Equal("tracking-lost", line.VerdictOf(1)!.Reason);
        Assert.DoesNotContain(line.Verdicts, v => v.Pass);
    }

    [Fact]
    public void What_the_gate_reports_as_rejected_while_it_waits_does_not_pass()
    {
        var line = new LineUnderTest(gateCounts: true, gateReports: true);
        line.Read(1);
        line.Apply(new LineEvent.GateReport(1, EdgeLine.Devices.Gates.ItemOutcome.Rejected));
        line.Apply(new LineEvent.CountedAlike(1));
        Assert.Equal("gate-rejected", line.VerdictOf(1)!.Reason);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
    }

    [Fact]
    public void A_card_of_the_scanner_check_waits_for_the_count_like_every_item_and_three_without_it_bring_both_into_step_anew()
    {
        var card = Some.Code(900, CertificateCode.TestPool);
        var line = new LineUnderTest(started: false, gateCounts: true);
        Assert.Equal("", line.Ask(id => new LineEvent.ScannerCheckAsked(id, "Zhao")));
        Assert.Null(line.ReadTest(card));
        Assert.Equal("test-label", line.Core.CheckPicture.Step);
        line.Apply(new LineEvent.CountedAlike(1));
        Assert.True(line.VerdictOf(1)!.Pass);
        Assert.Equal("blank", line.Core.CheckPicture.Step);

        line = new LineUnderTest(started: false, gateCounts: true);
        line.Ask(id => new LineEvent.ScannerCheckAsked(id, "Zhao"));
        for (int i = 0; i < 3; i++)
        {
            line.ReadTest(card);
            line.Advance(line.Settings.VerdictWithinMs + 1);
        }

        Assert.DoesNotContain(line.Verdicts, v => v.Pass);
        Assert.True(line.HasAlarm("scanner-silent"));
        Assert.Contains(line.Effects, e => e is LineEffect.Resync);
    }

    [Fact]
    public void A_run_does_not_end_over_an_item_that_waits()
    {
        var line = new LineUnderTest(target: 1, gateCounts: true);
        line.Read(1);
        Assert.Equal("Completing target-met", line.StateText);
        line.Apply(new LineEvent.CountedAlike(1));
        Assert.Equal("Complete target-met", line.StateText);
    }
}
