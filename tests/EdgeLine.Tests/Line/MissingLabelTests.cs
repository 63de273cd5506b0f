using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>
/// The last labels of an order have nothing behind them that could tell that they are gone, taken off the belt by a hand:
/// the line says so, and whoever clears it gets new ones.
/// </summary>
public sealed class MissingLabelTests
{
    private const int Target = 6;

    [Fact]
    public void The_last_label_of_the_order_that_does_not_come_is_told_and_printed_anew_after_a_clearance()
    {
        var line = new LineUnderTest(target: Target);
        Read(line, 1, 2, 3, 4, 5);
        Pass(line, line.Settings.RunOutMs - 1);
        Assert.Equal("Execute", line.StateText);
        Pass(line, 1);
        Assert.Equal("Suspended labels-missing", line.StateText);
        Assert.Equal((true, false), (line.HasAlarm("labels-missing"), line.Core.Starved));
        Assert.Equal("not-held", line.Clear(found: 0));
        Assert.Equal("", line.Pause());
        Assert.Contains("clearance", LineActions.Of(line.Core));
        Assert.Equal(1, line.Core.ClearanceMax);
        Assert.Equal("", line.Clear(found: 0));
        Assert.Equal((CodeState.Void, "Execute"), (line.StateOf(6), line.StateText));
        Assert.False(line.HasAlarm("labels-missing"));
        Assert.True(line.Read(7)!.Pass);
        Assert.Equal("Complete target-met", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void One_that_comes_after_all_passes_and_ends_the_run()
    {
        var line = new LineUnderTest(target: Target);
        Read(line, 1, 2, 3, 4);
        Pass(line, line.Settings.RunOutMs);
        Assert.Equal("Suspended labels-missing", line.StateText);
        // The belt had only stopped.
        Assert.True(line.Read(5)!.Pass);
        Assert.Equal("Execute", line.StateText);
        Assert.True(line.Read(6)!.Pass);
        Assert.Equal("Complete target-met", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void Where_the_belt_cannot_move_nothing_is_missing_and_then_it_has_its_full_time()
    {
        var line = new LineUnderTest(target: Target, mayVerify: Target, codes: Target, autoSupply: false);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Single());
        Read(line, 1, 3, 4, 5, 6);
        line.Apply(new LineEvent.CodesUnavailable("no-codes"));
        line.Apply(new LineEvent.GateDown());
        Pass(line, 3 * line.Settings.RunOutMs);
        line.Apply(new LineEvent.GateUp());
        Pass(line, line.Settings.RunOutMs - 1);
        Assert.Equal("Suspended no-codes", line.StateText);
        Pass(line, 1);
        Assert.Equal("Suspended labels-missing", line.StateText);
    }

    [Theory]
    [InlineData(Station.Conveyor, true)]
    [InlineData(Station.Bench, false)]
    public void At_a_bench_a_person_has_the_label_in_hand(Station station, bool missing)
    {
        var line = new LineUnderTest(station: station, target: 1);
        Pass(line, 3 * line.Settings.RunOutMs);
        Assert.Equal(missing ? "Suspended labels-missing" : "Execute", line.StateText);
    }

    [Fact]
    public void While_more_labels_follow_each_of_them_tells()
    {
        var line = new LineUnderTest(target: 100);
        Read(line, 1, 2, 3);
        Pass(line, 3 * line.Settings.RunOutMs);
        Assert.Equal("Execute", line.StateText);
    }

    [Fact]
    public void A_label_behind_a_bare_product_with_no_code_left_is_missing_too()
    {
        var line = new LineUnderTest(target: 2, mayVerify: 2, codes: 2, autoSupply: false);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Single());
        Read(line, 1);
        // It may have been the last label, unread: one more is wanted, and there is none.
        line.NoRead();
        line.Apply(new LineEvent.CodesUnavailable("no-codes"));
        Assert.Equal("Execute", line.StateText);
        Pass(line, line.Settings.RunOutMs);
        Assert.Equal("Suspended labels-missing", line.StateText);
    }

    [Theory]
    [InlineData("no-codes", "Suspended labels-missing")]
    [InlineData("platform-down", "Suspended platform-down")]
    public void A_label_that_slipped_away_with_the_last_place_of_its_order_is_looked_for(string trouble, string end)
    {
        // Somebody took the second product off the belt: its code keeps the place of the sixth.
        var line = new LineUnderTest(target: Target, mayVerify: Target, codes: Target, autoSupply: false);
        line.Supply(line.Effects.OfType<LineEffect.AskCodes>().Single());
        Read(line, 1, 3, 4, 5, 6);
        Assert.Equal(CodeState.InDoubt, line.StateOf(2));
        line.Apply(new LineEvent.CodesUnavailable(trouble));
        Assert.Equal($"Suspended {trouble}", line.StateText);
        Pass(line, line.Settings.RunOutMs);
        Assert.Equal(end, line.StateText);
        if (trouble == "no-codes")
        {
            // Products without labels, which keep coming, tell nothing of it.
            line.NoRead();
            line.Advance(1);
            Assert.Equal(end, line.StateText);
            Assert.Equal(("", ""), (line.Pause(), line.Clear(found: 0)));
            Assert.Equal(CodeState.Void, line.StateOf(2));
            // Which frees its place at the platform.
            line.Ledger.Lend("order-1", 1, 3, line.Now.WallMs + 1_000_000);
            line.Supply(new LineEffect.AskCodes(10, Target));
            Assert.True(line.Read(7)!.Pass);
            Assert.Equal("Complete target-met", line.StateText);
        }

        line.Ledger.Demand();
    }

    private static void Read(LineUnderTest line, params int[] codes) => Assert.All(codes, code => Assert.True(line.Read(code)!.Pass));

    // Time is seen at ticks only.
    private static void Pass(LineUnderTest line, long ms)
    {
        line.Advance(0);
        line.Advance(ms);
    }
}
