using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Tests.Mqtt;

/// <summary>One connection against a broker that says exactly what the test wants, also what a real one never would.</summary>
public sealed class MqttConnectionTests : IAsyncDisposable
{
    private const int Limit = 10_000;

    private readonly ScriptedBroker _broker = new();
    private readonly HandClock _clock = new();

    private static MqttMessage QoS1(string topic, string payload = "x") => new()
    {
        Topic = topic,
        Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
    };

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact(Timeout = Limit)]
    public async Task No_more_messages_are_open_than_the_broker_allows()
    {
        (MqttConnection client, BrokerSide broker) =
            await _broker.PairAsync(_clock, null, new Property(PropertyId.ReceiveMaximum, 1));
        await using (client)
        {
            Task<MqttPublishResult> first = client.PublishAsync(QoS1("a"), CancellationToken.None);
            Task<MqttPublishResult> second = client.PublishAsync(QoS1("b"), CancellationToken.None);
            await client.PublishAsync(new MqttMessage { Topic = "marker" }, CancellationToken.None);

            PublishPacket a = await broker.ExpectAsync<PublishPacket>();
            Assert.Equal("a", a.Message.Topic);
            Assert.Equal("marker", (await broker.ExpectAsync<PublishPacket>()).Message.Topic);
            Assert.False(second.IsCompleted);

            await broker.AckAsync(a.PacketId);
            PublishPacket b = await broker.ExpectAsync<PublishPacket>();
            Assert.Equal("b", b.Message.Topic);
            await broker.AckAsync(b.PacketId, MqttReasonCode.NoMatchingSubscribers);
            Assert.True((await first).IsSuccess);
            Assert.True((await second).IsSuccess);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task An_ack_that_comes_after_the_caller_gave_up_frees_its_place_and_harms_nothing()
    {
        (MqttConnection client, BrokerSide broker) =
            await _broker.PairAsync(_clock, null, new Property(PropertyId.ReceiveMaximum, 1));
        await using (client)
        {
            using var giveUp = new CancellationTokenSource();
            Task<MqttPublishResult> first = client.PublishAsync(QoS1("a"), giveUp.Token);
            PublishPacket a = await broker.ExpectAsync<PublishPacket>();
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            Assert.Equal("a", Assert.Single(client.Unacknowledged).Message.Topic);

            Task<MqttPublishResult> second = client.PublishAsync(QoS1("b"), CancellationToken.None);
            await broker.AckAsync(a.PacketId);
            PublishPacket b = await broker.ExpectAsync<PublishPacket>();
            Assert.NotEqual(a.PacketId, b.PacketId);
            await broker.AckAsync(a.PacketId);
            await broker.AckAsync(b.PacketId);
            Assert.True((await second).IsSuccess);
            Assert.Empty(client.Unacknowledged);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Acks_may_come_in_any_order()
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        await using (client)
        {
            Task<MqttPublishResult> a = client.PublishAsync(QoS1("a"), CancellationToken.None);
            Task<MqttPublishResult> b = client.PublishAsync(QoS1("b"), CancellationToken.None);
            PublishPacket first = await broker.ExpectAsync<PublishPacket>();
            PublishPacket second = await broker.ExpectAsync<PublishPacket>();
            await broker.AckAsync(second.PacketId, MqttReasonCode.QuotaExceeded);
            await broker.AckAsync(first.PacketId);
            Assert.Equal(MqttReasonCode.Success, (await a).ReasonCode);
            Assert.Equal(MqttReasonCode.QuotaExceeded, (await b).ReasonCode);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task A_message_longer_than_the_broker_takes_is_refused_here_and_never_sent()
    {
        (MqttConnection client, BrokerSide broker) =
            await _broker.PairAsync(_clock, null, new Property(PropertyId.MaximumPacketSize, 50));
        await using (client)
        {
            MqttPublishResult refused = await client.PublishAsync(QoS1("a", new string('x', 50)), CancellationToken.None);
            Assert.Equal(MqttReasonCode.PacketTooLarge, refused.ReasonCode);
            Assert.Contains("takes 50", refused.ReasonString, StringComparison.Ordinal);

            // 2 header, 2 + 1 topic, 2 packet id, 1 properties, 42 payload: exactly 50.
            Task<MqttPublishResult> fits = client.PublishAsync(QoS1("a", new string('x', 42)), CancellationToken.None);
            PublishPacket sent = await broker.ExpectAsync<PublishPacket>();
            Assert.Equal(42, sent.Message.Payload.Length);
            await broker.AckAsync(sent.PacketId);
            Assert.True((await fits).IsSuccess);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task What_the_broker_does_not_offer_is_refused_here()
    {
        (MqttConnection client, _) = await _broker.PairAsync(
            _clock, null, new Property(PropertyId.MaximumQoS, 0), new Property(PropertyId.RetainAvailable, 0));
        await using (client)
        {
            MqttMessage retained = new() { Topic = "a", Retain = true };
            Assert.Equal(
                MqttReasonCode.QoSNotSupported, (await client.PublishAsync(QoS1("a"), CancellationToken.None)).ReasonCode);
            Assert.Equal(
                MqttReasonCode.RetainNotSupported, (await client.PublishAsync(retained, CancellationToken.None)).ReasonCode);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task A_packet_torn_into_single_bytes_is_the_same_packet()
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        await using (client)
        {
            await broker.DripAsync(new PublishPacket(QoS1("a", "torn"), 5));
            await broker.SendAsync(new PublishPacket(QoS1("b"), 6), new PublishPacket(QoS1("c"), 7));

            MqttInbound torn = await client.Inbound.ReadAsync();
            Assert.Equal("torn"u8.ToArray(), torn.Message.Payload.ToArray());
            Assert.Equal("b", (await client.Inbound.ReadAsync()).Message.Topic);
            Assert.Equal("c", (await client.Inbound.ReadAsync()).Message.Topic);
            await client.AcknowledgeAsync(torn, CancellationToken.None);
            Assert.Equal((ushort)5, (await broker.ExpectAsync<PubAckPacket>()).PacketId);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task A_broker_that_sends_far_more_than_was_agreed_is_cut_off()
    {
        (MqttConnection client, BrokerSide broker) =
            await _broker.PairAsync(_clock, options => options with { ReceiveMaximum = 2 });
        await using (client)
        {
            Assert.Equal(2u, broker.Connect.Properties.Number(PropertyId.ReceiveMaximum));
            await broker.SendAsync([.. Enumerable.Range(1, 5).Select(id => new PublishPacket(QoS1("a"), (ushort)id))]);
            await client.Inbound.ReadAsync();
            await client.Inbound.ReadAsync();
            await client.Inbound.ReadAsync();
            var goodbye = await broker.ExpectAsync<DisconnectPacket>();
            Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, goodbye.ReasonCode);
            Assert.Equal(MqttClosedBy.Protocol, (await client.Closed).By);
        }
    }

    [Theory]
    [InlineData("30 03 00 00 00", MqttReasonCode.ProtocolError)]
    [InlineData("30 07 00 01 61 03 23 00 01", MqttReasonCode.TopicAliasInvalid)]
    [InlineData("C1 00", MqttReasonCode.MalformedPacket)]
    [InlineData("20 03 00 00 00", MqttReasonCode.ProtocolError)]
    [InlineData("30 FF FF FF 7F", MqttReasonCode.PacketTooLarge)]
    public async Task A_broker_that_breaks_the_protocol_is_told_and_cut_off(string hex, MqttReasonCode expected)
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        await using (client)
        {
            await broker.SendRawAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
            Assert.Equal(expected, (await broker.ExpectAsync<DisconnectPacket>().WaitAsync(TimeSpan.FromSeconds(5))).ReasonCode);
            Assert.Equal(expected, (await client.Closed.WaitAsync(TimeSpan.FromSeconds(5))).ReasonCode);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Who_waits_for_an_answer_learns_why_the_connection_ended()
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        await using (client)
        {
            Task<MqttPublishResult> publish = client.PublishAsync(QoS1("a"), CancellationToken.None);
            await broker.ExpectAsync<PublishPacket>();
            await broker.SendAsync(new DisconnectPacket(MqttReasonCode.SessionTakenOver, PropertyList.Empty));

            var why = await Assert.ThrowsAsync<MqttConnectionException>(() => publish);
            Assert.Equal(MqttReasonCode.SessionTakenOver, why.ReasonCode);
            Assert.Contains("same client id", why.Message, StringComparison.Ordinal);
            Assert.Equal(MqttClosedBy.Broker, (await client.Closed).By);
            await Assert.ThrowsAsync<MqttConnectionException>(() => client.PublishAsync(QoS1("b"), CancellationToken.None));
        }
    }

    [Fact(Timeout = Limit)]
    public async Task A_resumed_session_sends_again_what_was_not_acknowledged()
    {
        MqttConnectOptions first = _broker.Options with { CleanStart = false, SessionExpiryInterval = 60 };
        MqttUnacknowledged[] left = [new(7, QoS1("a")), new(3, QoS1("b"))];
        Task<MqttConnection> opening =
            MqttConnection.OpenAsync(first with { Resume = left }, _clock, CancellationToken.None);
        BrokerSide broker = await _broker.WelcomeAsync(sessionPresent: true);
        await using MqttConnection client = await opening;

        PublishPacket a = await broker.ExpectAsync<PublishPacket>();
        PublishPacket b = await broker.ExpectAsync<PublishPacket>();
        Assert.Equal((ushort)7, a.PacketId);
        Assert.True(a.Message.Dup);
        Assert.Equal((ushort)3, b.PacketId);
        await broker.AckAsync(3);
        await broker.AckAsync(7);
        Assert.All(await Task.WhenAll(client.Resent.Select(resent => resent.Result)), result => Assert.True(result.IsSuccess));
    }

    [Fact(Timeout = Limit)]
    public async Task A_new_session_sends_nothing_again()
    {
        MqttConnectOptions options = _broker.Options with { CleanStart = false, Resume = [new(7, QoS1("a"))] };
        Task<MqttConnection> opening = MqttConnection.OpenAsync(options, _clock, CancellationToken.None);
        BrokerSide broker = await _broker.WelcomeAsync(sessionPresent: false);
        await using MqttConnection client = await opening;
        Task leaving = client.DisconnectAsync();

        await broker.ExpectAsync<DisconnectPacket>();
        broker.HangUp();
        await leaving;
        Assert.Empty(client.Resent);
    }

    [Fact(Timeout = Limit)]
    public async Task A_refused_connect_says_what_to_look_at()
    {
        Task<MqttConnection> opening = MqttConnection.OpenAsync(_broker.Options, _clock, CancellationToken.None);
        BrokerSide broker = await _broker.AcceptAsync();
        await broker.ExpectAsync<ConnectPacket>();
        await broker.SendAsync(new ConnAckPacket(false, MqttReasonCode.BadUserNameOrPassword, PropertyList.Empty));

        var refusal = await Assert.ThrowsAsync<MqttConnectionException>(() => opening);
        Assert.Equal(MqttReasonCode.BadUserNameOrPassword, refusal.ReasonCode);
        Assert.Contains("passwordFile", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await broker.ReadAsync());
    }

    [Fact(Timeout = Limit)]
    public async Task A_broker_that_accepts_and_says_nothing_is_given_up_in_time()
    {
        Task<MqttConnection> opening = MqttConnection.OpenAsync(_broker.Options, _clock, CancellationToken.None);
        BrokerSide broker = await _broker.AcceptAsync();
        await broker.ExpectAsync<ConnectPacket>();
        Assert.False(opening.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(8.1));

        var gaveUp = await Assert.ThrowsAsync<MqttConnectionException>(() => opening);
        Assert.True(gaveUp.PacketWritten);
        Assert.Contains("did not answer CONNECT within 8 s", gaveUp.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task Nobody_listening_is_said_with_the_address()
    {
        await _broker.DisposeAsync();
        var refusal = await Assert.ThrowsAsync<MqttConnectionException>(
            () => MqttConnection.OpenAsync(_broker.Options with { Port = 1 }, _clock, CancellationToken.None));
        Assert.Contains("127.0.0.1:1", refusal.Message, StringComparison.Ordinal);
        Assert.False(refusal.PacketWritten);
    }

    [Fact(Timeout = Limit)]
    public async Task Leaving_says_goodbye_and_makes_the_broker_forget_the_session()
    {
        (MqttConnection client, BrokerSide broker) = await _broker.PairAsync(_clock);
        Task leaving = client.DisconnectAsync();
        var goodbye = await broker.ExpectAsync<DisconnectPacket>();
        Assert.Equal(MqttReasonCode.Success, goodbye.ReasonCode);
        Assert.Equal(0u, goodbye.Properties.Number(PropertyId.SessionExpiryInterval));
        broker.HangUp();
        await leaving;
        Assert.Equal(MqttClosedBy.Us, (await client.Closed).By);
        await client.DisposeAsync();
    }
}
