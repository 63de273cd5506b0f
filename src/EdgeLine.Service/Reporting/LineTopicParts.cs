using System.Text.Json;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Reporting;

/// <summary>The parts that payloads are made of, each under one name and in one order wherever it appears.</summary>
internal static class LineTopicParts
{
    public static void Counts(this Utf8JsonWriter json, string name, LineCounts counts)
    {
        json.WriteStartObject(name);
        json.WriteNumber("printed", counts.Printed);
        json.WriteNumber("verified", counts.Verified);
        json.WriteNumber("rejected", counts.Rejected);
        json.WriteNumber("no_read", counts.NoRead);
        json.WriteNumber("intruders", counts.Intruders);
        json.WriteNumber("unlabelled", counts.Unlabelled);
        json.WriteNumber("slips", counts.Slips);
        json.WriteNumber("voided", counts.Voided);
        json.WriteNumber("reworked", counts.Reworked);
        json.WriteEndObject();
    }

    public static void Account(this Utf8JsonWriter json, CodeAccount account)
    {
        json.WriteStartObject("account");
        json.WriteNumber("leased", account.Leased);
        json.WriteNumber("available", account.Available);
        json.WriteNumber("printing", account.Printing);
        json.WriteNumber("in_doubt", account.InDoubt);
        json.WriteNumber("rejected", account.Rejected);
        json.WriteNumber("verified", account.Verified);
        json.WriteNumber("sampled", account.Sampled);
        json.WriteNumber("void", account.Void);
        json.WriteNumber("returned", account.Returned);
        json.WriteNumber("expired", account.Expired);
        json.WriteNumber("remainder", account.Remainder);
        json.WriteEndObject();
    }

    /// <summary>How far the second copy is, and how many verified codes are neither there nor at the platform.</summary>
    public static void OnlyHere(this Utf8JsonWriter json, LineSnapshot line)
    {
        if (line.MirroredSeq is { } mirrored)
        {
            json.WriteNumber("mirrored_seq", mirrored);
        }
        else
        {
            json.WriteNull("mirrored_seq");
        }

        json.WriteStartObject("only_here");
        json.WriteNumber("codes", line.OnlyHere.Codes);
        json.Moment("oldest", line.OnlyHere.OldestUnixMs);
        json.WriteNumber("as_of_seq", line.OnlyHere.AsOfSeq);
        json.WriteEndObject();
    }

    public static void Verdicts(this Utf8JsonWriter json, IReadOnlyList<VerdictSnapshot> verdicts)
    {
        json.WriteStartArray("last_verdicts");
        foreach (VerdictSnapshot verdict in verdicts)
        {
            json.WriteStartObject();
            json.WriteNumber("item", verdict.Item);
            json.WriteBoolean("pass", verdict.Pass);
            json.WriteString("reason", verdict.Reason);
            json.WriteString("code_tail", verdict.CodeTail);
            json.WriteNumber("at_ms", verdict.AtUnixMs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Device(this Utf8JsonWriter json, string name, DeviceSnapshot? device)
    {
        if (device is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("state", device.State);
        json.WriteString("fault", device.Fault);
        json.WriteString("profile", device.Profile);
        json.WriteString("detail", device.Detail);
        if (device.RecalledFrom.Length > 0)
        {
            json.WriteString("recalled_from", device.RecalledFrom);
        }

        if (device.ReadPercent is { } read)
        {
            json.WriteNumber("read_percent", Math.Round(read, 1));
        }

        if (device.OffsetItems > 0)
        {
            json.WriteNumber("offset_items", device.OffsetItems);
        }

        json.WriteEndObject();
    }

    public static void Rework(this Utf8JsonWriter json, ReworkCard? card)
    {
        if (card is null)
        {
            json.WriteNull("rework");
            return;
        }

        json.WriteStartObject("rework");
        json.WriteString("answer", card.Answer);
        json.WriteString("reason", card.Reason);
        json.WriteString("code_tail", card.CodeTail);
        json.WriteNumber("at_ms", card.AtUnixMs);
        json.WriteEndObject();
    }

    public static void AlarmParts(this Utf8JsonWriter json, AlarmSnapshot alarm, AlarmTexts texts)
    {
        json.WriteString("key", alarm.Key);
        json.WriteString("severity", alarm.Severity);
        json.WriteString("state", alarm.State);
        json.Moment("raised", alarm.RaisedUnixMs);
        json.Moment("cleared", alarm.ClearedUnixMs);
        json.WriteBoolean("acknowledged", alarm.Acknowledged);
        json.WriteString("acked_by", alarm.AckedBy);
        json.Moment("shelved_until", alarm.ShelvedUntilUnixMs);
        json.Args("args", alarm.Args);
        json.Both("text", texts.TitleOf(alarm));
        json.Both("advice", texts.AdviceOf(alarm));
        json.Both("hint", texts.HintOf(alarm.Key));
    }

    private static void Both(this Utf8JsonWriter json, string name, TwoLanguages? text)
    {
        if (text is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("en", text.En);
        json.WriteString("zh", text.Zh);
        json.WriteEndObject();
    }

    public static void Problems(this Utf8JsonWriter json, IReadOnlyList<RefusedSetting> problems)
    {
        json.WriteStartArray("problems");
        foreach (RefusedSetting problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("place", problem.Place);
            json.WriteString("problem", problem.Problem);
            json.WriteString("remedy", problem.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Args(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> args)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in args.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    /// <summary>A moment for people and for programs; null when there is none.</summary>
    public static void Moment(this Utf8JsonWriter json, string name, long unixMs)
    {
        if (unixMs <= 0)
        {
            json.WriteNull(name);
            json.WriteNull($"{name}_ms");
            return;
        }

        json.WriteString(name, Report.Iso(unixMs));
        json.WriteNumber($"{name}_ms", unixMs);
    }
}
