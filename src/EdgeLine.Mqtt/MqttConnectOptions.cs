namespace EdgeLine.Mqtt;

/// <summary>
/// Everything one attempt to connect needs, with the words of MQTTnet's <c>MqttClientOptions</c>. Built afresh for each
/// attempt, so that a changed password file or certificate authority needs no restart.
/// </summary>
public sealed record MqttConnectOptions
{
    /// <summary>Name or address of the broker; resolved on every attempt.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port: by custom 1883, with TLS 8883.</summary>
    public required int Port { get; init; }

    /// <summary>Client id: one for each connection in the world of this broker.</summary>
    public required string ClientId { get; init; }

    /// <summary>User, or null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password, or null for none. Never logged.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>TLS, or null for a plain connection.</summary>
    public MqttTlsOptions? Tls { get; init; }

    /// <summary>True to throw away what the broker remembers of this client id.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>Seconds that the broker remembers this client after the connection ended.</summary>
    public uint SessionExpiryInterval { get; init; }

    /// <summary>Longest silence in either direction; 1 s to 65,535 s. The broker may lower or raise it.</summary>
    public TimeSpan KeepAlivePeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For name, TCP, TLS and CONNACK together.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Most QoS 1 messages the broker may send us unacknowledged, and most that we keep unacknowledged.</summary>
    public ushort ReceiveMaximum { get; init; } = 20;

    /// <summary>Longest packet we accept, bytes.</summary>
    public uint MaximumPacketSize { get; init; } = 256 * 1024;

    /// <summary>What the broker publishes for us when the connection breaks, or null.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>
    /// QoS 1 messages that an earlier connection of this session left unacknowledged
    /// (<see cref="MqttConnection.Unacknowledged"/>): sent again, flagged as such, if the broker still has the session.
    /// </summary>
    public IReadOnlyList<MqttUnacknowledged> Resume { get; init; } = [];
}

/// <summary>The Will: a message and how long the broker waits before it publishes it.</summary>
/// <param name="Message">The message.</param>
/// <param name="DelayInterval">Seconds; a reconnect within them keeps the Will unsaid.</param>
public sealed record MqttWill(MqttMessage Message, uint DelayInterval);

/// <summary>A QoS 1 message whose acknowledgement never came.</summary>
public sealed record MqttUnacknowledged(ushort PacketId, MqttMessage Message);

/// <summary>
/// TLS 1.2 or newer, the broker's name always checked. With a CA file only certificates under that authority are
/// accepted; without one the operating system's roots decide. There is no switch to accept everything.
/// </summary>
public sealed record MqttTlsOptions
{
    /// <summary>PEM file with one or more root certificates, or null for the operating system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Name that the certificate must carry; null for the host.</summary>
    public string? TargetHost { get; init; }
}
