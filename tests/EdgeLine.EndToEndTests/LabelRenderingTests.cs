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

    // About half of what chance writes is refused; a generator that writes little else would draw nothing.
    private const int TriesForOne = 4;

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
        RenderAsync(name, width, height, printer, 12);

    [Theory(Timeout = 600_000)]
    [Trait("tier", "full")]
    [MemberData(nameof(Labels), true)]
    public Task Two_hundred_products_that_fit_are_drawn_whole_and_all_others_refused(
        string name, int width, int height, string printer) =>
        RenderAsync(name, width, height, printer, 200);

    /// <summary>Each kind of field as near to the right or lower edge as the compiler lets it; one dot on it refuses it.</summary>
    public static TheoryData<string, int> AtTheEdge => new()
    {
        { "^FO{0},300^BY2^BCN,80^FDB-2026-07^FS", 432 }, { "^FO300,{0}^BY2^BCN,80^FDB-2026-07^FS", 360 },
        { "^FO300,{0}^BY2^BCI,80^FDB-2026-07^FS", 360 }, { "^FO400,{0}^BY2^BCR,80^FDB-2026-07^FS", 192 },
        { "^FT{0},150^BY2^BCR,80^FDB-2026-07^FS", 600 }, { "^FO{0},100^BY2^BCB,80^FDB-2026-07^FS", 600 },
        { "^FO{0},300^BY2,3^B3N,N,80^FDB-2026-07^FS", 348 }, { "^FO{0},300^BY2^BEN,80^FD690123456789^FS", 508 },
        { "^FO{0},300^A0N,30,30^FDWWMM@% gjpqy^FS", -1 }, { "^FO{0},300^A0N,30,30^FDBatch of illness^FS", -1 },
        { "^FO{0},300,1^A0N,30,30^FDBatch^FS", 720 }, { "^FT300,{0}^A0N,30,30^FDgjpqy^FS", 472 },
        { "^FO300,{0}^A0R,30,30^FDScan with a phone^FS", -1 }, { "^FO300,{0}^A0B,30,30^FDScan with a phone^FS", -1 },
        { "^FO{0},300^A0I,30,30^FDScan with a phone^FS", -1 }, { "^FWR^FT{0},100^A0,30,30^FDScan with a phone^FS^FWN", 690 },
        { "^FO300,{0}^A0R,30,30^FB200,2,4^FDScan with a phone and see^FS", 280 }, { "^CF0,40^FO{0},300^FDgrade 1 (18 mm)^FS", -1 },
    };

    [Fact(Timeout = 120_000)]
    public async Task Bars_and_turned_text_at_the_edge_are_drawn_whole()
    {
        List<SettingsProblem> wrong = [];
        PrinterProfile profile = new ProfileFolder(Path.Combine(Site.Root, "hardware-profiles")).Printer("zebra-zt610-300dpi", wrong)!;
        const string Url = "https://c.example.cn/C/H123456789ABCDEF";
        int i = 0;
        foreach (object[] row in AtTheEdge)
        {
            bool Fits(int at, out ZplTemplate? template) => ZplTemplate.TryCompile(
                "t", $"^PW720^LL480^FO40,40^BQN,2,5,M^FN1\"code.url\"^FS^FO40,240^A0N,30,20^FN2\"code.text\"^FS{((string)row[0]).Replace("{0}", $"{at}", StringComparison.Ordinal)}",
                profile, out template, out _, LabelFont.Find());

            int last = (int)row[1] >= 0 ? (int)row[1] : Enumerable.Range(0, 720).Last(at => Fits(at, out _));
            Assert.True(Fits(last, out ZplTemplate? template) && !Fits(last + 1, out _), $"{row[0]} at {last}");
            Assert.True(template!.TryBind(new Dictionary<string, string>(), Url, out ZplLabel? label, out _));
            await File.WriteAllBytesAsync(Path.Combine(_folder, $"{i++:000}.zpl"), label.Compose(Url, "H123 4567 89AB CDEF"));
        }

        JsonArray rows = await DecodeAsync(12, 60, 40);
        Assert.Equal(i, rows.Count);
        Assert.All(rows, row => Assert.Equal(Url, (string?)row!["zxing"]));
    }

    // Draws until as many labels as wanted have been made; what was refused on the way was refused by name.
    private async Task RenderAsync(string name, int width, int height, string printer, int wanted)
    {
        List<SettingsProblem> wrong = [];
        PrinterProfile profile = new ProfileFolder(Path.Combine(Site.Root, "hardware-profiles")).Printer(printer, wrong)!;
        string text = await File.ReadAllTextAsync(Path.Combine(Site.Root, "config", "labels", name + ".zpl"));
        Assert.True(ZplTemplate.TryCompile(name, text, profile, out ZplTemplate? template, out var problems, LabelFont.Find()), string.Join('\n', problems));
        Random random = new(wanted);
        CodeCarrier carrier = CodeCarrier.ShortUrl("c.example.cn");
        Dictionary<string, string> expected = [];
        List<string> drawn = [], refused = [];
        for (int i = 0; expected.Count < wanted; i++)
        {
            Assert.True(i < TriesForOne * wanted, $"{expected.Count} labels of {i} products");
            // The first has no name at all, and a label without one would say nothing of its product.
            string product = i == 0 ? "" : string.Concat(Enumerable.Range(0, random.Next(0, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            Dictionary<string, string> run = LabelField.All.ToDictionary(f => f, _ => "GB/T 34722-2017");
            run[LabelField.ProductName] = product;
            CertificateCode code = CertificateCode.Draw();
            if (!template.TryBind(run, carrier.UrlOf(code), out ZplLabel? label, out problems))
            {
                Assert.All(problems, p => Assert.StartsWith("product.name", p.Subject, StringComparison.Ordinal));
                refused.Add(product);
                continue;
            }

            drawn.Add(product);
            expected[$"{i:000}.zpl"] = carrier.UrlOf(code);
            await File.WriteAllBytesAsync(Path.Combine(_folder, $"{i:000}.zpl"), label.Compose(carrier.UrlOf(code), code.Grouped));
        }

        output.WriteLine($"{expected.Count} labels, {refused.Count} refused, {new DirectoryInfo(_folder).EnumerateFiles().Average(f => f.Length):0} bytes on average");
        Assert.True(refused.Count > wanted / 4 && refused[0].Length == 0, $"{refused.Count} refused");
        Assert.True(drawn.Count(d => d.Any(c => c > '\u2E80')) > wanted / 4, "Chinese names");
        Assert.Contains(drawn, d => d.Length > 12);
        Assert.Contains(drawn, d => d.Contains('^', StringComparison.Ordinal) || d.Contains('~', StringComparison.Ordinal) || d.Contains("_5E", StringComparison.Ordinal));
        JsonArray rows = await DecodeAsync(profile.Device.DotsPerMm, width, height);
        Assert.Equal(expected.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal(expected[(string)row!["file"]!], (string?)row["zxing"]));
    }

    // Drawn on a larger sheet: whatever leaves the label to the right or below is seen there.
    private async Task<JsonArray> DecodeAsync(int dotsPerMm, int width, int height)
    {
        string result = Path.Combine(_folder, "decoded.json");
        await using RunningProgram decoder = RunningProgram.StartOther(
            "node", Path.Combine(Site.Root, "tests", "peers", "render-decode.mjs"), _folder, result,
            "--dpmm", $"{dotsPerMm}", "--width", $"{width}", "--height", $"{height}", "--around", "15");
        int exit = await decoder.EndAsync();
        output.WriteLine(string.Join(" / ", decoder.Lines));
        Assert.True(exit == 0, string.Join('\n', decoder.Lines));
        JsonArray rows = JsonSerializer.Deserialize<JsonArray>(await File.ReadAllTextAsync(result))!;
        Assert.All(rows, row => Assert.Equal(0, (int)row!["outside"]!));
        return rows;
    }
}
