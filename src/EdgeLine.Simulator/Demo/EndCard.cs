using System.Globalization;
using System.Text;

namespace EdgeLine.Simulator.Demo;

/// <summary>The end card: what five witnesses who do not know each other say, side by side.</summary>
internal static class EndCard
{
    /// <summary>Draws it.</summary>
    public static string Draw(
        LineResult sum, IReadOnlyDictionary<string, LineResult> lines, RawDisk disk, LatencyHistogram? raw, int kills, bool broker)
    {
        var card = new StringBuilder();
        card.AppendLine().AppendLine("  ---------------------------------------------------------------------------");
        Row(card, "", [.. lines.Keys, "all lines"]);
        void Numbers(string title, params string[] names) => Row(card, title,
            [.. lines.Values.Append(sum).Select(l => string.Join(" / ", names.Select(n => Text(l.Numbers[n]))))]);

        Numbers("physical tape: labels / twins", "tape_labels", "tape_codes_twice");
        Numbers("gate and pile: items / codes twice", "passed_items", "passed_codes_twice");
        Numbers("ledger: verified / void", "verified", "void");
        Numbers("ledger: leased / remainder", "leased", "remainder");
        Numbers("ledger: printing / in doubt / rejected", "printing", "in_doubt", "rejected");
        Row(card, "MQTT at the last entry", [.. lines.Values.Append(sum).Select(l => !broker ? "no broker" : l.MqttAgrees ? "agrees" : "DIFFERS")]);
        Numbers("platform: confirmed / refused", "platform_confirmed", "platform_refused");
        Row(card, "labels/s", [.. lines.Values.Append(sum).Select(l => l.LabelsPerSecond.ToString("0.0", CultureInfo.InvariantCulture))]);
        Row(card, "read to verdict p50/p99/p99.9 ms", [.. lines.Values.Append(sum).Select(l => Times(l.Decisions))]);
        if (raw is not null)
        {
            card.AppendLine(CultureInfo.InvariantCulture, $"  raw synced write in the same run: {Times(raw)} ms, {raw.Count} writes");
        }

        card.AppendLine(CultureInfo.InvariantCulture,
            $"  disk: {disk.RowsPerSecond:0} synced rows/s in groups, {disk.SyncMs:0.00} ms a synced row; service killed {kills} times");
        card.AppendLine("  ---------------------------------------------------------------------------");
        foreach (string problem in sum.Problems)
        {
            card.AppendLine(CultureInfo.InvariantCulture, $"  DOES NOT ADD UP: {problem}");
        }

        card.AppendLine(sum.Problems.Count == 0
            ? $"  Every code is accounted for, no code is on two items that left the line; twins shipped: {Text(sum.Numbers["passed_codes_twice"])}"
            : $"  {sum.Problems.Count} equations do not close.");
        return card.ToString();
    }

    private static void Row(StringBuilder card, string title, IReadOnlyList<string> cells) =>
        card.AppendLine(CultureInfo.InvariantCulture, $"  {title,-40}{string.Concat(cells.Select(c => c.PadLeft(18)))}");

    private static string Times(LatencyHistogram times) => string.Create(
        CultureInfo.InvariantCulture, $"{times.MillisecondsAt(0.5):0.00}/{times.MillisecondsAt(0.99):0.00}/{times.MillisecondsAt(0.999):0.00}");

    private static string Text(long number) => number < 0 ? "?" : number.ToString(CultureInfo.InvariantCulture);
}
