using System.Net.Sockets;
using System.Threading.Channels;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Mqtt;

/// <summary>
/// One network connection to an MQTT 5 broker: it never retries and never queues beyond what is on its way, and
/// <see cref="Closed"/> says once how it ended. Stands in for MQTTnet's <c>IMqttClient</c>, which cannot be restored in
/// our build environment; options, messages and results use MQTTnet's words, so that swapping it is a mapping.
/// </summary>
/// <remarks>OASIS MQTT 5.0. QoS 2, topic aliases, server redirect and enhanced authentication are not spoken.</remarks>
public sealed class MqttConnection : IAsyncDisposable
{
    // Room for pings, acknowledgements and subscriptions besides the publishes that may be open.
    private const int OtherPackets = 16;

    // mosquitto 2.0.11 miscounts and sends some more than it may (its issue 2301). The inbound channel bounds what we
    // hold in any case, so only a broker far beyond the agreement is cut off.
    private const int ToleratedExcess = 2;

    private readonly PacketLoops _loops;
    private readonly AckWindow _acks;
    private readonly Channel<MqttInbound> _inbound;
    private readonly HashSet<ushort> _unacknowledgedInbound = [];
    private readonly int _receiveMaximum;

    private MqttConnection(
        MqttConnectOptions options, MqttConnectResult result, PacketStream packets, TimeProvider clock)
    {
        ConnectResult = result;
        _receiveMaximum = options.ReceiveMaximum;
        _acks = new AckWindow(result.ReceiveMaximum);
        _inbound = Channel.CreateBounded<MqttInbound>(options.ReceiveMaximum);
        _loops = new PacketLoops(
            packets, result.KeepAlivePeriod, result.ReceiveMaximum + OtherPackets, clock, ReceivedAsync, Ended);
        Resent = result.IsSessionPresent ? [.. options.Resume.Select(Resend).OfType<MqttResent>()] : [];
        _loops.Start();
    }

    /// <summary>What the broker granted.</summary>
    public MqttConnectResult ConnectResult { get; }

    /// <summary>
    /// Messages that arrived, bounded by <see cref="MqttConnectOptions.ReceiveMaximum"/>. While it is full the socket is
    /// not read, so a slow application slows the broker and loses nothing.
    /// </summary>
    public ChannelReader<MqttInbound> Inbound => _inbound.Reader;

    internal bool ReaderWaits => _loops.ReaderWaits;

    /// <summary>Completes once, when the connection is over; never faults.</summary>
    public Task<MqttClosed> Closed => _loops.Closed;

    /// <summary>QoS 1 messages without an acknowledgement, oldest first: what a resumed session must send again.</summary>
    public IReadOnlyList<MqttUnacknowledged> Unacknowledged => _acks.Unacknowledged;

    /// <summary>Messages of an earlier connection that were sent again because the broker still had the session.</summary>
    public IReadOnlyList<MqttResent> Resent { get; }

    /// <summary>Connects: name, TCP, TLS, CONNECT and CONNACK within <see cref="MqttConnectOptions.Timeout"/>.</summary>
    /// <exception cref="MqttConnectionException">It did not work; the message says where and what to look at.</exception>
    public static async Task<MqttConnection> OpenAsync(
        MqttConnectOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        using var timeout = new CancellationTokenSource(options.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        PacketStream? packets = null;
        bool written = false;
        try
        {
            packets = new PacketStream(await MqttTransport.OpenAsync(options, both.Token), options.MaximumPacketSize);
            packets.Write(MqttHandshake.Connect(options));
            await packets.FlushAsync(both.Token);
            written = true;
            MqttPacket answer = await packets.ReadAsync(both.Token)
                ?? throw new IOException("The broker closed the connection instead of answering CONNECT.");
            var connection = new MqttConnection(options, MqttHandshake.Judge(answer, options), packets, clock);
            packets = null;
            return connection;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MqttConnectionException(
                $"{options.Host}:{options.Port} {(written ? "did not answer CONNECT" : "could not be reached")} within "
                + $"{options.Timeout.TotalSeconds:0.#} s.", e)
            { PacketWritten = written };
        }
        catch (Exception e) when (e is IOException or SocketException or MqttProtocolException)
        {
            throw new MqttConnectionException(
                $"{options.Host}:{options.Port} is no MQTT 5 broker, or hung up: {e.Message}", e)
            { PacketWritten = written };
        }
        finally
        {
            if (packets is not null)
            {
                await packets.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// Publishes: at QoS 0 returns when written to the socket, at QoS 1 when the broker acknowledged. What the broker
    /// said it cannot take is refused here and never sent. Calls may overlap; who needs an order awaits each.
    /// </summary>
    /// <exception cref="MqttConnectionException">The connection ended first; at QoS 1 the outcome is unknown.</exception>
    public async Task<MqttPublishResult> PublishAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (MqttHandshake.WhyNotSent(message, ConnectResult) is { } refusal)
        {
            return refusal;
        }

        if (message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
        {
            await _loops.SendAndFlushAsync(new PublishPacket(message), cancellationToken);
            return new MqttPublishResult(MqttReasonCode.Success);
        }

        await _loops.OrLost(_acks.WaitForRoomAsync, cancellationToken);
        return Result(await AskAsync(message, id => new PublishPacket(message, id), cancellationToken));
    }

    /// <summary>Subscribes and returns the broker's answer to each filter.</summary>
    public async Task<MqttSubscribeResult> SubscribeAsync(
        IReadOnlyList<MqttTopicFilter> filters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filters);
        MqttPacket answer = await AskAsync(null, id => new SubscribePacket(id, filters), cancellationToken);
        return answer is SubAckPacket ack && ack.ReasonCodes.Count == filters.Count
            ? new MqttSubscribeResult(ack.ReasonCodes, ack.Properties.Text(PropertyId.ReasonString))
            : throw new MqttConnectionException("The broker's SUBACK does not fit the SUBSCRIBE.");
    }

    /// <summary>Unsubscribes and returns the broker's answer to each filter.</summary>
    public async Task<MqttSubscribeResult> UnsubscribeAsync(
        IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topics);
        MqttPacket answer = await AskAsync(null, id => new UnsubscribePacket(id, topics), cancellationToken);
        return answer is UnsubAckPacket ack && ack.ReasonCodes.Count == topics.Count
            ? new MqttSubscribeResult(ack.ReasonCodes, ack.Properties.Text(PropertyId.ReasonString))
            : throw new MqttConnectionException("The broker's UNSUBACK does not fit the UNSUBSCRIBE.");
    }

    /// <summary>Tells the broker that a QoS 1 message was dealt with; does nothing at QoS 0.</summary>
    public async Task AcknowledgeAsync(MqttInbound inbound, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inbound);
        if (inbound.PacketId == 0)
        {
            return;
        }

        lock (_unacknowledgedInbound)
        {
            _unacknowledgedInbound.Remove(inbound.PacketId);
        }

        await _loops.SendAsync(
            new PubAckPacket(inbound.PacketId, MqttReasonCode.Success, PropertyList.Empty), cancellationToken);
    }

    /// <summary>
    /// Says DISCONNECT and waits shortly for the broker to close. With <see cref="MqttReasonCode.Success"/> the broker
    /// drops the Will and forgets this client; never throws, because there is nothing left to lose.
    /// </summary>
    public async Task DisconnectAsync(MqttReasonCode reasonCode = MqttReasonCode.Success)
    {
        PropertyList forget = new([new Property(PropertyId.SessionExpiryInterval, 0)]);
        await _loops.SayGoodbyeAsync(
            new DisconnectPacket(reasonCode, reasonCode == MqttReasonCode.Success ? forget : PropertyList.Empty));
        await _loops.AwaitEndAsync();
        _loops.Close(new MqttClosed(MqttClosedBy.Us, reasonCode, "Disconnected on request."));
    }

    /// <summary>Drops the connection without a word if it is still open: the broker will publish the Will.</summary>
    public async ValueTask DisposeAsync()
    {
        await _loops.DisposeAsync();
        _acks.Dispose();
    }

    private static MqttPublishResult Result(MqttPacket answer)
    {
        var ack = (PubAckPacket)answer;
        return new MqttPublishResult(ack.ReasonCode, ack.Properties.Text(PropertyId.ReasonString));
    }

    // A caller that gives up after the packet left does not get the id back: the broker may still answer it.
    private async Task<MqttPacket> AskAsync(
        MqttMessage? message, Func<ushort, MqttPacket> packet, CancellationToken cancellationToken)
    {
        (ushort id, Task<MqttPacket> answer) = _acks.Take(message);
        try
        {
            await _loops.SendAsync(packet(id), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _acks.Release(id);
            throw;
        }

        return await answer.WaitAsync(cancellationToken);
    }

    private MqttResent? Resend(MqttUnacknowledged earlier)
    {
        if (!_acks.TryTakeAgain(earlier, out Task<MqttPacket> answer))
        {
            return null;
        }

        _loops.TrySend(new PublishPacket(earlier.Message with { Dup = true }, earlier.PacketId));
        return new MqttResent(earlier.Message, ResultAsync(answer));

        static async Task<MqttPublishResult> ResultAsync(Task<MqttPacket> answer) => Result(await answer);
    }

    private void Ended(MqttClosed closed)
    {
        _acks.Fail(PacketLoops.WhyLost(closed));
        _inbound.Writer.TryComplete();
    }

    private async ValueTask ReceivedAsync(MqttPacket packet)
    {
        switch (packet)
        {
            case PubAckPacket ack:
                _acks.Answered(ack.PacketId, ack);
                break;
            case SubAckPacket ack:
                _acks.Answered(ack.PacketId, ack);
                break;
            case UnsubAckPacket ack:
                _acks.Answered(ack.PacketId, ack);
                break;
            case PublishPacket publish:
                await InboundAsync(publish);
                break;
            default:
                throw new MqttProtocolException(
                    $"{packet.GetType().Name} from a broker.", MqttReasonCode.ProtocolError);
        }
    }

    private async ValueTask InboundAsync(PublishPacket publish)
    {
        if (publish.TopicAlias != 0)
        {
            throw new MqttProtocolException("A topic alias; none was agreed.", MqttReasonCode.TopicAliasInvalid);
        }

        if (publish.PacketId != 0)
        {
            lock (_unacknowledgedInbound)
            {
                _unacknowledgedInbound.Add(publish.PacketId);
                if (_unacknowledgedInbound.Count > _receiveMaximum * ToleratedExcess)
                {
                    throw new MqttProtocolException(
                        $"{_unacknowledgedInbound.Count} unacknowledged messages, {_receiveMaximum} were agreed.",
                        MqttReasonCode.ReceiveMaximumExceeded);
                }
            }
        }

        var inbound = new MqttInbound(publish.Message, publish.PacketId);
        if (_inbound.Writer.TryWrite(inbound) || _loops.Leaving)
        {
            return;
        }

        await _inbound.Writer.WriteAsync(inbound, _loops.Lost);
    }
}

/// <summary>A message sent again in a resumed session, and its outcome.</summary>
public sealed record MqttResent(MqttMessage Message, Task<MqttPublishResult> Result);
