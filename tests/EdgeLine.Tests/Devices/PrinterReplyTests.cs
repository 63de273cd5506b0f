using System.Text;
using EdgeLine.Devices.Printing;

namespace EdgeLine.Tests.Devices;

public sealed class PrinterReplyTests
{
    // Worked example of the ZPL Programming Guide's ~HS: 82 bytes on the wire.
    private const string Golden =
        "\x02" + "030,0,0,0959,000,0,0,0,000,0,0,0\x03\r\n"
        + "\x02" + "001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n"
        + "\x02" + "1234,0\x03\r\n";

    [Fact]
    public void The_golden_status_is_read()
    {
        Assert.Equal(82, Golden.Length);

        HostStatus status = Assert.IsType<PrinterReply.Status>(Assert.Single(Hear(Golden))).Value;

        Assert.Equal("9600 8N1 xon-xoff", status.Serial);
        Assert.Equal(959, status.LabelLengthDots);
        Assert.Equal((0, 0), (status.FormatsInBuffer, status.LabelsRemaining));
        Assert.True(status.ThermalTransfer);
        Assert.False(status.PaperOut || status.Paused || status.HeadOpen || status.RibbonOut || status.BufferFull
            || status.PartialFormat);
        Assert.IsType<PrinterCondition.Ready>(status.Condition(out _));
    }

    [Fact]
    public void A_status_split_at_any_byte_or_in_single_bytes_is_the_same()
    {
        PrinterReply whole = Assert.Single(Hear(Golden));
        for (int at = 1; at < Golden.Length; at++)
        {
            Assert.Equal(whole, Assert.Single(Hear(Golden[..at], Golden[at..])));
        }

        Assert.Equal(whole, Assert.Single(Hear([.. Golden.Select(c => c.ToString())])));
        Assert.Equal(2, Hear(Golden + Golden).Count);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("\x03\x03\r\n")]
    [InlineData("\x02")]
    [InlineData("\x02unfinished")]
    [InlineData("\x02" + "030,0,0,0959,000,0,0,0,000,0,0,0\x03\r\n")]
    [InlineData("\x02" + "1234,0\x03")]
    [InlineData("\x02\x03")]
    public void Garbage_before_a_status_does_not_hide_it(string garbage)
    {
        Assert.Single(Hear(garbage + Golden));
        Assert.Single(Hear(new string('x', 100_000) + garbage + Golden));
    }

    [Theory]
    [InlineData("0959", "95X9")]
    [InlineData("030,0", "030,2")]
    [InlineData("00000000", "0000000")]
    [InlineData(",2,6,", ",2,6,,")]
    [InlineData("\x02" + "001", "001")]
    [InlineData("1234,0", "1234,7")]
    [InlineData("1234,0", "1234")]
    public void A_malformed_status_is_silence_not_health(string part, string broken)
    {
        Assert.Empty(Hear(Golden.Replace(part, broken, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("030,1,0", "MediaOut")]
    [InlineData("030,0,1", "Paused")]
    [InlineData("030,1,1", "MediaOut")]
    [InlineData("0959,000,1", "BufferFull")]
    [InlineData("0959,000,0,1", "Other")]
    [InlineData("0959,000,0,0,0,000,1", "Other")]
    [InlineData("0959,000,0,0,0,000,0,1", "Other")]
    [InlineData("0959,000,0,0,0,000,0,0,1", "OverTemperature")]
    [InlineData("001,0,1", "HeadOpen")]
    [InlineData("001,0,0,1", "RibbonOut")]
    public void Each_fault_has_its_own_kind(string fields, string kind)
    {
        string healthy = fields[..3] switch
        {
            "030" => "030,0,0,0959",
            "095" => "0959,000,0,0,0,000,0,0,0",
            _ => "001,0,0,0",
        };
        string status = Golden.Replace(healthy, fields + healthy[fields.Length..], StringComparison.Ordinal);

        HostStatus read = Assert.IsType<PrinterReply.Status>(Assert.Single(Hear(status))).Value;

        Assert.Equal(kind, Assert.IsType<PrinterCondition.Fault>(read.Condition(out string detail)).Kind.ToString());
        Assert.NotEmpty(detail);
    }

    [Fact]
    public void A_buffer_count_that_sticks_at_one_is_no_fault()
    {
        HostStatus read = Assert.IsType<PrinterReply.Status>(
            Assert.Single(Hear(Golden.Replace("0959,000", "0959,001", StringComparison.Ordinal)))).Value;

        Assert.Equal(1, read.FormatsInBuffer);
        Assert.IsType<PrinterCondition.Ready>(read.Condition(out _));
    }

    [Theory]
    [InlineData("ZT411-300dpi,V92.21.39Z,12,8192KB,X", "ZT411-300dpi", 12)]
    [InlineData("ZD230-203dpi,V84.20.18Z,8,4096", "ZD230-203dpi", 8)]
    [InlineData(" ZT411 ,V1, 24 ,8192KB", "ZT411", 24)]
    public void An_identity_is_read(string line, string model, int dotsPerMm)
    {
        PrinterReply.Identity identity =
            Assert.IsType<PrinterReply.Identity>(Assert.Single(Hear($"\x02{line}\x03\r\n")));

        Assert.Equal((model, dotsPerMm), (identity.Model, identity.DotsPerMm));
    }

    [Fact]
    public void Random_bytes_never_make_a_status()
    {
        Random random = new(3);
        byte[] bytes = new byte[50_000];
        random.NextBytes(bytes);
        List<PrinterReply> heard = [];
        PrinterReplies replies = new();

        replies.Feed(bytes, heard.Add);
        replies.Feed(Encoding.Latin1.GetBytes(Golden), heard.Add);

        Assert.Single(heard);
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
