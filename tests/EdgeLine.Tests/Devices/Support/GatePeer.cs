using System.Buffers.Binary;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>A gate on loopback: answers like the real block and remembers every request.</summary>
public sealed class GatePeer : IAsyncDisposable
{
    private readonly TcpPeer _peer = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<byte[]> _requests = [];
    private readonly Lock _gate = new();
    private readonly Task _loop;
    private TcpConversation? _conversation;

    public GatePeer() => _loop = RunAsync();

    public LinkAddress.Tcp Address => _peer.Address;

    public uint LastTag { get; set; } = 41;

    /// <summary>Reports that it keeps: the newest four of these.</summary>
    public List<(uint Tag, ushort Outcome)> Reports { get; } = [];

    private uint _resyncAt;

    /// <summary>Called for each status read: what the belt did meanwhile.</summary>
    public Action BeforeStatus { get; set; } = static () => { };

    /// <summary>Turns the honest reply into what a test wants; null for no reply.</summary>
    public Func<byte[], byte[], byte[]?> Twist { get; set; } = static (_, reply) => reply;

    /// <summary>Requests, without transaction number, as hex.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests.Select(r => Convert.ToHexString(r.AsSpan(7)))];
            }
        }
    }

    public int Connections { get; private set; }

    public TcpConversation Conversation => _conversation!;

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
            Connections++;
            try
            {
                while (true)
                {
                    byte[] header = await _conversation.ReadAsync(7);
                    byte[] request = [.. header,
                        .. await _conversation.ReadAsync(BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(4)) - 1)];
                    lock (_gate)
                    {
                        _requests.Add(request);
                    }

                    if (Twist(request, Reply(request)) is { } reply)
                    {
                        await _conversation.SendAsync(reply);
                    }
                }
            }
            catch (Exception e) when (
                e is System.Net.Sockets.SocketException or ObjectDisposedException or Xunit.Sdk.TrueException)
            {
                // The next connection is the next chapter.
            }
        }
    }

    private byte[] Reply(byte[] request)
    {
        byte[] reply = request[..12];
        switch (request[7])
        {
            case 4:
                BeforeStatus();
                byte[] block = new byte[2 * (7 + 1 + (4 * 3))];
                BinaryPrimitives.WriteUInt32BigEndian(block, LastTag);
                BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(4), 65_536 + 7); // passed
                BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(8), 9); // rejected
                block[13] = 1; // stopped
                BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(14), (ushort)Reports.Count);
                for (int i = Math.Max(0, Reports.Count - 4); i < Reports.Count; i++)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(16 + (6 * (i % 4))), Reports[i].Tag);
                    BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(20 + (6 * (i % 4))), Reports[i].Outcome);
                }

                int asked = 2 * request[11];
                reply = [.. request[..8], (byte)asked, .. block[..asked]];
                break;
            case 16 when request[9] == 10:
                _resyncAt = BinaryPrimitives.ReadUInt32BigEndian(request.AsSpan(13));
                break;
            case 5 when request[9] == 1 && request[10] == 0xFF:
                LastTag = _resyncAt;
                break;
        }

        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(4), (ushort)(reply.Length - 6));
        return reply;
    }
}
