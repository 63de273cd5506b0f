using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeLine.Simulator.Demo;

/// <summary>The report of a demonstration: one JSON object with the sums over all lines, and each line under <c>lines</c>.</summary>
internal static class Report
{
    private static readonly (string Name, double Share)[] Quantiles = [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)];

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Counts of the report, in its order.</summary>
    public static IReadOnlyList<string> NumberNames { get; } =
    [
        "leased", "available", "printing", "in_doubt", "rejected", "verified", "sampled", "void", "returned", "expired",
        "remainder", "platform_confirmed", "platform_refused", "tape_labels", "tape_blanks", "tape_codes", "tape_codes_twice",
        "passed_items", "passed_codes_twice", "passed_not_verified", "verified_not_passed", "mqtt_as_of_seq", "journal_entries",
        "status_questions",
    ];

    /// <summary>Puts the report together.</summary>
    public static JsonObject Of(
        LineResult sum, IReadOnlyDictionary<string, LineResult> lines, RawDisk disk, LatencyHistogram? raw, DemoOptions options, int kills, bool broker)
    {
        JsonObject report = sum.ToJson();
        report["raw_rows_per_s"] = Math.Round(disk.RowsPerSecond);
        report["raw_sync_ms"] = Math.Round(disk.SyncMs, 3);
        if (raw is not null)
        {
            report["raw_write_ms"] = Times(raw);
            report["decision_to_raw_write"] = new JsonObject(Quantiles.Select(q => KeyValuePair.Create(
                q.Name, (JsonNode?)Math.Round(sum.Decisions.MillisecondsAt(q.Share) / raw.MillisecondsAt(q.Share), 2))));
        }

        report["kills"] = kills;
        report["broker"] = broker ? "mosquitto" : "none";
        report["seed"] = options.Seed;
        report["faults"] = options.Faults;
        report["closes"] = sum.Problems.Count == 0;
        report["problems"] = new JsonArray([.. sum.Problems.Select(p => (JsonNode)JsonValue.Create(p))]);
        report["lines"] = new JsonObject(lines.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value.ToJson())));
        return report;
    }

    /// <summary>Median, 99 % and 99.9 % of durations, milliseconds.</summary>
    public static JsonObject Times(LatencyHistogram times) =>
        new(Quantiles.Select(q => KeyValuePair.Create(q.Name, (JsonNode?)Math.Round(times.MillisecondsAt(q.Share), 3))));

    /// <summary>Writes it to a file.</summary>
    public static void Write(JsonObject report, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, report.ToJsonString(Readable) + "\n");
    }
}
