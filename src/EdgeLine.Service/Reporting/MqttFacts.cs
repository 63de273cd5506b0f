namespace EdgeLine.Service.Reporting;

/// <summary>How the broker link of one line is doing, for the panel, the heartbeat and the alarm list.</summary>
public sealed record MqttFacts
{
    /// <summary>True while a connection stands.</summary>
    public bool Connected { get; init; }

    /// <summary>Since when, Unix milliseconds.</summary>
    public long SinceUnixMs { get; init; }

    /// <summary>Why the last connection or attempt ended, in a sentence; empty before the first end.</summary>
    public string LastReason { get; init; } = "";

    /// <summary>Connections made again since the service started.</summary>
    public int Reconnects { get; init; }

    /// <summary>Journal entries that have not been looked through for events yet.</summary>
    public long Backlog { get; init; }

    /// <summary>
    /// What a person must look at, or empty: <c>takeover</c> (another client uses this client id), <c>other-writer</c>
    /// (another service writes this line's topics), <c>forbidden</c> (the broker's access list), <c>parked</c>
    /// (a message the broker does not take).
    /// </summary>
    public string Alarm { get; init; } = "";

    /// <summary>Messages the broker does not take, newest last.</summary>
    public IReadOnlyList<ParkedMessage> Parked { get; init; } = [];
}

/// <summary>A message that is not tried again as it is, and why.</summary>
public sealed record ParkedMessage(string Topic, int Bytes, string Reason);
