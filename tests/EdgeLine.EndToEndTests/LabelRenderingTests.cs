using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;
using EdgeLine.EndToEndTests.Support;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>Each shipped template at each resolution with products nobody thought of, drawn and decoded by other people's
/// programs. Needs Node.js, zbarimg and fonts-noto-cjk.</summary>
public sealed class LabelRenderingTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Pieces =
    [
        "环保", "多层", "实木板", "校服", "儿童", "运动", "阻燃", "E0级", " ", "-", "18mm", "Board", "WWW", "iii", "（加厚）", "№", "é", "×",
        "^XZ", "~JR", "_5E", "\\&", ">;", "\u0002", "\u001E", "\u202E", "𠮷", "鱻", "\uD800", "",
    ];

    // Native with packed graphics, bitmap with graphics in hexadecimal digits.
    private static readonly string[] Printers =
    [
        "zebra-zt610-203dpi", "zebra-zt610-300dpi", "zebra-zt610-600dpi", "generic-zpl-203dpi", "generic-zpl-300dpi", "generic-zpl-600dpi",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-labels-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Each template at each resolution, its code drawn by the printer and as a bitmap; or one of each.</summary>
    public static TheoryData<string, int, int, string> Labels(bool all)
    {
        TheoryData<string, int, int, string> labels = [];
        foreach ((string name, int width, int height) in new[] { ("board-60x40", 60, 40), ("uniform-50x30", 50, 30), ("small-30x20", 30, 20) })
        {
            foreach (string printer in all ? Printers : ["zebra-zt610-300dpi", "generic-zpl-203dpi"])
            {
                labels.Add(name, width, height, printer);
            }
        }

        return labels;
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Labels), false)]
    public Task Whatever_the_product_the_label_is_whole_or_refused(string name, int width, int height, string printer) =>
        RenderAsync(name, width, height, printer, 25);

    [Theory(Timeout = 600_000)]
    [Trait("tier", "full")]
    [MemberData(nameof(Labels), true)]
    public Task Whatever_two_hundred_products_are_called_the_label_is_whole_or_refused(
        string name, int width, int height, string printer) =>
        RenderAsync(name, width, height, printer, 200);

    private async Task RenderAsync(string name, int width, int height, string printer, int products)
    {
        List<SettingsProblem> wrong = [];
        PrinterProfile profile = new ProfileFolder(Path.Combine(Site.Root, "hardware-profiles")).Printer(printer, wrong)!;
        string text = await File.ReadAllTextAsync(Path.Combine(Site.Root, "config", "labels", name + ".zpl"));
        Assert.True(ZplTemplate.TryCompile(name, text, profile, out ZplTemplate? template, out var problems, LabelFont.Find()), string.Join('\n', problems));
        Random random = new(products);
        CodeCarrier carrier = CodeCarrier.ShortUrl("c.example.cn");
        Dictionary<string, string> expected = [];
        int refused = 0;
        for (int i = 0; i < products; i++)
        {
            string product = string.Concat(Enumerable.Range(0, random.Next(0, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            Dictionary<string, string> run = LabelField.All.ToDictionary(f => f, _ => "GB/T 34722-2017");
            run[LabelField.ProductName] = product;
            CertificateCode code = CertificateCode.Draw();
            if (!template.TryBind(run, carrier.UrlOf(code), out ZplLabel? label, out problems))
            {
                Assert.All(problems, p => Assert.StartsWith("product.name", p.Subject, StringComparison.Ordinal));
                refused++;
                continue;
            }

            expected[$"{i:000}.zpl"] = carrier.UrlOf(code);
            await File.WriteAllBytesAsync(Path.Combine(_folder, $"{i:000}.zpl"), label.Compose(carrier.UrlOf(code), code.Grouped));
        }

        output.WriteLine($"{expected.Count} labels, {refused} refused, {new DirectoryInfo(_folder).EnumerateFiles().Average(f => f.Length):0} bytes on average");
        Assert.True(expected.Count > products / 10 && refused > 0, $"{expected.Count} labels, {refused} refused");
        string result = Path.Combine(_folder, "decoded.json");
        await using RunningProgram decoder = RunningProgram.StartOther(
            "node", Path.Combine(Site.Root, "tests", "peers", "render-decode.mjs"), _folder, result,
            "--dpmm", $"{profile.Device.DotsPerMm}", "--width", $"{width}", "--height", $"{height}", "--around", "15");
        int exit = await decoder.EndAsync();
        output.WriteLine(string.Join(" / ", decoder.Lines));
        Assert.True(exit == 0, string.Join('\n', decoder.Lines));
        JsonArray rows = JsonSerializer.Deserialize<JsonArray>(await File.ReadAllTextAsync(result))!;
        Assert.Equal(expected.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal(expected[(string)row!["file"]!], (string?)row["zxing"]));
        Assert.All(rows, row => Assert.Equal(0, (int)row!["outside"]!));
    }
}
