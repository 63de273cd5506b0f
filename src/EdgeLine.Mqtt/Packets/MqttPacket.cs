namespace EdgeLine.Mqtt.Packets;

/// <summary>Types of the fixed header (MQTT 5.0 section 2.1.2) that this client speaks.</summary>
internal enum PacketType : byte
{
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
}

/// <summary>One control packet of MQTT 5.0. The family is closed: what is not here is a protocol error.</summary>
internal abstract record MqttPacket;

/// <summary>First packet of a client.</summary>
internal sealed record ConnectPacket : MqttPacket
{
    public required string ClientId { get; init; }

    public bool CleanStart { get; init; }

    public ushort KeepAliveSeconds { get; init; }

    public PropertyList Properties { get; init; } = PropertyList.Empty;

    public MqttWill? Will { get; init; }

    public string? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }
}

/// <summary>First packet of a broker.</summary>
internal sealed record ConnAckPacket(bool SessionPresent, MqttReasonCode ReasonCode, PropertyList Properties) : MqttPacket;

/// <summary>A message on its way; the packet id is 0 at QoS 0.</summary>
internal sealed record PublishPacket(MqttMessage Message, ushort PacketId = 0, ushort TopicAlias = 0) : MqttPacket;

/// <summary>Takes over a QoS 1 message, or refuses it.</summary>
internal sealed record PubAckPacket(ushort PacketId, MqttReasonCode ReasonCode, PropertyList Properties) : MqttPacket;

/// <summary>Asks for messages.</summary>
internal sealed record SubscribePacket(ushort PacketId, IReadOnlyList<MqttTopicFilter> Filters) : MqttPacket;

/// <summary>Answers a SUBSCRIBE filter by filter.</summary>
internal sealed record SubAckPacket(
    ushort PacketId, IReadOnlyList<MqttReasonCode> ReasonCodes, PropertyList Properties) : MqttPacket;

/// <summary>Wants no more messages.</summary>
internal sealed record UnsubscribePacket(ushort PacketId, IReadOnlyList<string> Topics) : MqttPacket;

/// <summary>Answers an UNSUBSCRIBE filter by filter.</summary>
internal sealed record UnsubAckPacket(
    ushort PacketId, IReadOnlyList<MqttReasonCode> ReasonCodes, PropertyList Properties) : MqttPacket;

/// <summary>Are you there?</summary>
internal sealed record PingReqPacket : MqttPacket;

/// <summary>I am.</summary>
internal sealed record PingRespPacket : MqttPacket;

/// <summary>Last packet of either side.</summary>
internal sealed record DisconnectPacket(MqttReasonCode ReasonCode, PropertyList Properties) : MqttPacket;
