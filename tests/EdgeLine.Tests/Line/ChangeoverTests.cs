using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>From batch A to batch B: wherever a label of A may be, it does not leave in B.</summary>
public sealed class ChangeoverTests
{
    private static readonly RunOrder B = Some.Order(5, "order-2", "run-2");

    private static LineUnderTest Line(int sendAhead = 2, int target = 100, bool autoCommit = true)
    {
        var line = new LineUnderTest(sendAhead: sendAhead, labelsToScanner: 3, target: target);
        line.Ledger.Lend("order-2", 10, 30, line.Now.WallMs + 1_000_000_000);
        line.AutoCommit = autoCommit;
        return line;
    }

    private static int FirstOfB(LineUnderTest line) => line.Ledger.Codes.First(c => c.Lease.OrderId == "order-2").Code.Id is long id ? (int)id : 0;

    [Fact]
    public void The_next_batch_starts_only_after_a_clearance()
    {
        var line = Line(target: 1);
        line.Read(1);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.True(line.Core.NeedsChangeover);
        Assert.Equal("clearance", line.Start(B));
        Assert.True(line.HasAlarm("changeover"));
        Assert.Equal("", line.Clear(0));
        Assert.Equal(("changeover", "Li"), (line.Entries(JournalKind.Cleared).Single().Reason, line.Entries(JournalKind.Cleared).Single().Who));
        Assert.False(line.HasAlarm("changeover"));
        Assert.Equal("", line.Start(B));
        Assert.Equal(FirstOfB(line), line.Sent.Last(s => s.Id != 0).Id - line.Sent.Count(s => s.Id >= FirstOfB(line)) + 1);
        Assert.DoesNotContain(line.Sent.Skip(1), s => s.Id < FirstOfB(line));
    }

    [Fact]
    public void Another_run_of_the_same_batch_needs_none()
    {
        var line = Line(target: 1);
        line.Read(1);
        line.Ledger.Lend("order-1", 10, 30, line.Now.WallMs + 1_000_000_000);
        Assert.Equal("", line.Start(Some.Order(5, run: "run-2")));
    }

    [Fact]
    public void The_clearance_is_remembered_over_a_restart_and_counts_once()
    {
        var line = Line(target: 1);
        line.Read(1);
        line.Crash();
        line.DevicesUp();
        Assert.Equal("clearance", line.Start(B));
        line.Clear(0);
        line.Crash();
        line.DevicesUp();
        Assert.Equal("", line.Start(B));
        line.End();
        line.Advance(20_000);
        line.Clear(5);
        Assert.Equal("clearance", line.Start(Some.Order(5, "order-3", "run-3")));
    }

    [Fact]
    public void A_label_found_between_two_batches_needs_a_supervisor_who_says_why()
    {
        var line = Line(target: 1);
        line.Read(1);
        Assert.Equal("more-labels-than-possible", line.Clear(1));
        Assert.True(line.HasAlarm("more-labels-than-possible"));
        Assert.Equal("clearance", line.Start(B));
        Assert.Equal("why-missing", line.Clear(1, supervisor: true, why: " "));
        Assert.Equal("", line.Clear(1, supervisor: true, why: "second copy from the feed key"));
        Assert.Equal((1, "second copy from the feed key"), (line.Entries(JournalKind.Cleared).Last().Count, line.Entries(JournalKind.Cleared).Last().Detail));
        Assert.False(line.HasAlarm("more-labels-than-possible"));
        Assert.Equal("", line.Start(B));
    }

    [Fact]
    public void More_labels_than_possible_in_a_run_need_a_supervisor_too()
    {
        var line = Line();
        line.ReadForeign();
        Assert.Equal("more-labels-than-possible", line.Clear(6));
        Assert.Equal("Held foreign", line.StateText);
        Assert.Equal("", line.Clear(6, supervisor: true));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_code_of_A_on_its_way_to_the_disk_is_never_sent_in_B()
    {
        var line = Line(autoCommit: false);
        line.Read(1);
        line.CommitAll();
        line.Read(2);
        line.CommitNext();
        // The next label is entered, and its entry is not on disk when the end is asked for.
        int sent = line.Sent.Count();
        line.Ask(id => new LineEvent.End(id, "Li"));
        line.CommitAll();
        Assert.Equal(sent, line.Sent.Count());
        line.AutoCommit = true;
        for (int n = 3; n <= sent; n++)
        {
            line.Read(n);
        }

        Assert.Equal("Complete ended", line.StateText);
        Assert.Equal(0, line.Ledger.Fold.Account.Printing);
        line.Clear(0);
        line.Start(B);
        Assert.DoesNotContain(line.Sent.Skip(sent), s => s.Id < FirstOfB(line));
        line.Ledger.Demand();
    }

    [Fact]
    public void A_run_is_not_over_while_labels_are_in_printer_peel_bar_or_belt()
    {
        var line = Line();
        line.End();
        for (int n = 1; n <= 4; n++)
        {
            Assert.True(line.Read(n)!.Pass);
            Assert.Equal(PackMlState.Completing, line.Core.State);
            Assert.Equal("run-active", line.Start(B));
        }

        Assert.True(line.Read(5)!.Pass);
        Assert.Equal("Complete ended", line.StateText);
        Assert.Equal(5, line.Sent.Count());
    }

    [Fact]
    public void Labels_of_A_that_do_not_come_are_cleared_and_dead_before_B()
    {
        var line = Line();
        line.End();
        line.Read(1);
        line.Advance(20_000);
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal("run-active", line.Start(B));
        Assert.True(line.Effects.OfType<LineEffect.StopRequest>().Last().On);
        int cancels = line.Effects.OfType<LineEffect.PrinterCancel>().Count();
        line.Clear(4);
        Assert.True(line.Effects.OfType<LineEffect.PrinterCancel>().Count() > cancels);
        Assert.Equal([CodeState.Void, CodeState.Void, CodeState.Void, CodeState.Void], line.States(2, 5));
        line.Clear(0);
        line.Start(B);
        Assert.Equal("voided-label-alive", line.Read(3)!.Reason);
        Assert.Equal("Held voided-label-alive", line.StateText);
    }

    [Theory]
    [InlineData("rejected", "not-this-run", "Held foreign")]
    [InlineData("verified", "duplicate", "Held duplicate")]
    [InlineData("available", "foreign", "Held foreign")]
    public void A_label_of_A_that_is_stuck_on_an_item_of_B_is_rejected_and_locks_the_line(string state, string reason, string held)
    {
        var line = Line(target: 3);
        line.NoRead();
        line.Read(2);
        line.Read(3);
        line.Read(4);
        Assert.Equal("Complete target-met", line.StateText);
        line.Clear(0);
        line.Start(B);
        int label = state switch { "rejected" => 1, "verified" => 2, _ => 40 };
        LineEffect.Verdict verdict = line.Read(label)!;
        Assert.Equal((false, reason, held), (verdict.Pass, verdict.Reason, line.StateText));
        Assert.False(line.Read(FirstOfB(line))!.Pass);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_label_that_comes_past_after_the_clearance_takes_it_back()
    {
        var line = Line(target: 1);
        line.Read(1);
        line.Clear(0);
        Assert.Equal("repeat-of-last", line.Read(1)!.Reason);
        Assert.Equal("clearance", line.Start(B));
        line.Crash();
        line.DevicesUp();
        Assert.Equal("clearance", line.Start(B));
        line.Clear(0);
        Assert.Equal("", line.Start(B));
        Assert.Equal("duplicate", line.Read(1)!.Reason);
        Assert.Equal("Held duplicate", line.StateText);
    }

    [Fact]
    public void Both_targets_are_met_exactly()
    {
        var line = Line(target: 3);
        line.NoRead();
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.Clear(0);
        line.Start(B);
        int first = FirstOfB(line);
        line.NoRead();
        for (int n = first + 1; n <= first + 5; n++)
        {
            Assert.True(line.Read(n)!.Pass);
        }

        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal((3, 5), (line.Ledger.Codes.Count(c => c.Lease.OrderId == "order-1" && c.State == CodeState.Verified),
            line.Ledger.Codes.Count(c => c.Lease.OrderId == "order-2" && c.State == CodeState.Verified)));
        line.Ledger.Demand();
    }

    [Fact]
    public void A_run_is_complete_when_its_last_entry_is_on_disk()
    {
        var line = Line(target: 1, autoCommit: false);
        line.Read(1);
        line.CommitNext();
        Assert.Equal("Completing target-met", line.StateText);
        Assert.Equal("run-active", line.Start(B));
        Assert.Equal("not-held", line.Clear(0));
        line.CommitAll();
        Assert.Equal("Complete target-met", line.StateText);
    }
}
