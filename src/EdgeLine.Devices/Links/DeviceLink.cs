using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// An open byte stream to one device. It never retries and never re-opens: when it breaks, its owner disposes it and
/// connects a new one, so bytes of two connections are never mixed.
/// </summary>
public abstract class DeviceLink : IAsyncDisposable
{
    /// <summary>How long a TCP device may take to accept us.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The address, as people write it in the configuration.</summary>
    public abstract string Address { get; }

    /// <summary>Connects to a TCP server, waits for a device that calls, or opens a serial line.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="time">Clock of all limits.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <param name="refused">Told, in words, of each caller that was sent away: the wrong one, or a second one.</param>
    /// <exception cref="DeviceLinkException">It cannot be reached; the message says what to check.</exception>
    public static async Task<DeviceLink> ConnectAsync(
        LinkAddress address, TimeProvider time, CancellationToken ct, Action<string>? refused = null) =>
        address switch
        {
            LinkAddress.Tcp { ResultsPort: { } results } tcp => await PairedLink.ConnectAsync(tcp, results, time, ct),
            LinkAddress.Listen listen => await CallerLink.AcceptAsync(listen, time, refused, ct),
            LinkAddress.Tcp { SingleWriterPort: { } alone } tcp => await ConnectAloneAsync(tcp, alone, time, ct),
            LinkAddress.Tcp tcp => await TcpLink.ConnectAsync(tcp, ConnectTimeout, time, ct),
            LinkAddress.Serial serial when OperatingSystem.IsWindows() => ComPortLink.Open(serial, time),
            LinkAddress.Serial serial => SerialLink.Open(serial, time),
            _ => throw new System.Diagnostics.UnreachableException($"No link for {address}."),
        };

    /// <summary>Reads at least one byte; 0 means that the device closed the connection. One reader at a time.</summary>
    /// <exception cref="DeviceLinkException">The link broke or was disposed.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken ct);

    /// <summary>
    /// Hands bytes to the operating system within a bounded time. Never throws for a broken link, a timeout or a
    /// cancellation: the answer says how many bytes were taken. One writer at a time.
    /// </summary>
    public abstract ValueTask<LinkWrite> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan limit, CancellationToken ct);

    /// <summary>Time that bytes need on the wire at least; zero where that does not matter.</summary>
    public virtual TimeSpan WireTime(int bytes) => TimeSpan.Zero;

    // A port that serves one computer keeps a second one out; where nobody listens there, the ordinary one is taken. Always
    // from the same port of ours: after a pulled cable or a power cut the printer would else keep us out as if we were another.
    private static async Task<DeviceLink> ConnectAloneAsync(LinkAddress.Tcp address, int alone, TimeProvider time, CancellationToken ct)
    {
        try
        {
            return await TcpLink.ConnectAsync(new LinkAddress.Tcp(address.Host, alone), ConnectTimeout, time, ct, from: alone ^ 1);
        }
        catch (DeviceLinkException e) when (e.IsRefused)
        {
            return await TcpLink.ConnectAsync(new LinkAddress.Tcp(address.Host, address.Port), ConnectTimeout, time, ct);
        }
    }

    /// <summary>
    /// It broke: when it is closed, what has not been delivered is dropped and not sent later, when the cable is back.
    /// </summary>
    public virtual void Abandon()
    {
    }

    /// <summary>Closes the link within two seconds whatever the device does. A pending read ends.</summary>
    public abstract ValueTask DisposeAsync();
}
