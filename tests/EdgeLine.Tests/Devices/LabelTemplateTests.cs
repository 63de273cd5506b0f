using System.Text;
using EdgeLine.Devices.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class LabelTemplateTests
{
    private const string Qr = "^FO40,40^BQN,2,6,M^FN1\"code.url\"^FS";
    private const string Text = "^FO40,400^A0N,30,30^FN2\"code.text\"^FS";
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";

    [Theory]
    [InlineData("^PQ2", "printed once")]
    [InlineData("^PQ1,0,1,Y^PQ99", "printed once")]
    [InlineData("^JUS", "saved settings")]
    [InlineData("~JR", "at once")]
    [InlineData("~DGR:A.GRF,8,1,FF", "at once")]
    [InlineData("^SN001,1,Y", "invent numbers")]
    [InlineData("^SFdd", "invent numbers")]
    [InlineData("^MCN", "label before")]
    [InlineData("^CC+", "prefix")]
    [InlineData("~CT+", "at once")]
    [InlineData("^JZY", "reprint")]
    [InlineData("^PMY", "mirrored")]
    [InlineData("^DFR:A.ZPL^FS", "not stored")]
    [InlineData("^XFR:A.ZPL^FS", "not stored")]
    [InlineData("^HV1,64", "not layout")]
    [InlineData("^SX*,D", "not layout")]
    [InlineData("^FE#", "other fields")]
    [InlineData("^ZZ", "not layout")]
    [InlineData("^", "no ZPL command")]
    [InlineData("\u0002", "control bytes")]
    [InlineData("^XZ^XA^FO1,1^FDx^FS", "one file is one label")]
    public void A_command_that_is_not_layout_is_refused_with_its_line(string command, string limit)
    {
        LabelProblem problem = Assert.Single(Problems($"^XA\n{Qr}\n{Text}\n{command}\n^XZ"));

        Assert.Contains(limit, problem.Limit, StringComparison.Ordinal);
        Assert.Equal(4, problem.Line);
        Assert.NotEmpty(problem.Remedy);
    }

    [Theory]
    [InlineData("^FO40,40^BQN,2,6,M^FN2\"code.text\"^FS", "carries code.url")]
    [InlineData("^FO40,40^BQN,2,6,M^FN9\"code.url\"^FS", "one symbol")]
    [InlineData("^FO40,40^BCN,50^FN2\"code.text\"^FS", "codes are QR")]
    [InlineData("^FO40,40^BXN,4,200^FN3\"batch.number\"^FS", "codes are QR")]
    [InlineData("^FT40,40^BQN,2,6,M^FN1\"code.url\"^FS", "^FT places")]
    [InlineData("^BQN,2,6,M^FN1\"code.url\"^FS", "^FT places")]
    [InlineData("^FO1,1^A0^FN3\"bach.number\"^FS", "no field has the name 'bach.number'")]
    [InlineData("^FO1,1^A0^FN3^FS", "no field has the name ''")]
    [InlineData("^FO1,1^A0^FN1\"batch.number\"^FS", "number 1 is code.url already")]
    [InlineData("^FO1,1^A0^FNx\"batch.number\"^FS", "^FN1")]
    [InlineData("^FO1,1^A0^FD中文^FS", "fonts of the printer")]
    [InlineData("^FO1,1^BQN,2,6,M^FDhttp://x^FS", "eats the first characters")]
    [InlineData("CT~~CD,~CC^~CT~", "before the first command")]
    public void A_field_that_cannot_work_is_refused(string field, string limit)
    {
        Assert.Contains(
            Problems($"{(field.StartsWith("CT", StringComparison.Ordinal) ? field : "")}^XA{Qr}{Text}\n{field}^XZ"),
            p => p.Limit.Contains(limit, StringComparison.Ordinal));
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        IReadOnlyList<LabelProblem> problems = Problems("^XA^PQ5\n^JUS\n^FO1,1^A0^FN3\"wrong\"^FS^XZ");

        Assert.Equal(["^PQ5", "^JUS", "^FN3\"wrong\"", "code.url", "code.text"], problems.Select(p => p.Subject));
    }

    [Fact]
    public void A_label_without_its_code_in_both_forms_is_refused()
    {
        Assert.Equal(["code.url"], Problems(Text).Select(p => p.Subject));
        Assert.Equal(["code.text"], Problems(Qr).Select(p => p.Subject));
    }

    [Theory]
    [InlineData(8, 3, true)]
    [InlineData(8, 2, false)] // 0.25 mm
    [InlineData(12, 4, true)] // 0.333 mm
    [InlineData(12, 3, false)]
    [InlineData(24, 8, true)]
    [InlineData(24, 7, false)]
    [InlineData(12, 11, false)]
    public void A_module_has_at_least_a_third_of_a_millimetre(int dotsPerMm, int magnification, bool fine)
    {
        string template = $"^FO80,80^BQN,2,{magnification},M^FN1\"code.url\"^FS{Text}";

        Assert.Equal(fine, ZplTemplate.TryCompile(
            "t", template, SomeDevice.Printer(dotsPerMm: dotsPerMm), out _, out _));
    }

    [Theory]
    [InlineData("^FO40,40", "^PW720^LL480", true)]
    [InlineData("^FO23,40", "", false)] // quiet zone leaves the label on the left
    [InlineData("^FO24,14", "", true)] // a QR symbol stands 10 dots below its origin
    [InlineData("^FO24,13", "", false)]
    [InlineData("^FO40,40", "^PW237", false)] // 40 + 29 modules of 6 dots + 24 = 238
    [InlineData("^FO40,40", "^PW238", true)]
    [InlineData("^FO40,40", "^LL247", false)]
    [InlineData("^FO40,40", "^LL248", true)]
    [InlineData("^FO1100,40", "", false)] // wider than the head
    public void The_symbol_with_its_quiet_zone_lies_inside_the_label(string origin, string size, bool fits)
    {
        string template = $"{size}{origin}^BQN,2,6,M^FN1\"code.url\"^FS^FO0,0^A0N,10,10^FN2\"code.text\"^FS";
        Assert.True(ZplTemplate.TryCompile("t", template, SomeDevice.Printer(), out ZplTemplate? compiled, out _));

        Assert.Equal(fits, compiled.TryBind(
            new Dictionary<string, string>(), Url, out _, out IReadOnlyList<LabelProblem> problems));
        Assert.Equal(fits ? 0 : 1, problems.Count);
    }

    [Theory]
    [InlineData(14, 'M', 21)]
    [InlineData(15, 'M', 25)]
    [InlineData(39, 'M', 29)]
    [InlineData(39, 'L', 29)]
    [InlineData(39, 'Q', 33)]
    [InlineData(39, 'H', 37)]
    [InlineData(17, 'L', 21)]
    [InlineData(155, 'H', 65)]
    [InlineData(156, 'H', 0)]
    public void The_size_of_a_symbol_follows_the_standard(int bytes, char level, int modules)
    {
        Assert.Equal(modules, QrSize.Modules(bytes, level));
    }

    [Theory]
    [InlineData("L")]
    [InlineData("Q")]
    [InlineData("H")]
    public void The_error_level_of_the_template_is_the_level_of_the_data(string level)
    {
        string zpl = Label($"^FO60,60^BQN,2,4,{level}^FN1\"code.url\"^FS{Text}");

        Assert.Contains($"^BQN,2,4,{level}^FH_^FD{level}A,https://", zpl, StringComparison.Ordinal);
    }

    [Fact]
    public void Bar_code_defaults_of_the_template_do_not_move_the_symbol()
    {
        string zpl = Label(
            $"^BY3,3,100^FO40,300^BCN,80^FN3\"batch.number\"^FS{Qr}^FO300,300^BCN^FDnext^FS{Text}");

        Assert.Contains("^BY2,3,10^FO40,40^BQN,2,6,M", zpl, StringComparison.Ordinal);
        Assert.Contains("^FS^BY3,3,100^FO300,300^BCN^FDnext^FS", zpl, StringComparison.Ordinal);
    }

    [Fact]
    public void What_every_label_does_anyway_is_dropped_from_the_template()
    {
        string zpl = Label($"^XA^CI28^JZN^MCY^PQ1,0,1,Y^CVY^PMN^JMA{Qr}{Text}^XZ");

        Assert.Equal(1, zpl.Split("^XA").Length - 1);
        Assert.Equal(1, zpl.Split("^PQ").Length - 1);
        Assert.Equal(1, zpl.Split("^CI28").Length - 1);
        Assert.EndsWith("^PQ1,0,0,N^XZ\r\n", zpl, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^BCN,80^FN3\"batch.number\"", "a>8b", "'>'")]
    [InlineData("^A0N,20,20^FB300,2^FN3\"batch.number\"", "a\\&b", "'\\'")]
    public void Data_that_means_something_to_its_kind_of_field_is_refused(string field, string data, string why)
    {
        Assert.True(ZplTemplate.TryCompile(
            "t", $"{Qr}{Text}^FO60,500{field}^FS", SomeDevice.Printer(), out ZplTemplate? template, out _));

        Assert.False(template.TryBind(
            new Dictionary<string, string> { ["batch.number"] = data }, Url, out _,
                out IReadOnlyList<LabelProblem> problems));
        Assert.Contains(why, Assert.Single(problems).Limit, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_files_are_answered_never_thrown_at()
    {
        Random random = new(7);
        string[] pieces =
        [
            "^", "~", "XA", "XZ", "FO1,1", "FN1\"code.url\"", "FS", "BQN,2,6", "BQ", "FD", "FH", "A", "A0", ",", "\"",
                "\n", "FN", "9999999999",
            "PW99999999999", "LH-1,x", "BY", "^FT", "PQ", "\u0000", "é", "\uD800",
        ];
        for (int i = 0; i < 3000; i++)
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)]));

            bool fine = ZplTemplate.TryCompile(
                "t", text, SomeDevice.Printer(), out _, out IReadOnlyList<LabelProblem> problems);

            Assert.Equal(fine, problems.Count == 0);
        }
    }

    private static IReadOnlyList<LabelProblem> Problems(string template)
    {
        Assert.False(ZplTemplate.TryCompile(
            "board.zpl", template, SomeDevice.Printer(), out _, out IReadOnlyList<LabelProblem> problems));
        return problems;
    }

    private static string Label(string template)
    {
        Assert.True(
            ZplTemplate.TryCompile("board.zpl", template, SomeDevice.Printer(), out ZplTemplate? compiled,
                out IReadOnlyList<LabelProblem> problems),
            string.Join('\n', problems));
        Assert.True(
            compiled.TryBind(new Dictionary<string, string> { ["batch.number"] = "B1" }, Url, out ZplLabel? label,
                out problems),
            string.Join('\n', problems));
        return Encoding.UTF8.GetString(label.Compose(Url, "TEXT"));
    }
}
