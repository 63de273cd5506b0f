using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Reading that gets worse on a roll is told before the line holds for it.</summary>
public sealed class ReadTrendTests
{
    private static void Batches(ReadTrend trend, params int[] good)
    {
        foreach (int percent in good)
        {
            for (int i = 0; i < ReadTrend.Batch; i++)
            {
                trend.Add(i < percent ? 100 : 0);
            }
        }
    }

    [Fact]
    public void Seven_falling_batches_warn_and_one_that_rises_ends_it()
    {
        var trend = new ReadTrend(50);
        Batches(trend, 100, 99, 98, 97, 96, 95, 94);
        Assert.False(trend.Warns);
        Batches(trend, 93);
        Assert.True(trend.Warns);
        Batches(trend, 97);
        Assert.False(trend.Warns);
    }

    [Fact]
    public void Equal_batches_are_no_fall()
    {
        var trend = new ReadTrend(50);
        Batches(trend, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99);
        Assert.False(trend.Warns);
    }

    [Fact]
    public void A_low_moving_mean_warns_and_less_than_a_batch_says_nothing()
    {
        var trend = new ReadTrend(95);
        for (int i = 0; i < ReadTrend.Batch - 1; i++)
        {
            trend.Add(0);
        }

        Assert.Equal((null, false), (trend.Mean, trend.Warns));
        trend.Reset();
        Batches(trend, 100, 80);
        Assert.Equal(96, trend.Mean!.Value, 3);
        Assert.False(trend.Warns);
        Batches(trend, 80);
        Assert.True(trend.Warns);
    }

    [Fact]
    public void Another_roll_begins_without_a_past()
    {
        var line = new LineUnderTest(labelsToScanner: 0, target: 1000, badReadsInRow: 20, badReadBucket: 100);
        for (int i = 0; i < 2 * ReadTrend.Batch; i++)
        {
            _ = i % 3 == 0 ? line.NoRead() : line.Read((int)line.Ledger.Codes.Where(c => c.State == CodeState.Printing).Max(c => c.Code.Id));
        }

        line.Advance(50);
        Assert.True(line.HasAlarm("print-drift"));
        Assert.Equal("", line.Ask(id => new LineEvent.RollChanged(id, "Li", "ribbon", "R-2")));
        line.Advance(50);
        Assert.Null(line.Core.ReadRate);
        Assert.DoesNotContain(line.Core.Alarms.Active, a => a.Key == "print-drift" && a.ClearedUnixMs == 0);
    }
}
