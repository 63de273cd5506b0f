using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Writes a configuration the way the site file is written, with every default filled in and every path absolute.
/// Loading what was written gives the same configuration again; refused lines are not in it.
/// </summary>
public static class EffectiveConfiguration
{
    // Titles are Chinese; a screen is no web page, so nothing but JSON itself needs escaping.
    private static readonly JsonWriterOptions WriterOptions =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The configuration as JSON text.</summary>
    public static string Write(SiteConfiguration site)
    {
        ArgumentNullException.ThrowIfNull(site);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 1);
            json.WriteStartObject("site");
            json.WriteString("topic", site.Site.Topic);
            json.WriteString("language", site.Site.Language);
            json.WriteEndObject();
            json.WriteString("dataPath", site.DataPath);
            json.WriteNumber("lowDiskMegabytes", site.LowDiskMegabytes);
            json.WriteString("mirrorPath", site.MirrorPath);
            if (site.MaxUnconfirmed is { } max)
            {
                json.WriteNumber("maxUnconfirmed", max);
            }
            else
            {
                json.WriteNull("maxUnconfirmed");
            }

            json.WriteNumber("keepJournalDays", site.KeepJournalDays);
            json.WriteString("profilesPath", site.ProfilesPath);
            json.WriteString("labelFont", site.LabelFont.File);
            WritePlatform(json, site.Platform);
            WriteMqtt(json, site.Mqtt);
            WritePanel(json, site.Panel);
            WritePeople(json, site.People);
            json.WriteStartObject("lines");
            foreach (LineConfiguration line in site.Lines)
            {
                WriteLine(json, line);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WritePlatform(Utf8JsonWriter json, PlatformConfiguration platform)
    {
        json.WriteStartObject("platform");
        json.WriteString("url", platform.Url.ToString());
        json.WriteString("tokenFile", platform.TokenFile);
        json.WriteString("publicKeyFile", platform.PublicKeyFile);
        json.WriteNumber("pollSeconds", (int)platform.Poll.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteMqtt(Utf8JsonWriter json, MqttConfiguration? mqtt)
    {
        if (mqtt is null)
        {
            json.WriteNull("mqtt");
            return;
        }

        string host = mqtt.Host.Contains(':', StringComparison.Ordinal) ? $"[{mqtt.Host}]" : mqtt.Host;
        json.WriteStartObject("mqtt");
        json.WriteString("broker", $"{(mqtt.Tls ? "mqtts" : "mqtt")}://{host}:{mqtt.Port}");
        json.WriteString("user", mqtt.User);
        json.WriteString("passwordFile", mqtt.PasswordFile);
        json.WriteString("caFile", mqtt.CaFile);
        json.WriteStartArray("commands");
        foreach (string command in mqtt.Commands)
        {
            json.WriteStringValue(command);
        }

        json.WriteEndArray();
        json.WriteString("webSocket", mqtt.WebSocket);
        json.WriteEndObject();
    }

    private static void WritePanel(Utf8JsonWriter json, PanelConfiguration panel)
    {
        json.WriteStartObject("panel");
        json.WriteString("listen", panel.Listen.ToString());
        json.WriteString("certificateFile", panel.CertificateFile);
        json.WriteString("keyFile", panel.KeyFile);
        json.WriteStartArray("names");
        foreach (string name in panel.Names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePeople(Utf8JsonWriter json, PeopleConfiguration? people)
    {
        if (people is null)
        {
            json.WriteNull("people");
            return;
        }

        json.WriteStartObject("people");
        json.WriteString("file", people.File);
        json.WriteNumber("logOffMinutes", (int)people.LogOff.TotalMinutes);
        json.WriteNumber("wrongPins", people.WrongPins);
        json.WriteNumber("lockMinutes", (int)people.Lock.TotalMinutes);
        json.WriteEndObject();
    }

    private static void WriteLine(Utf8JsonWriter json, LineConfiguration line)
    {
        json.WriteStartObject(line.Id);
        json.WriteString("title", line.Title);
        json.WriteString("station", StationKinds.Word(line.Station));
        json.WriteString("start", line.Start == RunStart.Auto ? "auto" : "operator");
        WriteDevice(json, "printer", line.Printer.Profile.Id, line.Printer.Link, line.Printer.Profile.Status.Port);
        WriteDevice(json, "scanner", line.Scanner.Profile.Id, line.Scanner.Link);
        if (line.Rework is { } rework)
        {
            WriteDevice(json, "rework", rework.Profile.Id, rework.Link);
        }

        if (line.Gate is { } gate)
        {
            WriteDevice(json, "gate", gate.Profile.Id, gate.Link);
        }

        json.WriteString("label", line.LabelFile);
        json.WriteNumber("labelsToScanner", line.LabelsToScanner);
        json.WriteNumber("sendAhead", line.SendAhead);
        json.WriteNumber("itemsPerMinute", line.ItemsPerMinute);
        WriteVerdict(json, line);
        json.WriteNumber("minPitchMs", (int)line.MinPitch.TotalMilliseconds);
        json.WriteBoolean("rejectByReader", line.RejectByReader);
        json.WriteNumber("runOutSeconds", (int)line.RunOut.TotalSeconds);
        json.WriteStartObject("oee");
        json.WriteNumber("idealItemsPerMinute", line.Oee.IdealItemsPerMinute);
        json.WriteNumber("windowMinutes", line.Oee.WindowMinutes);
        json.WriteEndObject();
        json.WriteStartObject("hold");
        json.WriteNumber("badReadsInRow", line.Hold.BadReadsInRow);
        json.WriteNumber("badReadBucket", line.Hold.BadReadBucket);
        json.WriteEndObject();
        json.WriteStartObject("codes");
        json.WriteNumber("leaseWhenBelow", line.Codes.LeaseWhenBelow);
        json.WriteNumber("leaseCodes", line.Codes.LeaseCodes);
        json.WriteEndObject();
        json.WriteStartObject("checks");
        json.WriteBoolean("atRunStart", line.Checks.AtRunStart);
        if (line.Checks.EveryHours is int hours)
        {
            json.WriteNumber("everyHours", hours);
        }
        else
        {
            json.WriteNull("everyHours");
        }

        json.WriteBoolean("suspects", line.Checks.Suspects);
        json.WriteEndObject();
        json.WriteBoolean("firstArticle", line.FirstArticle);
        json.WriteEndObject();
    }

    // The derived deadline of a fast line may be no whole number of milliseconds, or below what may be written by hand.
    private static void WriteVerdict(Utf8JsonWriter json, LineConfiguration line)
    {
        double ms = line.VerdictWithin.TotalMilliseconds;
        if (line.VerdictWithin == LineConfiguration.VerdictAtPace(line.ItemsPerMinute))
        {
            json.WriteNull("verdictWithinMs");
        }
        else
        {
            json.WriteNumber("verdictWithinMs", (int)ms);
        }
    }

    private static void WriteDevice(Utf8JsonWriter json, string key, string profile, LinkAddress link, int? statusPort = null)
    {
        json.WriteStartObject(key);
        json.WriteString("profile", profile);
        json.WriteString("link", link is LinkAddress.Tcp { SingleWriterPort: not null } both ? both.Address : link.ToString());
        if (link is LinkAddress.Serial serial)
        {
            json.WriteString("serial", serial.Settings.ToString());
        }
        else if (statusPort is { } port)
        {
            json.WriteNumber("statusPort", port);
        }

        if (link is LinkAddress.Tcp { ResultsPort: { } results })
        {
            json.WriteNumber("resultsPort", results);
        }

        if (link is LinkAddress.Listen { From: { } from })
        {
            json.WriteString("from", from);
        }

        json.WriteEndObject();
    }
}
