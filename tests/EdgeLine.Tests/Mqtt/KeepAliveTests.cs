using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Tests.Mqtt;

/// <summary>A dead link is noticed whatever the traffic is, and a living one is never blamed.</summary>
public sealed class KeepAliveTests : IAsyncDisposable
{
    private const int Limit = 10_000;

    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(500);

    private readonly ScriptedBroker _broker = new();
    private readonly HandClock _clock = new();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact(Timeout = Limit)]
    public async Task A_quiet_link_is_asked_before_the_keepalive_ends()
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        await using (client)
        {
            DateTimeOffset start = _clock.GetUtcNow();
            for (int round = 1; round <= 3; round++)
            {
                Task<PingReqPacket> ping = broker.ExpectAsync<PingReqPacket>();
                await _clock.AdvanceUntil(() => ping.IsCompleted, _step, TimeSpan.FromSeconds(15));
                await broker.SendAsync(new PingRespPacket());
            }

            Assert.InRange(_clock.GetUtcNow() - start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(45));
            Assert.False(client.Closed.IsCompleted);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task A_ping_without_an_answer_ends_the_connection()
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        await using (client)
        {
            Task<PingReqPacket> ping = broker.ExpectAsync<PingReqPacket>();
            await _clock.AdvanceUntil(() => ping.IsCompleted, _step, TimeSpan.FromSeconds(15));
            await _clock.AdvanceUntil(() => client.Closed.IsCompleted, _step, TimeSpan.FromSeconds(9));

            MqttClosed closed = await client.Closed;
            Assert.Equal(MqttClosedBy.Network, closed.By);
            Assert.Equal(MqttReasonCode.KeepAliveTimeout, closed.ReasonCode);
            Assert.Null(await broker.ReadAsync());
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Steady_sending_does_not_hide_a_dead_link()
    {
        (MqttConnection client, _) = await _broker.PairAsync(_clock);
        await using (client)
        {
            var beat = new MqttMessage { Topic = "beat" };
            for (int second = 0; second < 25 && !client.Closed.IsCompleted; second++)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                try
                {
                    await client.PublishAsync(beat, CancellationToken.None);
                }
                catch (MqttConnectionException)
                {
                    break;
                }
            }

            Assert.Equal(MqttReasonCode.KeepAliveTimeout, (await client.Closed).ReasonCode);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task The_brokers_keepalive_replaces_ours()
    {
        (MqttConnection client, BrokerSide broker) =
            await _broker.PairAsync(_clock, null, new Property(PropertyId.ServerKeepAlive, 4));
        await using (client)
        {
            Assert.Equal(TimeSpan.FromSeconds(4), client.ConnectResult.KeepAlivePeriod);
            Task<PingReqPacket> ping = broker.ExpectAsync<PingReqPacket>();
            await _clock.AdvanceUntil(() => ping.IsCompleted, _step, TimeSpan.FromSeconds(4.5));
            await _clock.AdvanceUntil(() => client.Closed.IsCompleted, _step, TimeSpan.FromSeconds(3));
        }
    }

    [Fact(Timeout = Limit)]
    public async Task A_broker_is_not_blamed_while_our_own_application_does_not_read()
    {
        (MqttConnection client, BrokerSide broker) =
            await _broker.PairAsync(_clock, options => options with { ReceiveMaximum = 1 });
        await using (client)
        {
            var flood = new PublishPacket(new MqttMessage { Topic = "flood" });
            await broker.SendAsync(flood, flood, flood, new PingRespPacket());
            Task<PingReqPacket> ping = broker.ExpectAsync<PingReqPacket>();
            await _clock.AdvanceUntil(() => ping.IsCompleted, _step, TimeSpan.FromSeconds(15));
            for (int second = 0; second < 60; second++)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.False(client.Closed.IsCompleted);
            for (int read = 0; read < 3; read++)
            {
                await client.Inbound.ReadAsync();
            }

            Task<PingReqPacket> next = broker.ExpectAsync<PingReqPacket>();
            await _clock.AdvanceUntil(() => next.IsCompleted || client.Closed.IsCompleted, _step, TimeSpan.FromSeconds(30));
            Assert.False(client.Closed.IsCompleted);
        }
    }
}
