namespace EdgeLine.Devices.Profiles;

/// <summary>Ways to reach a device model. At least one is there; the address itself is a fact of the site.</summary>
public sealed record DeviceLinks
{
    /// <summary>Its TCP server; null when it has none.</summary>
    public required TcpDefaults? Tcp { get; init; }

    /// <summary>Where it calls us; null when it cannot. Scanners only.</summary>
    public ListenDefaults? Listen { get; init; }

    /// <summary>Its factory serial setting; null when it has no serial port.</summary>
    public required SerialSettings? Serial { get; init; }
}

/// <summary>What a site need not say about TCP.</summary>
public sealed record TcpDefaults
{
    /// <summary>1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>
    /// Port that serves one computer at a time, 1 to 65535, tried before <see cref="Port"/>; null where there is none. Printers
    /// only.
    /// </summary>
    public int? SingleWriterPort { get; init; }
}

/// <summary>What a site need not say about a device that calls this PC.</summary>
public sealed record ListenDefaults
{
    /// <summary>1 to 65535.</summary>
    public required int Port { get; init; }
}

/// <summary>Words for the person in front of a device: what to do now, in a few words.</summary>
public sealed record OperatorHint
{
    /// <summary>Conditions that a hint may be for.</summary>
    public static readonly IReadOnlyList<string> Conditions =
        ["down", "mediaOut", "ribbonOut", "headOpen", "paused", "fault"];

    /// <summary>English.</summary>
    public required string En { get; init; }

    /// <summary>Chinese.</summary>
    public required string Zh { get; init; }
}

/// <summary>How we know what a profile says.</summary>
public sealed record Evidence
{
    /// <summary>Firmware and date of the hardware it was tested on; null is shown as "never tested on hardware".</summary>
    public required string? TestedOn { get; init; }

    /// <summary>Manuals and other sources, at least one.</summary>
    public required IReadOnlyList<string> Sources { get; init; }
}
