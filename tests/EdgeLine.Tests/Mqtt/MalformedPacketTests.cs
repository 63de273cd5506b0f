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

    /// <summary>Valid packets with bytes changed, cut and joined, 200,000 of them from one seed.</summary>
    [Fact]
    public void Whatever_the_bytes_are_the_answer_is_a_packet_or_a_refusal()
    {
        byte[][] valid = [.. Samples().Select(PacketCodecTests.Bytes)];
        ulong seed = 0x5EED;
        int packets = 0;
        int refusals = 0;
        for (int round = 0; round < 200_000; round++)
        {
            byte[] bytes = [.. valid[Next(ref seed, valid.Length)]];
            for (int changes = Next(ref seed, 4); changes >= 0; changes--)
            {
                bytes[Next(ref seed, bytes.Length)] = (byte)Next(ref seed, 256);
            }

            var sequence = new ReadOnlySequence<byte>(bytes, 0, Next(ref seed, bytes.Length) + 1);
            try
            {
                packets += PacketDecoder.TryDecode(ref sequence, MaximumPacketSize) is null ? 0 : 1;
            }
            catch (MqttProtocolException)
            {
                refusals++;
            }
        }

        Assert.True(packets > 2_000 && refusals > 2_000, $"{packets} packets, {refusals} refusals");
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

    private static IEnumerable<MqttPacket> Samples()
    {
        var message = new MqttMessage
        {
            Topic = "a/b",
            Payload = "payload"u8.ToArray(),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            ContentType = "application/json",
            PayloadIsUtf8 = true,
            UserProperties = [KeyValuePair.Create("key", "value")],
        };
        PropertyList properties = new(
            [new Property(PropertyId.ReceiveMaximum, 20), new Property(PropertyId.ReasonString, Text: "why")]);
        yield return new ConnectPacket { ClientId = "id", Will = new MqttWill(message, 5), UserName = "u" };
        yield return new ConnAckPacket(false, MqttReasonCode.Success, properties);
        yield return new PublishPacket(message, 1);
        yield return new PublishPacket(message with { QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce });
        yield return new PubAckPacket(1, MqttReasonCode.QuotaExceeded, PropertyList.Empty);
        yield return new SubscribePacket(1, [new MqttTopicFilter("a/#")]);
        yield return new SubAckPacket(1, [MqttReasonCode.GrantedQoS1], PropertyList.Empty);
        yield return new UnsubscribePacket(1, ["a/#"]);
        yield return new UnsubAckPacket(1, [MqttReasonCode.Success], PropertyList.Empty);
        yield return new DisconnectPacket(MqttReasonCode.ServerBusy, PropertyList.Empty);
    }

    // splitmix64
    private static int Next(ref ulong state, int below)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }
}
