using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Tests.Configuration;

public class DocumentedKeysTests
{
    private static readonly string[] Heading = ["$schema", "schemaVersion"];
    private static readonly string ConfigFolder = Path.Combine(SiteFolder.Repository, "config");

    [Theory]
    [InlineData("printer", "Printers", typeof(PrinterProfile))]
    [InlineData("scanner", "Scanners", typeof(ScannerProfile))]
    [InlineData("gate", "Gates", typeof(GateProfile))]
    public void README_schema_and_record_of_a_profile_know_the_same_keys(string schema, string heading, Type record)
    {
        string readme = File.ReadAllText(Path.Combine(SiteFolder.Profiles, "README.md"));
        HashSet<string> documented = DocumentedKeys.OfReadme(readme, "Every file", heading);
        documented.Remove("liveness");
        HashSet<string> schemaKeys = [.. DocumentedKeys.OfSchema(Schema(SchemaOf(schema))).Keys];
        IEnumerable<string> recordKeys = DocumentedKeys.OfRecord(record, (_, _) => false).Concat(Heading);
        if (schema != "printer")
        {
            recordKeys = recordKeys.Where(key => key != "links.tcp.singleWriterPort");
        }

        if (schema != "scanner")
        {
            recordKeys = recordKeys.Where(key => key != "links.listen.port");
        }

        if (schema == "gate")
        {
            recordKeys = recordKeys.Where(key => key != "links.serial");
        }

        AssertSame(schemaKeys, documented);
        AssertSame(schemaKeys, recordKeys);
    }

    [Fact]
    public void README_schema_and_records_of_the_site_know_the_same_keys()
    {
        string readme = File.ReadAllText(Path.Combine(ConfigFolder, "README.md"));
        JsonElement schema = Schema(SiteSchema);
        Dictionary<string, JsonElement> siteKeys = DocumentedKeys.OfSchema(schema);
        Dictionary<string, JsonElement> lineKeys = DocumentedKeys.OfSchema(LineOf(schema));
        // The tables name sections too, because a section may be required, absent or refused.
        AssertSame(siteKeys.Keys, WithoutSections(DocumentedKeys.OfReadme(readme, "The file")));
        AssertSame(lineKeys.Keys, WithoutSections(DocumentedKeys.OfReadme(readme, "A line")));

        // The records say what the words of the file mean: an address became host, port and TLS.
        AssertSame(siteKeys.Keys, DocumentedKeys.OfRecord(typeof(SiteConfiguration), (type, _) => type == typeof(LabelFont))
            .Select(key => key is "mqtt.host" or "mqtt.port" or "mqtt.tls" ? "mqtt.broker" : Renamed(key))
            .Concat(Heading));
        AssertSame(lineKeys.Keys.Where(key => !PartsOfLink.Any(part => key.EndsWith(part, StringComparison.Ordinal))), DocumentedKeys.OfRecord(
            typeof(LineConfiguration), (type, _) => type.IsAbstract || type == typeof(LabelFont) || type.Name.EndsWith("Profile", StringComparison.Ordinal))
            // The one of the site, handed to each line.
            .Where(key => key != "labelFont")
            .Select(Renamed));
    }

    [Theory]
    [InlineData("printer", "printers/zebra-zt411-300dpi")]
    [InlineData("scanner", "scanners/keyence-sr-1000")]
    [InlineData("gate", "gates/modbus-tagged")]
    public void Limits_of_a_profile_schema_are_those_of_the_program(string schema, string profile)
    {
        string text = File.ReadAllText(Path.Combine(SiteFolder.Profiles, profile + ".json"));
        AssertLimits(DocumentedKeys.OfSchema(Schema(SchemaOf(schema))), text, [], changed =>
        {
            using var site = new SiteFolder();
            site.Write($"profiles/{profile}.json", changed);
            var problems = new List<SettingsProblem>();
            string[] parts = profile.Split('/');
            ProfileTests.Load(new ProfileFolder(site["profiles"]), parts[0], parts[1], problems);
            return problems;
        });
    }

    [Fact]
    public void Limits_of_the_site_schema_are_those_of_the_program()
    {
        JsonElement schema = Schema(SiteSchema);
        using var sound = new SiteFolder();
        string text = EffectiveConfiguration.Write(sound.Load().Site!);
        IEnumerable<SettingsProblem> Load(string changed)
        {
            using var site = new SiteFolder(changed);
            return site.Load().Problems;
        }

        AssertLimits(DocumentedKeys.OfSchema(schema), text, [], Load);
        AssertLimits(DocumentedKeys.OfSchema(LineOf(schema)), text, ["lines", "belt"], Load);
    }

    [Fact]
    public void Defaults_of_the_schema_are_those_of_the_program()
    {
        JsonElement schema = Schema(SiteSchema);
        using var site = new SiteFolder();
        site.Edit("    \"language\": \"en\",\n", "").Edit("    \"pollSeconds\": 5,\n", "")
            .Edit("\"panel\": {\n    \"listen\": \"127.0.0.1:8088\",\n  },", "").Edit("      \"start\": \"auto\",\n", "")
            .Edit("      \"runOutSeconds\": 12,\n", "").Edit("        \"badReadsInRow\": 4,\n", "");
        JsonNode effective = JsonNode.Parse(EffectiveConfiguration.Write(site.Load().Site!))!;

        int compared = Compare(DocumentedKeys.OfSchema(schema), effective)
            + Compare(DocumentedKeys.OfSchema(LineOf(schema)), effective["lines"]!["belt"]!);

        Assert.Equal(19, compared);
    }

    private static readonly string[] PartsOfLink = [".serial", ".statusPort", ".resultsPort", ".from"];

    private const string SiteSchema = "edgeline.schema.json";

    private static string SchemaOf(string kind) => Path.Combine(SiteFolder.Profiles, kind + ".schema.json");

    private static JsonElement Schema(string path) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(ConfigFolder, path))).RootElement;

    private static JsonElement LineOf(JsonElement schema) =>
        schema.GetProperty("properties").GetProperty("lines").GetProperty("additionalProperties");

    private static string Renamed(string key) => key switch
    {
        "platform.pollMs" => "platform.pollSeconds",
        "runOutMs" => "runOutSeconds",
        "people.logOffMs" => "people.logOffMinutes",
        "people.lockMs" => "people.lockMinutes",
        "labelFile" => "label",
        _ => key,
    };

    private static IEnumerable<string> WithoutSections(HashSet<string> keys) =>
        keys.Where(key => !keys.Any(other => other.StartsWith(key + ".", StringComparison.Ordinal)));

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Distinct().Order(StringComparer.Ordinal), actual.Distinct().Order(StringComparer.Ordinal));

    private static int Compare(Dictionary<string, JsonElement> keys, JsonNode effective)
    {
        int compared = 0;
        foreach ((string key, JsonElement schema) in keys)
        {
            if (schema.TryGetProperty("default", out JsonElement value))
            {
                compared++;
                JsonNode? found = key.Split('.').Aggregate<string, JsonNode?>(effective, (node, name) => node?[name]);
                string wanted = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                Assert.Equal($"{key} {wanted}", $"{key} {found}");
            }
        }

        return compared;
    }

    // The least and the most are taken, one less and one more are refused for exactly this key.
    private static void AssertLimits(
        Dictionary<string, JsonElement> keys, string text, string[] under, Func<string, IEnumerable<SettingsProblem>> load)
    {
        foreach ((string key, JsonElement schema) in keys.Where(one => one.Value.TryGetProperty("minimum", out _)))
        {
            long min = schema.GetProperty("minimum").GetInt64();
            long max = schema.GetProperty("maximum").GetInt64();
            foreach ((long value, string? what) in new[] { (min - 1, "too small"), (min, null), (max, null), (max + 1, "too large") })
            {
                if (key == "schemaVersion" && value > max)
                {
                    continue;
                }

                JsonNode root = JsonNode.Parse(text)!;
                string[] path = [.. under, .. key.Split('.')];
                JsonNode section = path[..^1].Aggregate(root, (node, name) => node[name] ??= new JsonObject());
                section[path[^1]] = value;
                SettingsProblem? problem = load(root.ToJsonString())
                    .FirstOrDefault(one => one.Key == string.Join('.', path) && one.What is "too small" or "too large");
                Assert.True(problem?.What == what, $"{key} = {value}: {problem?.ToString() ?? "taken"}");
            }
        }
    }
}
