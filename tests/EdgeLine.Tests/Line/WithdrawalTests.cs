using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A supervisor withdraws or samples verified items; a person gets a new label for an old one.</summary>
public sealed class WithdrawalTests
{
    [Fact]
    public void A_supervisor_withdraws_a_verified_code_and_the_run_prints_one_more()
    {
        var line = new LineUnderTest(target: 4, mayVerify: 4, codes: 10);
        line.Read(1);
        Assert.Equal("verified-needs-supervisor", line.Void(1));
        Assert.Equal("", line.Void(1, supervisor: true));
        Assert.Equal(CodeState.Void, line.StateOf(1));
        line.Read(2);
        line.Read(3);
        line.Read(4);
        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.Read(5);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal(4, line.Ledger.Fold.VerifiedInRun);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_code_withdrawn_before_its_verdict_does_not_pass()
    {
        var line = new LineUnderTest(autoCommit: false);
        line.CommitAll();
        line.Read(1);
        line.Ask(id => new LineEvent.VoidAsked(id, "Chen", line.ReadOf(1), "recalled", Supervisor: true));
        line.CommitAll();
        Assert.False(line.Passed(1));
        Assert.Equal("withdrawn", line.VerdictOf(1)!.Reason);
        Assert.Equal(CodeState.Void, line.StateOf(1));
        line.Ledger.Demand();
    }

    [Fact]
    public void A_withdrawn_label_on_the_belt_rejects_everything_until_clearance()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Void(1, supervisor: true);
        line.Read(2);
        Assert.Equal("voided-label-alive", line.Read(1)!.Reason);
        Assert.Equal("Held voided-label-alive", line.StateText);
    }

    [Fact]
    public void A_sample_is_made_up_for_when_the_lease_allows_more()
    {
        var line = new LineUnderTest(target: 4, mayVerify: 5, codes: 10);
        line.Read(1);
        Assert.Equal("", line.Sample(1));
        Assert.Equal((CodeState.Sampled, "retained", "Chen"),
            (line.StateOf(1), line.Entries(JournalKind.Sampled).Single().Reason, line.Entries(JournalKind.Sampled).Single().Who));
        for (int n = 2; n <= 5; n++)
        {
            line.Read(n);
        }

        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal((4, 1), (line.Ledger.Fold.Account.Verified, line.Ledger.Fold.Account.Sampled));
        line.Ledger.Demand();
    }

    [Fact]
    public void A_sample_takes_a_place_of_the_lease_and_the_run_ends_all_the_same()
    {
        var line = new LineUnderTest(target: 4, mayVerify: 4, codes: 10);
        line.Read(1);
        Assert.Equal("", line.Sample(1));
        line.Read(2);
        line.Read(3);
        line.Read(4);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal((3, 1, 4), (line.Ledger.Fold.Account.Verified, line.Ledger.Fold.Account.Sampled, line.Ledger.Fold.VerifiedInRun));
        line.Ledger.Demand();
    }

    [Fact]
    public void A_sample_keeps_its_place_in_the_lease_over_a_restart()
    {
        var line = new LineUnderTest(target: 4, mayVerify: 4, codes: 10);
        line.Read(1);
        line.Sample(1);
        line.Crash();
        line.DevicesUp();
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.Advance(50);
        Assert.Equal("Complete target-met", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void Only_a_verified_item_is_a_sample()
    {
        var line = new LineUnderTest();
        Assert.Equal("not-verified", line.Sample(1));
        line.Void(1);
        Assert.Equal("already-final", line.Sample(1));
        line.Read(2);
        line.Sample(2);
        Assert.Equal("already-final", line.Sample(2));
        Assert.Equal("already-final", line.Void(2, supervisor: true));
        Assert.Equal(("already-final", "sampled"), (line.Rework(2).Answer, line.Rework(2).Reason));
        Assert.Equal("duplicate", line.Read(2)!.Reason);
    }

    [Fact]
    public void A_new_label_is_printed_only_when_the_old_one_is_final_and_the_line_stands()
    {
        var line = new LineUnderTest(target: 10);
        line.NoRead();
        line.Read(2);
        Assert.Equal("not-paused", line.Replace());
        line.Pause();
        Assert.Equal("nothing-voided", line.Replace());
        line.Void(1);
        int sent = line.Sent.Count();
        Assert.Equal("", line.Replace());
        Assert.Equal(sent + 1, line.Sent.Count());
        CodeRef label = line.Sent.Last();
        Assert.Equal("nothing-voided", line.Replace());
        Assert.Equal(PackMlState.Held, line.Core.State);
        Assert.Equal(("replacement", "Wang"), (line.Entries(JournalKind.Print).Last().Reason, line.Entries(JournalKind.ReplacementAsked).Single().Who));
        Assert.Equal("accept", line.Rework((int)label.Id).Answer);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_run_with_a_replacement_meets_its_target_exactly()
    {
        var line = new LineUnderTest(target: 5);
        line.NoRead();
        line.Read(2);
        line.Pause();
        line.Void(1);
        line.Replace();
        int byHand = (int)line.Sent.Last().Id;
        line.Resume();
        foreach (int n in line.Sent.Select(c => (int)c.Id).Where(n => n > 2 && n != byHand).ToList())
        {
            line.Read(n);
        }

        Assert.NotEqual(PackMlState.Complete, line.Core.State);
        line.Rework(byHand);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal((5, 6), (line.Ledger.Fold.VerifiedInRun, line.Sent.Count()));
        line.Ledger.Demand();
    }

    [Fact]
    public void A_replacement_read_by_the_lines_scanner_is_verified_and_is_no_slip()
    {
        var line = new LineUnderTest();
        line.Pause();
        line.Void(1);
        line.Replace();
        int byHand = (int)line.Sent.Last().Id;
        line.Resume();
        Assert.True(line.Read(byHand)!.Pass);
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal(0, line.Ledger.Fold.Totals.Slips);
    }

    [Fact]
    public void A_replacement_that_nobody_shows_is_cleared_at_the_end_of_the_run()
    {
        var line = new LineUnderTest(target: 20);
        line.Pause();
        line.Void(1);
        line.Replace();
        line.Resume();
        line.End();
        line.Read(2);
        line.Read(3);
        line.Advance(20_000);
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal("", line.Clear(1));
        Assert.Equal("Complete ended", line.StateText);
        Assert.Equal(0, line.Ledger.Fold.Account.Printing + line.Ledger.Fold.Account.InDoubt);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_replacement_of_which_not_one_byte_left_may_be_asked_again()
    {
        var line = new LineUnderTest();
        line.Pause();
        line.Void(1);
        line.Replace();
        line.Apply(new LineEvent.SendEnded(line.Sent.Last(), SendResult.NotOneByte));
        Assert.Equal("printer-down", line.Replace());
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal("", line.Replace());
        line.Ledger.Demand();
    }

    [Fact]
    public void A_replacement_is_not_printed_beyond_the_target()
    {
        var line = new LineUnderTest(target: 3);
        line.Read(1);
        line.Pause();
        Assert.Equal("", line.Void(1, supervisor: true));
        // Two are on their way and one is missing: the first new label fits, no second one.
        Assert.Equal("", line.Replace());
        Assert.Equal("nothing-voided", line.Replace());
        line.Void((int)line.Sent.Last().Id);
        Assert.Equal("", line.Replace());
        line.Ledger.Demand();
    }

    [Fact]
    public void What_may_be_replaced_is_remembered_over_a_restart()
    {
        var line = new LineUnderTest();
        line.Pause();
        line.Void(1);
        line.Crash();
        line.DevicesUp();
        line.Clear(0);
        line.Pause();
        Assert.Equal("", line.Replace());
    }
}
