using EdgeLine.Service.Records;

namespace EdgeLine.Tests.Records;

public class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("硅酸钙板", "硅酸钙板")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("+49", "\"'+49\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    public void A_text_is_quoted_and_never_a_formula(string text, string field)
    {
        Assert.Equal(field + "\r\n", Csv.Line(text));
    }

    [Fact]
    public void Numbers_stay_numbers()
    {
        Assert.Equal("-5,12,\r\n", Csv.Line(-5L, 12, null));
    }
}
