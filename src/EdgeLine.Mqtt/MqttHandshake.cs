using System.Buffers;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Mqtt;

/// <summary>What is agreed at the start of a connection, and which messages it then rules out. Pure functions.</summary>
internal static class MqttHandshake
{
    public static ConnectPacket Connect(MqttConnectOptions options)
    {
        var properties = new List<Property>
        {
            new(PropertyId.ReceiveMaximum, options.ReceiveMaximum),
            new(PropertyId.MaximumPacketSize, options.MaximumPacketSize),
        };
        if (options.SessionExpiryInterval > 0)
        {
            properties.Insert(0, new Property(PropertyId.SessionExpiryInterval, options.SessionExpiryInterval));
        }

        return new ConnectPacket
        {
            ClientId = options.ClientId,
            CleanStart = options.CleanStart,
            KeepAliveSeconds = (ushort)Math.Clamp(options.KeepAlivePeriod.TotalSeconds, 1, ushort.MaxValue),
            Properties = new PropertyList(properties),
            Will = options.Will,
            UserName = options.UserName,
            Password = options.Password,
        };
    }

    /// <summary>What the broker granted.</summary>
    /// <exception cref="MqttConnectionException">It refused.</exception>
    /// <exception cref="MqttProtocolException">Its answer is no answer.</exception>
    public static MqttConnectResult Judge(MqttPacket answer, MqttConnectOptions options)
    {
        if (answer is not ConnAckPacket ack)
        {
            throw new MqttProtocolException($"CONNECT was answered by {answer.GetType().Name}.", MqttReasonCode.ProtocolError);
        }

        PropertyList granted = ack.Properties;
        string? said = granted.Text(PropertyId.ReasonString);
        if ((byte)ack.ReasonCode >= 0x80)
        {
            throw new MqttConnectionException(
                $"{options.Host}:{options.Port} refused client {options.ClientId}: {Words.For(ack.ReasonCode)}"
                + (said is null ? "" : $" It said: {said}"))
            {
                ReasonCode = ack.ReasonCode,
                PacketWritten = true,
            };
        }

        if (ack.SessionPresent && options.CleanStart)
        {
            throw new MqttProtocolException("A session after Clean Start.", MqttReasonCode.ProtocolError);
        }

        // A broker that switches the keepalive off does not switch off our own check of the link.
        uint seconds = granted.Number(PropertyId.ServerKeepAlive) ?? 0;
        return new MqttConnectResult
        {
            IsSessionPresent = ack.SessionPresent,
            ReceiveMaximum = (ushort)Math.Min(
                options.ReceiveMaximum, granted.Number(PropertyId.ReceiveMaximum) ?? ushort.MaxValue),
            MaximumPacketSize = granted.Number(PropertyId.MaximumPacketSize) ?? uint.MaxValue,
            MaximumQoS = (byte)(granted.Number(PropertyId.MaximumQoS) ?? 2),
            RetainAvailable = granted.Number(PropertyId.RetainAvailable) != 0,
            KeepAlivePeriod = seconds > 0 ? TimeSpan.FromSeconds(seconds) : options.KeepAlivePeriod,
            ReasonString = said,
        };
    }

    /// <summary>The refusal of a message that the broker said it would not take, or null.</summary>
    public static MqttPublishResult? WhyNotSent(MqttMessage message, MqttConnectResult granted)
    {
        if ((byte)message.QualityOfServiceLevel > granted.MaximumQoS)
        {
            return new MqttPublishResult(MqttReasonCode.QoSNotSupported, "This broker takes QoS 0 only.");
        }

        if (message.Retain && !granted.RetainAvailable)
        {
            return new MqttPublishResult(MqttReasonCode.RetainNotSupported, "This broker keeps no retained messages.");
        }

        if (granted.MaximumPacketSize == uint.MaxValue)
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>(256);
        PacketEncoder.Encode(new PublishPacket(message, 1), bytes);
        return bytes.WrittenCount <= granted.MaximumPacketSize
            ? null
            : new MqttPublishResult(
                MqttReasonCode.PacketTooLarge,
                $"The packet has {bytes.WrittenCount} bytes, this broker takes {granted.MaximumPacketSize}.");
    }
}
