using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Simulator.Printing;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// Labels as they went over the wire, rendered and decoded by programs that share no code with EdgeLine.
/// </summary>
public sealed class LabelTests(ITestOutputHelper output)
{
    private const int Labels = 20;

    [Fact(Timeout = 180_000)]
    public async Task Every_label_of_both_templates_decodes_to_the_code_in_the_ledger()
    {
        await using var conveyor = new ConveyorLine();
        await using var bench = new BenchLine();
        await using Site site = Site.New(output);
        site.Line("line-1", conveyor.Config);
        site.Line("line-2", bench.Config);
        await site.StartPlatformAsync(Labels);
        site.WriteConfig();
        await site.StartServiceAsync();
        await Task.WhenAll(site.Staff("line-1", conveyor.Belt).Done, site.Staff("line-2", bench.Bench).Done);
        await site.Service.StopAsync();

        await AssertDecodesAsync(site, "line-1", conveyor.Printer, 12, 60, 40);
        await AssertDecodesAsync(site, "line-2", bench.Printer, 8, 50, 30);
    }

    [Theory(Timeout = 180_000)]
    [InlineData("a box covers a corner of the symbol", "^FO44,34^BY2,3,10^BQN,2,5,M^FN1\"code.url\"^FS", "^FO44,34^BY2,3,10^BQN,2,5,M^FN1\"code.url\"^FS^FO60,60^GB90,90,90^FS")]
    [InlineData("a rule runs through the symbol", "^FO288,130^GB408,3,3^FS", "^FO24,120^GB680,24,24^FS")]
    public async Task A_template_that_spoils_the_symbol_is_found_out_by_the_decoders(string how, string part, string by)
    {
        await using var conveyor = new ConveyorLine();
        await using Site site = Site.New(output);
        conveyor.Config["label"] = "spoilt.zpl";
        site.Line("line-1", conveyor.Config);
        await site.StartPlatformAsync(3);
        site.WriteConfig();
        string good = await File.ReadAllTextAsync(Path.Combine(Site.Root, "config", "labels", "board-60x40.zpl"));
        Assert.Contains(part, good, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "config", "spoilt.zpl"), good.Replace(part, by, StringComparison.Ordinal));
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start");
        await site.CompleteAsync("line-1");

        (int exit, IReadOnlyList<JsonNode> rows) = await DecodeAsync(site, "line-1", conveyor.Printer, 12, 60, 40);

        Assert.True(exit == 3, $"{how}: exit code {exit}");
        Assert.Equal(3, rows.Count);
        Assert.DoesNotContain(rows, row => row["zxing"] is not null && row["zbar"] is not null);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ZT411", "did you mean zebra-zt411-203dpi or zebra-zt411-300dpi?")]
    [InlineData("no-such-thing", "and 29 more")]
    public async Task A_printer_that_is_none_is_one_line_with_the_names_that_were_meant(string name, string remedy)
    {
        await using Site site = Site.New(output);
        site.WriteConfig();

        (int exit, string said) = await RunningProgram.RunAsync(
            "edgeline", "label", Path.Combine(site.Folder, "config", "labels", "board-60x40.zpl"), "--profile", name, "--config", site.ConfigFile);

        string line = Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, exit);
        Assert.Contains($"no such printer profile (\"{name}\"); a file of {Path.Combine(Site.Root, "hardware-profiles", "printers")} without .json; ", line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
        Assert.True(line.Count(c => c == ',') < 10, line);
    }

    private static async Task AssertDecodesAsync(Site site, string line, VirtualPrinter printer, int dotsPerMm, int width, int height)
    {
        (int exit, IReadOnlyList<JsonNode> rows) = await DecodeAsync(site, line, printer, dotsPerMm, width, height);
        HashSet<string> verified = StoppedLedger.Read(site, line).In("verified");
        Assert.Equal(0, exit);
        Assert.Equal(Labels, rows.Count);
        Assert.All(rows, row => Assert.Equal((string?)row["zxing"], (string?)row["zbar"]));
        Assert.All(rows, row => Assert.StartsWith("https://", (string)row["zxing"]!, StringComparison.Ordinal));
        Assert.Equal(verified.Order(), rows.Select(row => ((string)row["zxing"]!)[^16..]).Order());
    }

    private static async Task<(int Exit, IReadOnlyList<JsonNode> Rows)> DecodeAsync(
        Site site, string line, VirtualPrinter printer, int dotsPerMm, int width, int height)
    {
        string folder = Directory.CreateDirectory(Path.Combine(site.Folder, "wire", line)).FullName;
        foreach (TapeLabel label in printer.Tape.Labels())
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{label.Sequence:0000}.zpl"), printer.Tape.FormatOf(label)!.Raw);
        }

        string result = Path.Combine(folder, "decoded.json");
        await using RunningProgram decoder = RunningProgram.StartOther(
            "node", Path.Combine(Site.Root, "tests", "peers", "render-decode.mjs"), folder, result,
            "--dpmm", $"{dotsPerMm}", "--width", $"{width}", "--height", $"{height}");
        int exit = await decoder.EndAsync();
        Assert.True(File.Exists(result), string.Join('\n', decoder.Lines));
        return (exit, [.. JsonSerializer.Deserialize<JsonArray>(await File.ReadAllTextAsync(result))!.OfType<JsonNode>()]);
    }
}
