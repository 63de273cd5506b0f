namespace EdgeLine.Mqtt.Packets;

/// <summary>Property identifiers of MQTT 5.0, section 2.2.2.2.</summary>
internal enum PropertyId : byte
{
    PayloadFormatIndicator = 0x01,
    MessageExpiryInterval = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B,
    SessionExpiryInterval = 0x11,
    AssignedClientIdentifier = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19,
    ResponseInformation = 0x1A,
    ServerReference = 0x1C,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    MaximumQoS = 0x24,
    RetainAvailable = 0x25,
    UserProperty = 0x26,
    MaximumPacketSize = 0x27,
    WildcardSubscriptionAvailable = 0x28,
    SubscriptionIdentifierAvailable = 0x29,
    SharedSubscriptionAvailable = 0x2A,
}

/// <summary>How a property is written.</summary>
internal enum PropertyKind
{
    Bit,
    UInt16,
    UInt32,
    VariableInteger,
    Text,
    Binary,
    Pair,
}

/// <summary>Where a property may stand.</summary>
[Flags]
internal enum PropertyPlaces
{
    None = 0,
    Connect = 1 << 0,
    ConnAck = 1 << 1,
    Publish = 1 << 2,
    PubAck = 1 << 3,
    Subscribe = 1 << 4,
    SubAck = 1 << 5,
    Unsubscribe = 1 << 6,
    UnsubAck = 1 << 7,
    Disconnect = 1 << 8,
    Will = 1 << 9,
    Message = Publish | Will,
    Everywhere = (1 << 10) - 1,
}

/// <summary>One property with its value, of which only the part that fits its kind is used.</summary>
internal readonly record struct Property(
    PropertyId Id, uint Number = 0, string Text = "", string Value = "", ReadOnlyMemory<byte> Binary = default);

/// <summary>The properties of one packet, in the order they stand on the wire.</summary>
internal sealed class PropertyList(IReadOnlyList<Property> properties)
{
    public static PropertyList Empty { get; } = new([]);

    public IReadOnlyList<Property> All { get; } = properties;

    public uint? Number(PropertyId id) => Find(id)?.Number;

    public string? Text(PropertyId id) => Find(id)?.Text;

    public ReadOnlyMemory<byte>? Binary(PropertyId id) => Find(id)?.Binary;

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties =>
        [.. All.Where(p => p.Id == PropertyId.UserProperty).Select(p => KeyValuePair.Create(p.Text, p.Value))];

    /// <summary>Table 2-4 of the standard: how each property is written and where it may stand.</summary>
    public static (PropertyKind Kind, PropertyPlaces Places)? Shape(PropertyId id) => id switch
    {
        PropertyId.PayloadFormatIndicator => (PropertyKind.Bit, PropertyPlaces.Message),
        PropertyId.MessageExpiryInterval => (PropertyKind.UInt32, PropertyPlaces.Message),
        PropertyId.ContentType => (PropertyKind.Text, PropertyPlaces.Message),
        PropertyId.ResponseTopic => (PropertyKind.Text, PropertyPlaces.Message),
        PropertyId.CorrelationData => (PropertyKind.Binary, PropertyPlaces.Message),
        PropertyId.SubscriptionIdentifier =>
            (PropertyKind.VariableInteger, PropertyPlaces.Publish | PropertyPlaces.Subscribe),
        PropertyId.SessionExpiryInterval =>
            (PropertyKind.UInt32, PropertyPlaces.Connect | PropertyPlaces.ConnAck | PropertyPlaces.Disconnect),
        PropertyId.AssignedClientIdentifier => (PropertyKind.Text, PropertyPlaces.ConnAck),
        PropertyId.ServerKeepAlive => (PropertyKind.UInt16, PropertyPlaces.ConnAck),
        PropertyId.AuthenticationMethod => (PropertyKind.Text, PropertyPlaces.Connect | PropertyPlaces.ConnAck),
        PropertyId.AuthenticationData => (PropertyKind.Binary, PropertyPlaces.Connect | PropertyPlaces.ConnAck),
        PropertyId.RequestProblemInformation => (PropertyKind.Bit, PropertyPlaces.Connect),
        PropertyId.WillDelayInterval => (PropertyKind.UInt32, PropertyPlaces.Will),
        PropertyId.RequestResponseInformation => (PropertyKind.Bit, PropertyPlaces.Connect),
        PropertyId.ResponseInformation => (PropertyKind.Text, PropertyPlaces.ConnAck),
        PropertyId.ServerReference => (PropertyKind.Text, PropertyPlaces.ConnAck | PropertyPlaces.Disconnect),
        PropertyId.ReasonString => (PropertyKind.Text, PropertyPlaces.ConnAck | PropertyPlaces.PubAck
            | PropertyPlaces.SubAck | PropertyPlaces.UnsubAck | PropertyPlaces.Disconnect),
        PropertyId.ReceiveMaximum => (PropertyKind.UInt16, PropertyPlaces.Connect | PropertyPlaces.ConnAck),
        PropertyId.TopicAliasMaximum => (PropertyKind.UInt16, PropertyPlaces.Connect | PropertyPlaces.ConnAck),
        PropertyId.TopicAlias => (PropertyKind.UInt16, PropertyPlaces.Publish),
        PropertyId.MaximumQoS => (PropertyKind.Bit, PropertyPlaces.ConnAck),
        PropertyId.RetainAvailable => (PropertyKind.Bit, PropertyPlaces.ConnAck),
        PropertyId.UserProperty => (PropertyKind.Pair, PropertyPlaces.Everywhere),
        PropertyId.MaximumPacketSize => (PropertyKind.UInt32, PropertyPlaces.Connect | PropertyPlaces.ConnAck),
        PropertyId.WildcardSubscriptionAvailable => (PropertyKind.Bit, PropertyPlaces.ConnAck),
        PropertyId.SubscriptionIdentifierAvailable => (PropertyKind.Bit, PropertyPlaces.ConnAck),
        PropertyId.SharedSubscriptionAvailable => (PropertyKind.Bit, PropertyPlaces.ConnAck),
        _ => null,
    };

    private Property? Find(PropertyId id)
    {
        foreach (Property property in All)
        {
            if (property.Id == id)
            {
                return property;
            }
        }

        return null;
    }
}
