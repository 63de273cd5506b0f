using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Raster;
using EdgeLine.Tests.Configuration;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>Text that a stock printer has no font for. Needs libfreetype6 and fonts-noto-cjk.</summary>
public sealed partial class DrawnTextTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";
    private const string Code = "^FO40,40^BQN,2,6,M^FN1\"code.url\"^FS^FO40,400^A0N,30,30^FN2\"code.text\"^FS";
    private const string Name = "^PW720^LL480^FO300,40^A0N,40,40^FB400,2,4^FN3\"product.name\"^FS" + Code;

    private static readonly LabelFont Font = LabelFont.Find();

    [Fact]
    public void The_check_sum_is_that_of_the_published_vector()
    {
        Assert.Equal(0x31C3, ZplGraphic.Crc("123456789"u8));
    }

    [Fact]
    public void A_Chinese_name_is_one_graphic_that_a_printer_accepts()
    {
        string zpl = Label(Name, "环保多层实木板");

        Match graphic = Graphic().Match(zpl);
        Assert.True(graphic.Success, zpl);
        Assert.Equal(ZplGraphic.Crc(Encoding.ASCII.GetBytes(graphic.Groups["data"].Value)), Convert.ToUInt16(graphic.Groups["crc"].Value, 16));
        using ZLibStream zlib = new(new MemoryStream(Convert.FromBase64String(graphic.Groups["data"].Value)), CompressionMode.Decompress);
        using MemoryStream rows = new();
        zlib.CopyTo(rows);
        Assert.Equal(int.Parse(graphic.Groups["total"].Value), rows.Length);
        int perRow = int.Parse(graphic.Groups["row"].Value), height = (int)rows.Length / perRow;
        Assert.InRange(perRow * 8, 7 * 30, 7 * 40 + 7);
        Assert.InRange(height, 30, 40);
        Assert.DoesNotContain("环", zpl, StringComparison.Ordinal);
        Assert.DoesNotContain("^FB", zpl, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_the_template_itself_is_drawn_as_well()
    {
        Assert.Matches(Graphic(), Label(Code + "^FO300,40^A0N,40,40^FD合格证^FS", "x"));
    }

    [Theory]
    [InlineData("木𓀀", "has no '𓀀' (U+13000)")]
    [InlineData("ไทย", "join or stack")]
    [InlineData("e\u0301", "join or stack")]
    [InlineData("板板板板板板板板板板板板板板板板板板板板板板板板板板板板板板", "lines of 400 dots, the block has 2")]
    [InlineData("木 Donaudampfschifffahrtsgesellschaft", "a word in it needs")]
    [InlineData("Donaudampfschifffahrtsgesellschaft", "a word in it needs")]
    [InlineData("木\u202E板", "U+202E")]
    [InlineData("\u3000", "no visible character")]
    public void What_cannot_be_drawn_whole_is_refused_by_name(string value, string limit)
    {
        LabelProblem problem = Assert.Single(Problems(Name, value, Font));

        Assert.Contains(limit, problem.Limit, StringComparison.Ordinal);
        Assert.StartsWith("product.name", problem.Subject, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Remedy);
    }

    [Theory]
    [InlineData("^FO600,40^A0N,40,40", "dots of 120")]
    [InlineData("^FO300,40^A0R,40,40", "turned")]
    [InlineData("^CF0,40^FO300,40", "how large")]
    [InlineData("^FT300,40^A0N,40,40", "^FO names")]
    [InlineData("^FO300,40^BCN,40", "ASCII only")]
    public void A_field_that_has_no_room_for_a_drawn_text_is_refused(string field, string limit)
    {
        LabelProblem problem = Assert.Single(Problems($"^PW720^LL480{field}^FN3\"product.name\"^FS{Code}", "板板板板板板板板板板板板", Font));

        Assert.Contains(limit, problem.Limit, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_font_is_told_with_the_command_that_brings_it()
    {
        LabelProblem problem = Assert.Single(Problems(Name, "木板", LabelFont.At("/nowhere/font.ttc")));

        Assert.Contains("/nowhere/font.ttc", problem.Limit, StringComparison.Ordinal);
        Assert.Contains("apt-get install fonts-noto-cjk", problem.Remedy, StringComparison.Ordinal);
        Assert.Contains("font", Assert.Single(Problems(Name, "木板", LabelFont.At(typeof(DrawnTextTests).Assembly.Location))).Limit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("board-60x40.zpl", 8, 480, 320, 3)]
    [InlineData("board-60x40.zpl", 12, 720, 480, 5)]
    [InlineData("uniform-50x30.zpl", 8, 400, 240, 3)]
    [InlineData("uniform-50x30.zpl", 12, 600, 360, 4)]
    [InlineData("small-30x20.zpl", 8, 240, 160, 3)]
    [InlineData("small-30x20.zpl", 12, 360, 240, 4)]
    public void A_template_with_a_resolution_fits_other_print_heads(string file, int dotsPerMm, int width, int length, int module)
    {
        string text = File.ReadAllText(Path.Combine(SiteFolder.Repository, "config", "labels", file));
        Assert.True(
            ZplTemplate.TryCompile(file, text, SomeDevice.Printer(dotsPerMm: dotsPerMm), out ZplTemplate? template, out var problems, Font),
            string.Join('\n', problems));
        Dictionary<string, string> run = LabelField.All.ToDictionary(f => f, _ => "GB/T 34722-2017");
        run[LabelField.ProductName] = "环保多层实木板";
        Assert.True(template.TryBind(run, Url, out ZplLabel? label, out problems), string.Join('\n', problems));

        Assert.Equal((width, length), (template.WidthDots, template.LengthDots));
        Assert.Contains($"^BQN,2,{module},M", label.ToString(), StringComparison.Ordinal);
        Assert.Matches(Graphic(), label.ToString());
    }

    [Theory]
    [InlineData("^FX resolution: 12 dots/mm ^FS^FO40,40^BQN,2,4,M^FN1\"code.url\"^FS", "at least 0.33 mm")]
    [InlineData("^FX resolution: 7 dots/mm ^FS", "6, 8, 12 or 24")]
    [InlineData("^FX resolution: 12 dots/mm ^FS^FO1,1^GFA,1,1,1,FF^FS", "cannot be made for 8")]
    [InlineData("^FX resolution: 12 dots/mm ^FS^FX resolution: 12 dots/mm ^FS", "one resolution")]
    public void What_cannot_be_scaled_is_refused(string template, string limit)
    {
        Assert.False(ZplTemplate.TryCompile("t", template, SomeDevice.Printer(dotsPerMm: 8), out _, out var problems));
        Assert.Contains(problems, p => p.Limit.Contains(limit, StringComparison.Ordinal));
    }

    [Fact]
    public void Ten_thousand_hostile_values_are_one_format_each()
    {
        Random random = new(4);
        Rune[] likely = [.. "^~_\\!{}\"#%>,;:xX0 A木板证".EnumerateRunes()];
        string[] whole = ["^XZ^XA", "^PQ9", "~JR", "_5EXZ", "~DGR:X.GRF,8,1,FF", "^GFA,8,8,1,:Z64:", "^FS", "\u0010", "\u001E", "\u0002"];
        int drawn = 0, text = 0;
        Assert.True(ZplTemplate.TryCompile(
            "t", Name.Replace("^FB400,2,4", "", StringComparison.Ordinal), SomeDevice.Printer(), out ZplTemplate? template, out _, Font));
        for (int i = 0; i < 10_000; i++)
        {
            string value = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(8) == 0
                ? whole[random.Next(whole.Length)]
                : likely[random.Next(likely.Length)].ToString()));
            if (!template.TryBind(new Dictionary<string, string> { ["product.name"] = value }, Url, out ZplLabel? label, out _))
            {
                continue;
            }

            ZplReader read = ZplReader.Read(label.Compose(Url, "TEXT"));
            Assert.Equal(1, read.Formats);
            bool isText = value.All(char.IsAscii);
            Assert.Equal(isText ? [value, $"MA,{Url}", "TEXT"] : [$"MA,{Url}", "TEXT"], read.FieldData);
            _ = isText ? text++ : drawn++;
        }

        Assert.True(text > 500 && drawn > 500, $"{text} as text, {drawn} drawn");
    }

    private static string Label(string template, string name)
    {
        Assert.True(ZplTemplate.TryCompile("t", template, SomeDevice.Printer(), out ZplTemplate? compiled, out var problems, Font), string.Join('\n', problems));
        Assert.True(
            compiled.TryBind(new Dictionary<string, string> { ["product.name"] = name }, Url, out ZplLabel? label, out problems),
            string.Join('\n', problems));
        return Encoding.UTF8.GetString(label.Compose(Url, "TEXT"));
    }

    private static IReadOnlyList<LabelProblem> Problems(string template, string name, LabelFont font)
    {
        Assert.True(ZplTemplate.TryCompile("t", template, SomeDevice.Printer(), out ZplTemplate? compiled, out var problems, font), string.Join('\n', problems));
        Assert.False(compiled.TryBind(new Dictionary<string, string> { ["product.name"] = name }, Url, out _, out problems));
        return problems;
    }

    [GeneratedRegex(@"\^GFA,(?<total>\d+),\k<total>,(?<row>\d+),:Z64:(?<data>[A-Za-z0-9+/=]+):(?<crc>[0-9A-F]{4})\^FS")]
    private static partial Regex Graphic();
}
