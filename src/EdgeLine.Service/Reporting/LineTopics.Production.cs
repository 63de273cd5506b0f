using System.Text.Json;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <content>Rate, effectiveness, PackML mode and times, and the topic of each alarm.</content>
public static partial class LineTopics
{
    /// <summary>PackML mode 1: labels for products.</summary>
    public const string Production = "production";

    /// <summary>PackML mode 2: labels for trials; such time is not planned production.</summary>
    public const string Maintenance = "maintenance";

    /// <summary><c>rate</c>: items a minute.</summary>
    public static byte[] Rate(ProductionWatch watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        (double now, double mean, double target) = watch.Rate;
        return Body(json =>
        {
            json.WriteNumber("per_min", now);
            json.WriteNumber("mean_5min", mean);
            json.WriteNumber("target", target);
        });
    }

    /// <summary><c>oee</c>: the figures with the window they are for; null is not known.</summary>
    public static byte[] Oee(OeeFigures oee)
    {
        ArgumentNullException.ThrowIfNull(oee);
        return Body(json =>
        {
            json.Share("availability", oee.Availability);
            json.Share("performance", oee.Performance);
            json.Share("quality", oee.Quality);
            json.Share("oee", oee.Oee);
            json.WriteString("window", $"last {oee.WindowMinutes} min");
            json.WriteNumber("window_min", oee.WindowMinutes);
            json.WriteNumber("covered_s", oee.CoveredS);
            json.WriteNumber("planned_s", oee.PlannedS);
            json.WriteNumber("run_s", oee.RunS);
            json.WriteNumber("items", oee.Items);
            json.WriteNumber("good", oee.Good);
            json.WriteNumber("ideal_per_min", oee.IdealPerMinute);
        });
    }

    /// <summary><c>alarm/{key}</c>: one alarm with its life and its words.</summary>
    public static byte[] Alarm(AlarmSnapshot alarm, AlarmTexts texts)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        ArgumentNullException.ThrowIfNull(texts);
        return Body(json => json.AlarmParts(alarm, texts));
    }

    /// <summary>Maintenance while test labels are on the line; manual operation does not exist here.</summary>
    public static string ModeOf(LineSnapshot line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Check.State == "running" || line.FirstArticle.State is "printing" or "to-approve" ? Maintenance : Production;
    }

    private static void PackMl(Utf8JsonWriter json, LineSnapshot line, StateTimes? times)
    {
        string mode = ModeOf(line);
        json.WriteStartObject("packml");
        json.WriteString("state", line.State.ToString());
        json.WriteNumber("number", (int)line.State);
        json.WriteString("mode", mode);
        json.WriteNumber("mode_number", mode == Production ? 1 : 2);
        if (times is not null)
        {
            // Finished stays only: the present one is the reader's clock less "since".
            json.Moment("times_reset", times.ResetUnixMs);
            json.WriteNumber("accumulated_s", times.AccumulatedSeconds);
            json.WriteStartObject("times_s");
            foreach ((string inMode, IReadOnlyDictionary<string, long> states) in times.Seconds)
            {
                json.WriteStartObject(inMode);
                foreach ((string state, long seconds) in states)
                {
                    json.WriteNumber(state, seconds);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Stop(Utf8JsonWriter json, LineSnapshot line)
    {
        json.WriteBoolean("blocked", line.Blocked);
        json.WriteBoolean("starved", line.Starved);
        if (line.StopReason is not { } stop)
        {
            json.WriteNull("stop_reason");
            return;
        }

        json.WriteStartObject("stop_reason");
        json.WriteString("key", stop.Key);
        json.Moment("since", stop.SinceUnixMs);
        json.WriteEndObject();
    }

    private static void Share(this Utf8JsonWriter json, string name, double? share)
    {
        if (share is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
