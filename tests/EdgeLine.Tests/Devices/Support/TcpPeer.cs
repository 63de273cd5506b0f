using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>A device on loopback: a listener on a free port, one connection at a time.</summary>
public sealed class TcpPeer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TcpPeer(int receiveBuffer = 0)
    {
        if (receiveBuffer > 0)
        {
            _listener.ReceiveBufferSize = receiveBuffer;
        }

        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(8);
        Address = new LinkAddress.Tcp("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);
    }

    public LinkAddress.Tcp Address { get; }

    public async Task<TcpConversation> AcceptAsync()
    {
        using CancellationTokenSource late = new(Within.Deadline);
        return new TcpConversation(await _listener.AcceptAsync(late.Token));
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The device's end of one connection.</summary>
public sealed class TcpConversation(Socket socket) : IDisposable
{
    public Socket Socket => socket;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        socket.NoDelay = true;
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task<byte[]> ReadAsync(int count)
    {
        byte[] all = new byte[count];
        int at = 0;
        using CancellationTokenSource late = new(Within.Deadline);
        while (at < count)
        {
            int read = await socket.ReceiveAsync(all.AsMemory(at), late.Token);
            Assert.True(read > 0, $"the connection ended after {at} of {count} bytes");
            at += read;
        }

        return all;
    }

    public async Task<long> CountToEndAsync()
    {
        byte[] buffer = new byte[65536];
        long total = 0;
        using CancellationTokenSource late = new(Within.Deadline);
        int read;
        while ((read = await socket.ReceiveAsync(buffer, late.Token)) > 0)
        {
            total += read;
        }

        return total;
    }

    /// <summary>Ends the connection with a reset, as a device does that loses power and comes back.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
