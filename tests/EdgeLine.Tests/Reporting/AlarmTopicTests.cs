using System.Text.Json;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Reporting;

/// <summary>One topic for each alarm, with words in two languages, and nothing left behind.</summary>
public sealed class AlarmTopicTests
{
    /// <summary>Every key that a line can raise as an alarm.</summary>
    public static TheoryData<string> Keys => [.. """
        printer-down printer-media-out printer-ribbon-out printer-head-open printer-paused printer-fault printer-reprints
        scanner-down gate-down storage-low storage-slow unconfirmed-limit mirror-down clock-set-back batch-suspended ledger-locked ledger-behind-copy ledger-damaged no-codes labels-missing codes-in-bin lease-expired lease-near-end label-refused platform-down
        manifest-unsigned manifest-tampered manifest-replayed manifest-refused bad-reads-in-row bad-read-bucket duplicate foreign
        voided-label-alive repeated-read clearance slip gate-reports-lost verdict-late more-labels-than-possible account-remainder platform-refused
        mqtt-down restart paused changeover suspect-codes scanner-check scanner-check-overdue scanner-check-failed first-article
        first-article-refused reprint-off-unconfirmed printer-unknown-labels printer-reprint-key-on
        """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_alarm_says_what_happened_and_what_to_do_in_both_languages(string key)
    {
        var none = new Dictionary<string, string>();
        (TwoLanguages title, TwoLanguages advice) = (CauseWords.Shipped.TitleOf(key, none), CauseWords.Shipped.AdviceOf(key, none));
        Assert.NotEqual(key, title.En);
        Assert.All((string[])[title.Zh, advice.Zh], text => Assert.Contains(text, c => c is >= '\u4e00' and <= '\u9fff'));
        Assert.All((string[])[title.En, advice.En], text => Assert.DoesNotContain(text, c => c is >= '\u4e00' and <= '\u9fff'));
        Assert.True(advice.En.Length > 10, advice.En);
    }

    [Fact]
    public void The_printer_on_the_line_knows_its_own_button()
    {
        var hints = new Dictionary<string, OperatorHint> { ["mediaOut"] = new() { En = "Press FEED", Zh = "按 FEED" } };
        var alarm = new AlarmSnapshot("printer-media-out", "high", Pictures.Noon, true, new Dictionary<string, string>())
        {
            State = "acked",
            AckedBy = "li@panel",
        };
        using JsonDocument json = JsonDocument.Parse(LineTopics.Alarm(alarm, new AlarmTexts(CauseWords.Shipped, hints)));
        JsonElement body = json.RootElement;
        Assert.Equal("Press FEED", body.GetProperty("hint").GetProperty("en").GetString());
        Assert.Equal("标签用完", body.GetProperty("text").GetProperty("zh").GetString());
        Assert.Equal("Labels used up", body.GetProperty("text").GetProperty("en").GetString());
        Assert.Equal(("acked", "li@panel"), (body.GetProperty("state").GetString(), body.GetProperty("acked_by").GetString()));
        Assert.Equal(JsonValueKind.Null, body.GetProperty("cleared_ms").ValueKind);
    }

    [Fact]
    public void An_alarm_that_is_gone_is_told_as_an_empty_retained_message()
    {
        var clock = new HandClock();
        var board = new ReportBoard(clock);
        LineSnapshot line = Pictures.Line() with { Alarms = [new AlarmSnapshot("gate-down", "high", 1, false, new Dictionary<string, string>())] };
        var reporter = new LineReporter(board, () => line, null, [], Pictures.Identity, clock);
        reporter.Look();
        Assert.False(Alarm(board).Payload.IsEmpty);
        line = line with { Alarms = [] };
        reporter.Look();
        Assert.True(Alarm(board).Payload.IsEmpty);
        Assert.True(Alarm(board).Retained);
    }

    [Fact]
    public void What_a_former_life_left_at_the_broker_is_taken_away_and_what_is_ours_stays()
    {
        var board = new ReportBoard(new HandClock());
        board.Set("line-1", "alarm/ours", "{}"u8.ToArray());
        using ReportFeed feed = board.Subscribe("line-1");
        Assert.True(feed.TryRead(out _));
        board.Forget("line-1", "alarm/ours");
        Assert.False(feed.TryRead(out _));
        board.Forget("line-1", "alarm/stale");
        Assert.True(feed.TryRead(out Report? gone));
        Assert.Equal(("alarm/stale", true, true), (gone.Topic, gone.Payload.IsEmpty, gone.Retained));

        // It is raised after all: the newest word counts.
        board.Set("line-1", "alarm/stale", "{}"u8.ToArray());
        Assert.True(feed.TryRead(out Report? raised));
        Assert.False(raised.Payload.IsEmpty);
    }

    private static Report Alarm(ReportBoard board) => board.Snapshot("line-1").Single(r => r.Topic == "alarm/gate-down");
}
