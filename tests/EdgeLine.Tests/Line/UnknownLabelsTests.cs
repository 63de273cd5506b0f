using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>The printer printed more labels than it was sent: nothing passes and nothing is printed before a clearance.</summary>
public sealed class UnknownLabelsTests
{
    private static void Happens(LineUnderTest line)
    {
        line.Apply(new LineEvent.PrinterFault(PackagingLine.UnknownLabels));
        line.Apply(new LineEvent.PrinterReady(1));
    }

    [Theory]
    [InlineData(Station.Conveyor)]
    [InlineData(Station.Bench)]
    public void Only_a_clearance_lets_the_line_go_on(Station station)
    {
        var line = new LineUnderTest(station);
        Happens(line);
        int sent = line.Sent.Count();
        Assert.Equal("Held printer-unknown-labels", line.StateText);
        Assert.True(line.HasAlarm("printer-unknown-labels"));
        Assert.Equal("clearance", line.Resume());
        line.Advance(600_000);
        Assert.Equal("Held printer-unknown-labels", line.StateText);
        Assert.Equal(sent, line.Sent.Count());
        Assert.False(line.Read(1)!.Pass);

        Assert.Equal("", line.Clear(0));
        Assert.Equal("Execute", line.StateText);
        Assert.True(line.Sent.Count() > sent);
        Assert.False(line.HasAlarm("printer-unknown-labels"));
    }

    [Fact]
    public void A_restart_does_not_lift_it()
    {
        var line = new LineUnderTest();
        Happens(line);
        line.Crash();
        line.DevicesUp();
        Assert.Equal("Held printer-unknown-labels", line.StateText);
        Assert.Equal("clearance", line.Resume());
        Assert.Empty(line.Sent);
    }

    [Fact]
    public void Between_two_runs_it_is_an_alarm_that_stays_until_somebody_saw_it()
    {
        var line = new LineUnderTest(started: false);
        Happens(line);
        Assert.Equal("Idle no-run", line.StateText);
        Assert.True(line.HasAlarm("printer-unknown-labels"));
        Assert.Equal("", line.Ask(id => new LineEvent.Acknowledge(id, "Li", "printer-unknown-labels")));
        Assert.False(line.HasAlarm("printer-unknown-labels"));
    }
}
