using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Tests.Mqtt;

/// <summary>A dead link is noticed whatever the traffic is, and a living one is never blamed.</summary>
public sealed class KeepAliveTests : IAsyncDisposable
{
    private const int Limit = 10_000;

    // The keepalive is 15 s: asked after nine tenths of it, given up half of it later.
    private static readonly TimeSpan _asked = TimeSpan.FromSeconds(13.6);
    private static readonly TimeSpan _givenUp = TimeSpan.FromSeconds(7.6);

    private readonly ScriptedBroker _broker = new();
    private readonly HandClock _clock = new();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact(Timeout = Limit)]
    public async Task A_quiet_link_is_asked_before_the_keepalive_ends()
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        await using (client)
        {
            for (int round = 1; round <= 3; round++)
            {
                _clock.Advance(_asked);
                await broker.ExpectAsync<PingReqPacket>();
                await broker.SendAsync(new PingRespPacket(), new PublishPacket(new MqttMessage { Topic = "after" }));
                await client.Inbound.ReadAsync();
            }

            Assert.False(client.Closed.IsCompleted);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task A_ping_without_an_answer_ends_the_connection()
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        await using (client)
        {
            _clock.Advance(_asked);
            await broker.ExpectAsync<PingReqPacket>();
            Assert.False(client.Closed.IsCompleted);
            _clock.Advance(_givenUp);

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
            _clock.Advance(TimeSpan.FromSeconds(3.7));
            await broker.ExpectAsync<PingReqPacket>();
            _clock.Advance(TimeSpan.FromSeconds(2.1));
            Assert.Equal(MqttReasonCode.KeepAliveTimeout, (await client.Closed).ReasonCode);
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
            await broker.SendAsync(flood, flood, flood, new PingRespPacket(), flood);
            await Reporting.Waiting.Until(() => client.ReaderWaits);
            _clock.Advance(_asked);
            await broker.ExpectAsync<PingReqPacket>();
            for (int second = 0; second < 60; second++)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.False(client.Closed.IsCompleted);
            for (int read = 0; read < 4; read++)
            {
                await client.Inbound.ReadAsync();
            }

            _clock.Advance(_asked);
            await broker.ExpectAsync<PingReqPacket>();
            Assert.False(client.Closed.IsCompleted);
        }
    }
}
