using System.Net;
using System.Net.Sockets;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// The connection of a device that calls us. One at a time: while one is connected, every other caller is sent away and named, and
/// so is one from another address than the site allows. The port is ours alone, no second program can share it.
/// </summary>
/// <remarks>The port closes with the connection and opens for the next one, so nobody waits in a queue with old results.</remarks>
public sealed class CallerLink : DeviceLink
{
    private readonly Socket _listener;
    private readonly Socket _called;
    private readonly TcpLink _link;
    private readonly Task _sendingAway;

    private CallerLink(LinkAddress.Listen address, Socket listener, Socket called, TimeProvider time, Action<string>? refused)
    {
        Address = $"{address} ({NameOf(called)})";
        (_listener, _called) = (listener, called);
        _link = TcpLink.Of(called, Address, time);
        _sendingAway = SendAwayAsync(refused);
    }

    /// <inheritdoc />
    public override string Address { get; }

    /// <summary>Listens until the right device calls.</summary>
    /// <exception cref="DeviceLinkException">The port cannot be had; the message says why.</exception>
    public static async Task<CallerLink> AcceptAsync(
        LinkAddress.Listen address, TimeProvider time, Action<string>? refused, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        Socket listener = Open(address);
        try
        {
            while (true)
            {
                Socket called = await listener.AcceptAsync(ct);
                if (IsAllowed(called, address))
                {
                    return new CallerLink(address, listener, called, time, refused);
                }

                refused?.Invoke($"{address}: {NameOf(called)} called and was sent away; only {address.From} may.");
                Reset(called);
            }
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new DeviceLinkException($"{address}: listening failed. {e.Message}", e);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public override ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken ct) => _link.ReadAsync(into, ct);

    /// <inheritdoc />
    public override ValueTask<LinkWrite> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan limit, CancellationToken ct) =>
        _link.WriteAsync(bytes, limit, ct);

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        // Windows gives an exclusive port back only when no connection made through it is left: so it ends with a reset.
        _listener.Dispose();
        Reset(_called);
        await _sendingAway;
        await _link.DisposeAsync();
    }

    private static Socket Open(LinkAddress.Listen address)
    {
        IPAddress at = IPAddress.Parse(address.Host);
        Socket listener = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                listener.ExclusiveAddressUse = true; // the default elsewhere
            }

            listener.Bind(new IPEndPoint(at, address.Port));
            listener.Listen(4);
            return listener;
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new DeviceLinkException($"{address}: {Remedy(e.SocketErrorCode)} ({e.SocketErrorCode}).", e);
        }
    }

    private static bool IsAllowed(Socket caller, LinkAddress.Listen address) =>
        address.From is not { } only
        || (caller.RemoteEndPoint is IPEndPoint from && from.Address.Equals(IPAddress.Parse(only)));

    private static string NameOf(Socket caller) => caller.RemoteEndPoint?.ToString() ?? "somebody";

    private static void Reset(Socket caller)
    {
        try
        {
            caller.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        caller.Dispose();
    }

    private async Task SendAwayAsync(Action<string>? refused)
    {
        try
        {
            while (true)
            {
                Socket second = await _listener.AcceptAsync();
                refused?.Invoke($"{Address}: {NameOf(second)} called too and was sent away; one reader at a time.");
                Reset(second);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private static string Remedy(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse or SocketError.AccessDenied =>
            "this port belongs to another program or needs an administrator. Choose another port here and on the reader",
        SocketError.AddressNotAvailable =>
            "this PC has no such address. Write the address of its network card, or 0.0.0.0",
        _ => "listening failed",
    };
}
