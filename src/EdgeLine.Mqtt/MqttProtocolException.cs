namespace EdgeLine.Mqtt;

/// <summary>
/// The other end sent bytes that MQTT 5.0 forbids. It is the only exception the decoder throws, whatever the bytes are.
/// </summary>
public sealed class MqttProtocolException : Exception
{
    /// <summary>Says what was wrong, and with which reason code the connection is to be closed.</summary>
    public MqttProtocolException(string message, MqttReasonCode reasonCode = MqttReasonCode.MalformedPacket)
        : base(message) => ReasonCode = reasonCode;

    /// <summary>Reason code for the DISCONNECT that answers it.</summary>
    public MqttReasonCode ReasonCode { get; }
}
