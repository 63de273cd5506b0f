using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Start, pause, resume, end; targets and suspension.</summary>
public sealed class RunTests
{
    [Fact]
    public void A_run_ends_by_itself_when_its_target_is_met_and_gives_the_rest_back()
    {
        var line = new LineUnderTest(target: 5, mayVerify: 5, codes: 8);
        for (int n = 1; n <= 5; n++)
        {
            Assert.True(line.Read(n)!.Pass);
        }

        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal([CodeState.Returned, CodeState.Returned, CodeState.Returned], line.States(6, 8));
        Assert.Equal(5, line.Sent.Count());
        line.Ledger.Demand();
    }

    [Fact]
    public void A_second_start_is_refused_while_a_run_is_active()
    {
        var line = new LineUnderTest();
        Assert.Equal("run-active", line.Start(Some.Order(5, run: "run-2")));
        Assert.Equal("run-1", line.Core.Run!.RunId);
    }

    [Fact]
    public void Commands_that_make_no_sense_are_refused_with_a_reason()
    {
        var line = new LineUnderTest(started: false);
        Assert.Equal("target-met", line.Start(Some.Order(0)));
        Assert.Equal("no-run", line.End());
        Assert.Equal("no-run", line.Pause());
        Assert.Equal("not-held", line.Resume());
        Assert.Equal("not-held", line.Clear(0));
        Assert.Equal("no-such-alarm", line.Ask(id => new LineEvent.Acknowledge(id, "Li", "slip")));
    }

    [Fact]
    public void A_text_too_long_for_the_journal_is_refused_and_nothing_is_written()
    {
        var line = new LineUnderTest();
        int entries = line.Ledger.Entries.Count;
        Assert.Equal("text-too-long", line.Ask(id => new LineEvent.Pause(id, new string('李', 101))));
        Assert.Equal("text-too-long", line.Void(1, new string('x', 101)));
        Assert.Equal("text-too-long", line.Ask(id => new LineEvent.ClearanceDone(id, "Li", 0, new string('x', 101))));
        var wordy = Some.Order(5) with { OrderId = new string('9', 400) };
        Assert.Equal("text-too-long", new LineUnderTest(started: false).Start(wordy));
        Assert.Equal(entries, line.Ledger.Entries.Count);
    }

    [Fact]
    public void End_stops_printing_and_drains_what_is_on_its_way()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.End();
        Assert.Equal(PackMlState.Completing, line.Core.State);
        Assert.True(line.Read(2)!.Pass);
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal(4, line.Sent.Count());
        Assert.True(line.Read(4)!.Pass);
        Assert.Equal("Complete ended", line.StateText);
        Assert.Equal(4, line.Ledger.Fold.VerifiedInRun);
        line.Ledger.Demand();
    }

    [Fact]
    public void Labels_that_do_not_arrive_while_draining_need_clearance_and_then_the_run_ends()
    {
        var line = new LineUnderTest();
        line.End();
        line.Read(1);
        line.Advance(10_000);
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal("", line.Clear(found: 2));
        Assert.Equal("Complete ended", line.StateText);
        Assert.Equal([CodeState.Verified, CodeState.Void, CodeState.Void], line.States(1, 3));
        line.Ledger.Demand();
    }

    [Fact]
    public void End_of_a_paused_run_drains_and_closes()
    {
        var line = new LineUnderTest();
        line.Pause();
        line.End();
        Assert.Equal(PackMlState.Completing, line.Core.State);
        Assert.False(line.Effects.OfType<LineEffect.StopRequest>().Last().On);
        line.Read(1);
        line.Read(2);
        line.Read(3);
        Assert.Equal("Complete ended", line.StateText);
    }

    [Fact]
    public void End_of_a_run_that_lost_its_tracking_waits_for_clearance()
    {
        var line = new LineUnderTest();
        line.ReadForeign();
        line.End();
        Assert.Equal("Held foreign", line.StateText);
        line.Clear(3);
        Assert.Equal("Complete ended", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void Pause_and_resume_with_labels_in_flight_lose_nothing()
    {
        var line = new LineUnderTest(target: 6);
        line.Read(1);
        line.Pause();
        Assert.Equal("Held paused", line.StateText);
        Assert.False(line.HasAlarm("paused"));
        line.Read(2);
        line.Resume();
        for (int n = 3; n <= 6; n++)
        {
            Assert.True(line.Read(n)!.Pass);
        }

        Assert.Equal("Complete target-met", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_code_whose_print_entry_was_written_while_pausing_goes_out_after_resume()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.Pause();
        line.CommitAll();
        Assert.Equal(3, line.Sent.Count());
        line.AutoCommit = true;
        line.Resume();
        Assert.Equal(line.Code(4), line.Sent.Last());
    }

    [Fact]
    public void A_suspended_batch_stops_printing_and_what_is_in_flight_is_rejected()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.PlatformSaid(true, line.Now.WallMs));
        Assert.Equal("Held batch-suspended", line.StateText);
        Assert.False(line.Read(1)!.Pass);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        Assert.Equal("clearance", line.Resume());
        line.Clear(2);
        Assert.Equal("Suspended batch-suspended", line.StateText);
        Assert.Equal(3, line.Sent.Count());
        line.Apply(new LineEvent.PlatformSaid(false, line.Now.WallMs));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.Equal(6, line.Sent.Count());
    }
}
