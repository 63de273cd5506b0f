using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>One trigger, one item, one frame; and what happens where that does not hold.</summary>
public sealed class TriggerTests
{
    [Fact]
    public void A_second_trigger_within_the_pitch_is_the_same_item_and_says_nothing()
    {
        var line = new LineUnderTest(minPitchMs: 200);
        Assert.True(line.Read(1)!.Pass);
        line.Advance(50);
        Assert.Null(line.Read(1));
        line.Advance(150);
        Assert.Null(line.Read(1));
        line.Advance(100);
        Assert.Null(line.NoRead());
        Assert.Empty(line.Entries(JournalKind.Intruder));
        Assert.Empty(line.Entries(JournalKind.ItemRejected));
        line.Advance(500);
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal("Execute", line.StateText);
    }

    [Fact]
    public void A_second_trigger_never_passes_what_the_first_did_not_read()
    {
        var line = new LineUnderTest(minPitchMs: 200);
        Assert.False(line.NoRead()!.Pass);
        line.Advance(50);
        Assert.Null(line.NoRead());
        Assert.Single(line.Entries(JournalKind.ItemRejected));
    }

    [Fact]
    public void Another_code_within_the_pitch_is_judged_as_always()
    {
        var line = new LineUnderTest(minPitchMs: 200);
        line.Read(1);
        line.Advance(50);
        Assert.False(line.ReadForeign()!.Pass);
        Assert.Equal("Held foreign", line.StateText);
    }

    [Fact]
    public void What_only_the_second_trigger_reads_or_reads_besides_is_on_an_item_whose_verdict_is_out()
    {
        var line = new LineUnderTest(minPitchMs: 200);
        line.NoRead();
        line.Advance(50);
        Assert.Equal((false, "same-item"), (line.Read(1)!.Pass, line.VerdictOf(2)!.Reason));
        line.Advance(500);
        Assert.True(line.Read(2)!.Pass);
        line.Advance(50);
        Assert.False(line.Read(3)!.Pass);
        Assert.Equal([CodeState.Rejected, CodeState.Verified, CodeState.Rejected], line.States(1, 3));
    }

    [Fact]
    public void Without_a_pitch_the_same_label_at_a_second_trigger_is_a_repeat()
    {
        var line = new LineUnderTest();
        line.Read(1);
        Assert.Equal("repeat-of-last", line.Read(1)!.Reason);
    }

    [Fact]
    public void Three_items_at_the_gate_without_a_word_of_the_scanner_hold_the_line_for_a_clearance()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Apply(new LineEvent.GateSaw(2));
        line.Advance(500);
        line.Apply(new LineEvent.GateSaw(4));
        line.Advance(700);
        Assert.Equal("Execute", line.StateText);
        line.Advance(200);
        Assert.Equal("Held scanner-silent", line.StateText);
        Assert.True(line.Core.NeedsClearance);
        Assert.True(line.HasAlarm("scanner-silent"));
        Assert.Contains(line.Effects, e => e is LineEffect.Resync);
    }

    [Fact]
    public void One_item_without_a_frame_for_three_windows_is_silence_too()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Apply(new LineEvent.GateSaw(2));
        line.Advance(2_400);
        Assert.Equal("Execute", line.StateText);
        line.Advance(2);
        Assert.Equal("Held scanner-silent", line.StateText);
    }

    [Fact]
    public void A_frame_that_comes_when_its_item_is_past_the_gate_is_perhaps_anothers_and_passes_nothing()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Apply(new LineEvent.GateSaw(2));
        line.Advance(801);
        Assert.Equal((false, "late"), (line.Read(2)!.Pass, line.VerdictOf(2)!.Reason));
        Assert.Equal(CodeState.Rejected, line.StateOf(2));
        Assert.Equal("Execute", line.StateText);
    }

    [Fact]
    public void When_one_frame_is_missing_no_item_gets_the_verdict_of_the_next()
    {
        // Pitch 1 s, verdict within 0.8 s. The frame of item 3 never comes, so each frame seems to belong to the item before.
        var line = new LineUnderTest(labelsToScanner: 6);
        for (int item = 1; item <= 8 && line.Core.State == PackMlState.Execute; item++)
        {
            line.Apply(new LineEvent.GateSaw(item));
            line.Advance(50);
            if (item != 3)
            {
                line.Read(item);
            }

            line.Advance(950);
        }

        Assert.Equal("Held scanner-silent", line.StateText);
        Assert.Equal([1L, 2L], line.Verdicts.Where(v => v.Pass).Select(v => v.Item));
    }

    [Fact]
    public void A_gate_that_is_heard_late_is_no_silence()
    {
        var line = new LineUnderTest(labelsToScanner: 6);
        for (int item = 1; item <= 50; item++)
        {
            Assert.True(line.Read(item)!.Pass);
            line.Advance(300);
            line.Apply(new LineEvent.GateSaw(item));
        }

        line.Advance(60_000);
        Assert.Equal("Execute", line.StateText);
    }

    [Fact]
    public void The_way_of_a_label_is_learned_after_ten_equal_reads_and_a_change_is_a_slip()
    {
        var line = new LineUnderTest(sendAhead: 1, labelsToScanner: 2, target: 500);
        int label = 0;
        Feed(bare: 3, reads: 0);
        Feed(bare: 0, reads: 20);
        Assert.Equal(3, line.Core.OffsetItems);
        Assert.False(line.HasAlarm("slip"));

        // Items without a label between all labels: farther apart than the site says.
        for (int i = 0; i < 40 && line.Core.OffsetItems == 3; i++)
        {
            Feed(bare: 1, reads: 1);
            if (line.Core.State == PackMlState.Held)
            {
                Assert.Equal("", line.Resume());
            }
        }

        Assert.Equal(6, line.Core.OffsetItems);
        Assert.True(line.HasAlarm("slip"));

        void Feed(int bare, int reads)
        {
            for (int i = 0; i < bare; i++)
            {
                line.NoRead();
            }

            for (int i = 0; i < reads; i++)
            {
                line.Read(++label);
            }
        }
    }

    [Fact]
    public void A_single_item_without_label_does_not_change_what_was_learned()
    {
        var line = new LineUnderTest(sendAhead: 4, labelsToScanner: 12, target: 500);
        for (int label = 1; label <= 100; label++)
        {
            if (label is 50 or 80)
            {
                line.NoRead();
            }

            line.Read(label);
        }

        Assert.Equal(16, line.Core.OffsetItems);
        Assert.False(line.HasAlarm("slip"));
    }
}
