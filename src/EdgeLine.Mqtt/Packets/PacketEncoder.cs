using System.Buffers;

namespace EdgeLine.Mqtt.Packets;

/// <summary>Writes packets in the one form the standard allows; a text of more than 65,535 bytes is an argument error.</summary>
internal static class PacketEncoder
{
    /// <summary>Writes one packet.</summary>
    public static void Encode(MqttPacket packet, IBufferWriter<byte> output)
    {
        var body = new ArrayBufferWriter<byte>(256);
        byte first = packet switch
        {
            ConnectPacket connect => Connect(connect, body),
            ConnAckPacket connAck => ConnAck(connAck, body),
            PublishPacket publish => Publish(publish, body),
            PubAckPacket pubAck => PubAck(pubAck, body),
            SubscribePacket subscribe => Subscribe(subscribe, body),
            SubAckPacket subAck => Answers(PacketType.SubAck, subAck.PacketId, subAck.ReasonCodes, subAck.Properties, body),
            UnsubscribePacket unsubscribe => Unsubscribe(unsubscribe, body),
            UnsubAckPacket unsubAck =>
                Answers(PacketType.UnsubAck, unsubAck.PacketId, unsubAck.ReasonCodes, unsubAck.Properties, body),
            PingReqPacket => Header(PacketType.PingReq),
            PingRespPacket => Header(PacketType.PingResp),
            DisconnectPacket disconnect => Disconnect(disconnect, body),
            _ => throw new ArgumentOutOfRangeException(nameof(packet), packet, "Not a packet this client writes."),
        };
        output.Byte(first);
        output.VariableInteger((uint)body.WrittenCount);
        output.Write(body.WrittenSpan);
    }

    private static byte Header(PacketType type, int flags = 0) => (byte)(((int)type << 4) | flags);

    private static byte Connect(ConnectPacket packet, ArrayBufferWriter<byte> body)
    {
        int flags = packet.CleanStart ? 0x02 : 0;
        if (packet.Will is { } declared)
        {
            flags |= 0x04 | ((int)declared.Message.QualityOfServiceLevel << 3) | (declared.Message.Retain ? 0x20 : 0);
        }

        flags |= (packet.UserName is null ? 0 : 0x80) | (packet.Password is null ? 0 : 0x40);
        body.Text("MQTT");
        body.Byte(5);
        body.Byte((byte)flags);
        body.UInt16(packet.KeepAliveSeconds);
        body.Properties(packet.Properties);
        body.Text(packet.ClientId);
        if (packet.Will is { } will)
        {
            body.Properties(MessageProperties.Of(will.Message, willDelay: will.DelayInterval));
            body.Text(will.Message.Topic);
            body.Binary(will.Message.Payload.Span);
        }

        if (packet.UserName is { } user)
        {
            body.Text(user);
        }

        if (packet.Password is { } password)
        {
            body.Binary(password.Span);
        }

        return Header(PacketType.Connect);
    }

    private static byte ConnAck(ConnAckPacket packet, ArrayBufferWriter<byte> body)
    {
        body.Byte(packet.SessionPresent ? (byte)1 : (byte)0);
        body.Byte((byte)packet.ReasonCode);
        body.Properties(packet.Properties);
        return Header(PacketType.ConnAck);
    }

    private static byte Publish(PublishPacket packet, ArrayBufferWriter<byte> body)
    {
        MqttMessage message = packet.Message;
        body.Text(message.Topic);
        if (message.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce)
        {
            body.UInt16(packet.PacketId);
        }

        body.Properties(MessageProperties.Of(message, packet.TopicAlias));
        body.Write(message.Payload.Span);
        int flags = ((int)message.QualityOfServiceLevel << 1) | (message.Retain ? 1 : 0) | (message.Dup ? 8 : 0);
        return Header(PacketType.Publish, flags);
    }

    private static byte PubAck(PubAckPacket packet, ArrayBufferWriter<byte> body)
    {
        body.UInt16(packet.PacketId);
        Ending(packet.ReasonCode, packet.Properties, body);
        return Header(PacketType.PubAck);
    }

    private static byte Subscribe(SubscribePacket packet, ArrayBufferWriter<byte> body)
    {
        body.UInt16(packet.PacketId);
        body.Properties(PropertyList.Empty);
        foreach (MqttTopicFilter filter in packet.Filters)
        {
            body.Text(filter.Topic);
            int options = (int)filter.QualityOfServiceLevel | (filter.NoLocal ? 4 : 0)
                | (filter.RetainAsPublished ? 8 : 0) | ((int)filter.RetainHandling << 4);
            body.Byte((byte)options);
        }

        return Header(PacketType.Subscribe, 2);
    }

    private static byte Unsubscribe(UnsubscribePacket packet, ArrayBufferWriter<byte> body)
    {
        body.UInt16(packet.PacketId);
        body.Properties(PropertyList.Empty);
        foreach (string topic in packet.Topics)
        {
            body.Text(topic);
        }

        return Header(PacketType.Unsubscribe, 2);
    }

    private static byte Answers(
        PacketType type,
        ushort packetId,
        IReadOnlyList<MqttReasonCode> answers,
        PropertyList properties,
        ArrayBufferWriter<byte> body)
    {
        body.UInt16(packetId);
        body.Properties(properties);
        foreach (MqttReasonCode answer in answers)
        {
            body.Byte((byte)answer);
        }

        return Header(type);
    }

    private static byte Disconnect(DisconnectPacket packet, ArrayBufferWriter<byte> body)
    {
        Ending(packet.ReasonCode, packet.Properties, body);
        return Header(PacketType.Disconnect);
    }

    // PUBACK and DISCONNECT leave out what says nothing (sections 3.4.2.1 and 3.14.2.1).
    private static void Ending(MqttReasonCode reason, PropertyList properties, ArrayBufferWriter<byte> body)
    {
        if (reason != MqttReasonCode.Success || properties.All.Count > 0)
        {
            body.Byte((byte)reason);
        }

        if (properties.All.Count > 0)
        {
            body.Properties(properties);
        }
    }
}
