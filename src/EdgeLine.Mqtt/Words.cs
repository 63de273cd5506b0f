using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Mqtt;

/// <summary>Reason codes in plain words, each with what a person can do about it.</summary>
internal static class Words
{
    public static MqttClosed OfBroker(DisconnectPacket goodbye)
    {
        string reason = $"The broker closed the connection: {For(goodbye.ReasonCode)}";
        return new MqttClosed(
            MqttClosedBy.Broker,
            goodbye.ReasonCode,
            goodbye.Properties.Text(PropertyId.ReasonString) is { Length: > 0 } said ? $"{reason} It said: {said}" : reason);
    }

    public static string For(MqttReasonCode code) => code switch
    {
        MqttReasonCode.BadUserNameOrPassword => "wrong user name or password. Check mqtt.user and mqtt.passwordFile.",
        MqttReasonCode.NotAuthorized => "not authorised. Check the broker's access list for this user.",
        MqttReasonCode.ClientIdentifierNotValid => "it does not accept this client id.",
        MqttReasonCode.SessionTakenOver => "another client connected with the same client id. Is there a copy of this PC?",
        MqttReasonCode.UnsupportedProtocolVersion => "it does not speak MQTT 5.",
        MqttReasonCode.PacketTooLarge => "a message was longer than it takes.",
        MqttReasonCode.ServerShuttingDown => "it is shutting down.",
        MqttReasonCode.ServerBusy or MqttReasonCode.ServerUnavailable => "it is busy or not ready.",
        MqttReasonCode.Banned => "this client is banned.",
        MqttReasonCode.KeepAliveTimeout => "it heard nothing from us within the keepalive.",
        MqttReasonCode.QuotaExceeded => "a quota is used up.",
        MqttReasonCode.UseAnotherServer or MqttReasonCode.ServerMoved => "it wants us at another broker. Set mqtt.broker.",
        MqttReasonCode.Success => "without giving a reason.",
        _ => $"reason 0x{(byte)code:X2} ({code}).",
    };
}
