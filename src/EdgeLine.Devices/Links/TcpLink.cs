using System.Net;
using System.Net.Sockets;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// A TCP connection to a device that listens. Small packets leave at once (no Nagle), a dead cable is noticed by
/// keep-alive within about 15 seconds, and a write always says how many bytes the kernel took.
/// </summary>
/// <remarks>
/// TCP_USER_TIMEOUT is left alone on purpose: Linux would also cut a healthy printer that keeps its window closed
/// because it is paused.
/// </remarks>
public sealed class TcpLink : DeviceLink
{
    // How long to wait before asking a full socket buffer again.
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(2);

    private readonly Socket _socket;
    private readonly TimeProvider _time;

    private TcpLink(string address, Socket socket, TimeProvider time)
    {
        Address = address;
        _socket = socket;
        _time = time;
    }

    /// <inheritdoc />
    public override string Address { get; }

    /// <summary>Connects, or gives up after <paramref name="limit"/>.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="time">Clock of all limits.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <param name="from">
    /// Port of this PC to call from, on Linux and where it is free. A device that still keeps a connection from before a cable was
    /// pulled gives it up when it is called from the same port again, as TCP prescribes (RFC 9293, 3.5.1, half-open connections).
    /// </param>
    public static async Task<TcpLink> ConnectAsync(
        LinkAddress.Tcp address, TimeSpan limit, TimeProvider time, CancellationToken ct, int? from = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            SetKeepAlive(socket);
            if (from is { } port && OperatingSystem.IsLinux())
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            }

            using CancellationTokenSource late = new(limit, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
            await socket.ConnectAsync(address.Host, address.Port, either.Token);

            // A send on a non-blocking socket tells exactly how many bytes the kernel took; an async send that is
            // cancelled half-way does not.
            socket.Blocking = false;
            return new TcpLink(address.ToString(), socket, time);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            socket.Dispose();
            throw new DeviceLinkException(
                $"{address}: no answer within {limit.TotalSeconds:0.#} s. Check power, cable and address.", e);
        }
        catch (SocketException e) when (from is not null
            && e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied)
        {
            // Somebody has that port, or it was closed properly a moment ago: then the device has given it up as well.
            socket.Dispose();
            return await ConnectAsync(address, limit, time, ct);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new DeviceLinkException($"{address}: {Remedy(e.SocketErrorCode)} ({e.SocketErrorCode}).", e)
            {
                IsRefused = e.SocketErrorCode == SocketError.ConnectionRefused,
            };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a connection that a device made to us.</summary>
    internal static TcpLink Of(Socket called, string address, TimeProvider time)
    {
        called.NoDelay = true;
        SetKeepAlive(called);
        called.Blocking = false;
        return new TcpLink(address, called, time);
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken ct)
    {
        try
        {
            return await _socket.ReceiveAsync(into, SocketFlags.None, ct);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new DeviceLinkException($"{Address}: the connection was lost. {e.Message}", e);
        }
    }

    /// <inheritdoc />
    public override async ValueTask<LinkWrite> WriteAsync(
        ReadOnlyMemory<byte> bytes, TimeSpan limit, CancellationToken ct)
    {
        long start = _time.GetTimestamp();
        int taken = 0;
        while (taken < bytes.Length)
        {
            if (ct.IsCancellationRequested)
            {
                return new LinkWrite(taken, $"{Address}: cancelled.");
            }

            SocketError error;
            try
            {
                taken += _socket.Send(bytes.Span[taken..], SocketFlags.None, out error);
            }
            catch (ObjectDisposedException)
            {
                return new LinkWrite(taken, $"{Address}: the link was closed.");
            }

            if (error == SocketError.WouldBlock)
            {
                if (_time.GetElapsedTime(start) >= limit)
                {
                    return new LinkWrite(
                        taken, $"{Address}: the device took no more bytes for {limit.TotalMilliseconds:0} ms.");
                }

                await Task.Delay(FullPause, _time, CancellationToken.None);
            }
            else if (error != SocketError.Success)
            {
                return new LinkWrite(taken, $"{Address}: the connection was lost ({error}).");
            }
        }

        return new LinkWrite(taken, null);
    }

    /// <inheritdoc />
    public override void Abandon()
    {
        try
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already, and with it what was not delivered.
        }
    }

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void SetKeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 3);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    private static string Remedy(SocketError error) => error switch
    {
        SocketError.ConnectionRefused =>
            "nobody listens there. Check the port, and that TCP printing or reading is switched on in the device; "
            + "many devices accept one connection only",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            "the name is not known. Check the spelling or write the IP address",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable =>
            "there is no way to this address. Check cable, network mask and gateway",
        _ => "the connection failed. Check power, cable and address",
    };
}
