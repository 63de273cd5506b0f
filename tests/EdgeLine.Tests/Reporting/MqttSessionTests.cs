using EdgeLine.Contracts;
using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;
using EdgeLine.Service.Reporting;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Reporting;

/// <summary>What the session does about brokers that fail in every way; all on a clock of our own.</summary>
public sealed class MqttSessionTests : IAsyncDisposable
{
    private const int Limit = 20_000;
    private const string Base = SessionUnderTest.Base;

    private readonly HandClock _clock = new();
    private readonly RecordingBroker _broker = new();
    private readonly SessionUnderTest _session;

    public MqttSessionTests() => _session = new SessionUnderTest(new Uri($"mqtt://127.0.0.1:{_broker.Port}"), _clock);

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact(Timeout = Limit)]
    public async Task Online_is_the_first_thing_said_and_the_will_says_offline_with_the_same_boot_id()
    {
        _session.Set("state", "a");
        _session.Start();
        await _session.Until(() => _broker.Topics.Contains($"{Base}/state"));

        MqttMessage online = _broker.Published.First();
        Assert.Equal($"{Base}/status", online.Topic);
        Assert.True(online.Retain);
        Assert.Equal(MqttQualityOfServiceLevel.AtLeastOnce, online.QualityOfServiceLevel);
        Assert.Contains("\"state\":\"online\",\"reason\":null,\"boot\":\"boot-1\"", RecordingBroker.Text(online), StringComparison.Ordinal);

        MqttWill will = _broker.Newest.Connect.Will!;
        Assert.Equal($"{Base}/status", will.Message.Topic);
        Assert.True(will.Message.Retain);
        Assert.Equal(5u, will.DelayInterval);
        Assert.Contains(
            "\"state\":\"offline\",\"reason\":\"connection-lost\",\"boot\":\"boot-1\"",
            RecordingBroker.Text(will.Message), StringComparison.Ordinal);
        Assert.Equal("edgeline-line-1-", _broker.Newest.Connect.ClientId[..16]);
    }

    [Fact(Timeout = Limit)]
    public async Task Every_state_is_told_again_on_every_connection()
    {
        _session.Set("state", "a");
        _session.Set("counts", "b");
        _session.Set("alarms", "c");
        _session.Start();
        await _session.Until(() => _broker.Published.Count >= 4);
        _broker.Newest.HangUp();
        await _session.Until(() => _broker.Connects == 2 && _broker.Published.Count >= 8);

        Assert.Equal(["status", "state", "counts", "alarms"], _broker.Topics.Skip(4).Select(topic => topic[(Base.Length + 1)..]));
        Assert.All(_broker.Published, message => Assert.True(message.Retain));
        Assert.Equal(1, _session.Session.Facts.Reconnects);
        Assert.NotEmpty(_session.Session.Facts.LastReason);
    }

    [Fact(Timeout = Limit)]
    public async Task While_the_broker_is_away_only_the_newest_state_waits()
    {
        _session.Start();
        await _session.Until(() => _session.Session.Facts.Connected);
        await _session.Until(() => _broker.Published.Count == 1);
        _broker.Newest.HangUp();
        await _session.Until(() => !_session.Session.Facts.Connected);
        for (int step = 1; step <= 100; step++)
        {
            _session.Set("counts", $"{step}");
        }

        await _session.Until(() => _broker.Topics.Contains($"{Base}/counts"));
        Assert.Contains("\"x\":\"100\"", RecordingBroker.Text(_broker.Published.Last()), StringComparison.Ordinal);
        Assert.Single(_broker.Topics, topic => topic == $"{Base}/counts");
    }

    [Fact(Timeout = Limit)]
    public async Task An_event_counts_as_told_only_when_the_broker_acknowledged_it()
    {
        _broker.Answer = publish => publish.Message.Topic.Contains("/event/", StringComparison.Ordinal) ? null : MqttReasonCode.Success;
        _session.Happens(JournalKind.RunStarted);
        _session.Happens(JournalKind.Print);
        _session.Happens(JournalKind.Held);
        _session.Start();
        await _session.Until(() => _broker.Topics.Contains($"{Base}/event/run_started"));
        Assert.Equal(0, _session.Saved);
        Assert.Equal(3, _session.Session.Facts.Backlog);

        _broker.Answer = _ => MqttReasonCode.NoMatchingSubscribers;
        _broker.Newest.HangUp();
        await _session.Until(() => _session.Saved == 3);

        string[] events = [.. _broker.Topics.Where(topic => topic.Contains("/event/", StringComparison.Ordinal))];
        Assert.Equal([$"{Base}/event/run_started", $"{Base}/event/run_started", $"{Base}/event/held"], events);
        Assert.Equal(0, _session.Session.Facts.Backlog);
        Assert.DoesNotContain(_broker.Published, message => message.Topic.Contains("/event/", StringComparison.Ordinal) && message.Retain);
    }

    [Fact(Timeout = Limit)]
    public async Task A_broker_that_never_acknowledges_is_left_for_a_new_connection()
    {
        _broker.Answer = publish => publish.Message.Topic.EndsWith("counts", StringComparison.Ordinal) && _broker.Connects == 1
            ? null
            : MqttReasonCode.Success;
        _session.Set("counts", "1");
        _session.Start();
        await _session.Until(() => _broker.Topics.Count(topic => topic == $"{Base}/counts") == 2);

        Assert.Equal(2, _broker.Connects);
        Assert.Contains("did not acknowledge", _session.Session.Facts.LastReason, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task In_a_resumed_session_an_open_event_is_sent_again_and_not_twice()
    {
        _broker.RemembersSessions = true;
        _broker.HangsUpOn = publish => publish.Message.Topic.EndsWith("held", StringComparison.Ordinal) && _broker.Connects == 1;
        _session.Happens(JournalKind.Held);
        _session.Start();
        await _session.Until(() => _session.Saved == 1);

        MqttMessage[] told = [.. _broker.Published.Where(message => message.Topic.EndsWith("held", StringComparison.Ordinal))];
        Assert.Equal([false, true], told.Select(message => message.Dup));
        Assert.False(_broker.Newest.Connect.CleanStart);
    }

    [Fact(Timeout = Limit)]
    public async Task Offline_seen_while_connected_is_put_right()
    {
        _session.Start();
        await _session.Until(() => _broker.Published.Count == 1);
        byte[] late = Report.Stamp(LineTopics.Status(Pictures.Identity, online: false, "connection-lost"), Pictures.Noon);
        await _broker.Newest.SendAsync(new PublishPacket(
            new MqttMessage { Topic = $"{Base}/status", Payload = late, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce }, 1));
        await _session.Until(() => _broker.Published.Count == 2);

        Assert.Contains("\"state\":\"online\"", RecordingBroker.Text(_broker.Published.Last()), StringComparison.Ordinal);

        await _broker.Newest.SendAsync(new PublishPacket(new MqttMessage { Topic = $"{Base}/status", Payload = "{"u8.ToArray() }));
        await _session.Until(() => _broker.Published.Count == 3);
        Assert.Equal("", _session.Session.Facts.Alarm);
    }

    [Fact(Timeout = Limit)]
    public async Task Another_service_on_the_same_topics_is_an_alarm()
    {
        _session.Start();
        await _session.Until(() => _broker.Published.Count == 1);
        byte[] foreign = Report.Stamp(LineTopics.Status(Pictures.Identity with { Boot = "other" }, true, null), Pictures.Noon);
        await _broker.Newest.SendAsync(new PublishPacket(new MqttMessage { Topic = $"{Base}/status", Payload = foreign }));
        await _session.Until(() => _session.Session.Facts.Alarm == "other-writer");
    }

    [Fact(Timeout = Limit)]
    public async Task Being_thrown_out_three_times_at_once_is_an_alarm_and_is_tried_again_as_usual()
    {
        _broker.Welcomed = side => side.HangUp();
        _session.Start();
        await _session.Until(() => _session.Session.Facts.Alarm == "takeover");
        Assert.Equal(3, _broker.Connects);
        DateTimeOffset start = _clock.GetUtcNow();

        _broker.Welcomed = _ => { };
        await _session.Until(() => _broker.Connects == 4);
        Assert.True(_clock.GetUtcNow() - start < TimeSpan.FromMinutes(1), "a bad network is no reason to stay away");
        await _session.Until(() => _session.Session.Facts.Alarm.Length == 0, stepSeconds: 5);
        Assert.True(_clock.GetUtcNow() - start > TimeSpan.FromMinutes(5), "the other client may be waiting for its turn");
    }

    [Fact(Timeout = Limit)]
    public async Task A_stop_says_the_last_numbers_then_offline_then_goodbye()
    {
        _session.Set("counts", "1");
        _session.Start();
        await _session.Until(() => _broker.Published.Count == 2);
        _session.Set("counts", "2");
        await _session.StopAsync();

        MqttMessage[] last = [.. _broker.Published.TakeLast(2)];
        Assert.Contains("\"x\":\"2\"", RecordingBroker.Text(last[0]), StringComparison.Ordinal);
        Assert.Contains("\"state\":\"offline\",\"reason\":\"stopped\"", RecordingBroker.Text(last[1]), StringComparison.Ordinal);
        Assert.True(last[1].Retain);
        Assert.Equal(MqttReasonCode.Success, Assert.Single(_broker.Goodbyes).ReasonCode);
        Assert.Equal("Stopped.", _session.Session.Facts.LastReason);
    }

    [Fact(Timeout = Limit)]
    public async Task A_stop_does_not_wait_for_a_broker_that_is_silent()
    {
        _broker.Answer = _ => null;
        _session.Start();
        await _session.Until(() => _broker.Published.Count == 1);
        DateTimeOffset start = _clock.GetUtcNow();
        await _session.StopAsync();
        Assert.True(_clock.GetUtcNow() - start < TimeSpan.FromSeconds(5));
    }

    [Fact(Timeout = Limit)]
    public async Task A_journal_that_cannot_be_read_delays_events_and_nothing_else()
    {
        _session.JournalTrouble = new IOException("disk");
        _session.Happens(JournalKind.Held);
        _session.Set("counts", "1");
        _session.Start();
        await _session.Until(() => _broker.Topics.Contains($"{Base}/counts"));
        await _session.Until(() => _session.Session.Facts.Backlog == 1);
        _session.JournalTrouble = null;
        await _session.Until(() => _session.Saved == 1);
        Assert.Equal(1, _broker.Connects);
    }

    [Fact(Timeout = Limit)]
    public async Task Events_that_are_behind_the_saved_cursor_are_not_told_again()
    {
        await using var later = new SessionUnderTest(new Uri($"mqtt://127.0.0.1:{_broker.Port}"), _clock, deliveredThrough: 2);
        later.Happens(JournalKind.RunStarted);
        later.Happens(JournalKind.Held);
        later.Happens(JournalKind.RunEnded);
        later.Start();
        await later.Until(() => later.Saved == 3);
        Assert.Equal($"{Base}/event/run_ended", Assert.Single(_broker.Topics, topic => topic.Contains("/event/", StringComparison.Ordinal)));
    }

    [Fact(Timeout = Limit)]
    public async Task A_missing_password_file_is_said_and_tried_again()
    {
        string file = Path.Combine(Path.GetTempPath(), $"edgeline-{Guid.NewGuid():N}.password");
        await using var session = new SessionUnderTest(
            new Uri($"mqtt://127.0.0.1:{_broker.Port}"), _clock, settings => settings with { User = "line", PasswordFile = file });
        session.Start();
        await session.Until(() => session.Session.Facts.LastReason.Contains(file, StringComparison.Ordinal));
        try
        {
            await File.WriteAllTextAsync(file, "geheim\n");
            await session.Until(() => session.Session.Facts.Connected);
            Assert.Equal("geheim"u8.ToArray(), _broker.Newest.Connect.Password!.Value.ToArray());
        }
        finally
        {
            File.Delete(file);
        }
    }
}
