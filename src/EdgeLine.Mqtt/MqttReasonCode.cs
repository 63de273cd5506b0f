namespace EdgeLine.Mqtt;

/// <summary>
/// Reason codes of MQTT 5.0 (OASIS standard, section 2.4) as the broker or this client says them. Values below 0x80 are
/// successes; a value without a name here is kept as its number.
/// </summary>
public enum MqttReasonCode : byte
{
    /// <summary>Success, normal disconnection, or granted QoS 0.</summary>
    Success = 0x00,

    /// <summary>Subscribed at QoS 1.</summary>
    GrantedQoS1 = 0x01,

    /// <summary>Subscribed at QoS 2.</summary>
    GrantedQoS2 = 0x02,

    /// <summary>Disconnect, and publish the Will.</summary>
    DisconnectWithWillMessage = 0x04,

    /// <summary>Accepted, nobody subscribes.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>There was no such subscription.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>No reason given.</summary>
    UnspecifiedError = 0x80,

    /// <summary>Bytes that are no packet.</summary>
    MalformedPacket = 0x81,

    /// <summary>A packet that may not come now.</summary>
    ProtocolError = 0x82,

    /// <summary>Valid, but not for this receiver.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>The broker does not speak MQTT 5.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>The broker refuses this client id.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>Wrong user or password.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>The broker's access list forbids it.</summary>
    NotAuthorized = 0x87,

    /// <summary>The broker is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>The broker is busy.</summary>
    ServerBusy = 0x89,

    /// <summary>This client is banned.</summary>
    Banned = 0x8A,

    /// <summary>The broker goes down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>Authentication method not supported.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>Nothing arrived within the keepalive.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>Another client connected with the same id.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>The filter is well formed but not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>The topic is well formed but not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>More unacknowledged messages than agreed.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>An alias that was not agreed.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>Longer than the receiver takes.</summary>
    PacketTooLarge = 0x95,

    /// <summary>Too many messages.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>A quota is used up.</summary>
    QuotaExceeded = 0x97,

    /// <summary>An administrator closed the connection.</summary>
    AdministrativeAction = 0x98,

    /// <summary>The payload is not what its format says.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>The broker keeps no retained messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>The broker takes a lower QoS only.</summary>
    QoSNotSupported = 0x9B,

    /// <summary>Use another broker, for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>Use another broker, for good.</summary>
    ServerMoved = 0x9D,

    /// <summary>Connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,
}
