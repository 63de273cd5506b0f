using EdgeLine.Simulator.Demo;

namespace EdgeLine.Tests.Faults;

/// <summary>What the soak calls flat: a leak must not hide behind a warm start, nor a collection of the heap look like one.</summary>
public sealed class SoakFiguresTests
{
    private const long Labels = 1_000_000;

    [Fact]
    public void What_stays_as_it_is_is_flat_whatever_the_start_needed()
    {
        Assert.Empty(Seen(done => done < 10_000 ? 1 : 100 + (done % 7)).Problems());
    }

    [Fact]
    public void One_collection_in_the_middle_of_a_tenth_is_no_growth()
    {
        Assert.Empty(Seen(done => done is > 500_000 and < 540_000 ? 300 : 100).Problems());
    }

    [Fact]
    public void What_a_busy_PC_makes_of_it_in_between_is_no_growth()
    {
        Assert.Empty(Seen(done => done is > 400_000 and < 600_000 ? 120 : 100).Problems());
    }

    [Fact]
    public void Bytes_that_stay_behind_with_each_label_are_found()
    {
        string problem = Assert.Single(Seen(done => 14_000_000 + (4 * done)).Problems());
        Assert.Contains("figure grew to 1.1", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_that_was_taken_in_the_middle_of_something_is_no_growth_and_one_that_stays_is()
    {
        Assert.Empty(Seen(done => done is > 800_000 and < 900_000 ? 130 : 100, isSnapshot: true).Problems());
        Assert.Single(Seen(done => done > 800_000 ? 112 : 100, isSnapshot: true).Problems());
    }

    [Fact]
    public void A_handle_that_stays_open_late_is_found()
    {
        Assert.Single(Seen(done => done < 900_000 ? 60 : 70).Problems());
    }

    [Fact]
    public void A_figure_that_was_not_seen_to_the_end_is_no_flat_one()
    {
        var figures = new SoakFigures(Labels);
        figures.Add("figure", 20_000, 1);
        figures.Add("figure", 920_000, 1);
        Assert.Contains("not seen in each tenth", Assert.Single(figures.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_entries_that_wait_are_no_queue_and_many_are()
    {
        Assert.Empty(Seen(done => done / 100.0, least: 20_000).Problems());
        Assert.Single(Seen(done => done / 10.0, least: 20_000).Problems());
    }

    private static SoakFigures Seen(Func<long, double> figure, double least = 1, bool isSnapshot = false)
    {
        var figures = new SoakFigures(Labels);
        for (long done = 0; done < Labels; done += 3_500)
        {
            figures.Add("figure", done, figure(done), least, isSnapshot);
        }

        return figures;
    }
}
