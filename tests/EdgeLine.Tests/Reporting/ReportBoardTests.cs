using System.Text;
using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Reporting;

/// <summary>One board feeds MQTT and the page: nobody misses the newest state, and nobody waits for a slow reader.</summary>
public sealed class ReportBoardTests
{
    private readonly HandClock _clock = new();
    private readonly ReportBoard _board;

    public ReportBoardTests() => _board = new ReportBoard(_clock);

    [Fact]
    public void A_reader_that_comes_late_gets_every_state_at_once()
    {
        Set("line-1", "state", "a");
        Set("line-1", "counts", "b");
        Set("line-2", "state", "c");

        using ReportFeed all = _board.Subscribe();
        using ReportFeed one = _board.Subscribe("line-1");

        Assert.Equal(["line-1 state a", "line-1 counts b", "line-2 state c"], Drain(all));
        Assert.Equal(["line-1 state a", "line-1 counts b"], Drain(one));
        Assert.Equal(3, _board.Snapshot().Count);
    }

    [Fact]
    public void A_state_that_did_not_change_is_not_told_again()
    {
        using ReportFeed feed = _board.Subscribe();
        Set("line-1", "state", "a");
        DateTimeOffset first = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Set("line-1", "state", "a");

        Assert.Equal(["line-1 state a"], Drain(feed));
        Assert.Contains(
            Report.Iso(first.ToUnixTimeMilliseconds()),
            Encoding.UTF8.GetString(_board.Snapshot()[0].Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_reader_misses_steps_in_between_but_never_the_newest()
    {
        using ReportFeed feed = _board.Subscribe();
        for (int step = 1; step <= 1_000; step++)
        {
            Set("line-1", "counts", $"{step}");
            Set("line-1", "state", $"s{step}");
        }

        Assert.Equal(["line-1 counts 1000", "line-1 state s1000"], Drain(feed));
    }

    [Fact]
    public void Events_for_a_slow_reader_are_bounded_and_what_was_dropped_is_counted()
    {
        using ReportFeed feed = _board.Subscribe();
        for (int number = 1; number <= 300; number++)
        {
            _board.Publish(new Report("line-1", "event/held", Body($"{number}"), Retained: false));
        }

        List<string> seen = Drain(feed);
        Assert.Equal(256, seen.Count);
        Assert.Equal("line-1 event/held 300", seen[^1]);
        Assert.Equal(44, feed.EventsDropped);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_waiting_reader_wakes_up_and_a_disposed_feed_ends()
    {
        ReportFeed feed = _board.Subscribe();
        ValueTask<bool> waiting = feed.WaitToReadAsync();
        Assert.False(waiting.IsCompleted);
        Set("line-1", "state", "a");
        Assert.True(await waiting);
        Assert.Single(Drain(feed));

        ValueTask<bool> again = feed.WaitToReadAsync();
        feed.Dispose();
        Assert.False(await again);
        Set("line-1", "state", "b");
        Assert.Empty(Drain(feed));
    }

    [Fact]
    public void A_state_given_back_does_not_replace_a_newer_one()
    {
        using ReportFeed feed = _board.Subscribe();
        Set("line-1", "state", "old");
        Assert.True(feed.TryRead(out Report? old));
        Set("line-1", "state", "new");
        feed.PutBack(old);
        Assert.Equal(["line-1 state new"], Drain(feed));
        feed.PutBack(old);
        Assert.Equal(["line-1 state old"], Drain(feed));
    }

    [Fact(Timeout = 30_000)]
    public async Task Many_writers_and_one_reader_lose_no_newest_state()
    {
        using ReportFeed feed = _board.Subscribe();
        var newest = new Dictionary<string, string>();
        Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (int step = 1; step <= 5_000; step++)
            {
                Set($"line-{writer}", "counts", $"{step}");
            }
        }))];
        while (newest.Count < 4 || newest.Values.Any(value => value != "5000"))
        {
            await feed.WaitToReadAsync();
            foreach (string[] words in Drain(feed).Select(text => text.Split(' ')))
            {
                newest[words[0]] = words[2];
            }
        }

        await Task.WhenAll(writers);
    }

    [Fact]
    public void Counts_are_told_at_most_once_a_second_and_at_once_when_the_line_stops()
    {
        LineSnapshot line = Pictures.Line(verified: 1);
        var reporter = new LineReporter(_board, () => line, null, [], Pictures.Identity, _clock);
        using ReportFeed feed = _board.Subscribe();
        var told = new List<string>();
        for (int quarter = 0; quarter < 40; quarter++)
        {
            line = Pictures.Line(verified: quarter + 1, asOfSeq: 10 + quarter);
            reporter.Look();
            told.AddRange(Drain(feed).Where(text => text.Contains(" counts ", StringComparison.Ordinal)));
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Equal(10, told.Count);

        reporter.Look();
        Drain(feed);
        line = Pictures.Line(PackMlState.Held, asOfSeq: 99);
        reporter.Look();
        Assert.Contains(Drain(feed), text => text.Contains("\"as_of_seq\":99", StringComparison.Ordinal));
    }

    [Fact(Timeout = 10_000)]
    public async Task The_last_numbers_are_on_the_board_when_the_service_stops()
    {
        LineSnapshot line = Pictures.Line();
        var reporter = new LineReporter(_board, () => line, null, [], Pictures.Identity, _clock);
        using var stop = new CancellationTokenSource();
        Task running = reporter.RunAsync(stop.Token);
        line = Pictures.Line(asOfSeq: 4711);
        await stop.CancelAsync();
        await running;

        string counts = Encoding.UTF8.GetString(_board.Snapshot().Single(report => report.Topic == "counts").Payload.Span);
        Assert.Contains("\"as_of_seq\":4711", counts, StringComparison.Ordinal);
        Assert.Equal(
            ["alarms", "batch", "codes", "counts", "heartbeat", "info", "state", "status"],
            _board.Snapshot().Select(report => report.Topic).Order(StringComparer.Ordinal));
    }

    private static byte[] Body(string value) => Encoding.UTF8.GetBytes($"{{\"x\":\"{value}\"}}");

    private static List<string> Drain(ReportFeed feed)
    {
        var seen = new List<string>();
        while (feed.TryRead(out Report? report))
        {
            string text = Encoding.UTF8.GetString(report.Payload.Span);
            int at = text.IndexOf("\"x\":\"", StringComparison.Ordinal);
            seen.Add($"{report.LineId} {report.Topic} {(at < 0 ? text : text[(at + 5)..^2])}");
        }

        return seen;
    }

    private void Set(string line, string topic, string value) => _board.Set(line, topic, Body(value));
}
