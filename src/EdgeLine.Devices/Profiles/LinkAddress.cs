namespace EdgeLine.Devices.Profiles;

/// <summary>
/// Where one device of a site is, with everything needed to open it: site address joined with the profile's defaults.
/// </summary>
public abstract record LinkAddress
{
    private LinkAddress()
    {
    }

    /// <summary>A TCP server, reached as a client.</summary>
    public sealed record Tcp(string Host, int Port) : LinkAddress
    {
        /// <summary>A port that serves one computer at a time, tried first; null where there is none.</summary>
        public int? SingleWriterPort { get; init; }

        /// <inheritdoc />
        public override string ToString() =>
            SingleWriterPort is { } alone ? $"{Address}:{alone} or :{Port}" : $"{Address}:{Port}";

        /// <summary>The address without a port, as a site writes it when the profile's ports shall do.</summary>
        public string Address => $"tcp://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}";
    }

    /// <summary>A serial line: <c>/dev/...</c> on Linux, <c>COM3</c> on Windows.</summary>
    public sealed record Serial(string Path, SerialSettings Settings) : LinkAddress
    {
        /// <inheritdoc />
        public override string ToString() => $"serial:{Path}";
    }
}
