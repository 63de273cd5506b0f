using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A no-read never takes a label out of the window: the next read decides what became of it.</summary>
public sealed class NoReadTests
{
    [Fact]
    public void An_item_without_label_moves_no_label_and_the_next_read_passes()
    {
        var line = new LineUnderTest();
        LineEffect.Verdict verdict = line.NoRead()!;
        Assert.Equal((false, "no-read"), (verdict.Pass, verdict.Reason));
        Assert.Equal(CodeState.Printing, line.StateOf(1));

        Assert.True(line.Read(1)!.Pass);
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal((1, 1, 0), (line.Ledger.Fold.Totals.Unlabelled, line.Ledger.Fold.Totals.NoRead, line.Ledger.Fold.Account.Rejected));
    }

    [Fact]
    public void A_no_read_before_the_label_after_it_means_that_the_label_was_unreadable()
    {
        var line = new LineUnderTest();
        line.NoRead();
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        Assert.Equal(("no-read", 1L), (line.Entries(JournalKind.Rejected).Single().Reason, line.Entries(JournalKind.Rejected).Single().Item));
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal(0, line.Ledger.Fold.Totals.Unlabelled);
    }

    [Fact]
    public void Two_labels_missing_after_one_no_read_are_in_doubt()
    {
        var line = new LineUnderTest();
        line.NoRead();
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal([CodeState.InDoubt, CodeState.InDoubt], line.States(1, 2));
        Assert.True(line.HasAlarm("slip"));
    }

    [Fact]
    public void Three_in_a_row_hold_the_line_and_resume_lets_it_go_on()
    {
        var line = new LineUnderTest(labelsToScanner: 6);
        for (int n = 1; n <= 7; n++)
        {
            line.Read(n);
        }

        line.NoRead();
        line.NoRead();
        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.NoRead();
        Assert.Equal("Held bad-reads-in-row", line.StateText);
        Assert.True(line.Effects.OfType<LineEffect.StopRequest>().Last().On);
        Assert.True(line.HasAlarm("bad-reads-in-row"));

        Assert.Equal("", line.Resume());
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(11)!.Pass);
        Assert.Equal([CodeState.Rejected, CodeState.Rejected, CodeState.Rejected], line.States(8, 10));
        Assert.False(line.HasAlarm("bad-reads-in-row"));
    }

    [Fact]
    public void Many_bad_reads_among_good_ones_hold_the_line_too()
    {
        var line = new LineUnderTest(labelsToScanner: 6);
        int next = 1;
        for (; next <= 7; next++)
        {
            line.Read(next);
        }

        for (int i = 0; i < 8 && line.Core.State == PackMlState.Execute; i++)
        {
            line.NoRead();
            line.NoRead();
            line.Read(next++);
        }

        Assert.Equal("Held bad-read-bucket", line.StateText);
    }

    [Fact]
    public void Items_that_cannot_have_a_label_yet_do_not_hold_the_line()
    {
        var line = new LineUnderTest(labelsToScanner: 6);
        for (int i = 0; i < 6; i++)
        {
            Assert.False(line.NoRead()!.Pass);
        }

        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(1)!.Pass);
    }

    [Fact]
    public void Bare_items_while_nothing_is_printed_do_not_ask_for_a_person()
    {
        var line = new LineUnderTest(autoSupply: false, started: false);
        line.Start(Some.Order(10));
        line.Apply(new LineEvent.CodesUnavailable("platform-down"));
        for (int i = 0; i < 10; i++)
        {
            line.NoRead();
        }

        Assert.Equal("Suspended platform-down", line.StateText);
    }

    [Fact]
    public void Blanks_after_a_head_event_are_rejected_but_not_counted()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Apply(new LineEvent.PrinterFault("printer-head-open"));
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.Advance(100);
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.False(line.NoRead()!.Pass);
        Assert.False(line.NoRead()!.Pass);
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(5)!.Pass);
    }

    [Fact]
    public void A_window_full_of_unreadable_labels_still_gets_a_next_label()
    {
        var line = new LineUnderTest(sendAhead: 1, labelsToScanner: 0);
        line.NoRead();
        Assert.Equal(line.Code(2), line.Sent.Last());
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
    }

    [Fact]
    public void Resume_after_a_window_of_unreadable_labels_prints_again()
    {
        var line = new LineUnderTest(sendAhead: 1, labelsToScanner: 0);
        line.NoRead();
        line.NoRead();
        line.NoRead();
        Assert.Equal("Held bad-reads-in-row", line.StateText);
        line.Resume();
        Assert.Equal([CodeState.InDoubt, CodeState.InDoubt, CodeState.Printing], line.States(1, 3));
        Assert.True(line.Read(3)!.Pass);
        Assert.True(line.Read(1)!.Pass);
    }

    [Fact]
    public void Held_lines_go_on_judging_what_the_coasting_belt_brings()
    {
        var line = new LineUnderTest();
        line.Pause();
        Assert.True(line.Read(1)!.Pass);
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal(3, line.Sent.Count());
        line.Resume();
        Assert.Equal(5, line.Sent.Count());
    }

    [Fact]
    public void The_target_is_met_exactly_although_the_last_label_was_unreadable()
    {
        var line = new LineUnderTest(target: 3);
        line.Read(1);
        line.Read(2);
        line.NoRead();
        Assert.Equal(line.Code(4), line.Sent.Last());
        Assert.True(line.Read(4)!.Pass);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal(CodeState.Rejected, line.StateOf(3));
        line.Ledger.Demand();
    }

    [Fact]
    public void A_surplus_label_is_rejected_when_the_unread_one_comes_after_all()
    {
        var line = new LineUnderTest(target: 3);
        line.Read(1);
        line.Read(2);
        line.NoRead();
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal(PackMlState.Completing, line.Core.State);
        LineEffect.Verdict verdict = line.Read(4)!;
        Assert.Equal((false, "surplus"), (verdict.Pass, verdict.Reason));
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal(3, line.Ledger.Fold.VerifiedInRun);
    }
}
