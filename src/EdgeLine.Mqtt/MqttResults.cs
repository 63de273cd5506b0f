namespace EdgeLine.Mqtt;

/// <summary>What the broker granted in its CONNACK, with the words of MQTTnet's <c>MqttClientConnectResult</c>.</summary>
public sealed record MqttConnectResult
{
    /// <summary>True when the broker remembered this client.</summary>
    public bool IsSessionPresent { get; init; }

    /// <summary>Most QoS 1 messages that may be unacknowledged at once.</summary>
    public required ushort ReceiveMaximum { get; init; }

    /// <summary>Longest packet the broker takes, bytes.</summary>
    public required uint MaximumPacketSize { get; init; }

    /// <summary>Highest QoS the broker takes.</summary>
    public byte MaximumQoS { get; init; } = 1;

    /// <summary>False when the broker keeps no retained messages.</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>The keepalive in force.</summary>
    public required TimeSpan KeepAlivePeriod { get; init; }

    /// <summary>Words of the broker, or null.</summary>
    public string? ReasonString { get; init; }
}

/// <summary>
/// The answer to one publish. At QoS 0 success means written to the socket; at QoS 1 it means the broker took it over.
/// A message the broker said it would not take is answered without being sent.
/// </summary>
public sealed record MqttPublishResult(MqttReasonCode ReasonCode, string? ReasonString = null)
{
    /// <summary>True for every code below 0x80; nobody subscribing is a success too.</summary>
    public bool IsSuccess => (byte)ReasonCode < 0x80;
}

/// <summary>One subscription asked for.</summary>
public sealed record MqttTopicFilter(
    string Topic,
    MqttQualityOfServiceLevel QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
    bool NoLocal = false,
    bool RetainAsPublished = true,
    MqttRetainHandling RetainHandling = MqttRetainHandling.SendAtSubscribe);

/// <summary>What a subscription does about messages that were retained before it.</summary>
public enum MqttRetainHandling : byte
{
    /// <summary>Send them.</summary>
    SendAtSubscribe = 0,

    /// <summary>Send them only if the subscription is new.</summary>
    SendAtSubscribeIfNew = 1,

    /// <summary>Do not send them.</summary>
    DoNotSend = 2,
}

/// <summary>Answers of SUBACK or UNSUBACK, one for each filter in the order asked.</summary>
public sealed record MqttSubscribeResult(IReadOnlyList<MqttReasonCode> Items, string? ReasonString = null);

/// <summary>Who ended a connection.</summary>
public enum MqttClosedBy
{
    /// <summary>This program asked for it.</summary>
    Us,

    /// <summary>The broker, by DISCONNECT or by closing the socket.</summary>
    Broker,

    /// <summary>The network, or silence longer than the keepalive.</summary>
    Network,

    /// <summary>The broker broke the protocol and was cut off.</summary>
    Protocol,
}

/// <summary>How a connection ended, in a sentence for people.</summary>
public sealed record MqttClosed(MqttClosedBy By, MqttReasonCode? ReasonCode, string Reason, Exception? Exception = null);
