using System.Buffers;

namespace EdgeLine.Mqtt.Packets;

/// <summary>
/// Takes packets out of a stream of bytes. Whatever the bytes are, the answer is a packet, "not enough yet", or a
/// <see cref="MqttProtocolException"/>; a packet longer than agreed is refused by its header, before it is collected.
/// </summary>
internal static class PacketDecoder
{
    private const int LongestHeader = 5;

    /// <summary>Takes one packet off the front of <paramref name="bytes"/>; null when it is not all there.</summary>
    public static MqttPacket? TryDecode(ref ReadOnlySequence<byte> bytes, uint maximumPacketSize)
    {
        Span<byte> header = stackalloc byte[LongestHeader];
        int available = (int)Math.Min(bytes.Length, LongestHeader);
        bytes.Slice(0, available).CopyTo(header);

        long length = 0;
        for (int at = 1; at < LongestHeader; at++)
        {
            if (at >= available)
            {
                return null;
            }

            length |= (header[at] & 0x7FL) << (7 * (at - 1));
            if (header[at] >= 0x80)
            {
                continue;
            }

            if (at > 1 && header[at] == 0)
            {
                throw new MqttProtocolException("A remaining length with more bytes than needed.");
            }

            long total = at + 1 + length;
            if (total > maximumPacketSize)
            {
                throw new MqttProtocolException(
                    $"A packet of {total} bytes where at most {maximumPacketSize} were agreed.",
                    MqttReasonCode.PacketTooLarge);
            }

            if (bytes.Length < total)
            {
                return null;
            }

            ReadOnlySequence<byte> body = bytes.Slice(at + 1, length);
            bytes = bytes.Slice(total);
            return Decode(header[0], body.IsSingleSegment ? body.FirstSpan : body.ToArray());
        }

        throw new MqttProtocolException("A remaining length of more than four bytes.");
    }

    private static MqttPacket Decode(byte first, ReadOnlySpan<byte> body)
    {
        var type = (PacketType)(first >> 4);
        int flags = first & 0x0F;
        int wanted = type is PacketType.Subscribe or PacketType.Unsubscribe ? 2 : 0;
        if (type != PacketType.Publish && flags != wanted)
        {
            throw new MqttProtocolException($"Flags {flags} on {type}.");
        }

        var reader = new BodyReader(body);
        MqttPacket packet = type switch
        {
            PacketType.Connect => Connect(ref reader),
            PacketType.ConnAck => ConnAck(ref reader),
            PacketType.Publish => Publish(flags, ref reader),
            PacketType.PubAck => PubAck(ref reader),
            PacketType.Subscribe => Subscribe(ref reader),
            PacketType.SubAck => SubAck(ref reader),
            PacketType.Unsubscribe => Unsubscribe(ref reader),
            PacketType.UnsubAck => UnsubAck(ref reader),
            PacketType.PingReq => new PingReqPacket(),
            PacketType.PingResp => new PingRespPacket(),
            PacketType.Disconnect => Disconnect(ref reader),
            _ => throw new MqttProtocolException(
                $"Packet type {(byte)type} was never agreed.", MqttReasonCode.ProtocolError),
        };
        reader.End();
        return packet;
    }

    private static ConnectPacket Connect(ref BodyReader reader)
    {
        if (reader.Text() != "MQTT" || reader.Byte() != 5)
        {
            throw new MqttProtocolException("Not MQTT 5.", MqttReasonCode.UnsupportedProtocolVersion);
        }

        byte flags = reader.Byte();
        bool hasWill = (flags & 0x04) != 0;
        int willQoS = (flags >> 3) & 3;
        if ((flags & 0x01) != 0 || willQoS > 1 || (!hasWill && (flags & 0x38) != 0))
        {
            throw new MqttProtocolException($"Connect flags 0x{flags:X2}.");
        }

        ushort keepAlive = reader.UInt16();
        PropertyList properties = reader.Properties(PropertyPlaces.Connect);
        string clientId = reader.Text();
        return new ConnectPacket
        {
            ClientId = clientId,
            CleanStart = (flags & 0x02) != 0,
            KeepAliveSeconds = keepAlive,
            Properties = properties,
            Will = hasWill ? Will(willQoS, (flags & 0x20) != 0, ref reader) : null,
            UserName = (flags & 0x80) != 0 ? reader.Text() : null,
            Password = (flags & 0x40) != 0 ? reader.Binary() : null,
        };
    }

    private static MqttWill Will(int qos, bool retain, ref BodyReader reader)
    {
        PropertyList properties = reader.Properties(PropertyPlaces.Will);
        var message = new MqttMessage
        {
            Topic = reader.Topic(),
            Payload = reader.Binary(),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            Retain = retain,
        };
        uint delay = properties.Number(PropertyId.WillDelayInterval) ?? 0;
        return new MqttWill(MessageProperties.Apply(message, properties), delay);
    }

    private static ConnAckPacket ConnAck(ref BodyReader reader)
    {
        byte flags = reader.Byte();
        var reason = (MqttReasonCode)reader.Byte();
        if (flags > 1 || (flags == 1 && reason != MqttReasonCode.Success))
        {
            throw new MqttProtocolException($"CONNACK flags 0x{flags:X2} with reason {reason}.");
        }

        return new ConnAckPacket(flags == 1, reason, reader.Properties(PropertyPlaces.ConnAck));
    }

    private static PublishPacket Publish(int flags, ref BodyReader reader)
    {
        int qos = (flags >> 1) & 3;
        bool dup = (flags & 0x08) != 0;
        if (qos > 1 || (qos == 0 && dup))
        {
            throw new MqttProtocolException(
                $"PUBLISH flags {flags}.", qos == 2 ? MqttReasonCode.ProtocolError : MqttReasonCode.MalformedPacket);
        }

        string topic = reader.Topic(mayBeEmpty: true);
        ushort packetId = qos > 0 ? reader.PacketId() : (ushort)0;
        PropertyList properties = reader.Properties(PropertyPlaces.Publish);
        uint alias = properties.Number(PropertyId.TopicAlias) ?? 0;
        if (topic.Length == 0 && alias == 0)
        {
            throw new MqttProtocolException("PUBLISH without a topic.", MqttReasonCode.ProtocolError);
        }

        var message = new MqttMessage
        {
            Topic = topic,
            Payload = reader.Rest(),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            Retain = (flags & 0x01) != 0,
            Dup = dup,
        };
        return new PublishPacket(MessageProperties.Apply(message, properties), packetId, (ushort)alias);
    }

    private static PubAckPacket PubAck(ref BodyReader reader)
    {
        ushort id = reader.PacketId();
        MqttReasonCode reason = reader.AtEnd ? MqttReasonCode.Success : (MqttReasonCode)reader.Byte();
        return new PubAckPacket(
            id, reason, reader.AtEnd ? PropertyList.Empty : reader.Properties(PropertyPlaces.PubAck));
    }

    private static SubscribePacket Subscribe(ref BodyReader reader)
    {
        ushort id = reader.PacketId();
        reader.Properties(PropertyPlaces.Subscribe);
        var filters = new List<MqttTopicFilter>();
        do
        {
            string topic = reader.Text();
            byte options = reader.Byte();
            if ((options & 0xC2) != 0 || (options & 0x30) == 0x30 || topic.Length == 0)
            {
                throw new MqttProtocolException($"Subscription options 0x{options:X2} for '{topic}'.");
            }

            filters.Add(new MqttTopicFilter(
                topic,
                (MqttQualityOfServiceLevel)(options & 0x03),
                (options & 0x04) != 0,
                (options & 0x08) != 0,
                (MqttRetainHandling)(options >> 4)));
        }
        while (!reader.AtEnd);

        return new SubscribePacket(id, filters);
    }

    private static SubAckPacket SubAck(ref BodyReader reader) =>
        new(reader.PacketId(), Answers(ref reader, PropertyPlaces.SubAck, out PropertyList properties), properties);

    private static UnsubscribePacket Unsubscribe(ref BodyReader reader)
    {
        ushort id = reader.PacketId();
        reader.Properties(PropertyPlaces.Unsubscribe);
        var topics = new List<string>();
        do
        {
            topics.Add(reader.Text());
        }
        while (!reader.AtEnd);

        return new UnsubscribePacket(id, topics);
    }

    private static UnsubAckPacket UnsubAck(ref BodyReader reader) =>
        new(reader.PacketId(), Answers(ref reader, PropertyPlaces.UnsubAck, out PropertyList properties), properties);

    private static List<MqttReasonCode> Answers(
        ref BodyReader reader, PropertyPlaces place, out PropertyList properties)
    {
        properties = reader.Properties(place);
        var answers = new List<MqttReasonCode>();
        do
        {
            answers.Add((MqttReasonCode)reader.Byte());
        }
        while (!reader.AtEnd);

        return answers;
    }

    private static DisconnectPacket Disconnect(ref BodyReader reader)
    {
        MqttReasonCode reason = reader.AtEnd ? MqttReasonCode.Success : (MqttReasonCode)reader.Byte();
        return new DisconnectPacket(
            reason, reader.AtEnd ? PropertyList.Empty : reader.Properties(PropertyPlaces.Disconnect));
    }
}
