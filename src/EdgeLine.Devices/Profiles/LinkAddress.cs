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

        /// <summary>The port of the same host that results come on, beside the one for commands; null where one serves both.</summary>
        public int? ResultsPort { get; init; }

        /// <inheritdoc />
        public override string ToString() =>
            SingleWriterPort is { } alone ? $"{Address}:{alone} or :{Port}" : $"{Address}:{Port}";

        /// <summary>The address without a port, as a site writes it when the profile's ports shall do.</summary>
        public string Address => $"tcp://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}";
    }

    /// <summary>A port of this PC that the device calls.</summary>
    /// <param name="Host">Address of this PC to listen at; 0.0.0.0 is all of them.</param>
    /// <param name="Port">Port; 0 takes a free one, for tests.</param>
    public sealed record Listen(string Host, int Port) : LinkAddress
    {
        /// <summary>The only address that may call; null when any may.</summary>
        public string? From { get; init; }

        /// <inheritdoc />
        public override string ToString() => $"listen://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
    }

    /// <summary>A serial line: <c>/dev/...</c> on Linux, <c>COM3</c> on Windows.</summary>
    public sealed record Serial(string Path, SerialSettings Settings) : LinkAddress
    {
        /// <inheritdoc />
        public override string ToString() => $"serial:{Path}";
    }
}
