using System.Net;
using System.Net.Sockets;

namespace EdgeLine.Simulator.Ports;

/// <summary>
/// A listening TCP port of a virtual device. Takes several hosts at once, reads from each only as fast as the device
/// takes bytes, and resets connections hard when it is cut, as a device that loses power does.
/// </summary>
internal sealed class TcpPort : DevicePort
{
    private readonly Lock _lock = new();
    private readonly BytesArrived _arrived;
    private readonly Action<Outlet>? _closed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<Socket, TcpOutlet> _hosts = [];
    private readonly List<Task> _tasks = [];
    private Socket? _listener;

    private readonly int? _receiveBuffer;
    private readonly Func<Outlet, bool>? _admit;

    private TcpPort(BytesArrived arrived, Action<Outlet>? closed, int? receiveBuffer, Func<Outlet, bool>? admit)
    {
        _admit = admit;
        _arrived = arrived;
        _closed = closed;
        _receiveBuffer = receiveBuffer;
    }

    /// <summary>Address and port; a port of 0 was replaced by a free one.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <inheritdoc />
    public override string Link => $"tcp://{EndPoint}";

    /// <summary>Number of hosts connected now.</summary>
    public int Hosts
    {
        get
        {
            lock (_lock)
            {
                return _hosts.Count;
            }
        }
    }

    /// <summary>
    /// Listens; port 0 takes a free one. A small <paramref name="receiveBuffer"/> closes the TCP window as early as a
    /// device with little memory does. A host that <paramref name="admit"/> does not want is sent away.
    /// </summary>
    public static TcpPort Listen(
        IPEndPoint at, BytesArrived arrived, Action<Outlet>? closed = null, int? receiveBuffer = null, Func<Outlet, bool>? admit = null)
    {
        var port = new TcpPort(arrived, closed, receiveBuffer, admit) { EndPoint = at };
        port.SwitchOn();
        return port;
    }

    /// <inheritdoc />
    public override void SwitchOn()
    {
        lock (_lock)
        {
            if (_listener is not null || _stop.IsCancellationRequested)
            {
                return;
            }

            var listener = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (_receiveBuffer is int bytes)
            {
                listener.ReceiveBufferSize = bytes;
            }

            listener.Bind(EndPoint);
            listener.Listen(16);
            EndPoint = (IPEndPoint)listener.LocalEndPoint!;
            _listener = listener;
            _tasks.RemoveAll(t => t.IsCompleted);
            _tasks.Add(AcceptAsync(listener));
        }
    }

    /// <inheritdoc />
    public override void Cut(bool off)
    {
        lock (_lock)
        {
            // A new listener when it stays on: hosts that nobody has taken yet go with the old one.
            bool goesOn = !off && _listener is not null;
            _listener?.Dispose();
            _listener = null;
            foreach (Socket host in _hosts.Keys)
            {
                host.LingerState = new LingerOption(true, 0);
                host.Dispose();
            }

            _hosts.Clear();
            if (goesOn)
            {
                SwitchOn();
            }
        }
    }

    /// <summary>Closes the connection of one host.</summary>
    public void Drop(Outlet outlet)
    {
        lock (_lock)
        {
            foreach (Socket host in _hosts.Where(h => h.Value == outlet).Select(h => h.Key).ToList())
            {
                host.Shutdown(SocketShutdown.Both);
                _hosts.Remove(host);
            }
        }
    }

    /// <inheritdoc />
    public override void WriteToAll(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            foreach (TcpOutlet host in _hosts.Values)
            {
                host.Write(bytes);
            }
        }
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut(off: true);
        Task[] tasks;
        lock (_lock)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        // Not under the lock of whoever began it: to admit a host the device takes a lock of its own, under which it may cut us.
        await Task.Yield();
        try
        {
            while (true)
            {
                Socket host = await listener.AcceptAsync(_stop.Token);
                host.NoDelay = true;
                host.Blocking = false;
                var outlet = new TcpOutlet(host);
                if (_admit?.Invoke(outlet) == false)
                {
                    host.Dispose();
                    continue;
                }

                if (!Take(listener, host, outlet))
                {
                    // Cut between the host's coming and now: it goes as all others did.
                    host.LingerState = new LingerOption(true, 0);
                    host.Dispose();
                    _closed?.Invoke(outlet);
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Switched off.
        }
    }

    private bool Take(Socket listener, Socket host, TcpOutlet outlet)
    {
        lock (_lock)
        {
            if (_listener != listener)
            {
                return false;
            }

            _hosts.Add(host, outlet);
            _tasks.RemoveAll(t => t.IsCompleted);
            _tasks.Add(ReadAsync(host, outlet));
            return true;
        }
    }

    private async Task ReadAsync(Socket host, TcpOutlet outlet)
    {
        // Not under the lock of whoever began it: what is read comes to the device under a lock of its own, which may cut us.
        await Task.Yield();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await host.ReceiveAsync(buffer, SocketFlags.None, _stop.Token) is > 0 and int count)
            {
                await _arrived(buffer.AsMemory(0, count), outlet, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The host went away, or we cut it off.
        }
        finally
        {
            lock (_lock)
            {
                _hosts.Remove(host);
            }

            host.Dispose();
            _closed?.Invoke(outlet);
        }
    }
}
