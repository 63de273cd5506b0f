namespace EdgeLine.Mqtt.Packets;

/// <summary>Turns what a message says about itself into properties and back.</summary>
internal static class MessageProperties
{
    public static PropertyList Of(MqttMessage message, ushort topicAlias = 0, uint? willDelay = null)
    {
        var list = new List<Property>();
        if (willDelay is { } delay and > 0)
        {
            list.Add(new Property(PropertyId.WillDelayInterval, delay));
        }

        if (message.PayloadIsUtf8)
        {
            list.Add(new Property(PropertyId.PayloadFormatIndicator, 1));
        }

        if (message.MessageExpiryInterval is { } expiry)
        {
            list.Add(new Property(PropertyId.MessageExpiryInterval, expiry));
        }

        if (topicAlias > 0)
        {
            list.Add(new Property(PropertyId.TopicAlias, topicAlias));
        }

        if (message.ContentType is { } contentType)
        {
            list.Add(new Property(PropertyId.ContentType, Text: contentType));
        }

        if (message.ResponseTopic is { } responseTopic)
        {
            list.Add(new Property(PropertyId.ResponseTopic, Text: responseTopic));
        }

        if (message.CorrelationData is { } correlation)
        {
            list.Add(new Property(PropertyId.CorrelationData, Binary: correlation));
        }

        list.AddRange(message.UserProperties.Select(
            pair => new Property(PropertyId.UserProperty, Text: pair.Key, Value: pair.Value)));
        return list.Count == 0 ? PropertyList.Empty : new PropertyList(list);
    }

    public static MqttMessage Apply(MqttMessage message, PropertyList properties) => message with
    {
        PayloadIsUtf8 = properties.Number(PropertyId.PayloadFormatIndicator) == 1,
        MessageExpiryInterval = properties.Number(PropertyId.MessageExpiryInterval),
        ContentType = properties.Text(PropertyId.ContentType),
        // Brokers pass on what another client wrote there. One that nobody can publish to is none: ending the connection
        // for it would bring the same message again on the next one.
        ResponseTopic = properties.Text(PropertyId.ResponseTopic) is { Length: > 0 } topic && !topic.AsSpan().ContainsAny('+', '#')
            ? topic
            : null,
        CorrelationData = properties.Binary(PropertyId.CorrelationData),
        UserProperties = properties.UserProperties,
    };
}
