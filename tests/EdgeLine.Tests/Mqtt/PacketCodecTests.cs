using System.Buffers;
using System.Text;
using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Tests.Mqtt;

/// <summary>Packets as bytes: fixed examples worked out by hand from the standard, and round trips.</summary>
public sealed class PacketCodecTests
{
    private static readonly MqttMessage _state = new()
    {
        Topic = "a/b",
        Payload = "x"u8.ToArray(),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = true,
    };

    [Fact]
    public void The_bytes_are_those_of_the_standard()
    {
        Assert.Equal("C000", Hex(new PingReqPacket()));
        Assert.Equal("D000", Hex(new PingRespPacket()));
        Assert.Equal("E000", Hex(new DisconnectPacket(MqttReasonCode.Success, PropertyList.Empty)));
        Assert.Equal("E00104", Hex(new DisconnectPacket(MqttReasonCode.DisconnectWithWillMessage, PropertyList.Empty)));
        Assert.Equal("40020102", Hex(new PubAckPacket(0x0102, MqttReasonCode.Success, PropertyList.Empty)));
        Assert.Equal("4003000187", Hex(new PubAckPacket(1, MqttReasonCode.NotAuthorized, PropertyList.Empty)));
        Assert.Equal("33090003612F62000A0078", Hex(new PublishPacket(_state, 10)));
        Assert.Equal(
            "3B0B0003612F62000A02010178", Hex(new PublishPacket(_state with { Dup = true, PayloadIsUtf8 = true }, 10)));
        Assert.Equal("82090007000003612F2309", Hex(new SubscribePacket(7, [new MqttTopicFilter("a/#")])));
        Assert.Equal("A2080007000003612F23", Hex(new UnsubscribePacket(7, ["a/#"])));
        Assert.Equal(
            "101600044D5154540502000F08210014270004000000" + "0165",
            Hex(MqttHandshake.Connect(new MqttConnectOptions { Host = "h", Port = 1883, ClientId = "e" })));
    }

    [Fact]
    public void A_connect_with_will_user_and_password_has_the_bytes_of_the_standard()
    {
        var connect = new ConnectPacket
        {
            ClientId = "e",
            KeepAliveSeconds = 1,
            Will = new MqttWill(_state with { ContentType = "j" }, 5),
            UserName = "u",
            Password = "pw"u8.ToArray(),
        };

        Assert.Equal(
            "102700044D51545405EC000100" + "000165" + "09180000000503" + "00016A" + "0003612F62" + "000178" + "000175" + "00027077",
            Hex(connect));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(200_000)]
    public void A_payload_of_any_length_comes_back(int length)
    {
        var sent = new PublishPacket(_state with { Payload = new byte[length] }, 3);

        var back = Assert.IsType<PublishPacket>(Back(sent));

        Assert.Equal(length, back.Message.Payload.Length);
        Assert.Equal((ushort)3, back.PacketId);
        Assert.True(back.Message.Retain);
    }

    [Fact]
    public void Everything_a_message_says_comes_back()
    {
        MqttMessage sent = _state with
        {
            Topic = "kesiyi/长沙/包装",
            ContentType = "application/json",
            PayloadIsUtf8 = true,
            MessageExpiryInterval = 70_000,
            ResponseTopic = "answer/here",
            CorrelationData = new byte[] { 1, 2, 3 },
            UserProperties = [KeyValuePair.Create("k", "v"), KeyValuePair.Create("k", "w")],
        };

        MqttMessage back = Assert.IsType<PublishPacket>(Back(new PublishPacket(sent, 1))).Message;

        Assert.Equal(sent.Topic, back.Topic);
        Assert.Equal(sent.ContentType, back.ContentType);
        Assert.True(back.PayloadIsUtf8);
        Assert.Equal(sent.MessageExpiryInterval, back.MessageExpiryInterval);
        Assert.Equal(sent.ResponseTopic, back.ResponseTopic);
        Assert.Equal(sent.CorrelationData!.Value.ToArray(), back.CorrelationData!.Value.ToArray());
        Assert.Equal(sent.UserProperties, back.UserProperties);
    }

    [Theory]
    [InlineData("")]
    [InlineData("answer/#")]
    [InlineData("answer/+/here")]
    public void A_response_topic_to_which_nobody_can_publish_is_none_and_ends_no_connection(string topic)
    {
        Assert.Null(Assert.IsType<PublishPacket>(Back(new PublishPacket(_state with { ResponseTopic = topic }, 1))).Message.ResponseTopic);
    }

    [Fact]
    public void Every_packet_comes_back_as_it_was_written()
    {
        PropertyList reason = new([new Property(PropertyId.ReasonString, Text: "because")]);
        MqttPacket[] packets =
        [
            new ConnAckPacket(true, MqttReasonCode.Success, new PropertyList([new Property(PropertyId.ReceiveMaximum, 20)])),
            new PubAckPacket(65_535, MqttReasonCode.QuotaExceeded, reason),
            new SubscribePacket(9, [new MqttTopicFilter("a/+", NoLocal: true, RetainHandling: MqttRetainHandling.DoNotSend)]),
            new SubAckPacket(9, [MqttReasonCode.GrantedQoS1, MqttReasonCode.NotAuthorized], reason),
            new UnsubscribePacket(9, ["a", "b"]),
            new UnsubAckPacket(9, [MqttReasonCode.Success, MqttReasonCode.NoSubscriptionExisted], reason),
            new DisconnectPacket(MqttReasonCode.PacketTooLarge, reason),
            new PingReqPacket(),
            new PingRespPacket(),
        ];

        foreach (MqttPacket packet in packets)
        {
            Assert.Equal(Hex(packet), Hex(Back(packet)));
        }
    }

    [Fact]
    public void A_packet_that_is_not_all_there_is_left_alone()
    {
        byte[] bytes = Bytes(new PublishPacket(_state with { Payload = new byte[300] }, 3));
        for (int length = 0; length < bytes.Length; length++)
        {
            var part = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Null(PacketDecoder.TryDecode(ref part, 1_000));
            Assert.Equal(length, part.Length);
        }
    }

    [Fact]
    public void A_text_too_long_for_a_packet_is_the_callers_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Bytes(new PublishPacket(_state with { Topic = new string('t', 65_536) }, 1)));

    internal static byte[] Bytes(MqttPacket packet)
    {
        var writer = new ArrayBufferWriter<byte>();
        PacketEncoder.Encode(packet, writer);
        return writer.WrittenSpan.ToArray();
    }

    private static string Hex(MqttPacket packet) => Convert.ToHexString(Bytes(packet));

    private static MqttPacket Back(MqttPacket packet)
    {
        var bytes = new ReadOnlySequence<byte>(Bytes(packet));
        MqttPacket? back = PacketDecoder.TryDecode(ref bytes, uint.MaxValue);
        Assert.True(bytes.IsEmpty);
        return back ?? throw new InvalidOperationException(Encoding.ASCII.GetString(bytes.ToArray()));
    }
}
