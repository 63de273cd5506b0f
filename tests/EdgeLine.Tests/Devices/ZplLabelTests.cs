using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class ZplLabelTests
{
    private const string Template =
        """
        ^XA
        ^FX board label
        ^PW900^LL4000
        ^FO40,40^BQN,2,6,M^FN1"code.url"^FS
        ^FO320,40^A0N,30,30^FN2"code.text"^FS
        ^FO320,90^A0N,24,24^FDBatch^FS
        ^FO320,120^A0N,24,24^FN3"batch.number"^FS
        ^FO320,160^A@R,30,1,E:SIMSUN.TTF^FN4"product.name"^FDsample^FS
        ^XZ
        """;

    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";

    private static readonly Dictionary<string, string> Run = new()
    {
        [LabelField.BatchNumber] = "B-2026/07",
        [LabelField.ProductName] = "Board 18 mm",
    };

    [Fact]
    public void A_label_is_exactly_this_format()
    {
        byte[] format = Bind(Run).Compose(Url, "H123 4567 89AB CDEF");

        Assert.Equal(
            "^XA^JZN^MCY^CI28^PON^PMN^LRN^FWN^LH0,0^LT0^BY2,3,10^CVY"
            + "^PW900^LL4000^FO40,40^BQN,2,6,M^FH_^FDMA,https://c.example.cn/C/H123456789ABCDEF^FS"
            + "^FO320,40^A0N,30,30^FH_^FDH123 4567 89AB CDEF^FS^FO320,90^A0N,24,24^FDBatch^FS"
            + "^FO320,120^A0N,24,24^FH_^FDB-2026/07^FS^FO320,160^A@R,30,1,E:SIMSUN.TTF^FH_^FDBoard 18 mm^FS"
            + "^PQ1,0,0,N^XZ\r\n",
            Encoding.UTF8.GetString(format));
    }

    public static TheoryData<string> Injections() =>
    [
        "^XZ^XA^FO0,0^FDtwin^FS^XZ", "^PQ9", "~JR", "~JA~PR", "^CC+", "^CT+^CD;", "_5EXZ", "__5E", "_", "^FS^XZ",
            "\\&", "\\",
        "! U1 setvar \"device.languages\" \"line_print\"", "{}{\"device.reset\":null}", "^FH", "^FD", "$$$$", "~~",
            "^^",
        ">;>8", "#1#", "%d", "名称^XZ", "é~JR", "𠮷", "a,b,c", "..\\..\\", "<b>", "`", "'", "\"", ",,,,",
            "^SX*,D,Y,N,10.0.0.1,9",
        "^XFE:X.ZPL^FS", "^DFR:A.ZPL^FS", "~DGR:X.GRF,8,1,FF", "~HS", "^HH", "^JUS", "^MCN", "^JZY",
    ];

    [Theory]
    [MemberData(nameof(Injections))]
    public void No_data_can_become_a_command(string data)
    {
        ZplReader harmless = ZplReader.Read(Bind(Run).Compose(Url, "TEXT"));

        ZplReader read = ZplReader.Read(
            Bind(new()
            {
                [LabelField.BatchNumber] = data.All(char.IsAscii) ? data : "x",
                [LabelField.ProductName] = data
            }).Compose(Url, "TEXT"));

        Assert.Equal(1, read.Formats);
        Assert.Equal(harmless.Commands, read.Commands);
        Assert.Equal([$"MA,{Url}", "TEXT", "Batch", data.All(char.IsAscii) ? data : "x", data], read.FieldData);
    }

    [Fact]
    public void Random_data_prints_as_itself_or_is_refused()
    {
        Random random = new(20260722);
        Rune[] likely = [.. "^~_\\!{}\"#%>,;:xX0 A".EnumerateRunes()];
        List<string> harmless = ZplReader.Read(Bind(Run).Compose(Url, "TEXT")).Commands;
        int printed = 0;
        for (int i = 0; i < 5000; i++)
        {
            StringBuilder data = new();
            for (int n = random.Next(1, 40); n > 0; n--)
            {
                data.Append(random.Next(12) switch
                {
                    < 8 => likely[random.Next(likely.Length)].ToString(),
                    8 => ((char)random.Next(0x20)).ToString(),
                    9 => ((char)random.Next(0xD800, 0xE000)).ToString(),
                    10 => ((char)random.Next(0x80, 0x3000)).ToString(),
                    _ => char.ConvertFromUtf32(random.Next(0x10000, 0x10FFFF)),
                });
            }

            string text = data.ToString();
            if (Compile().TryBind(With(LabelField.ProductName, text), Url, out ZplLabel? label, out _))
            {
                ZplReader read = ZplReader.Read(label.Compose(Url, "TEXT"));
                Assert.Equal(harmless, read.Commands);
                Assert.Equal(text, read.FieldData[^1]);
                printed++;
            }
        }

        Assert.InRange(printed, 100, 4900);
    }

    [Theory]
    [InlineData("\u0002", "U+0002")]
    [InlineData("a\u001Eb", "U+001E")]
    [InlineData("a\r\nb", "U+000D")]
    [InlineData("a\u007F", "U+007F")]
    [InlineData("a\u0085", "U+0085")]
    [InlineData("abc\u202Edcb", "U+202E")]
    [InlineData("\u200B", "U+200B")]
    [InlineData("\uD800", "U+FFFD")]
    [InlineData("", "empty")]
    public void What_no_label_should_say_is_refused_by_name(string data, string why)
    {
        Assert.False(Compile().TryBind(
            With(LabelField.ProductName, data), Url, out _, out IReadOnlyList<LabelProblem> problems));

        LabelProblem problem = Assert.Single(problems);
        Assert.Contains(why, problem.Limit, StringComparison.Ordinal);
        Assert.Equal(8, problem.Line);
        Assert.StartsWith("board.zpl:8: product.name", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_the_printer_has_no_font_for_is_refused_not_printed_as_boxes()
    {
        Assert.False(Compile().TryBind(
            With(LabelField.BatchNumber, "七月"), Url, out _, out IReadOnlyList<LabelProblem> problems));

        Assert.Contains("no font for '七'", Assert.Single(problems).Limit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3072, true)]
    [InlineData(3073, false)]
    public void Field_data_ends_at_3072_bytes(int bytes, bool fits)
    {
        string data = new('a', bytes - 9); // and three escaped bytes

        Assert.Equal(fits, Compile().TryBind(With(LabelField.ProductName, data + "_~^"), Url, out _, out _));
    }

    [Fact]
    public void A_value_that_the_template_needs_and_the_run_lacks_is_refused()
    {
        Assert.False(Compile().TryBind(
            new Dictionary<string, string>(), Url, out _, out IReadOnlyList<LabelProblem> problems));

        Assert.Equal([LabelField.BatchNumber, LabelField.ProductName], problems.Select(p => p.Subject));
    }

    [Theory]
    [InlineData("https://c.example.cn/C/ H123", "TEXT")]
    [InlineData("https://c.example.cn/C/H^XZ", "TEXT\r")]
    [InlineData("", "TEXT")]
    [InlineData("https://c.example.cn/C/二", "TEXT")]
    [InlineData("https://c.example.cn/C/H1", "")]
    public void A_code_that_is_none_is_never_composed(string url, string text)
    {
        ZplLabel label = Bind(Run);

        Assert.Throws<ArgumentException>(() => label.Compose(url, text));
    }

    [Fact]
    public void Three_thousand_labels_a_second_cost_little_memory()
    {
        ZplLabel label = Bind(Run);
        CodeCarrier carrier = CodeCarrier.ShortUrl("c.example.cn");
        string url = carrier.UrlOf(CertificateCode.Draw());
        int length = label.Compose(url, "TEXT").Length;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = TimeProvider.System.GetTimestamp();

        for (int i = 0; i < 3000; i++)
        {
            label.Compose(url, "TEXT");
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3000 * (length + 64));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static Dictionary<string, string> With(string field, string value) => new(Run) { [field] = value };

    private static ZplTemplate Compile()
    {
        Assert.True(
            ZplTemplate.TryCompile("board.zpl", Template, SomeDevice.Printer(), out ZplTemplate? template,
                out IReadOnlyList<LabelProblem> problems),
            string.Join('\n', problems));
        return template;
    }

    private static ZplLabel Bind(Dictionary<string, string> run)
    {
        Assert.True(Compile().TryBind(run, Url, out ZplLabel? label, out IReadOnlyList<LabelProblem> problems),
            string.Join('\n', problems));
        return label;
    }
}
