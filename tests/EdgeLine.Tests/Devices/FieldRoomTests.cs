using EdgeLine.Devices.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>Bars and turned text lie inside the label, and what cannot be judged is refused in one line.</summary>
public sealed class FieldRoomTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";
    private const string Code = "^FO40,40^BQN,2,6,M^FN1\"code.url\"^FS^FO40,440^A0N,30,30^FN2\"code.text\"^FS";

    // Each of two neighbours: the last dot that is on the label, and the first that is not.
    [Theory]
    [InlineData("^FO{0},300^BY2^BCN,80,N^FDB-2026-07^FS", 432, 433)] // 268 dots of bars, 20 white ones
    [InlineData("^FO{0},300^BY2^BCN,80,N^FDB-2026-07^FS", 20, 19)]
    [InlineData("^FO300,{0}^BY2^BCN,80^FDB-2026-07^FS", 360, 361)] // 40 dots of characters below
    [InlineData("^FO300,{0}^BY2^BCN,80,Y,Y^FDB-2026-07^FS", 40, 39)]
    [InlineData("^FO400,{0}^BY2^BCR,80,N^FDB-2026-07^FS", 192, 193)]
    [InlineData("^FT{0},150^BY2^BCR,80,N^FDB-2026-07^FS", 640, 641)]
    [InlineData("^FWB^FT400,{0}^BY2^BC,80,N^FDB-2026-07^FS^FWN", 288, 287)]
    [InlineData("^FO{0},300^BY2,3^B3N,N,80,N^FDB-2026-07^FS", 348, 349)] // eleven symbols of 16 modules
    [InlineData("^FO{0},300^BY2,3^B3N,Y,80,N^FDB-2026-07^FS", 316, 317)]
    [InlineData("^FO{0},300^BY2^BAN,80,N^FDB-2026-07^FS", 464, 465)] // 118 modules
    [InlineData("^FO{0},300^BY2^BEN,80,N^FD690123456789^FS", 508, 509)] // 95 modules, 11 white ones
    [InlineData("^FO{0},300^BY2^B8N,80,N^FD6901234^FS", 564, 565)]
    [InlineData("^BY3,3,100^FO300,{0}^BUN,,N^FD69012345678^FS", 380, 381)] // the height of ^BY
    [InlineData("^FO{0},300^A0N,30,30^FDBatch^FS", 647, 648)] // 73 dots by upper estimate
    [InlineData("^FO{0},300,1^A0N,30,30^FDBatch^FS", 73, 72)]
    [InlineData("^FO300,{0}^A0R,30,30^FDBatch^FS", 407, 408)]
    [InlineData("^FO300,{0}^A0B,30,30^FDBatch^FS", 407, 408)]
    [InlineData("^FWR^FO300,{0}^A0,30,30^FDBatch^FS^FWN", 407, 408)]
    [InlineData("^FWR^FO{0},300^A0N,30,30^FDBatch^FS^FWN", 647, 648)]
    [InlineData("^FO{0},300^A0I,30,30^FDBatch^FS", 647, 648)]
    [InlineData("^FO{0},100^A0R,30,30^FDBatch^FS", 690, 691)]
    [InlineData("^FT{0},300^A0I,30,30^FDBatch^FS", 73, 72)]
    [InlineData("^FT300,{0}^A0B,30,30^FDBatch^FS", 73, 72)]
    [InlineData("^FT{0},100^A0R,30,30^FDBatch^FS", 8, 7)] // a quarter of the height hangs below the line
    [InlineData("^FT300,{0}^A0N,30,30^FDBatch^FS", 472, 473)]
    [InlineData("^CF0,30^FO{0},300^FDBatch^FS", 647, 648)]
    [InlineData("^FO{0},300^A@N,30,30,E:NAME.TTF^FDBatch^FS", 612, 613)] // wider letters, as nobody knows them
    [InlineData("^FO300,{0}^A0R,30,30^FB200,2,4^FDBatch^FS", 280, 281)]
    [InlineData("^LH100,0^FO{0},300^A0N,30,30^FDBatch^FS^LH0,0", 547, 548)]
    public void A_field_ends_inside_the_label(string field, int last, int first)
    {
        Assert.Empty(Problems(field.Replace("{0}", $"{last}", StringComparison.Ordinal)));
        string line = Assert.Single(Problems(field.Replace("{0}", $"{first}", StringComparison.Ordinal))).ToString();

        Assert.StartsWith("t.zpl:3: ", line, StringComparison.Ordinal);
        Assert.True(line.Contains("the label ends at 720,480. ", StringComparison.Ordinal) || line.Contains(" dots of ", StringComparison.Ordinal), line);
        Assert.EndsWith("larger label (^PW, ^LL).", line.Replace("the label larger.", "larger label (^PW, ^LL).", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    // The same for what is known only when a batch is.
    [Theory]
    [InlineData("^FO300,300^BY2^BCN,80,N^FN3\"batch.number\"^FS", 15, 16)] // 400 dots with 20 white ones
    [InlineData("^FO600,40^BY2^BCR,80,N^FN3\"batch.number\"^FS", 15, 16)] // 440 dots
    [InlineData("^FO600,40^A0R,30,30^FN3\"batch.number\"^FS", 27, 28)]
    [InlineData("^FO600,440^A0N,30,30^FN3\"batch.number\"^FS", 7, 8)]
    public void A_value_ends_inside_the_label(string field, int last, int first)
    {
        Assert.Empty(Problems(field, new string('5', last)));
        LabelProblem problem = Assert.Single(Problems(field, new string('5', first)));

        Assert.Equal(3, problem.Line);
        Assert.StartsWith("batch.number '555", problem.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^FDno place^FS", "text 'no place'", "no place of its own", "^FO")]
    [InlineData("^FT^A0N,30,30^FDx^FS", "text 'x'", "goes on after the field before", "^FTx,y")]
    [InlineData("^FO40,300^FDx^FS", "text 'x'", "the one of the label before", "^A0N,30,30")]
    [InlineData("^FO40,300^A0N^FDx^FS", "text 'x'", "does not say how high", "^A0N,30,30")]
    [InlineData("^FO40,300^ADN,36,20^FDx^FS", "text 'x'", "how wide the letters of ^ADN,36,20 are", "^A0N,30,30")]
    [InlineData("^FO40,300^A@N,30,30^FDx^FS", "text 'x'", "how wide the letters", "E:NAME.TTF")]
    [InlineData("^FO40,300^A0X,30,30^FDx^FS", "text 'x'", "names no direction", "N, R, I or B")]
    [InlineData("^FO40,300,2^A0N,30,30^FDx^FS", "text 'x'", "depends on the text", "Write 0")]
    [InlineData("^FO40,300,1^A0R,30,30^FDx^FS", "text 'x'", "depends on the text", "upright")]
    [InlineData("^FWN,1", "^FWN,1", "to which side", "^FO")]
    [InlineData("^FWX", "^FWX", "N, R, I or B", "^FWN")]
    [InlineData("^BY0", "^BY0", "1 to 10 whole dots", "^BY2,3,80")]
    [InlineData("^BY2,3.5", "^BY2,3.5", "2.0 to 3.0", "^BY2,3,80")]
    [InlineData("^CWQ,E:NAME.TTF", "^CWQ,E:NAME.TTF", "every later label", "^A@N")]
    [InlineData("^LT-20", "^LT-20", "moves the whole label", "^LH")]
    [InlineData("^LS40", "^LS40", "moves the whole label", "^LH")]
    [InlineData("^FO40,300^BXN,4,200^FDx^FS", "bar code ^BXN,4,200 of 'x'", "not known before it is printed", "Use ^BQ, ^BC")]
    [InlineData("^FO40,300^BCN,8x^FDx^FS", "bar code ^BCN,8x of 'x'", "no number of dots", "^BCN,80")]
    [InlineData("^FO40,300^BCN,80^A0N,30,30^FDx^FS", "bar code ^BCN,80 of 'x'", "the characters beside its bars", "Remove ^A")]
    [InlineData("^FO40,300^BCN,80^FH^FD_41^FS", "bar code '_41'", "escapes in a bar code", "without ^FH")]
    [InlineData("^FO40,300^BCN,80^FD>:x^FS", "bar code ^BCN,80 of '>:x'", "a command inside ^BC", "Correct what it carries")]
    [InlineData("^FO40,300^B3N,N,80^FDabc^FS", "bar code ^B3N,N,80 of 'abc'", "capitals", "Correct what it carries")]
    [InlineData("^FO40,300^BEN,80^FD6901234567892^FS", "bar code ^BEN,80 of '6901234567892'", "carries 12 digits, the printer adds the last one", "Correct what it carries")]
    [InlineData("^FO40,300^A0N,30,30^FB200,2^FDone\\&two\\&three^FS", "text 'one\\&two\\&three'", "needs 3 lines of 200 dots, the block has 2", "its block (^FB)")]
    public void What_cannot_be_judged_is_one_line(string field, string subject, string limit, string remedy)
    {
        LabelProblem problem = Assert.Single(Problems(field));

        Assert.Equal((3, subject), (problem.Line, problem.Subject));
        Assert.Contains(limit, problem.Limit, StringComparison.Ordinal);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
    }

    private static IReadOnlyList<LabelProblem> Problems(string field, string batch = "B-2026-07")
    {
        _ = ZplTemplate.TryCompile("t.zpl", $"^PW720^LL480\n{Code}\n{field}", SomeDevice.Printer(), out ZplTemplate? compiled, out IReadOnlyList<LabelProblem> problems)
            && compiled.TryBind(new Dictionary<string, string> { ["batch.number"] = batch }, Url, out _, out problems);
        return problems;
    }
}
