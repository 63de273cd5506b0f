using System.Collections.Concurrent;
using System.Text;
using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Reporting;

/// <summary>
/// A broker that welcomes every client, records what it says and acknowledges it, unless the test wants another answer.
/// All defaults are healthy.
/// </summary>
internal sealed class RecordingBroker : IAsyncDisposable
{
    private readonly ScriptedBroker _listener = new();
    private readonly ConcurrentBag<BrokerSide> _sides = [];
    private readonly Task _accepting;
    private volatile BrokerSide? _newest;
    private volatile int _connects;

    public RecordingBroker() => _accepting = AcceptAsync();

    public int Port => _listener.Port;

    /// <summary>Properties of the next CONNACK.</summary>
    public Property[] Granted { get; set; } = [];

    /// <summary>The answer to a publish; null for silence.</summary>
    public Func<PublishPacket, MqttReasonCode?> Answer { get; set; } = _ => MqttReasonCode.Success;

    /// <summary>What to do with a client right after its CONNECT was welcomed.</summary>
    public Action<BrokerSide> Welcomed { get; set; } = _ => { };

    /// <summary>Called with every publish before it is answered; true hangs up instead.</summary>
    public Func<PublishPacket, bool> HangsUpOn { get; set; } = _ => false;

    public bool RemembersSessions { get; set; }

    public int Connects => _connects;

    public BrokerSide Newest => _newest ?? throw new InvalidOperationException("Nobody connected yet.");

    public ConcurrentQueue<MqttMessage> Published { get; } = new();

    public ConcurrentQueue<DisconnectPacket> Goodbyes { get; } = new();

    public IEnumerable<string> Topics => Published.Select(message => message.Topic);

    public static string Text(MqttMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await Task.WhenAny(_accepting);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            BrokerSide side = await _listener.AcceptAsync();
            if (await side.ReadAsync() is not ConnectPacket connect)
            {
                continue;
            }

            side.Connect = connect;
            _sides.Add(side);
            bool present = RemembersSessions && _connects > 0 && !connect.CleanStart;
            await side.SendAsync(new ConnAckPacket(present, MqttReasonCode.Success, new PropertyList(Granted)));
            _newest = side;
            Interlocked.Increment(ref _connects);
            Welcomed(side);
            _ = TalkAsync(side);
        }
    }

    private async Task TalkAsync(BrokerSide side)
    {
        try
        {
            while (await side.ReadAsync() is { } packet)
            {
                switch (packet)
                {
                    case PublishPacket publish:
                        Published.Enqueue(publish.Message);
                        if (HangsUpOn(publish))
                        {
                            side.HangUp();
                            return;
                        }

                        if (publish.PacketId > 0 && Answer(publish) is { } reason)
                        {
                            await side.AckAsync(publish.PacketId, reason);
                        }

                        break;
                    case SubscribePacket subscribe:
                        await side.SendAsync(new SubAckPacket(
                            subscribe.PacketId, [.. subscribe.Filters.Select(_ => MqttReasonCode.GrantedQoS1)], PropertyList.Empty));
                        break;
                    case PingReqPacket:
                        await side.SendAsync(new PingRespPacket());
                        break;
                    case DisconnectPacket goodbye:
                        Goodbyes.Enqueue(goodbye);
                        side.HangUp();
                        return;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The client left.
        }
    }
}
