using EdgeLine.Contracts;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// Journal entries that are told as events. The payload depends on the entry alone, so that an event told twice is told
/// with the same id and the same bytes; of a code only the last four characters leave the line.
/// </summary>
public static class RunEvents
{
    private const int TailLength = 4;

    /// <summary>The event of an entry, or null when entries of this kind are not told.</summary>
    public static Report? Of(string lineId, JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (TypeOf(entry.Kind) is not { } type)
        {
            return null;
        }

        byte[] body = LineTopics.Body(json =>
        {
            json.WriteString("id", $"{entry.LedgerId:N}-{entry.Seq}");
            json.WriteNumber("seq", entry.Seq);
            json.WriteString("line", lineId);
            json.WriteString("type", type);
            Text("run_id", entry.RunId);
            Text("reason", entry.Reason);
            Text("who", entry.Who);

            // What an intruder's label said may be a whole code.
            Text("detail", entry.Kind == JournalKind.Intruder ? "" : entry.Detail);
            Text("code_tail", entry.Code.Length > TailLength ? entry.Code[^TailLength..] : "");
            Number("item", entry.Item);
            Number("count", entry.Count);

            void Text(string name, string value)
            {
                if (value.Length > 0)
                {
                    json.WriteString(name, value);
                }
            }

            void Number(string name, long value)
            {
                if (value != 0)
                {
                    json.WriteNumber(name, value);
                }
            }
        });
        return new Report(lineId, $"event/{type}", Report.Stamp(body, entry.AtUnixMs), Retained: false);
    }

    private static string? TypeOf(JournalKind kind) => kind switch
    {
        JournalKind.RunStarted => "run_started",
        JournalKind.RunEnded => "run_ended",
        JournalKind.Held => "held",
        JournalKind.Resumed => "resumed",
        JournalKind.Cleared => "cleared",
        JournalKind.Restarted => "restarted",
        JournalKind.Intruder => "intruder",
        JournalKind.AlarmHandled => "alarm_handled",
        JournalKind.ScannerCheck => "scanner_check",
        JournalKind.FirstArticle => "first_article",
        JournalKind.ReprintOff => "reprint_off",
        JournalKind.MediaChanged => "media_changed",
        _ => null,
    };
}
