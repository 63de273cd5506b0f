using System.Text;
using EdgeLine.Devices.Printing;

namespace EdgeLine.Tests.Devices;

/// <summary>The answer to ^HZF, from a sound one to what a broken or hostile printer may say instead.</summary>
public sealed class SettingsDocumentTests
{
    private const string Head = "<?xml version='1.0'?>\r\n<ZEBRA-ELTRON-PERSONALITY>\r\n<FORMAT-SETTINGS>\r\n";
    private const string Tail = "</FORMAT-SETTINGS>\r\n</ZEBRA-ELTRON-PERSONALITY>\r\n";
    private const string Identity = "\x02ZT411-300dpi,V92.21.39Z,12,8192KB\x03\r\n";
    private const string Marker = "\"?\"";

    [Theory]
    [InlineData("<REPRINT-AFTER-ERROR BOOL='Y,N'>Y</REPRINT-AFTER-ERROR>", true)]
    [InlineData("<REPRINT-AFTER-ERROR BOOL='Y,N'>N</REPRINT-AFTER-ERROR>", false)]
    [InlineData("<REPRINT-AFTER-ERROR>\r\n NO \r\n</REPRINT-AFTER-ERROR>", false)]
    [InlineData("<LABEL-REVERSE BOOL='Y,N'>N</LABEL-REVERSE><REPRINT-AFTER-ERROR>yes</REPRINT-AFTER-ERROR>", true)]
    [InlineData(" ENUM='NONE, \"?\", AUTO'>\r\n<REPRINT-AFTER-ERROR>N</REPRINT-AFTER-ERROR>", false)]
    public void A_document_says_whether_a_label_is_repeated(string element, bool reprints)
    {
        string document = Head + element + Tail;

        Assert.Equal(new PrinterReply.Reprints(reprints), Assert.Single(Hear(document)));
        for (int at = 1; at < document.Length; at++)
        {
            Assert.Equal(new PrinterReply.Reprints(reprints), Assert.Single(Hear(document[..at], document[at..])));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("<REPRINT-AFTER-ERROR></REPRINT-AFTER-ERROR>")]
    [InlineData("<REPRINT-AFTER-ERROR>MAYBE</REPRINT-AFTER-ERROR>")]
    [InlineData("<REPRINT-AFTER-ERROR")]
    [InlineData("<REPRINT-AFTER-ERROR>N")]
    [InlineData("<REPRINT-AFTER-ERROR><CURRENT>N</CURRENT><STORED>Y</STORED></REPRINT-AFTER-ERROR>")]
    [InlineData("<REPRINT-AFTER-ERROR>N</REPRINT-AFTER-ERROR><REPRINT-AFTER-ERROR>Y</REPRINT-AFTER-ERROR>")]
    public void A_document_that_does_not_say_it_clearly_says_nothing_and_hides_nothing(string element) =>
        Assert.All(
            Hear(Head + element + Tail + Identity + Marker),
            reply => Assert.True(reply is PrinterReply.Identity or PrinterReply.Marker, reply.ToString()));

    [Fact]
    public void A_document_without_end_is_given_up_and_the_next_answer_is_heard()
    {
        PrinterReply identity = Assert.Single(Hear(Identity));
        string value = "<REPRINT-AFTER-ERROR>N</REPRINT-AFTER-ERROR>";

        Assert.Equal(identity, Assert.Single(Hear(Head + value + Identity)));
        Assert.Equal(identity, Assert.Single(Hear(Head + value + new string('>', 1_000_000) + Tail + Identity)));
        Assert.Equal(identity, Assert.Single(Hear(Head + value + new string('x', SettingsDocument.BytesMax) + Tail + Identity)));
        Assert.Empty(Hear(value, "</ZEBRA-ELTRON-PERSONALITY>"));
    }

    [Fact]
    public void An_answer_in_a_document_is_no_answer()
    {
        Assert.Empty(Hear(Head + Marker + "\"0,0,00000000,00000000,0,00000000,00000000\"" + Tail));
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
}
