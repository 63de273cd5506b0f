using System.Text;
using System.Text.RegularExpressions;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Devices.Support;
using QrSize = EdgeLine.Devices.Printing.QrSize;
using ZplReader = EdgeLine.Tests.Devices.Support.ZplReader;

namespace EdgeLine.Tests.Devices;

/// <summary>Codes for printers whose own QR symbols cannot be trusted. The virtual printer reads them with code of its own.</summary>
public sealed partial class DrawnCodeTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";
    private const string Text = "^FO300,40^A0N,30,30^FN2\"code.text\"^FS";

    [Theory]
    [InlineData("z64")]
    [InlineData("hex")]
    public void Every_level_and_length_reads_as_what_was_drawn(string form)
    {
        Random random = new(3);
        foreach (char level in "LMQH")
        {
            for (int length = 1; length <= 150; length += 3)
            {
                string text = string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('!', '~' + 1)));
                int modules = QrSize.Modules(length, level), dots = 1 + (length % 5);

                GraphicField picture = GraphicField.Read(new QrGraphic(modules, dots, level, form).Command(text)[3..])!;

                Assert.Equal((text, modules), QrImage.Read(picture));
                Assert.Equal(modules * dots, picture.Height);
            }
        }
    }

    [Theory]
    [InlineData("z64")]
    [InlineData("hex")]
    public void Any_bitmap_comes_back_from_its_graphic(string form)
    {
        Random random = new(5);
        for (int i = 0; i < 200; i++)
        {
            Bitmap bitmap = new(random.Next(1, 2000), random.Next(1, 30));
            int density = random.Next(1, 400);
            for (int dot = 0; dot < bitmap.Width * bitmap.Height; dot++)
            {
                if (random.Next(density) == 0 || dot / bitmap.Width % 3 == 1)
                {
                    bitmap.Blacken(dot % bitmap.Width, dot / bitmap.Width);
                }
            }

            GraphicField picture = GraphicField.Read(ZplGraphic.Command(bitmap, form)[3..])!;

            Assert.Equal(bitmap.Height, picture.Height);
            Assert.All(Enumerable.Range(0, bitmap.Width * bitmap.Height), dot => Assert.Equal(
                (bitmap.Rows[(dot / bitmap.Width * bitmap.BytesPerRow) + (dot % bitmap.Width / 8)] & (0x80 >> (dot % bitmap.Width % 8))) != 0,
                picture.IsBlack(dot % bitmap.Width, dot / bitmap.Width)));
        }
    }

    [Theory]
    [InlineData("^LH0,0^FO40,40", 40, 50)]
    [InlineData("^LH10,5^FO30,35", 30, 45)]
    [InlineData("^BY3,3,100^LH0,0^FO40,40", 40, 50)]
    public void The_drawn_symbol_stands_where_a_printer_would_draw_its_own(string place, int x, int y)
    {
        string zpl = Label($"{place}^BQN,2,6,M^FN1\"code.url\"^FS{Text}", Url);

        Match drawn = Graphic().Match(zpl);
        Assert.Equal($"^FO{x},{y}", drawn.Groups["origin"].Value);
        Assert.Equal((Url, 29), QrImage.Read(GraphicField.Read(drawn.Groups["data"].Value)!));
        Assert.DoesNotContain("^BQ", zpl, StringComparison.Ordinal);
        Assert.Equal(1, ZplReader.Read(Encoding.ASCII.GetBytes(zpl)).Formats);
    }

    [Fact]
    public void A_symbol_of_the_template_itself_is_drawn_too()
    {
        string zpl = Label($"^FO400,300^BQN,2,4,M^FDLA,HTTPS://EXAMPLE.CN^FS^FO40,40^BQN,2,6,M^FN1\"code.url\"^FS{Text}", Url);

        Assert.Equal(
            ["HTTPS://EXAMPLE.CN", Url],
            Graphic().Matches(zpl).Select(m => QrImage.Read(GraphicField.Read(m.Groups["data"].Value)!)!.Value.Text));
    }

    [Fact]
    public void A_shorter_code_keeps_the_size_and_a_longer_one_is_never_composed()
    {
        ZplLabel label = Bind($"^FO40,40^BQN,2,6,M^FN1\"code.url\"^FS{Text}");

        string zpl = Encoding.ASCII.GetString(label.Compose("https://c.cn/1", "TEXT"));
        Assert.Equal(("https://c.cn/1", 29), QrImage.Read(GraphicField.Read(Graphic().Match(zpl).Groups["data"].Value)!));
        Assert.Throws<ArgumentException>(() => label.Compose(Url + new string('A', 20), "TEXT"));
    }

    [Theory]
    [InlineData("^FO40,40^BQN,2,3,M", "at least 0.33 mm")]
    [InlineData("^FT40,40^BQN,2,6,M", "Put ^FO")]
    [InlineData("^FO23,40^BQN,2,6,M", "24 empty dots")]
    [InlineData("^FO40,13^BQN,2,6,M", "24 empty dots")]
    [InlineData("^FO560,40^BQN,2,6,M", "inside 720 x 480 dots")]
    public void The_rules_of_size_and_quiet_zone_are_those_of_native_symbols(string field, string limit)
    {
        string template = $"^PW720^LL480{field}^FN1\"code.url\"^FS{Text}";
        foreach (PrinterProfile printer in new[] { Printer(), SomeDevice.Printer() })
        {
            IReadOnlyList<LabelProblem> problems = [];
            _ = ZplTemplate.TryCompile("t", template, printer, out ZplTemplate? compiled, out problems)
                && compiled.TryBind(new Dictionary<string, string>(), Url, out _, out problems);
            Assert.Contains(problems, p => p.ToString().Contains(limit, StringComparison.Ordinal));
        }
    }

    private static PrinterProfile Printer() => SomeDevice.Printer() with { Format = new() { Qr = "bitmap", SendAhead = 1 } };

    private static ZplLabel Bind(string template)
    {
        Assert.True(
            ZplTemplate.TryCompile("t", template, Printer(), out ZplTemplate? compiled, out IReadOnlyList<LabelProblem> problems),
            string.Join('\n', problems));
        Assert.True(compiled.TryBind(new Dictionary<string, string>(), Url, out ZplLabel? label, out problems), string.Join('\n', problems));
        return label;
    }

    private static string Label(string template, string url) => Encoding.ASCII.GetString(Bind(template).Compose(url, "TEXT"));

    [GeneratedRegex(@"(?<origin>\^FO\d+,\d+)\^GF(?<data>[^^]+)\^FS")]
    private static partial Regex Graphic();
}
