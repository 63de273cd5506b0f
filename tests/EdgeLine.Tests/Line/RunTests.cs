using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Start, pause, resume, end; targets, leases, suspension, clocks.</summary>
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
        var wordy = Some.Order(5) with { BatchNumber = new string('9', 400) };
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

    [Fact]
    public void When_the_lease_ends_unprinted_codes_expire_and_the_drain_goes_on()
    {
        var line = new LineUnderTest(leaseLastsMs: 60_000, codes: 10, autoSupply: true);
        line.Advance(60_000);
        Assert.Equal([CodeState.Printing, CodeState.Printing, CodeState.Printing, CodeState.Expired], line.States(1, 4));
        Assert.True(line.Read(1)!.Pass);
        Assert.True(line.Read(2)!.Pass);
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal(3, line.Sent.Count());
        Assert.Equal("Suspended lease-expired", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void After_the_lease_ended_new_codes_are_asked_for_and_printing_goes_on()
    {
        var line = new LineUnderTest(leaseLastsMs: 60_000, codes: 10, autoSupply: false, started: false);
        line.Start(Some.Order(100));
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Single());
        line.Read(1);
        line.Advance(60_000);
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.Ledger.Lend("order-1", 100, 110, line.Now.WallMs + 3_600_000);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Last());
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(11)!.Pass);
    }

    [Fact]
    public void A_label_of_which_not_one_byte_left_is_withdrawn_when_its_lease_ends()
    {
        var line = new LineUnderTest(leaseLastsMs: 60_000);
        line.Apply(new LineEvent.SendEnded(line.Code(3), SendResult.NotOneByte));
        line.Advance(60_000);
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(CodeState.Void, line.StateOf(3));
        Assert.Equal(3, line.Sent.Count());
        line.Ledger.Demand();
    }

    [Fact]
    public void No_more_codes_of_a_lease_are_verified_than_it_allows_and_then_another_is_asked_for()
    {
        var line = new LineUnderTest(target: 100, mayVerify: 4, codes: 10, autoSupply: false, started: false);
        line.Start(Some.Order(100));
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Last());
        for (int n = 1; n <= 4; n++)
        {
            line.Read(n);
        }

        Assert.Equal(4, line.Sent.Count());
        LineEffect.AskCodes ask = line.Effects.OfType<LineEffect.AskCodes>().Last();
        Assert.Equal(10, ask.AfterId);
        line.Ledger.Lend("order-1", 50, 55, line.Now.WallMs + 3_600_000);
        line.Supply(ask);
        Assert.Equal(line.Code(11), line.Sent.ElementAt(4));
        line.Ledger.Demand();
    }

    [Fact]
    public void The_allowance_for_waste_replaces_labels_that_were_lost()
    {
        var line = new LineUnderTest(target: 4, mayVerify: 4, codes: 6);
        line.Read(1);
        line.NoRead();
        line.Read(3);
        line.Read(4);
        Assert.True(line.Read(5)!.Pass);
        Assert.Equal("Complete target-met", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void Codes_are_asked_for_once_while_the_supply_keeps_trying()
    {
        var line = new LineUnderTest(autoSupply: false, started: false);
        line.Start(Some.Order(100));
        line.Apply(new LineEvent.CodesUnavailable("platform-down"));
        line.Apply(new LineEvent.CodesUnavailable("no-codes"));
        line.Advance(5000);
        Assert.Single(line.Effects.OfType<LineEffect.AskCodes>());
        Assert.Equal("Suspended no-codes", line.StateText);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Single());
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void An_answer_for_a_run_that_is_over_prints_nothing_in_the_next_one()
    {
        var line = new LineUnderTest(autoSupply: false, started: false);
        line.Start(Some.Order(100));
        LineEvent.CodesSupplied late = line.Ledger.Supply("order-1", 0, 50);
        line.End();
        Assert.Equal("Complete ended", line.StateText);
        line.Start(Some.Order(100, order: "order-2", run: "run-2"));
        line.Apply(late);
        Assert.Empty(line.Sent);
        Assert.Equal(CodeState.Returned, line.StateOf(1));
        line.Ledger.Lend("order-2", 50, 50, line.Now.WallMs + 3_600_000);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Last());
        Assert.Equal(line.Code(1101), line.Sent.First());
        line.Ledger.Demand();
    }

    [Fact]
    public void A_clock_that_was_set_back_stops_printing_until_it_is_right_again()
    {
        var line = new LineUnderTest();
        line.Read(1);
        int sent = line.Sent.Count();
        line.Now = line.Now with { WallMs = line.Now.WallMs - 121_000 };
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal(sent, line.Sent.Count());
        Assert.Equal("Suspended clock-set-back", line.StateText);
        line.Now = line.Now with { WallMs = line.Now.WallMs + 121_000 };
        line.Advance(50);
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void A_lease_does_not_come_back_to_life_when_the_clock_is_set_back_over_a_restart()
    {
        var line = new LineUnderTest(leaseLastsMs: 60_000);
        line.Advance(59_000);
        line.Read(1);
        line.Now = line.Now with { WallMs = line.Now.WallMs - 50_000_000 };
        line.Crash();
        line.DevicesUp();
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.Advance(50);
        Assert.Equal("Suspended clock-set-back", line.StateText);
        Assert.Empty(line.Sent);
    }

    [Fact]
    public void Little_space_on_the_disk_stops_printing_but_not_deciding()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.StorageLow(true));
        Assert.True(line.Read(1)!.Pass);
        Assert.Equal("Suspended storage-low", line.StateText);
        Assert.Equal(3, line.Sent.Count());
        line.Apply(new LineEvent.StorageLow(false));
        Assert.Equal(4, line.Sent.Count());
    }

    [Fact]
    public void A_ledger_that_is_not_the_lines_only_past_never_prints_again()
    {
        var line = new LineUnderTest(started: false);
        line.Apply(new LineEvent.LedgerLocked());
        line.Start(Some.Order(5));
        Assert.Empty(line.Sent);
        Assert.Equal("Suspended ledger-locked", line.StateText);
    }
}
