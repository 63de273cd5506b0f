using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A new roll: its lot is known, its blanks are no bad print.</summary>
public sealed class RollChangeTests
{
    private static string Change(LineUnderTest line, string what, string lot) => line.Ask(id => new LineEvent.RollChanged(id, "Sun", what, lot));

    [Fact]
    public void Blanks_after_a_new_roll_do_not_hold_the_line()
    {
        var line = new LineUnderTest(badReadsInRow: 3);
        line.Read(1);
        Assert.Equal("", Change(line, "media", "L-4711"));
        for (int i = 0; i < 5; i++)
        {
            Assert.False(line.NoRead()!.Pass);
        }

        Assert.Equal(PackMlState.Execute, line.Core.State);
        line.NoRead();
        line.NoRead();
        line.NoRead();
        Assert.Equal("Held bad-reads-in-row", line.StateText);
    }

    [Fact]
    public void Lots_are_in_the_journal_and_are_remembered_over_a_restart()
    {
        var line = new LineUnderTest();
        Change(line, "media", "L-4711");
        line.Advance(1000);
        Change(line, "ribbon", " R-9 ");
        Assert.Equal(new MediaSnapshot("L-4711", "R-9", line.Now.WallMs), line.Core.Media);
        Assert.Equal(["media L-4711 Sun", "ribbon R-9 Sun"], line.Entries(JournalKind.MediaChanged).Select(e => $"{e.Reason} {e.Detail} {e.Who}"));
        line.Crash();
        Assert.Equal(new MediaSnapshot("L-4711", "R-9", line.Now.WallMs), line.Core.Media);
    }

    [Fact]
    public void A_roll_without_a_lot_or_of_an_unknown_kind_is_refused()
    {
        var line = new LineUnderTest();
        Assert.Equal("lot-missing", Change(line, "media", "  "));
        Assert.Equal("unknown-roll", Change(line, "paper", "L-1"));
        Assert.Equal("text-too-long", Change(line, "media", new string('9', 101)));
        Assert.Empty(line.Entries(JournalKind.MediaChanged));
    }

    [Fact]
    public void A_repeat_right_after_a_new_roll_holds_at_once()
    {
        var line = new LineUnderTest();
        line.Read(1);
        Change(line, "ribbon", "R-1");
        line.Read(1);
        Assert.Equal("Held repeated-read", line.StateText);
    }

    [Fact]
    public void Who_was_here_and_what_came_over_the_network_is_kept()
    {
        var line = new LineUnderTest();
        Assert.Equal("", line.Ask(id => new LineEvent.PersonNoted(id, "li.na@panel", "signed-in", "")));
        Assert.Equal("", line.Ask(id => new LineEvent.RemoteNoted(id, "mqtt:mes", "hold", "7 done")));
        Assert.Equal(("signed-in", "li.na@panel"), (line.Entries(JournalKind.Person).Single().Reason, line.Entries(JournalKind.Person).Single().Who));
        Assert.Equal(("hold", "7 done"), (line.Entries(JournalKind.RemoteCommand).Single().Reason, line.Entries(JournalKind.RemoteCommand).Single().Detail));
        line.Ledger.Demand();
    }
}
