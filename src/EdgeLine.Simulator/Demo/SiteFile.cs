using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeLine.Simulator.Demo;

/// <summary>Writes the configuration of the demonstration site: what a commissioning engineer would have typed.</summary>
internal static class SiteFile
{
    /// <summary>MQTT prefix of the site.</summary>
    public const string Topic = "demo/plant/packing";

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>edgeline.json</c> and returns its path.</summary>
    public static string Write(
        DemoOptions options, Programs programs, PlatformProcess platform,
        Uri panel, int? brokerPort, IEnumerable<DemoLine> lines)
    {
        var site = new JsonObject
        {
            ["schemaVersion"] = 1,
            ["site"] = new JsonObject { ["topic"] = Topic, ["language"] = "zh" },
            ["dataPath"] = "data",
            ["profilesPath"] = programs.Site("hardware-profiles"),
            ["platform"] = new JsonObject
            {
                ["url"] = platform.Address.GetLeftPart(UriPartial.Authority),
                ["tokenFile"] = platform.SiteTokenFile,
                ["publicKeyFile"] = platform.PublicKeyFile,
                ["pollSeconds"] = options.AtFullSpeed ? 1 : 2,
            },
            ["panel"] = new JsonObject { ["listen"] = panel.Authority },
        };
        if (options.Soak)
        {
            site["keepJournalDays"] = 0;
        }

        if (options.Mirror is { } mirror)
        {
            site["mirrorPath"] = mirror;
        }

        if (brokerPort is int port)
        {
            site["mqtt"] = new JsonObject { ["broker"] = $"mqtt://127.0.0.1:{port}" };
        }

        site["lines"] = new JsonObject(lines.Select(l => KeyValuePair.Create(l.Id, (JsonNode?)l.Configuration(options, programs))));
        string file = Path.Combine(options.Folder, "edgeline.json");
        File.WriteAllText(file, site.ToJsonString(Readable));
        return file;
    }
}
