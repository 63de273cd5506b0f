using System.Net;
using System.Net.Sockets;
using EdgeLine.Simulator;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// A network between the service and one peer that stalls, delays, cuts in the middle of an answer and lets nobody in, by seed:
/// what a partition looks like from a line.
/// </summary>
internal sealed class BadNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(150);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _to;
    private readonly Task _accepting;
    private volatile Mood _mood = Mood.Fine;
    private CancellationTokenSource _changed = new();
    private int _bytesLeft;

    public BadNetwork(int to)
    {
        _to = to;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    private enum Mood
    {
        Fine,
        Slow,
        Stalled,
        Refused,
        CutSoon,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Troubles so many times, with a while of quiet in between; at the end it is fine again.</summary>
    public async Task TroubleAsync(ulong seed, int times, Action count)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < times; i++)
        {
            Change((Mood)(1 + random.Below(4)), random.Below(700));
            await Task.Delay(TimeSpan.FromMilliseconds(100 + random.Below(700)), TimeProvider.System);
            Change(Mood.Fine, 0);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Below(400)), TimeProvider.System);
            count();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Change(Mood.Refused, 0);
        await _accepting;
        _listener.Dispose();
        _changed.Dispose();
        _stop.Dispose();
    }

    // Refused ends what is open; the others change it as it goes.
    private void Change(Mood mood, int bytesLeft)
    {
        (_mood, _bytesLeft) = (mood, bytesLeft);
        Interlocked.Exchange(ref _changed, new CancellationTokenSource()).Cancel();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient near = await _listener.AcceptTcpClientAsync(_stop.Token);
                open.RemoveAll(t => t.IsCompleted);
                open.Add(CarryAsync(near));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using (near)
        using (var far = new TcpClient())
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            try
            {
                if (_mood != Mood.Refused)
                {
                    await far.ConnectAsync(IPAddress.Loopback, _to, end.Token);
                    // Either side's end is the end of both: half a connection is what nobody tests against.
                    await await Task.WhenAny(PumpAsync(near, far, end.Token), PumpAsync(far, near, end.Token));
                }
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or InvalidOperationException)
            {
                // Cut, refused, or nobody at the other end.
            }

            await end.CancelAsync();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, CancellationToken end)
    {
        byte[] buffer = new byte[4096];
        while (await from.GetStream().ReadAsync(buffer, end) is > 0 and int read)
        {
            while (_mood == Mood.Stalled)
            {
                await WaitForChangeAsync(end);
            }

            if (_mood == Mood.Slow)
            {
                await Task.Delay(Delay, TimeProvider.System, end);
            }

            int allowed = _mood == Mood.CutSoon ? Math.Max(0, Interlocked.Add(ref _bytesLeft, -read) + read) : read;
            await to.GetStream().WriteAsync(buffer.AsMemory(0, Math.Min(read, allowed)), end);
            if (allowed < read || _mood == Mood.Refused)
            {
                return;
            }
        }
    }

    private async Task WaitForChangeAsync(CancellationToken end)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_changed.Token, end);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        end.ThrowIfCancellationRequested();
    }
}
