using System.Net;
using System.Net.Sockets;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>Carries TCP connections to a port of this PC, until it is pulled; new ones wait for nothing and are cut at once.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _to;
    private readonly Task _accepting;
    private CancellationTokenSource _plugged = new();

    public Cable(int to)
    {
        _to = to;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Task PullAsync() => _plugged.CancelAsync();

    public void PlugIn() => _plugged = new CancellationTokenSource();

    public async ValueTask DisposeAsync()
    {
        await _plugged.CancelAsync();
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _plugged.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task CarryAsync(TcpClient near, CancellationToken plugged)
    {
        using (near)
        using (var far = new TcpClient())
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _to, plugged);
                // Each end says for itself when it has nothing more to send; cut earlier, its last words could be lost.
                await Task.WhenAll(CarryAsync(near, far, plugged), CarryAsync(far, near, plugged));
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or InvalidOperationException)
            {
                // Pulled, or nobody at the other end; or hung up already, then there is not even a stream.
            }
        }
    }

    private static async Task CarryAsync(TcpClient from, TcpClient to, CancellationToken plugged)
    {
        await from.GetStream().CopyToAsync(to.GetStream(), plugged);
        to.Client.Shutdown(SocketShutdown.Send);
    }
}
