using System.Net;
using System.Net.Sockets;

namespace EdgeLine.Simulator.Ports;

/// <summary>A device that calls its host: connects, and when the connection is lost or refused, tries again.</summary>
internal sealed class CallingPort : DevicePort
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _host;
    private readonly BytesArrived _arrived;
    private readonly Action<Outlet>? _closed;
    private readonly Task _calling;
    private Socket? _socket;
    private TcpOutlet? _outlet;
    private bool _off;

    public CallingPort(IPEndPoint host, BytesArrived arrived, Action<Outlet>? closed = null)
    {
        (_host, _arrived, _closed) = (host, arrived, closed);
        _calling = CallAsync();
    }

    /// <inheritdoc />
    public override string Link => $"listen://{_host}";

    /// <inheritdoc />
    public override void WriteToAll(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _outlet?.Write(bytes);
        }
    }

    /// <inheritdoc />
    public override void Cut(bool off)
    {
        lock (_lock)
        {
            _off = off;
            if (_socket is { } socket)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }

            (_socket, _outlet) = (null, null);
        }
    }

    /// <inheritdoc />
    public override void SwitchOn() => _off = false;

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut(off: true);
        await _calling;
        _stop.Dispose();
    }

    private async Task CallAsync()
    {
        byte[] buffer = new byte[4096];
        while (!_stop.IsCancellationRequested)
        {
            Socket socket = new(_host.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            TcpOutlet outlet = new(socket);
            try
            {
                if (!_off)
                {
                    await socket.ConnectAsync(_host, _stop.Token);
                    socket.Blocking = false;
                    lock (_lock)
                    {
                        (_socket, _outlet) = (socket, outlet);
                    }

                    while (await socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token) is > 0 and int count)
                    {
                        await _arrived(buffer.AsMemory(0, count), outlet, _stop.Token);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Refused, cut or stopped.
            }

            lock (_lock)
            {
                (_socket, _outlet) = _socket == socket ? (null, null) : (_socket, _outlet);
            }

            socket.Dispose();
            _closed?.Invoke(outlet);
            await Task.Delay(Again, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
