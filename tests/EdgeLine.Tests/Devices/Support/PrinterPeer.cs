using System.Text;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>A printer on loopback that answers as a test says and remembers every byte.</summary>
public sealed class PrinterPeer : IAsyncDisposable
{
    public const string Healthy =
        "\x02" + "030,0,0,0959,000,0,0,0,000,0,0,0\x03\r\n"
        + "\x02" + "001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n"
        + "\x02" + "1234,0\x03\r\n";

    private readonly TcpPeer _peer;
    private readonly CancellationTokenSource _end = new();
    private readonly StringBuilder _received = new();
    private readonly Task _loop;
    private TcpConversation? _conversation;
    private int _connections;

    public PrinterPeer(int receiveBuffer = 0)
    {
        _peer = new TcpPeer(receiveBuffer);
        _loop = RunAsync();
    }

    public LinkAddress.Tcp Address => _peer.Address;

    /// <summary>Answer to ~HS; empty for a printer that does not answer.</summary>
    public string Status { get; set; } = Healthy;

    /// <summary>Answer to ~HI; empty for a printer that does not answer.</summary>
    public string Identity { get; set; } = "\x02ZT411-300dpi,V92.21.39Z,12,8192KB\x03\r\n";

    /// <summary>While true nothing is read, so the sender's buffers fill up.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Bytes that arrived and were not read.</summary>
    public int BytesWaiting => _conversation!.Socket.Available;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Everything received on all connections, in order.</summary>
    public string Received
    {
        get
        {
            lock (_received)
            {
                return _received.ToString();
            }
        }
    }

    /// <summary>Says something without being asked.</summary>
    public Task SayAsync(string text) => _conversation!.SendAsync(text);

    public void Reset() => _conversation?.Reset();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _peer.DisposeAsync();
        _conversation?.Dispose();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            _conversation = await _peer.AcceptAsync();
            Interlocked.Increment(ref _connections);
            try
            {
                await TalkAsync(_conversation);
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // The next connection is the next chapter.
            }
        }
    }

    private async Task TalkAsync(TcpConversation conversation)
    {
        byte[] buffer = new byte[65536];
        string tail = "";
        while (true)
        {
            while (!Reads)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, _end.Token);
            }

            int count = await conversation.Socket.ReceiveAsync(buffer, _end.Token);
            if (count == 0)
            {
                return;
            }

            string text = Encoding.Latin1.GetString(buffer, 0, count);
            lock (_received)
            {
                _received.Append(text);
            }

            tail += text;
            int at;
            while ((at = tail.IndexOf("~H", StringComparison.Ordinal)) >= 0 && at + 3 <= tail.Length)
            {
                string answer = tail[at + 2] switch { 'S' => Status, 'I' => Identity, _ => "" };
                tail = tail[(at + 3)..];
                await conversation.SendAsync(answer);
            }

            tail = tail.Length > 2 && at < 0 ? tail[^2..] : tail;
        }
    }
}
