using System.Text.Json;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Operations;

namespace EdgeLine.Tests.Configuration;

public class ConfigurationCheckTests
{
    [Fact]
    public void The_shipped_site_file_passes_once_its_token_and_key_are_there()
    {
        using var site = new SiteFolder();
        string config = Path.Combine(SiteFolder.Repository, "config");
        string file = site.Write("config/edgeline.json", File.ReadAllText(Path.Combine(config, "edgeline.json")));
        foreach (string label in Directory.EnumerateFiles(Path.Combine(config, "labels")))
        {
            site.Write(Path.Combine("config/labels", Path.GetFileName(label)), File.ReadAllText(label));
        }

        ConfigurationResult bare = ConfigurationFile.Load(file, SiteFolder.Profiles, LabelChecks.Check);
        Assert.Equal(["platform.tokenFile", "platform.publicKeyFile"], bare.Problems.Select(one => one.Key));

        site.Write("config/platform.pem", File.ReadAllText(site["platform.pem"]));
        site.Secret("config/platform.token", "token");
        (int code, string output, _) = Check(file, labels: LabelChecks.Check);

        Assert.Equal(0, code);
        Assert.Contains("no problems, no warnings", output, StringComparison.Ordinal);
        Assert.Contains("line-1: fine. Conveyor, printer zebra-zt411-300dpi at tcp://10.0.1.21:9300 or :9100 (never tested on hardware)", output, StringComparison.Ordinal);
        Assert.Contains("line-2: fine. Bench", output, StringComparison.Ordinal);
        Assert.Contains("    by hand: At each power-up: error recovery", output, StringComparison.Ordinal);
        Assert.Contains("每次开机后", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("board-60x40.zpl", "zebra-zt411-300dpi")]
    [InlineData("uniform-50x30.zpl", "generic-zpl-203dpi")]
    public void A_shipped_label_takes_a_short_and_a_long_address(string label, string printer)
    {
        var problems = new List<SettingsProblem>();
        PrinterProfile profile = new ProfileFolder(SiteFolder.Profiles).Printer(printer, problems)!;
        string text = File.ReadAllText(Path.Combine(SiteFolder.Repository, "config/labels", label));
        Assert.True(ZplTemplate.TryCompile(label, text, profile, out ZplTemplate? template, out var found), string.Join('\n', found));
        Assert.Superset(new HashSet<string> { LabelField.CodeUrl, LabelField.CodeText }, template.Fields.ToHashSet());
        var fields = new Dictionary<string, string> { ["batch.number"] = "KSY-2026-0712-A", ["product.name"] = "Board 18 mm", ["product.standard"] = "GB/T 34722-2017" };
        foreach (int length in new[] { 40, 84 })
        {
            string url = "https://example.cn/C/".PadRight(length, 'X');
            Assert.True(template.TryBind(fields, url, out _, out found), string.Join('\n', found));
        }

        Assert.False(template.TryBind(fields, "https://example.cn/C/".PadRight(300, 'X'), out _, out _));
    }

    [Fact]
    public void Errors_give_exit_code_2_and_one_line_each_in_the_order_of_the_file()
    {
        using var site = new SiteFolder();
        site.Edit("\"labelsToScanner\": 6", "\"labelsToScanner\": 500").Edit("company/plant/packing", "a/#").Edit("\"bench\"", "\"table\"");

        (int code, string output, _) = Check(site.Save());

        Assert.Equal(2, code);
        string[] lines = output.Split('\n');
        Assert.StartsWith($"{site.File}:4: site.topic: not a topic to publish on (\"a/#\"); ", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            $"{site.File}:{site.LineOf("500")}: lines.belt.labelsToScanner: too large (500); 0 to 200 labels; choose a value within the limits",
            lines[1].TrimEnd());
        Assert.StartsWith($"{site.File}:{site.LineOf("\"table\",\n")}: lines.table.station: unknown word", lines[2], StringComparison.Ordinal);
        Assert.Contains("3 problems, no warnings", output, StringComparison.Ordinal);
        Assert.Contains("belt: refused, see above", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_alone_give_exit_code_0()
    {
        using var site = new SiteFolder();
        site.Edit("http://127.0.0.1:8090", "http://10.0.0.9");
        (int code, string output, _) = Check(site.Save());
        Assert.Equal(0, code);
        Assert.Contains("platform.url: warning: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_effective_configuration_is_JSON_alone_and_words_go_elsewhere()
    {
        using var site = new SiteFolder();
        site.Edit("\"bench\"", "\"table\"");

        (int code, string output, string errors) = Check(site.Save(), effective: true);

        Assert.Equal(2, code);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement belt = Assert.Single(json.RootElement.GetProperty("lines").EnumerateObject()).Value;
        Assert.Equal(2, belt.GetProperty("sendAhead").GetInt32());
        Assert.Equal("tcp://10.0.1.21", belt.GetProperty("printer").GetProperty("link").GetString());
        Assert.Contains("lines.table.station", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_serial_port_that_is_not_plugged_in_is_said_and_is_no_mistake()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var site = new SiteFolder();
        string port = site["ttyUSB0"];
        site.Edit("/dev/ttyS1", port);
        (int code, string output, _) = Check(site.Save());
        Assert.True(code == 0, output);
        Assert.Contains($"    not plugged in now: serial:{port}; this PC has ", output, StringComparison.Ordinal);

        site.Write("ttyUSB0", "");
        Assert.DoesNotContain(port + ";", Check(site.Save()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_exit_code_2()
    {
        (int code, string output, _) = Check("/nowhere/edgeline.json");
        Assert.Equal(2, code);
        Assert.Contains("/nowhere/edgeline.json:1: (file): file not found", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_damaged_file_holds_the_answer_is_a_result()
    {
        // Every seed damages the sound file in its own way: bytes changed, cut out, doubled, values swapped for others.
        string[] values = ["null", "0", "-1", "1e999", "\"\"", "\"\\u0000\"", "[]", "{}", "true", "\"../..\"", "99999999999999999999"];
        using var site = new SiteFolder();
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            string text = SiteFolder.Sound;
            for (int damage = random.Next(1, 4); damage > 0; damage--)
            {
                int at = random.Next(text.Length);
                string[] lines = text.Split('\n');
                int line = random.Next(lines.Length);
                switch (random.Next(4))
                {
                    case 0: text = text.Remove(at, Math.Min(random.Next(1, 30), text.Length - at)); break;
                    case 1: text = text.Insert(at, ((char)random.Next(1, 300)).ToString()); break;
                    case 2: text = string.Join('\n', lines.Append(lines[line])); break;
                    default:
                        int colon = lines[line].IndexOf(": ", StringComparison.Ordinal);
                        if (colon > 0 && !lines[line].EndsWith('{'))
                        {
                            lines[line] = lines[line][..colon] + ": " + values[random.Next(values.Length)] + ",";
                        }

                        text = string.Join('\n', lines);
                        break;
                }
            }

            File.WriteAllText(site.File, text);
            try
            {
                ConfigurationResult result = ConfigurationFile.Load(site.File, SiteFolder.Profiles);
                Assert.True(result.Site is not null || result.HasErrors);
                Assert.All(result.Problems, one => Assert.True(one.Line > 0 && one.Key.Length > 0 && one.Limit.Length > 0 && one.Remedy.Length > 0));
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error}\n{text}");
            }
        }
    }

    private static (int Code, string Output, string Errors) Check(
        string file, bool effective = false, LabelTemplateCheck? labels = null)
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        int code = ConfigurationCheck.Run(file, SiteFolder.Profiles, effective, output, errors, labels);
        return (code, output.ToString(), errors.ToString());
    }
}
