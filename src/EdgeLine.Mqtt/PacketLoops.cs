using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Mqtt;

/// <summary>
/// The moving parts of one connection: a reader loop, a writer loop and the keepalive. It ends exactly once, for the
/// first reason that comes up, and then both loops stop whatever they wait for.
/// </summary>
internal sealed class PacketLoops : IAsyncDisposable
{
    // For the last DISCONNECT to leave, and for the broker to close after it.
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);

    private static readonly MqttClosed _left = new(MqttClosedBy.Us, null, "Disconnected on request.");

    private readonly PacketStream _packets;
    private readonly KeepAlive _keepAlive;
    private readonly TimeProvider _clock;
    private readonly Channel<Outgoing> _outgoing;
    private readonly Func<MqttPacket, ValueTask> _received;
    private readonly Action<MqttClosed> _ended;
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource<MqttClosed> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _timerGate = new();
    private ITimer? _timer;
    private Task _loops = Task.CompletedTask;
    private volatile bool _readerWaits;
    private volatile bool _leaving;
    private int _closing;

    public PacketLoops(
        PacketStream packets,
        TimeSpan keepAlive,
        int outgoingPackets,
        TimeProvider clock,
        Func<MqttPacket, ValueTask> received,
        Action<MqttClosed> ended)
    {
        _packets = packets;
        _keepAlive = new KeepAlive(clock, keepAlive);
        _clock = clock;
        _outgoing = Channel.CreateBounded<Outgoing>(outgoingPackets);
        _received = received;
        _ended = ended;
        Lost = _abort.Token;
    }

    private readonly record struct Outgoing(byte[] Bytes, TaskCompletionSource? Flushed);

    /// <summary>Completes once, when the connection is over.</summary>
    public Task<MqttClosed> Closed => _closed.Task;

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Lost { get; }

    /// <summary>True while the reader loop waits for the application to take a message.</summary>
    public bool ReaderWaits => _readerWaits;

    /// <summary>True after DISCONNECT was said: what still arrives is nobody's business.</summary>
    public bool Leaving => _leaving;

    public void Start()
    {
        lock (_timerGate)
        {
            _timer = _clock.CreateTimer(_ => CheckKeepAlive(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        CheckKeepAlive();
        _loops = RunAsync();
    }

    /// <summary>Hands a packet to the writer loop; waits while its channel is full.</summary>
    public Task SendAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        var outgoing = new Outgoing(Encode(packet), null);
        return OrLost(ct => _outgoing.Writer.WriteAsync(outgoing, ct).AsTask(), cancellationToken);
    }

    /// <summary>Hands a packet to the writer loop if its channel has room.</summary>
    public bool TrySend(MqttPacket packet) => _outgoing.Writer.TryWrite(new Outgoing(Encode(packet), null));

    /// <summary>Hands a packet to the writer loop and waits until it is written to the socket.</summary>
    public async Task SendAndFlushAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var outgoing = new Outgoing(Encode(packet), flushed);
        await OrLost(ct => _outgoing.Writer.WriteAsync(outgoing, ct).AsTask(), cancellationToken);
        await OrLost(ct => flushed.Task.WaitAsync(ct), cancellationToken);
    }

    /// <summary>Runs something that ends early, with the reason, when the connection is over.</summary>
    public async Task OrLost(Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(Lost, cancellationToken);
        try
        {
            await wait(both.Token);
        }
        catch (ChannelClosedException)
        {
            // DISCONNECT was said; the end is at most a second away.
            throw WhyLost(await Closed);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException
            && Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw WhyLost(await Closed);
        }
    }

    /// <summary>The same end as an exception, for callers that were waiting.</summary>
    public static MqttConnectionException WhyLost(MqttClosed closed) =>
        new($"The connection ended first: {closed.Reason}", closed.Exception)
        {
            ReasonCode = closed.ReasonCode,
            PacketWritten = true,
        };

    /// <summary>Says DISCONNECT as the last packet and waits, but not long, until it is written.</summary>
    public async Task SayGoodbyeAsync(DisconnectPacket packet)
    {
        _leaving = true;
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool handed = _outgoing.Writer.TryWrite(new Outgoing(Encode(packet), flushed));
        _outgoing.Writer.TryComplete();
        if (handed)
        {
            await Task.WhenAny(flushed.Task, Closed, Task.Delay(_farewell, _clock, Lost));
        }
    }

    /// <summary>Waits, but not long, until the broker closes as it must after DISCONNECT.</summary>
    public Task AwaitEndAsync() => Task.WhenAny(Closed, Task.Delay(_farewell, _clock, Lost));

    /// <summary>Ends the connection; only the first reason counts.</summary>
    public void Close(MqttClosed closed)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        _outgoing.Writer.TryComplete();
        _ended(closed);
        _closed.TrySetResult(closed);
        _abort.Cancel();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Close(new MqttClosed(MqttClosedBy.Us, null, "Dropped on request."));
        lock (_timerGate)
        {
            _timer?.Dispose();
            _timer = null;
        }

        await _loops;
        _abort.Dispose();
    }

    // The socket goes with the loops: a dead link keeps no port until somebody remembers to dispose.
    private async Task RunAsync()
    {
        await Task.WhenAll(ReadAsync(), WriteAsync());
        await _packets.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _packets.ReadAsync(Lost) is { } packet)
            {
                _keepAlive.Received();
                if (packet is PingRespPacket)
                {
                    _keepAlive.Answered();
                }
                else if (packet is DisconnectPacket goodbye)
                {
                    Close(Words.OfBroker(goodbye));
                    return;
                }
                else
                {
                    await HandAsync(packet);
                }
            }

            Close(_leaving
                ? _left
                : new MqttClosed(MqttClosedBy.Broker, null, "The broker closed the connection without a word."));
        }
        catch (MqttProtocolException e)
        {
            await SayGoodbyeAsync(new DisconnectPacket(e.ReasonCode, PropertyList.Empty));
            Close(new MqttClosed(MqttClosedBy.Protocol, e.ReasonCode, $"The broker broke the protocol: {e.Message}", e));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ChannelClosedException)
        {
            Close(Broken(e));
        }
    }

    private async ValueTask HandAsync(MqttPacket packet)
    {
        ValueTask handled = _received(packet);
        _readerWaits = !handled.IsCompleted;
        await handled;
        _readerWaits = false;
    }

    private async Task WriteAsync()
    {
        var flushed = new List<TaskCompletionSource>();
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(Lost))
            {
                while (_outgoing.Reader.TryRead(out Outgoing next))
                {
                    _packets.Write(next.Bytes);
                    if (next.Flushed is { } waiting)
                    {
                        flushed.Add(waiting);
                    }
                }

                await _packets.FlushAsync(Lost);
                _keepAlive.Sent();
                flushed.ForEach(waiting => waiting.TrySetResult());
                flushed.Clear();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            Close(Broken(e));
        }
    }

    // After our DISCONNECT the broker may close as it likes; it is our end all the same.
    private MqttClosed Broken(Exception e) =>
        _leaving ? _left : new MqttClosed(MqttClosedBy.Network, null, $"The network connection broke: {e.Message}", e);

    // Encoded where it is asked for, so that a text too long for a packet is the caller's error and not the writer's.
    private static byte[] Encode(MqttPacket packet)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        PacketEncoder.Encode(packet, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private void CheckKeepAlive()
    {
        (KeepAlive.Step step, TimeSpan then) = _keepAlive.Next(_readerWaits);
        if (step == KeepAlive.Step.Dead)
        {
            Close(new MqttClosed(
                MqttClosedBy.Network,
                MqttReasonCode.KeepAliveTimeout,
                $"No answer to a ping within {_keepAlive.AnswerWithin.TotalSeconds:0.#} s: the link is dead."));
            return;
        }

        if (step == KeepAlive.Step.Ping)
        {
            // A full channel means that the writer is stuck; the deadline runs all the same.
            TrySend(new PingReqPacket());
        }

        lock (_timerGate)
        {
            _timer?.Change(then, Timeout.InfiniteTimeSpan);
        }
    }
}
