using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Labels that should not be there: everything is rejected until a person has cleared the line.</summary>
public sealed class IntruderTests
{
    [Fact]
    public void A_repeat_of_the_last_label_is_rejected_without_a_hold_the_first_time()
    {
        var line = new LineUnderTest();
        line.Read(1);
        LineEffect.Verdict verdict = line.Read(1)!;
        Assert.Equal((false, "repeat-of-last"), (verdict.Pass, verdict.Reason));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(2)!.Pass);
    }

    [Fact]
    public void The_second_repeat_within_ten_minutes_holds_the_line()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Read(1);
        line.Advance(599_000);
        line.Read(2);
        line.Read(2);
        Assert.Equal("Held repeated-read", line.StateText);
        Assert.Equal("clearance", line.Resume());
    }

    [Fact]
    public void A_repeat_after_more_than_ten_minutes_is_a_first_one_again()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Read(1);
        line.Advance(601_000);
        line.Read(1);
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void A_repeat_right_after_a_head_event_holds_at_once()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.PrinterFault("printer-media-out"));
        line.Read(1);
        line.Read(1);
        Assert.Equal("Held repeated-read", line.StateText);
    }

    [Fact]
    public void A_head_event_long_ago_does_not_make_a_chattering_sensor_a_hold()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.PrinterFault("printer-media-out"));
        line.Read(1);
        line.Read(2);
        line.Read(3);
        line.Advance(1);
        line.Apply(new LineEvent.PrinterReady(1));
        for (int n = 4; n < 12; n++)
        {
            Assert.True(line.Read(n)!.Pass);
        }

        line.Read(11);
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Theory]
    [InlineData("duplicate")]
    [InlineData("foreign")]
    [InlineData("voided-label-alive")]
    public void It_rejects_everything_until_clearance(string what)
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.Read(2);
        line.Void(3);
        LineEffect.Verdict bad = (what switch
        {
            "duplicate" => line.Read(1),
            "foreign" => line.ReadForeign(),
            _ => line.Read(3),
        })!;
        Assert.Equal((false, what), (bad.Pass, bad.Reason));
        Assert.Equal($"Held {what}", line.StateText);
        Assert.True(line.Effects.OfType<LineEffect.StopRequest>().Last().On);
        Assert.Single(line.Entries(JournalKind.Intruder));

        LineEffect.Verdict good = line.Read(4)!;
        Assert.Equal((false, "tracking-lost"), (good.Pass, good.Reason));
        Assert.Equal(CodeState.Rejected, line.StateOf(4));
        Assert.DoesNotContain(line.Entries(JournalKind.Verified), e => e.Code == line.Code(4));
        Assert.Equal("clearance", line.Resume());

        Assert.Equal("", line.Clear(found: 1));
        Assert.Equal(CodeState.Void, line.StateOf(5));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Read(7)!.Pass);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_label_of_another_run_is_rejected_and_holds_the_line()
    {
        var line = new LineUnderTest(target: 10);
        line.NoRead();
        line.Read(2);
        line.End();
        line.Advance(20_000);
        line.Clear(0);
        line.Start(Some.Order(10, run: "run-2"));
        Assert.Equal(CodeState.Rejected, line.StateOf(1));
        LineEffect.Verdict verdict = line.Read(1)!;
        Assert.Equal((false, "not-this-run"), (verdict.Pass, verdict.Reason));
        Assert.Equal("Held foreign", line.StateText);
    }

    [Fact]
    public void Without_a_run_nothing_passes()
    {
        var line = new LineUnderTest(target: 1);
        line.Read(1);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.False(line.Read(1)!.Pass);
        Assert.False(line.ReadForeign()!.Pass);
        Assert.False(line.NoRead()!.Pass);
        Assert.Equal("Complete target-met", line.StateText);
    }

    [Fact]
    public void A_label_that_exists_although_its_code_was_never_printed_is_never_printed_again()
    {
        var line = new LineUnderTest();
        Assert.Equal(CodeState.Available, line.StateOf(4));
        Assert.Equal("foreign", line.Read(4)!.Reason);
        Assert.Equal(CodeState.Void, line.StateOf(4));
        line.Clear(0);
        Assert.DoesNotContain(line.Code(4), line.Sent);
        Assert.Contains(line.Code(5), line.Sent);
        line.Ledger.Demand();
    }

    [Fact]
    public void Clearance_that_finds_more_labels_than_there_can_be_is_not_taken()
    {
        var line = new LineUnderTest();
        line.ReadForeign();
        Assert.Equal(3, line.Core.ClearanceMax);
        Assert.Equal("more-labels-than-possible", line.Clear(found: 4));
        Assert.True(line.HasAlarm("more-labels-than-possible"));
        Assert.Equal(PackMlState.Held, line.Core.State);
        Assert.Equal("found-negative", line.Clear(found: -1));
        Assert.Equal("", line.Clear(found: 3));
        Assert.False(line.HasAlarm("more-labels-than-possible"));
    }

    [Fact]
    public void The_worst_cause_of_a_hold_takes_the_place_of_a_lesser_one()
    {
        var line = new LineUnderTest();
        line.Pause();
        line.ReadForeign();
        Assert.Equal("Held foreign", line.StateText);
        line.Frame(line.ReadOf(1));
        Assert.False(line.Passed(1));
        line.Crash();
        Assert.Equal("Held foreign", line.StateText);
        Assert.False(line.Read(2)!.Pass);
        Assert.Equal("clearance", line.Resume());
    }
}
