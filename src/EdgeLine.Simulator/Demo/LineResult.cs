using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// What the witnesses say about one line after the run: tape and gate of the simulator, the ledger's file, the broker,
/// the platform. The sums over lines are of the same shape.
/// </summary>
internal sealed record LineResult
{
    private static readonly string[] LedgerStates =
        ["available", "printing", "in-doubt", "rejected", "verified", "sampled", "void", "returned", "expired"];

    /// <summary>Numbers by the names of the report.</summary>
    public SortedDictionary<string, long> Numbers { get; private init; } = [];

    /// <summary>The broker's counts equal the ledger's at the same entry.</summary>
    public bool MqttAgrees { get; private init; }

    /// <summary>Labels a second between the first and the last label on the tape.</summary>
    public double LabelsPerSecond { get; private init; }

    /// <summary>Times from scan to verdict.</summary>
    public LatencyHistogram Decisions { get; private init; } = new();

    /// <summary>Bytes on the wire to the printer for each printed label.</summary>
    public double BytesPerLabel => Numbers["prints"] == 0 ? 0 : (double)Numbers["printer_bytes"] / Numbers["prints"];

    /// <summary>Everything that does not add up, in words.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Asks all witnesses about a line.</summary>
    public static LineResult Of(
        DemoLine line, DemoOptions options, LedgerWitness ledger, Reconciliation? platform, JsonElement? mqtt, bool broker,
        bool complete = true)
    {
        ShippedItems shipped = line.Place.Shipped;
        IReadOnlyList<TapeLabel> tape = line.Printer.Tape.Labels();
        IReadOnlyDictionary<string, int> codes = shipped.Codes;
        HashSet<string> passed = [.. codes.Keys.Select(Tail)];
        HashSet<string> destroyed = line.Person?.Log.DestroyedCodes ?? [];
        List<string> left = [.. ledger.VerifiedCodes.Where(c => !passed.Contains(c))];
        var n = new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["leased"] = ledger.LeasedByManifest,
            ["remainder"] = ledger.LeasedByManifest - LedgerStates.Sum(ledger.In),
            ["journal_entries"] = ledger.Entries,
            ["journal_last_seq"] = ledger.LastSeq,
            ["journal_first_kept"] = ledger.FirstKept,
            ["prints"] = ledger.Prints,
            ["ledger_bytes"] = ledger.Bytes,
            ["printer_bytes"] = line.Printer.BytesReceived,
            ["platform_leased"] = platform?.Leased ?? -1,
            ["platform_confirmed"] = platform?.Active ?? -1,
            ["platform_refused"] = platform?.Refused ?? -1,
            ["status_questions"] = line.Printer.StatusQuestions,
            ["tape_labels"] = tape.Count,
            ["tape_blanks"] = tape.Count(l => l.Code is null),
            ["tape_codes"] = line.Printer.Tape.ReadableCodes,
            ["tape_codes_twice"] = line.Printer.Tape.Twins.Count,
            ["tape_codes_unknown"] = tape.Count(l => l.CodeTail is string c && ledger.StateOf(c) is null or "available" or "returned"),
            ["passed_items"] = shipped.Count,
            ["passed_without_code"] = shipped.WithoutCode,
            ["passed_codes_twice"] = codes.Count(c => c.Value > 1),
            ["passed_not_verified"] = codes.Keys.Count(c => ledger.StateOf(Tail(c)) is not ("verified" or "sampled")),
            ["verified_not_passed"] = left.Count,
            ["verified_lost"] = left.Count(c => !destroyed.Contains(c)),
            ["mqtt_as_of_seq"] = Math.Max(Number(mqtt, "as_of_seq"), 0),
            ["mqtt_platform_confirmed"] = Math.Max(Number(mqtt, "platform_confirmed"), 0),
            ["labels_wanted"] = options.Labels,
            ["twins_made"] = line.Faults.Happened.GetValueOrDefault(ItemFault.Repeat),
        };
        foreach (string state in LedgerStates)
        {
            n[state.Replace('-', '_')] = ledger.In(state);
        }

        double seconds = tape.Count < 2 ? 0 : (tape[^1].At - tape[0].At).TotalSeconds;
        var result = new LineResult
        {
            Numbers = n,
            MqttAgrees = !broker || Agrees(mqtt, n),
            LabelsPerSecond = seconds > 0 ? tape.Count / seconds : 0,
            Decisions = line.Decisions,
        };
        result.Check(line.Id, broker, platform is not null, complete);
        return result;
    }

    /// <summary>The sums over all lines; a rate is a sum too, as the lines run side by side.</summary>
    public static LineResult Sum(IReadOnlyCollection<LineResult> lines)
    {
        var decisions = new LatencyHistogram();
        var numbers = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (LineResult line in lines)
        {
            decisions.Add(line.Decisions);
            foreach ((string name, long number) in line.Numbers)
            {
                numbers[name] = numbers.GetValueOrDefault(name) + number;
            }
        }

        var sum = new LineResult
        {
            Numbers = numbers,
            MqttAgrees = lines.All(l => l.MqttAgrees),
            LabelsPerSecond = lines.Sum(l => l.LabelsPerSecond),
            Decisions = decisions,
        };
        sum.Problems.AddRange(lines.SelectMany(l => l.Problems));
        return sum;
    }

    /// <summary>This result as the report writes it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (string name in Report.NumberNames)
        {
            json[name] = Numbers[name];
        }

        json["mqtt_counts_agree"] = MqttAgrees;
        json["labels_per_s"] = Math.Round(LabelsPerSecond, 1);
        json["decision_ms"] = Report.Times(Decisions);
        json["bytes_per_label"] = Math.Round(BytesPerLabel, 1);
        return json;
    }

    private static string Tail(string code) => code[(code.LastIndexOf('/') + 1)..];

    private static long Number(JsonElement? json, params string[] path)
    {
        JsonElement at = json ?? default;
        foreach (string name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return -1;
            }
        }

        return at.ValueKind == JsonValueKind.Number ? at.GetInt64() : -1;
    }

    private static bool Agrees(JsonElement? mqtt, SortedDictionary<string, long> n) =>
        Number(mqtt, "as_of_seq") == n["journal_last_seq"]
        && LedgerStates.Select(s => s.Replace('-', '_')).Append("leased").Append("remainder")
            .All(name => Number(mqtt, "account", name) == n[name]);

    /// <summary>The equations that must close. Each that does not becomes a sentence with its numbers.</summary>
    private void Check(string line, bool broker, bool platform, bool complete)
    {
        void Equal(string what, long left, long right)
        {
            if (left != right)
            {
                Problems.Add($"{line}: {what}: {left} is not {right}");
            }
        }

        Equal("remainder of the ledger and 0", Numbers["remainder"], 0);
        Equal("journal entries and last number", Numbers["journal_entries"], Numbers["journal_last_seq"]);
        if (complete)
        {
            Equal("verified and wanted", Numbers["verified"], Numbers["labels_wanted"]);
            Equal("still printing and 0", Numbers["printing"], 0);
            Equal("still in doubt and 0", Numbers["in_doubt"], 0);
            Equal("still rejected and 0", Numbers["rejected"], 0);
        }
        else
        {
            Problems.Add($"{line}: stopped before the target was met");
        }

        Equal("passed items, items destroyed after their read, and verified",
            Numbers["passed_items"] + Numbers["verified_not_passed"], Numbers["verified"] + Numbers["sampled"]);
        Equal("verified codes that neither left nor were destroyed by a person and 0", Numbers["verified_lost"], 0);
        Equal("codes on two passed items and 0", Numbers["passed_codes_twice"], 0);
        Equal("passed but not verified and 0", Numbers["passed_not_verified"] + Numbers["passed_without_code"], 0);
        Equal("twins on the tape and twins made by faults", Numbers["tape_codes_twice"], Numbers["twins_made"]);
        Equal("labels on the tape whose code was never entered as printed and 0", Numbers["tape_codes_unknown"], 0);
        Equal("platform asked", platform ? 1 : 0, 1);
        Equal("platform confirmed and verified", Numbers["platform_confirmed"], Numbers["verified"]);
        if (broker && MqttAgrees)
        {
            Equal("confirmed as MQTT says and as the platform says", Numbers["mqtt_platform_confirmed"], Numbers["platform_confirmed"]);
        }

        Equal("platform refused and 0", Numbers["platform_refused"], 0);
        Equal("platform leased and ledger leased", Numbers["platform_leased"], Numbers["leased"]);
        Equal("MQTT agrees at the last entry", broker && !MqttAgrees ? 0 : 1, 1);
    }
}
