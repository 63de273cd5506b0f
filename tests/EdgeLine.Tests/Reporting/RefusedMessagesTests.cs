using EdgeLine.Contracts;
using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Reporting;

/// <summary>What becomes of messages that a broker does not take: parked, kept or told later, and never in the way of others.</summary>
public sealed class RefusedMessagesTests : IAsyncDisposable
{
    private const int Limit = 20_000;
    private const string Base = SessionUnderTest.Base;

    private readonly HandClock _clock = new();
    private readonly RecordingBroker _broker = new();
    private readonly SessionUnderTest _session;

    public RefusedMessagesTests() => _session = new SessionUnderTest(new Uri($"mqtt://127.0.0.1:{_broker.Port}"), _clock);

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact(Timeout = Limit)]
    public async Task A_message_too_long_for_the_broker_is_parked_and_the_rest_goes_on()
    {
        _broker.Granted = [new Property(PropertyId.MaximumPacketSize, 700)];
        _session.Set("state", new string('x', 700));
        _session.Set("counts", "1");
        _session.Happens(JournalKind.Held, new string('x', 700));
        _session.Happens(JournalKind.Resumed);
        _session.Start();
        await _session.Until(() => _session.Saved == 2 && _broker.Topics.Contains($"{Base}/counts")
            && _session.Session.Facts is { Alarm: "parked", Parked.Count: 2 } && _broker.Topics.Contains($"{Base}/event/resumed"));

        Assert.DoesNotContain($"{Base}/state", _broker.Topics);
        Assert.DoesNotContain($"{Base}/event/held", _broker.Topics);
        Assert.Contains($"{Base}/event/resumed", _broker.Topics);
        Assert.Equal("parked", _session.Session.Facts.Alarm);
        Assert.Equal(2, _session.Session.Facts.Parked.Count);

        _session.Set("state", "short");
        // The broker has it before the session has heard so.
        await _session.Until(() => _broker.Topics.Contains($"{Base}/state") && _session.Session.Facts.Parked.Count == 1);
        Assert.Equal($"{Base}/event/held", Assert.Single(_session.Session.Facts.Parked).Topic);
    }

    [Fact(Timeout = Limit)]
    public async Task A_message_the_broker_cuts_the_connection_for_is_not_sent_a_second_time()
    {
        _session.Set("state", new string('x', 5_000));
        _session.Set("counts", "1");
        _broker.HangsUpOn = publish =>
        {
            if (publish.Message.Payload.Length < 5_000)
            {
                return false;
            }

            _broker.Newest.SendAsync(new DisconnectPacket(MqttReasonCode.PacketTooLarge, PropertyList.Empty)).Wait();
            return true;
        };
        _session.Start();
        await _session.Until(() => _broker.Topics.Contains($"{Base}/counts"));

        Assert.Single(_broker.Topics, topic => topic == $"{Base}/state");
        Assert.Equal("parked", _session.Session.Facts.Alarm);
        Assert.Equal(2, _broker.Connects);
    }

    [Fact(Timeout = Limit)]
    public async Task A_forbidden_event_waits_until_it_is_allowed()
    {
        _broker.Answer = publish => publish.Message.Topic.Contains("/event/", StringComparison.Ordinal)
            ? MqttReasonCode.NotAuthorized
            : MqttReasonCode.Success;
        _session.Happens(JournalKind.Held);
        _session.Start();
        await _session.Until(() => _session.Session.Facts.Alarm == "forbidden");
        Assert.Equal(0, _session.Saved);

        _broker.Answer = _ => MqttReasonCode.Success;
        await _session.Until(() => _session.Saved == 1, stepSeconds: 2);
        Assert.Equal("", _session.Session.Facts.Alarm);
        Assert.Equal(1, _broker.Connects);
    }

    [Fact(Timeout = Limit)]
    public async Task Over_a_quota_the_newest_state_is_told_later()
    {
        _broker.Answer = publish => publish.Message.Topic.EndsWith("counts", StringComparison.Ordinal)
            ? MqttReasonCode.QuotaExceeded
            : MqttReasonCode.Success;
        _session.Set("counts", "1");
        _session.Start();
        await _session.Until(() => _broker.Topics.Contains($"{Base}/counts"));
        _session.Set("counts", "2");
        _broker.Answer = _ => MqttReasonCode.Success;
        await _session.Until(() => _broker.Topics.Count(topic => topic == $"{Base}/counts") == 2);

        Assert.Contains("\"x\":\"2\"", RecordingBroker.Text(_broker.Published.Last()), StringComparison.Ordinal);
        Assert.Equal("", _session.Session.Facts.Alarm);
        Assert.Equal(1, _broker.Connects);
    }
}
