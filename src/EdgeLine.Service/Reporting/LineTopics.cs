using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// Turns the picture of a line into the bodies of its topics: pure functions, snake_case, units in names, numbers as
/// numbers. The board puts version and time in front.
/// </summary>
public static partial class LineTopics
{
    /// <summary>Seconds between two life signs; readers call a line stale after two of them are missing.</summary>
    public const int HeartbeatSeconds = 15;

    /// <summary>Alarms that are listed; the rest is counted.</summary>
    public const int AlarmsMax = 20;

    private static readonly string[] _severities = ["critical", "high", "medium", "low"];

    private static readonly JsonWriterOptions _options = new()
    {
        // The text goes into MQTT and into an event stream, never into HTML; Chinese stays readable for people.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary><c>status</c>: online, or offline with the reason.</summary>
    public static byte[] Status(Identity identity, bool online, string? reason)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return Body(json =>
        {
            json.WriteString("state", online ? "online" : "offline");
            json.WriteString("reason", reason);
            json.WriteString("boot", identity.Boot);
            json.WriteString("version", identity.Version);
            json.WriteNumber("heartbeat_s", HeartbeatSeconds);
        });
    }

    /// <summary><c>heartbeat</c>: that the service lives, and how far behind platform and broker are.</summary>
    public static byte[] Heartbeat(LineSnapshot line, Identity identity, MqttFacts? mqtt, long nowUnixMs)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(identity);
        return Body(json =>
        {
            json.WriteString("boot", identity.Boot);
            json.WriteNumber("uptime_s", Math.Max(0, nowUnixMs - identity.StartedUnixMs) / 1000);
            json.WriteNumber("seq", line.AsOfSeq);
            json.WriteNumber("confirmed_seq", line.ConfirmedSeq);
            json.WriteNumber("not_confirmed", line.AsOfSeq - line.ConfirmedSeq);
            json.WriteStartObject("mqtt");
            json.WriteBoolean("configured", mqtt is not null);
            if (mqtt is not null)
            {
                json.WriteBoolean("connected", mqtt.Connected);
                json.WriteNumber("since_ms", mqtt.SinceUnixMs);
                json.WriteString("last_reason", mqtt.LastReason);
                json.WriteNumber("reconnects", mqtt.Reconnects);
                json.WriteNumber("backlog", mqtt.Backlog);
                json.WriteString("alarm", mqtt.Alarm);
            }

            json.WriteEndObject();
        });
    }

    /// <summary><c>info</c>: what does not change while the service runs.</summary>
    public static byte[] Info(LineSnapshot line, Identity identity, IReadOnlyList<RefusedSetting> problems)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(identity);
        return Body(json =>
        {
            json.WriteString("product", "EdgeLine");
            json.WriteString("version", identity.Version);
            json.WriteString("boot", identity.Boot);
            json.WriteString("line", line.LineId);
            json.WriteString("title", line.Title);
            json.WriteString("station", line.Station);
            json.WriteString("printer_profile", line.Printer.Profile);
            json.WriteString("scanner_profile", line.Scanner.Profile);
            json.WriteString("gate_profile", line.Gate?.Profile);
            json.Problems(problems);
        });
    }

    /// <summary><c>state</c>: PackML state and times, why, what a person may do now, and the devices.</summary>
    public static byte[] State(LineSnapshot line, IReadOnlyList<RefusedSetting> problems, StateTimes? times = null)
    {
        ArgumentNullException.ThrowIfNull(line);
        return Body(json =>
        {
            PackMl(json, line, times);
            json.WriteString("reason", line.Reason);
            json.Args("reason_args", line.ReasonArgs);
            json.Moment("since", line.SinceUnixMs);
            Stop(json, line);
            json.WriteStartArray("actions");
            foreach (string action in line.Actions)
            {
                json.WriteStringValue(action);
            }

            json.WriteEndArray();
            json.Device("printer", line.Printer);
            json.Device("scanner", line.Scanner);
            json.Device("gate", line.Gate);
            json.Device("platform", line.Platform);
            json.Device("mirror", line.Mirror);
            json.Rework(line.Rework);
            json.Checks(line);
            json.Problems(problems);
        });
    }

    /// <summary><c>batch</c>: the run and its batch.</summary>
    public static byte[] Batch(LineSnapshot line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return Body(json =>
        {
            json.WriteBoolean("running", line.Run is not null);
            if (line.Run is { } run)
            {
                json.WriteString("run_id", run.RunId);
                json.WriteString("order_id", run.OrderId);
                json.WriteString("batch_id", run.BatchId);
                json.WriteString("batch_number", run.BatchNumber);
                json.WriteString("product", run.Product);
                json.WriteNumber("target", run.Target);
                json.Moment("started", run.StartedUnixMs);
                json.WriteString("started_by", run.StartedBy);
            }
        });
    }

    /// <summary><c>counts</c>: every number true after exactly journal entry <c>as_of_seq</c>.</summary>
    public static byte[] Counts(LineSnapshot line, Identity identity)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(identity);
        return Body(json =>
        {
            json.WriteNumber("as_of_seq", line.AsOfSeq);
            json.WriteNumber("confirmed_seq", line.ConfirmedSeq);
            json.WriteString("boot", identity.Boot);
            json.WriteString("run_id", line.Run?.RunId);
            if (line.Run is { } run)
            {
                json.WriteNumber("target", run.Target);
            }
            else
            {
                json.WriteNull("target");
            }

            json.Counts("run", line.RunCounts);
            json.Counts("totals", line.Totals);
            json.Account(line.Account);
            json.WriteNumber("platform_confirmed", line.PlatformConfirmed);
            json.WriteNumber("platform_refused", line.PlatformRefused);
            json.OnlyHere(line);
            json.WriteNumber("in_flight", line.InFlight);
            json.Verdicts(line.LastVerdicts);
        });
    }

    /// <summary><c>codes</c>: how many codes are left, and until when.</summary>
    public static byte[] Codes(LineSnapshot line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return Body(json =>
        {
            json.WriteNumber("left", line.CodesLeft);
            json.Moment("lease_expires", line.LeaseExpiresUnixMs);
        });
    }

    /// <summary><c>alarms</c>: counts by severity and state, and the first ones; those put aside are counted apart.</summary>
    public static byte[] Alarms(LineSnapshot line, AlarmTexts? texts = null)
    {
        ArgumentNullException.ThrowIfNull(line);
        AlarmSnapshot[] shown = [.. line.Alarms.Where(alarm => alarm.State != "shelved")];
        return Body(json =>
        {
            json.WriteNumber("active", shown.Count(alarm => alarm.ClearedUnixMs == 0));
            json.WriteNumber("unacknowledged", shown.Count(alarm => !alarm.Acknowledged));
            json.WriteNumber("returned", shown.Count(alarm => alarm.State == "rtn_unack"));
            json.WriteNumber("shelved", line.Alarms.Count - shown.Length);
            json.WriteStartObject("by_severity");
            foreach (string severity in _severities)
            {
                json.WriteNumber(severity, shown.Count(alarm => alarm.Severity == severity));
            }

            json.WriteEndObject();
            json.WriteStartArray("alarms");
            foreach (AlarmSnapshot alarm in line.Alarms.OrderBy(alarm => alarm.State == "shelved").Take(AlarmsMax))
            {
                json.WriteStartObject();
                json.AlarmParts(alarm, texts ?? AlarmTexts.Plain);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("more", Math.Max(0, line.Alarms.Count - AlarmsMax));
        });
    }

    /// <summary>The picture of a line that does not run because its configuration or its ledger was refused.</summary>
    public static LineSnapshot RefusedLine(string lineId, string title, string station, long sinceUnixMs, string reason = "config-refused") => new()
    {
        LineId = lineId,
        Title = title,
        Station = station,
        State = PackMlState.Stopped,
        Reason = reason,
        SinceUnixMs = sinceUnixMs,
    };

    internal static byte[] Body(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, _options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
