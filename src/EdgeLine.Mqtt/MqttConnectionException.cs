namespace EdgeLine.Mqtt;

/// <summary>
/// The connection could not be made, or it ended under a call that was waiting. The message names the broker and what
/// to look at.
/// </summary>
public sealed class MqttConnectionException : Exception
{
    /// <summary>Says what happened.</summary>
    public MqttConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>What the broker said, when it said anything.</summary>
    public MqttReasonCode? ReasonCode { get; init; }

    /// <summary>True when the broker's certificate was not accepted, or it did not accept ours.</summary>
    public bool TlsFailed { get; init; }

    /// <summary>True when the CONNECT packet had been written: the broker may know of this attempt.</summary>
    public bool PacketWritten { get; init; }
}
