using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A printer that may repeat labels by itself: nothing is printed at any boot of it before a person switched that off.</summary>
public sealed class ReprintOffTests
{
    private const string Waits = "Suspended reprint-off-unconfirmed";

    private static LineUnderTest Line(Station station = Station.Conveyor, bool firstArticle = false) =>
        new(station, reprintOffByHand: true, firstArticle: firstArticle);

    private static string Confirm(LineUnderTest line, long epoch) => line.Ask(id => new LineEvent.ReprintOffConfirmed(id, "Li", epoch));

    [Theory]
    [InlineData(Station.Conveyor, false)]
    [InlineData(Station.Bench, false)]
    [InlineData(Station.Conveyor, true)]
    public void Nothing_is_printed_before_a_person_confirmed(Station station, bool firstArticle)
    {
        LineUnderTest line = Line(station, firstArticle);
        line.Advance(600_000);
        Assert.Equal(Waits, line.StateText);
        Assert.Empty(line.Sent);
        Assert.True(line.HasAlarm("reprint-off-unconfirmed"));
        Assert.Equal(("wanted", 1L), (line.Core.ReprintOffPicture.State, line.Core.ReprintOffPicture.Boot));
        Assert.Contains("reprint-off", LineActions.Of(line.Core));

        Assert.Equal("", Confirm(line, 1));
        Assert.NotEmpty(line.Sent);
        Assert.False(line.HasAlarm("reprint-off-unconfirmed"));
        Assert.Equal("confirmed", line.Core.ReprintOffPicture.State);
        Assert.DoesNotContain("reprint-off", LineActions.Of(line.Core));
        LineEntry entry = Assert.Single(line.Entries(JournalKind.ReprintOff));
        Assert.Equal(("confirmed", "Li"), (entry.Reason, entry.Who));
    }

    [Fact]
    public void A_printer_that_may_have_been_switched_off_is_confirmed_anew_and_cleared_too()
    {
        LineUnderTest line = Line();
        Confirm(line, 1);
        int sent = line.Sent.Count();
        line.Apply(new LineEvent.PrinterFault("printer-down"));
        line.Apply(new LineEvent.PrinterReady(2));
        line.Advance(20_000);
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal("", line.Clear(sent));
        line.Advance(60_000);
        Assert.Equal(Waits, line.StateText);
        Assert.Equal(sent, line.Sent.Count());
        Assert.Equal("printer-restarted", Confirm(line, 1));
        Assert.Equal(sent, line.Sent.Count());
        Assert.Equal("", Confirm(line, 2));
        Assert.True(line.Sent.Count() > sent);
        Assert.Equal("nothing-to-confirm", Confirm(line, 2));
    }

    [Fact]
    public void A_boot_between_two_looks_stops_what_was_entered_but_not_sent()
    {
        var line = new LineUnderTest(reprintOffByHand: true, autoCommit: false);
        line.CommitAll();
        Confirm(line, 1);
        Assert.True(line.Waiting > 0);
        line.Apply(new LineEvent.PrinterReady(2));
        line.CommitAll();
        Assert.Empty(line.Sent);
        Confirm(line, 2);
        line.CommitAll();
        Assert.Equal(line.Code(1), line.Sent.First());
    }

    [Fact]
    public void A_confirmation_while_the_printer_is_away_counts_for_nothing()
    {
        LineUnderTest line = Line();
        line.Apply(new LineEvent.PrinterFault("printer-down"));
        Assert.Equal("printer-down", Confirm(line, 1));
        Assert.DoesNotContain("reprint-off", LineActions.Of(line.Core));
    }

    [Fact]
    public void It_is_confirmed_in_the_morning_before_any_run_and_forgotten_with_the_service()
    {
        var line = new LineUnderTest(reprintOffByHand: true, started: false);
        Assert.Equal("", Confirm(line, 1));
        line.Start(Some.Order(5));
        Assert.NotEmpty(line.Sent);

        line.Crash();
        line.DevicesUp();
        line.Advance(20_000);
        line.Clear(0);
        Assert.Equal(Waits, line.StateText);
        Assert.Empty(line.Sent);
    }

    [Fact]
    public void A_model_that_software_can_tell_asks_nobody()
    {
        var line = new LineUnderTest();
        Assert.NotEmpty(line.Sent);
        Assert.Equal("none", line.Core.ReprintOffPicture.State);
        Assert.Equal("nothing-to-confirm", Confirm(line, 1));
    }
}
