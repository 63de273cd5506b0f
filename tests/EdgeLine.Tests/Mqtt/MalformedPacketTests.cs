using System.Buffers;
using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Tests.Mqtt;

/// <summary>Bytes no broker may send: each is refused by a protocol exception and by nothing else.</summary>
public sealed class MalformedPacketTests
{
    private const uint MaximumPacketSize = 4_096;

    [Theory]
    [InlineData("C0 80 80 80 80 01", "a remaining length of five bytes")]
    [InlineData("C0 80 00", "a remaining length longer than needed")]
    [InlineData("C1 00", "flags on PINGREQ")]
    [InlineData("C0 01 00", "a PINGREQ with a body")]
    [InlineData("00 00", "packet type 0")]
    [InlineData("50 02 00 01", "PUBREC, which belongs to QoS 2")]
    [InlineData("F0 00", "AUTH, which was never agreed")]
    [InlineData("20 03 02 00 00", "reserved CONNACK flags")]
    [InlineData("20 03 01 87 00", "a refused CONNACK with a session")]
    [InlineData("20 02 00 00", "a CONNACK without properties")]
    [InlineData("20 09 00 00 06 21 00 01 21 00 02", "Receive Maximum twice")]
    [InlineData("20 06 00 00 03 21 00 00", "Receive Maximum 0")]
    [InlineData("20 08 00 00 05 27 00 00 00 00", "Maximum Packet Size 0")]
    [InlineData("20 05 00 00 02 25 02", "Retain Available 2")]
    [InlineData("20 05 00 00 02 01 01", "a message property on CONNACK")]
    [InlineData("20 05 00 00 02 7F 00", "an unknown property")]
    [InlineData("20 05 00 00 0A 21 00", "properties longer than the packet")]
    [InlineData("20 06 00 00 02 21 00 01", "a property cut by the end of its block")]
    [InlineData("20 04 00 00 00 FF", "a byte after the end")]
    [InlineData("30 04 00 03 61 2F", "a topic longer than the packet")]
    [InlineData("30 06 00 03 61 2F 23 00", "a wildcard in a topic")]
    [InlineData("30 03 00 00 00", "an empty topic without alias")]
    [InlineData("30 04 00 01 00 00", "U+0000 in a topic")]
    [InlineData("30 06 00 03 ED A0 80 00", "a surrogate in a topic")]
    [InlineData("30 05 00 02 C0 AF 00", "an overlong UTF-8 sequence")]
    [InlineData("36 06 00 01 61 00 01 00", "QoS 3")]
    [InlineData("34 06 00 01 61 00 01 00", "QoS 2")]
    [InlineData("38 04 00 01 61 00", "a duplicate at QoS 0")]
    [InlineData("32 06 00 01 61 00 00 00", "packet id 0")]
    [InlineData("30 07 00 01 61 03 23 00 00", "topic alias 0")]
    [InlineData("40 01 00", "a PUBACK of one byte")]
    [InlineData("40 02 00 00", "a PUBACK for packet id 0")]
    [InlineData("90 03 00 01 00", "a SUBACK without answers")]
    [InlineData("E0 02 00 05", "properties longer than a DISCONNECT")]
    [InlineData("30 80 20", "a packet longer than agreed")]
    [InlineData("30 FF FF FF 7F", "the longest packet there is")]
    public void Bad_bytes_are_refused(string hex, string what)
    {
        var bytes = new ReadOnlySequence<byte>(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        var refusal = Assert.Throws<MqttProtocolException>(() => PacketDecoder.TryDecode(ref bytes, MaximumPacketSize));

        Assert.True((byte)refusal.ReasonCode >= 0x80, what);
    }

    [Fact]
    public void A_long_packet_is_refused_by_its_header_without_being_collected()
    {
        byte[] header = [0x30, 0xFF, 0xFF, 0xFF, 0x7F];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 100; round++)
        {
            var bytes = new ReadOnlySequence<byte>(header);
            Assert.Throws<MqttProtocolException>(() => PacketDecoder.TryDecode(ref bytes, MaximumPacketSize));
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000);
    }
}
