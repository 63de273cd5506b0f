using System.Text;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Raster;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>Each refusal is one line: template, line, what, limit, remedy.</summary>
public sealed class LabelRefusalTests : IDisposable
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";
    private const string Qr = "^FO40,40^BQN,2,6,M^FN1\"code.url\"^FS\n";
    private const string Text = "^FO40,400^A0N,30,30^FN2\"code.text\"^FS\n";
    private const string Size = "^PW720^LL480\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-refusals-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("^FO40,40^BQN,2,3,M^FN1\"code.url\"^FS", "t.zpl:4: ^BQ magnification '3': 4 to 10 whole dots", "at least 0.33 mm", "^BQN,2,4")]
    [InlineData("^FO40,40^BQN,2,4.5,M^FN1\"code.url\"^FS", "t.zpl:4: ^BQ magnification '4.5': 4 to 10 whole dots", "at 12 dots/mm", "^BQN,2,4")]
    [InlineData("^FO40,40^BQN,2,11,M^FN1\"code.url\"^FS", "t.zpl:4: ^BQ magnification '11': 4 to 10 whole dots", "", "^BQN,2,4")]
    [InlineData("^FO20,40^BQN,2,6,M^FN1\"code.url\"^FS", "t.zpl:4: QR symbol at 20,50: ", "24 empty dots", "Move the symbol")]
    [InlineData("^FO530,40^BQN,2,6,M^FN1\"code.url\"^FS", "t.zpl:4: QR symbol at 530,50: ", "inside 720 x 480 dots", "Move the symbol")]
    [InlineData(Qr + "^FO500,300^BQN,2,6,M^FDMA,HTTPS://EXAMPLE.CN/PRODUCER^FS", "t.zpl:5: QR symbol and quiet zone: it covers 476,286 to 698,508", "the label ends at 720,480", "Move it")]
    [InlineData(Qr + "^FO-300,300^A0N,30,30^FDBatch^FS", "t.zpl:5: ^FO-300,300: '-300' is no whole number of dots", "from 0 to 32000", "^FO40,40")]
    [InlineData(Qr + "^FO99999999999,300^A0N,30,30^FDBatch^FS", "t.zpl:5: ^FO99999999999,300: '99999999999' is no whole number", "", "^FO40,40")]
    [InlineData(Qr + "^FO400,abc^GB9,3,3^FS", "t.zpl:5: ^FO400,abc: 'abc' is no whole number", "", "^FO40,40")]
    [InlineData(Qr + "^FO400,100^GB9.5,3,3^FS", "t.zpl:5: ^GB9.5,3,3: '9.5' is no whole number", "", "^FO40,40")]
    [InlineData(Qr + "^FO400,100^GB99999999999,3,3^FS", "t.zpl:5: ^GB99999999999,3,3: '99999999999' is", "", "^FO40,40")]
    [InlineData(Qr + "^FO400,100^GB321,3,3^FS", "t.zpl:5: line box ^GB321,3,3: it covers 400,100 to 721,103", "the label ends at 720,480", "Move it")]
    [InlineData(Qr + "^FO400,470^GB3,3,11^FS", "t.zpl:5: line box ^GB3,3,11: it covers 400,470 to 411,481", "the label ends at 720,480", "Move it")]
    [InlineData(Qr + "^FO400,470^GC11,1^FS", "t.zpl:5: circle ^GC11,1: it covers", "the label ends at 720,480", "Move it")]
    [InlineData(Qr + "^FO715,10^GFA,2,2,1,FFFF^FS", "t.zpl:5: graphic ^GFA,2,2,1: it covers 715,10 to 723,12", "the label ends at 720,480", "Move it")]
    [InlineData(Qr + "^FT10,20^GFA,30,30,1,FF^FS", "t.zpl:5: graphic ^GFA,30,30,1: it covers 10,-10", "the label ends at 720,480", "Move it")]
    [InlineData(Qr + "^FO800,10^XGE:LOGO.GRF,1,1^FS", "t.zpl:5: ^XGE:LOGO.GRF,1,1: how large a stored graphic is", "only the printer knows", "^GF")]
    [InlineData(Qr + "^FO300,40^A0N,40,40^FB421,2,4^FN3\"product.name\"^FS", "t.zpl:5: text ^FN3\"product.name\": it covers 300,40 to 721,124", "the label ends at 720,480", "make it smaller")]
    [InlineData(Qr + "^FO300,460^A0N,40,40^FDBatch^FS", "t.zpl:5: text 'Batch': it covers 300,460", "the label ends at 720,480", "Move it")]
    [InlineData(Qr + "^LH300,0^FO300,10^A0N,30,30^FB130,1,0^FDBatch^FS^LH0,0", "t.zpl:5: text 'Batch': it covers 600,10 to 730,40", "the label ends at 720,480", "Move it")]
    [InlineData(Qr + "^FO300,40^A0N,40,40^FN3\"product.name\"^FS", "t.zpl:5: product.name 'Board 18 mm, moisture resistant, grade one': ", "dots of 420", "Make the text shorter")]
    [InlineData(Qr + "^FO300,40^A0N,40,40^FB200,2,4^FN3\"product.name\"^FS", "t.zpl:5: product.name 'Board 18 mm, moisture resistant, grade one': ", "lines of 200 dots, the block has 2", "Make the text shorter")]
    [InlineData(Qr + "^FO300,40^A0N,40,40^FN3\"product.nmae\"^FS", "t.zpl:5: ^FN3\"product.nmae\": no field has the name", "product.nmae", "Fields are: code.url, code.text, batch.number")]
    [InlineData(Qr + "^FX resolution: 13 dots/mm ^FS", "t.zpl:5: ^FX resolution: 13 dots/mm : ", "6, 8, 12 or 24 dots/mm", "Write one of them")]
    public void A_template_with_one_mistake_is_one_line(string fields, string start, string limit, string remedy)
    {
        LabelProblem problem = Assert.Single(Problems($"^XA\n{Size}\n{fields}\n{Text}^XZ"));

        string line = problem.ToString();
        Assert.StartsWith(start, line, StringComparison.Ordinal);
        Assert.Contains(limit, line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Theory]
    [InlineData(Qr, "t.zpl: code.text: a person must be able to type the code", "^FN2\"code.text\"")]
    [InlineData(Text, "t.zpl: code.url: a label needs its code as a QR symbol", "^FN1\"code.url\"")]
    [InlineData(Qr + "^FO500,400^A0N,30,30^FN2\"code.text\"^FS", "t.zpl:4: code.text such as 'H0A0 A0A0 A0A0 A0A0': it needs", "Make the text shorter")]
    public void A_label_without_its_code_for_people_is_refused(string fields, string start, string remedy)
    {
        LabelProblem problem = Assert.Single(Problems(Size + "\n" + fields));

        Assert.StartsWith(start, problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string> Files() => new()
    {
        { [.. "^XA\n^FX "u8, 0xBA, 0xCF, 0xB8, 0xF1, .. " ^FS^XZ"u8], ":2: byte 0xBA: a template is UTF-8 text. Save it as UTF-8" },
        { [0xFF, 0xFE, (byte)'^', 0, (byte)'X', 0, (byte)'A', 0], ":1: byte 0xFF: a template is UTF-8 text. Save it as UTF-8" },
        { [.. "^XA"u8, .. Enumerable.Repeat((byte)' ', 100_000)], ": 100003 characters: at most 100000. Make the graphics smaller" },
        { [.. "^XA"u8, .. Enumerable.Repeat((byte)' ', 500_000)], ": more than 400004 bytes: at most 100000 characters. Make the graphics smaller" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_that_is_no_template_is_refused(byte[] bytes, string line)
    {
        string file = Path.Combine(_folder, "t.zpl");
        File.WriteAllBytes(file, bytes);

        Assert.False(ZplTemplate.TryRead(file, SomeDevice.Printer(), out _, out IReadOnlyList<LabelProblem> problems));

        Assert.StartsWith(file + line, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused_and_one_with_a_byte_order_mark_is_read()
    {
        Assert.False(ZplTemplate.TryRead(Path.Combine(_folder, "none.zpl"), SomeDevice.Printer(), out _, out IReadOnlyList<LabelProblem> problems));
        Assert.Contains("none.zpl", Assert.Single(problems).ToString(), StringComparison.Ordinal);

        string file = Path.Combine(_folder, "t.zpl");
        File.WriteAllText(file, Size + Qr + Text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.True(ZplTemplate.TryRead(file, SomeDevice.Printer(), out _, out problems), string.Join('\n', problems));
    }

    [Fact]
    public void Every_letter_that_the_font_lacks_is_named()
    {
        Assert.True(ZplTemplate.TryCompile(
            "t.zpl", Size + Qr + Text + "^FO300,40^A0N,40,40^FN3\"product.name\"^FS", SomeDevice.Printer(), out ZplTemplate? template, out _, LabelFont.Find()));

        Assert.False(template.TryBind(new Dictionary<string, string> { ["product.name"] = "木𓀀板𓀁𓀀" }, Url, out _, out IReadOnlyList<LabelProblem> problems));

        Assert.EndsWith("has no '𓀀' (U+13000), '𓀁' (U+13001).", Assert.Single(problems).Limit, StringComparison.Ordinal);
    }

    private static IReadOnlyList<LabelProblem> Problems(string template)
    {
        Dictionary<string, string> run = new() { ["product.name"] = "Board 18 mm, moisture resistant, grade one" };
        _ = ZplTemplate.TryCompile("t.zpl", template, SomeDevice.Printer(), out ZplTemplate? compiled, out IReadOnlyList<LabelProblem> problems)
            && compiled.TryBind(run, Url, out _, out problems);
        return problems;
    }
}
