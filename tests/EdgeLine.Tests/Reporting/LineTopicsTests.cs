using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;

namespace EdgeLine.Tests.Reporting;

/// <summary>What the payloads say, word for word: other people's programs read them.</summary>
public sealed class LineTopicsTests
{
    [Fact]
    public void Counts_carry_the_seq_they_are_true_for_and_the_whole_equation() => Assert.Equal(
        """
        {"as_of_seq":7,"confirmed_seq":6,"boot":"boot-1","run_id":"run-1","target":200,
        "run":{"printed":4,"verified":3,"rejected":0,"no_read":0,"intruders":0,"unlabelled":0,"slips":0,"voided":0,"reworked":0},
        "totals":{"printed":104,"verified":103,"rejected":0,"no_read":0,"intruders":0,"unlabelled":0,"slips":0,"voided":0,"reworked":0},
        "account":{"leased":300,"available":293,"printing":1,"in_doubt":0,"rejected":0,"verified":6,"sampled":0,"void":0,"returned":0,"expired":0,"remainder":0},
        "platform_confirmed":2,"platform_refused":0,
        "mirrored_seq":5,"only_here":{"codes":1,"oldest":"2026-01-01T12:00:00.000Z","oldest_ms":1767268800000,"as_of_seq":7},"in_flight":1,
        "last_verdicts":[{"item":4,"pass":true,"reason":"","code_tail":"7K2M","at_ms":1767268800000}]}
        """.ReplaceLineEndings(""),
        Text(LineTopics.Counts(
            Pictures.Line() with { MirroredSeq = 5, OnlyHere = new(1, Pictures.Noon, 7) }, Pictures.Identity)));

    [Fact]
    public void State_says_why_what_to_do_and_how_the_devices_are() => Assert.Equal(
        """
        {"packml":{"state":"Held","number":11,"mode":"production","mode_number":1},"reason":"clearance","reason_args":{"max":"8"},
        "since":"2026-01-01T12:00:00.000Z","since_ms":1767268800000,
        "blocked":false,"starved":false,"stop_reason":{"key":"printer-media-out","since":"2026-01-01T11:59:50.000Z","since_ms":1767268790000},"actions":["pause","end"],
        "printer":{"state":"up","fault":"","profile":"zebra-zt411-300dpi","detail":""},
        "scanner":{"state":"up","fault":"","profile":"keyence-sr-1000","detail":""},"gate":null,
        "platform":{"state":"unknown","fault":"","profile":"","detail":""},"mirror":null,"rework":null,
        "check":{"state":"none","step":"","due_ms":0,"suspects":0},"first_article":{"state":"none","code_tail":""},
        "reprint_off":{"state":"none","boot":0,"en":"","zh":""},"media":{"media_lot":"","ribbon_lot":"","changed_ms":0},"problems":[]}
        """.ReplaceLineEndings(""),
        Text(LineTopics.State(
            Pictures.Line(PackMlState.Held) with
            {
                Reason = "clearance",
                StopReason = new StopCause("printer-media-out", Pictures.Noon - 10_000),
                ReasonArgs = new Dictionary<string, string> { ["max"] = "8" },
                Gate = null,
            },
            [])));

    [Fact]
    public void A_line_whose_configuration_was_refused_says_what_is_wrong_and_what_to_do()
    {
        LineSnapshot refused = LineTopics.RefusedLine("line-2", "2 号线", "bench", Pictures.Noon);

        string state = Text(LineTopics.State(refused, [new RefusedSetting("lines.line-2.label", "no such file", "copy it")]));

        Assert.Contains("\"state\":\"Stopped\",\"number\":2", state, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"config-refused\"", state, StringComparison.Ordinal);
        Assert.Contains(
            """[{"place":"lines.line-2.label","problem":"no such file","remedy":"copy it"}]""",
            state, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_run_batch_says_so() =>
        Assert.Equal("{\"running\":false}", Text(LineTopics.Batch(Pictures.Line() with { Run = null })));

    [Fact]
    public void Batch_names_run_order_and_product() => Assert.Equal(
        """
        {"running":true,"run_id":"run-1","order_id":"order-1","batch_id":"batch-1","batch_number":"B-77",
        "product":"中密度纤维板","target":200,"started":"2026-01-01T12:00:00.000Z","started_ms":1767268800000,"started_by":"王"}
        """.ReplaceLineEndings(""),
        Text(LineTopics.Batch(Pictures.Line())));

    [Fact]
    public void Codes_say_how_many_and_until_when()
    {
        Assert.Equal(
            """{"left":293,"lease_expires":"2026-01-01T13:00:00.000Z","lease_expires_ms":1767272400000}""",
            Text(LineTopics.Codes(Pictures.Line())));
        Assert.Equal(
            """{"left":0,"lease_expires":null,"lease_expires_ms":null}""",
            Text(LineTopics.Codes(Pictures.Line() with { CodesLeft = 0, LeaseExpiresUnixMs = 0 })));
    }

    [Fact]
    public void Alarms_are_all_counted_and_the_first_twenty_listed()
    {
        AlarmSnapshot[] alarms = [.. Enumerable.Range(1, 25).Select(number => new AlarmSnapshot(
            $"alarm-{number}", number < 6 ? "high" : "low", Pictures.Noon, number == 1, new Dictionary<string, string>()))];

        using JsonDocument json = JsonDocument.Parse(LineTopics.Alarms(Pictures.Line() with { Alarms = alarms }));

        Assert.Equal(25, json.RootElement.GetProperty("active").GetInt32());
        Assert.Equal(24, json.RootElement.GetProperty("unacknowledged").GetInt32());
        Assert.Equal(5, json.RootElement.GetProperty("by_severity").GetProperty("high").GetInt32());
        Assert.Equal(20, json.RootElement.GetProperty("alarms").GetArrayLength());
        Assert.Equal(5, json.RootElement.GetProperty("more").GetInt32());
    }

    [Fact]
    public void Status_and_heartbeat_name_this_start_of_the_service()
    {
        Assert.Equal(
            """{"state":"offline","reason":"connection-lost","boot":"boot-1","version":"0.1.0","heartbeat_s":15}""",
            Text(LineTopics.Status(Pictures.Identity, online: false, "connection-lost")));
        Assert.Equal(
            """{"boot":"boot-1","uptime_s":90,"seq":7,"confirmed_seq":6,"not_confirmed":1,"mqtt":{"configured":false}}""",
            Text(LineTopics.Heartbeat(Pictures.Line(), Pictures.Identity, null, Pictures.Noon + 30_000)));
    }

    [Fact]
    public void A_payload_starts_with_version_and_time()
    {
        Assert.Equal(
            """{"v":1,"ts":"2026-01-01T12:00:00.123Z","ts_ms":1767268800123,"a":1}""",
            Text(Report.Stamp("{\"a\":1}"u8, Pictures.Noon + 123)));
        Assert.Equal(
            """{"v":1,"ts":"2026-01-01T12:00:00.000Z","ts_ms":1767268800000}""",
            Text(Report.Stamp("{}"u8, Pictures.Noon)));
    }

    [Fact]
    public void An_event_is_told_with_the_same_bytes_every_time_and_without_the_whole_code()
    {
        JournalEntry entry = Pictures.Entry(9, JournalKind.Intruder, "duplicate", "H0123456789ABCDE", "https://x/C/H0123456789ABCDE");

        Report first = RunEvents.Of("line-1", entry)!;
        Report again = RunEvents.Of("line-1", entry)!;

        Assert.Equal("event/intruder", first.Topic);
        Assert.False(first.Retained);
        Assert.Equal(first.Payload.ToArray(), again.Payload.ToArray());
        Assert.Equal(
            """
            {"v":1,"ts":"2026-01-01T12:00:00.009Z","ts_ms":1767268800009,"id":"11111111222233334444555555555555-9",
            "seq":9,"line":"line-1","type":"intruder","run_id":"run-1","reason":"duplicate","code_tail":"BCDE"}
            """.ReplaceLineEndings(""),
            Text(first.Payload.ToArray()));
    }

    [Fact]
    public void Exactly_the_run_events_are_told()
    {
        string[] told = [.. Enum.GetValues<JournalKind>()
            .Select(kind => RunEvents.Of("line-1", Pictures.Entry(1, kind))?.Topic)
            .OfType<string>()];

        Assert.Equal(
            ["event/run_started", "event/held", "event/resumed", "event/cleared", "event/run_ended", "event/restarted", "event/intruder",
                "event/alarm_handled", "event/scanner_check", "event/first_article", "event/media_changed", "event/reprint_off"],
            told);
    }

    [Fact]
    public void A_picture_is_told_in_well_under_a_millisecond()
    {
        LineSnapshot line = Pictures.Line();
        for (int warm = 0; warm < 200; warm++)
        {
            LineTopics.Counts(line, Pictures.Identity);
        }

        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < 1_000; round++)
        {
            LineTopics.Counts(line, Pictures.Identity);
            LineTopics.State(line, []);
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
    }

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
