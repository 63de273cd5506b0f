using System.Text;
using EdgeLine.Devices.Printing;

namespace EdgeLine.Tests.Devices;

public sealed class PrinterErrorsTests
{
    private const string Marker = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("1,1,00000000,00000004,0,00000000,00000000", "HeadOpen")]
    [InlineData("1,0,00000000,00000000,0,00000000,00000000", "Paused")]
    [InlineData("0,1,00000000,00000003,0,00000000,00000000", "MediaOut")]
    [InlineData("0,1,00000000,00000010,0,00000000,00000000", "OverTemperature")]
    [InlineData("0,1,00000000,00100000,0,00000000,00000000", "Other")]
    [InlineData("0,1,00000001,00000000,0,00000000,00000000", "Other")]
    [InlineData("0,1,00000000,00000000,0,00000000,00000000", "Other")]
    [InlineData("0,0,00000000,00000000,1,00000000,00000008", "Ready")]
    public void A_system_status_is_the_fault_that_a_person_must_mend_first(string value, string kind)
    {
        PrinterErrors errors = PrinterErrors.TryParseVariable(value)!;

        PrinterCondition condition = errors.Condition(out string detail);

        Assert.Equal(kind, condition is PrinterCondition.Fault fault ? fault.Kind.ToString() : "Ready");
        Assert.Equal(kind == "Ready", detail.Length == 0);
    }

    [Theory]
    [InlineData("PRINTER STATUS\r\nERRORS:   1 00000000 0000000B\r\nWARNINGS: 1 00000000 00000002", 0xB)]
    [InlineData("\r\n  PRINTER STATUS                 \r\n   ERRORS:         0 00000000 00000000 \r\n   WARNINGS:       0 00000000 00000000 \r\n", 0)]
    public void An_error_query_is_read_by_words_and_not_by_columns(string block, uint lower)
    {
        PrinterReply.Errors errors = Assert.IsType<PrinterReply.Errors>(Assert.Single(Hear($"\x02{block}\x03\r\n")));

        Assert.Equal(lower, errors.Value.Lower);
        Assert.Equal(lower == 0, errors.Value.Condition(out _) is PrinterCondition.Ready);
    }

    [Theory]
    [InlineData("\x02PRINTER STATUS\r\nERRORS: 0 00000000 0000000\r\nWARNINGS: 0 00000000 00000000\x03")]
    [InlineData("\x02PRINTER STATUS\r\nERRORS: 0 00000000 00000000\x03")]
    [InlineData("\"0,0,00000000,00000000,0,00000000\"")]
    [InlineData("\"0,2,00000000,00000000,0,00000000,00000000\"")]
    [InlineData("\"0,0,00000000,0000000G,0,00000000,00000000\"")]
    [InlineData("\"\"")]
    [InlineData("\"9600\"")]
    public void A_malformed_answer_is_silence_not_health(string bytes) => Assert.Empty(Hear(bytes));

    [Fact]
    public void Values_in_quotes_have_no_end_of_line_and_may_be_split_anywhere()
    {
        string bytes = $"\"{Marker}\"\"0,0,00000000,00000000,0,00000000,00000000\"\"?\"";
        PrinterReply[] whole = [.. Hear(bytes)];

        Assert.Equal(new PrinterReply.Marker(Marker), whole[0]);
        Assert.IsType<PrinterReply.Errors>(whole[1]);
        Assert.Equal(new PrinterReply.Marker("?"), whole[2]);
        for (int at = 1; at < bytes.Length; at++)
        {
            Assert.Equal(whole, Hear(bytes[..at], bytes[at..]));
        }
    }

    [Fact]
    public void A_quote_that_never_ends_does_not_hide_what_follows_it_in_a_frame()
    {
        Assert.IsType<PrinterReply.Identity>(Assert.Single(Hear("\"noise \x02ZT411,V92,12,8192KB\x03\r\n")));
    }

    [Fact]
    public void Objects_are_found_in_any_split_and_among_garbage()
    {
        string one = $"{{\"zpl.system_status\":\"0,0,00000000,00000000,0,00000000,00000000\",\"{BootMarker.Variable}\":\"{Marker}\"}}";
        string bytes = "}noise" + one + "{\"a\":\"}\\\"{\"}\r\n{broken}{}" + one;
        PrinterReply[] whole = [.. HearObjects(bytes)];

        Assert.Equal(["Marker", "Errors", "Marker", "Errors"], whole.Select(r => r.GetType().Name));
        for (int at = 1; at < bytes.Length; at++)
        {
            Assert.Equal(whole, HearObjects(bytes[..at], bytes[at..]));
        }

        Assert.Equal(2, HearObjects("{" + new string('x', 5000) + one).Count);
        Assert.Equal(new PrinterReply.Marker("?"), Assert.Single(HearObjects($"{{\"{BootMarker.Variable}\":null}}")));
    }

    private static List<PrinterReply> Hear(params string[] chunks)
    {
        List<PrinterReply> heard = [];
        PrinterReplies replies = new();
        foreach (string chunk in chunks)
        {
            replies.Feed(Encoding.Latin1.GetBytes(chunk), heard.Add);
        }

        return heard;
    }

    private static List<PrinterReply> HearObjects(params string[] chunks)
    {
        List<PrinterReply> heard = [];
        PrinterObjects objects = new();
        foreach (string chunk in chunks)
        {
            objects.Feed(Encoding.Latin1.GetBytes(chunk), heard.Add);
        }

        return heard;
    }
}
