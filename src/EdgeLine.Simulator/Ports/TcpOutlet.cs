using System.Net.Sockets;

namespace EdgeLine.Simulator.Ports;

/// <summary>The way back over one TCP connection. Sends at once when the kernel takes the bytes, else in the background.</summary>
internal sealed class TcpOutlet(Socket socket) : Outlet
{
    private readonly Lock _lock = new();
    private List<byte> _waiting = [];
    private bool _sending;

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!_sending)
            {
                int sent = 0;
                try
                {
                    sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
                    if (error is not (SocketError.Success or SocketError.WouldBlock))
                    {
                        return;
                    }
                }
                catch (ObjectDisposedException)
                {
                    return;
                }

                bytes = bytes[sent..];
            }

            if (bytes.IsEmpty)
            {
                return;
            }

            _waiting.AddRange(bytes);
            if (_sending)
            {
                return;
            }

            _sending = true;
        }

        _ = SendWaitingAsync();
    }

    private async Task SendWaitingAsync()
    {
        try
        {
            while (true)
            {
                byte[] batch;
                lock (_lock)
                {
                    if (_waiting.Count == 0)
                    {
                        _sending = false;
                        return;
                    }

                    batch = [.. _waiting];
                    _waiting = [];
                }

                for (int sent = 0; sent < batch.Length;)
                {
                    sent += await socket.SendAsync(batch.AsMemory(sent), SocketFlags.None);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The host is gone; _sending stays true and later bytes go nowhere, as on a pulled cable.
            lock (_lock)
            {
                _waiting = [];
            }
        }
    }
}
