namespace EdgeLine.Mqtt;

/// <summary>Quality of service; QoS 2 is not spoken.</summary>
public enum MqttQualityOfServiceLevel : byte
{
    /// <summary>Sent once, perhaps lost.</summary>
    AtMostOnce = 0,

    /// <summary>Acknowledged, perhaps twice.</summary>
    AtLeastOnce = 1,
}

/// <summary>
/// An application message with the words of MQTTnet's <c>MqttApplicationMessage</c>. The payload belongs to the message
/// and must not change after it was handed over.
/// </summary>
public sealed record MqttMessage
{
    /// <summary>Topic without wildcards.</summary>
    public required string Topic { get; init; }

    /// <summary>Content.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Quality of service.</summary>
    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; init; }

    /// <summary>True when the broker keeps it for later subscribers.</summary>
    public bool Retain { get; init; }

    /// <summary>True on a message that was perhaps sent before; set by the connection.</summary>
    public bool Dup { get; init; }

    /// <summary>MIME type of the payload, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>True when the payload is UTF-8 text.</summary>
    public bool PayloadIsUtf8 { get; init; }

    /// <summary>Seconds after which the broker drops an undelivered message, or null.</summary>
    public uint? MessageExpiryInterval { get; init; }

    /// <summary>Where an answer is expected, or null.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Goes back with the answer.</summary>
    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>Free pairs of name and value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}

/// <summary>A message that arrived; at QoS 1 the broker waits until <see cref="MqttConnection.AcknowledgeAsync"/>.</summary>
public sealed record MqttInbound(MqttMessage Message, ushort PacketId);
