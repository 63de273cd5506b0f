using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;

namespace EdgeLine.Tests.Reporting;

public sealed class OeeTests
{
    private long _ms;

    [Fact]
    public void The_four_figures_are_those_of_the_textbook()
    {
        // 100 minutes planned, 80 running, ideal 10 a minute, 640 items, 608 of them good.
        var oee = new OeeWindow(TimeSpan.FromMinutes(480), 10);
        Spend(oee, 80, running: true, good: 608, bad: 32);
        Spend(oee, 20, running: false);
        OeeFigures figures = oee.Read();
        Assert.Equal(0.8, figures.Availability!.Value, 6);
        Assert.Equal(0.8, figures.Performance!.Value, 6);
        Assert.Equal(0.95, figures.Quality!.Value, 6);
        Assert.Equal(0.608, figures.Oee!.Value, 6);
        Assert.Equal((6000, 4800, 640, 608), (figures.PlannedS, figures.RunS, figures.Items, figures.Good));
    }

    [Fact]
    public void What_cannot_be_known_is_null_and_never_a_division_by_zero()
    {
        var oee = new OeeWindow(TimeSpan.FromMinutes(480), 10);
        Assert.Equal((null, null, null, null), Shares(oee.Read()));
        Spend(oee, 5, planned: false, running: false);
        Assert.Equal((null, null, null, null), Shares(oee.Read()));
        Spend(oee, 5, running: false);
        Assert.Equal((0.0, null, null, null), Shares(oee.Read()));
    }

    [Fact]
    public void Time_without_a_run_counts_for_nothing()
    {
        var oee = new OeeWindow(TimeSpan.FromMinutes(480), 10);
        Spend(oee, 10, running: true, good: 100);
        Spend(oee, 50, planned: false, running: true);
        Assert.Equal(1.0, oee.Read().Availability);
        Assert.Equal((600, 3600), (oee.Read().PlannedS, oee.Read().CoveredS));
    }

    [Fact]
    public void What_is_older_than_the_window_is_forgotten()
    {
        var oee = new OeeWindow(TimeSpan.FromMinutes(10), 10);
        Spend(oee, 30, running: false);
        Spend(oee, 11, running: true, good: 110);
        Assert.Equal(1.0, oee.Read().Availability);
        Assert.InRange(oee.Read().PlannedS, 600, 660);
    }

    [Fact]
    public void An_ideal_that_is_set_too_low_shows_as_more_than_one()
    {
        var oee = new OeeWindow(TimeSpan.FromMinutes(60), 10);
        Spend(oee, 10, running: true, good: 150);
        Assert.Equal(1.5, oee.Read().Performance!.Value, 6);
    }

    [Fact]
    public void A_pc_that_slept_does_not_know_what_happened()
    {
        var oee = new OeeWindow(TimeSpan.FromMinutes(480), 10);
        oee.Add(3_600_000, 3_600_000, planned: true, running: true, good: 0, bad: 0);
        Assert.Equal(10, oee.Read().PlannedS);
    }

    [Fact]
    public void An_item_accepted_at_rework_is_not_good_at_the_first_pass()
    {
        var watch = new ProductionWatch(60, 60, TimeSpan.FromMinutes(60));
        LineSnapshot line = Pictures.Line() with { RunActive = true };
        watch.Look(line, 0, 0);
        watch.Look(line with { Totals = line.Totals with { Verified = line.Totals.Verified + 10, Rejected = line.Totals.Rejected + 1, Reworked = 1 } }, 10_000, 10_000);
        Assert.Equal((10, 9), (watch.Oee.Items, watch.Oee.Good));
    }

    [Fact]
    public void The_rate_is_that_of_15_seconds_and_of_5_minutes()
    {
        var rate = new RateWindow();
        Assert.Equal((0.0, 0.0), (rate.PerMinuteNow, rate.PerMinuteMean));
        for (int second = 0; second <= 600; second++)
        {
            // One item a second, then two.
            rate.Add(second * 1000, second <= 585 ? second : 585 + ((second - 585) * 2));
        }

        Assert.Equal(120, rate.PerMinuteNow);
        Assert.Equal(63, rate.PerMinuteMean);
    }

    [Fact]
    public void Time_in_state_counts_finished_stays_and_begins_anew_with_a_run()
    {
        var times = new StateTimes();
        times.Follow("", "production", PackMlState.Idle, 0, 5);
        times.Follow("run-1", "production", PackMlState.Execute, 10_000, 6);
        times.Follow("run-1", "production", PackMlState.Held, 40_000, 7);
        times.Follow("run-1", "maintenance", PackMlState.Held, 42_000, 8);
        times.Follow("run-1", "production", PackMlState.Execute, 45_000, 9);
        Assert.Equal(6, times.ResetUnixMs);
        Assert.Equal(30, times.Seconds["production"]["Execute"]);
        Assert.Equal(2, times.Seconds["production"]["Held"]);
        Assert.Equal(3, times.Seconds["maintenance"]["Held"]);
        Assert.Equal(35, times.AccumulatedSeconds);
        times.Follow("run-2", "production", PackMlState.Execute, 50_000, 10);
        Assert.Equal((0, 10), (times.AccumulatedSeconds, times.ResetUnixMs));
    }

    [Fact]
    public void The_numbers_of_the_states_are_those_of_the_standard() => Assert.Equal(
        "Clearing 1, Stopped 2, Starting 3, Idle 4, Suspended 5, Execute 6, Aborted 9, Held 11, Completing 16, Complete 17",
        string.Join(", ", Enum.GetValues<PackMlState>().Order().Select(s => $"{s} {(int)s}")));

    private static (double?, double?, double?, double?) Shares(OeeFigures f) => (f.Availability, f.Performance, f.Quality, f.Oee);

    private void Spend(OeeWindow oee, int minutes, bool running, bool planned = true, long good = 0, long bad = 0)
    {
        int steps = minutes * 60;
        for (int i = 0; i < steps; i++)
        {
            _ms += 1000;
            oee.Add(_ms, 1000, planned, running, i == 0 ? good : 0, i == 0 ? bad : 0);
        }
    }
}
