using System.Net;
using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;
using EdgeLine.Simulator.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>The readers' own side of a conversation: packets that are lost or damaged, commands and their answers.</summary>
public sealed class VirtualReaderTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";
    private const string Other = "https://c.example.cn/C/H0000000000000000";

    [Fact(Timeout = 30_000)]
    public async Task Lost_acknowledgements_and_damaged_packets_neither_double_nor_lose_a_read()
    {
        await using ReaderUnderTest test = new("zebra-handheld-ssi");
        await test.UpAsync();

        test.Hand.Packets.LosesAcks = 2;
        test.Hand.Scan(Url);
        await Within.Async(() => test.Hand.Packets.IsIdle);
        test.Hand.Packets.Damages = 1;
        test.Hand.Scan(Other);
        await Within.Async(() => test.Hand.Packets.IsIdle);
        test.Hand.Scan(Other);

        await test.HeardAsync($"F {Url} +0", $"F {Other} +0", $"F {Other} +0");
        await Within.Async(() => test.Hand.Packets.IsIdle);
        Assert.Equal((1, 5), (test.Hand.Packets.Naks, test.Hand.Packets.Acks));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reader_that_hears_no_acknowledgement_sends_twice_more_and_stops()
    {
        await using ReaderUnderTest test = new("zebra-handheld-ssi");
        await test.UpAsync();

        test.Hand.Packets.LosesAcks = 3;
        test.Hand.Scan(Url);
        await Within.Async(() => test.Hand.Packets.IsIdle);

        await test.HeardAsync($"F {Url} +0");
        Assert.Equal(3, test.Hand.Packets.Acks);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("keyence-sr-1000", "LON\rLON\rOUTON,1\rNONE\r", "OK,LON\rER,LON,20\rOK,OUTON\rER,NONE,00\r")]
    [InlineData("keyence-sr-2000", "LON\rLON\rLOFF\r", "ER,LON,20\rERROR\r")]
    [InlineData("cognex-dataman", "||>TRIGGER ON\r\n||>OUTPUT.USER1\r\n||>TRIGGER OFF\r\n", "NOREAD\r\n")]
    [InlineData("cognex-dataman-extended", "||>trigger on\r\n||>WHAT\r\n", "||[0]\r\n||[101]\r\n")]
    [InlineData("sick-lector", "\u0002sMN mTCgateon\u0003\u0002sMN mTCgateoff\u0003", "\u0002sAN mTCgateon 1\u0003\u0002sAN mTCgateoff 1\u0003\u0002NoRead\u0003")]
    [InlineData("leuze-dcr", "+-SST?", "\u0002NOREAD\r\n\u0002SST=00000001\r\n")]
    [InlineData("datalogic-matrix", "12", "\u0002\u0018\r\n")]
    public async Task Virtual_readers_answer_commands_as_the_manuals_say(string name, string commands, string answers)
    {
        await using VirtualScanner reader = new(ReaderTraits.Of(name));
        await using DeviceLink host = await DeviceLink.ConnectAsync(
            new LinkAddress.Tcp("127.0.0.1", reader.Listen(new IPEndPoint(IPAddress.Loopback, 0)).EndPoint.Port), TimeProvider.System, CancellationToken.None);
        await host.WriteAsync(Encoding.Latin1.GetBytes(commands), TimeSpan.FromSeconds(1), CancellationToken.None);
        StringBuilder heard = new();
        byte[] buffer = new byte[512];
        while (heard.Length < answers.Length)
        {
            int count = await host.ReadAsync(buffer, CancellationToken.None);
            heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        Assert.Equal(answers, heard.ToString());
        Assert.Equal(commands.Contains("OUT", StringComparison.Ordinal) ? 1 : 0, reader.OutputPulses);
    }
}
