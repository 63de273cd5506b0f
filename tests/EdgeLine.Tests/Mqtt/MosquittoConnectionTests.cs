using System.Diagnostics;
using EdgeLine.Mqtt;

namespace EdgeLine.Tests.Mqtt;

/// <summary>The connection against a broker that is not ours.</summary>
public sealed class MosquittoConnectionTests
{
    private const int Limit = 30_000;

    private static MqttMessage Message(string topic, string payload, bool retain = false) => new()
    {
        Topic = topic,
        Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = retain,
        ContentType = "application/json",
        PayloadIsUtf8 = true,
        UserProperties = [KeyValuePair.Create("k", "v")],
    };

    private static MqttConnectOptions To(Mosquitto broker, string clientId = "one") =>
        new() { Host = "127.0.0.1", Port = broker.Port, ClientId = clientId };

    private static Task<MqttConnection> Open(MqttConnectOptions options) =>
        MqttConnection.OpenAsync(options, TimeProvider.System, CancellationToken.None);

    [Fact(Timeout = Limit)]
    public async Task Messages_go_there_and_come_back_whole()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true");
        await using MqttConnection client = await Open(To(broker));
        Assert.Equal(20, client.ConnectResult.ReceiveMaximum);
        MqttSubscribeResult subscribed = await client.SubscribeAsync([new MqttTopicFilter("a/#")], CancellationToken.None);
        Assert.Equal(MqttReasonCode.GrantedQoS1, Assert.Single(subscribed.Items));

        Task<MqttPublishResult>[] all = [.. Enumerable.Range(0, 200)
            .Select(number => client.PublishAsync(Message($"a/{number}", "长沙"), CancellationToken.None))];
        var left = Enumerable.Range(0, 200).Select(number => $"a/{number}").ToHashSet();
        while (left.Count > 0)
        {
            MqttInbound inbound = await client.Inbound.ReadAsync();
            Assert.True(left.Remove(inbound.Message.Topic), inbound.Message.Topic);
            Assert.Equal("application/json", inbound.Message.ContentType);
            Assert.Equal("长沙", System.Text.Encoding.UTF8.GetString(inbound.Message.Payload.Span));
            await client.AcknowledgeAsync(inbound, CancellationToken.None);
        }

        Assert.All(await Task.WhenAll(all), result => Assert.Equal(MqttReasonCode.Success, result.ReasonCode));
        MqttPublishResult nobody = await client.PublishAsync(Message("b", ""), CancellationToken.None);
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, nobody.ReasonCode);
        Assert.Equal(
            MqttReasonCode.Success,
            Assert.Single((await client.UnsubscribeAsync(["a/#"], CancellationToken.None)).Items));
        await client.DisconnectAsync();
        Assert.Equal(MqttClosedBy.Us, (await client.Closed).By);
    }

    [Fact(Timeout = Limit)]
    public async Task Tls_accepts_the_authority_in_the_file_and_no_other()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        await using Mosquitto broker = await Secure(authority, "localhost");
        MqttConnectOptions options = To(broker) with { Host = "localhost" };

        string right = authority.WriteRoot(broker.Files);
        await using (MqttConnection client = await Open(options with { Tls = new MqttTlsOptions { CaFile = right } }))
        {
            Assert.True((await client.PublishAsync(Message("a", "x"), CancellationToken.None)).IsSuccess);
        }

        string wrong = stranger.WriteRoot(broker.Files, "wrong.pem");
        await Refused(options with { Tls = new MqttTlsOptions { CaFile = wrong } }, wrong);
        await Refused(options with { Tls = new MqttTlsOptions() }, "a root of this computer");
        await Refused(options with { Tls = new MqttTlsOptions { CaFile = broker.Files + "/none.pem" } }, "none.pem");
    }

    [Fact(Timeout = Limit)]
    public async Task Tls_refuses_a_certificate_for_another_name()
    {
        using var authority = new TestAuthority();
        await using Mosquitto broker = await Secure(authority, "broker.example");
        var tls = new MqttTlsOptions { CaFile = authority.WriteRoot(broker.Files) };
        await Refused(To(broker) with { Host = "localhost", Tls = tls }, "'localhost'");
        await using MqttConnection client = await Open(
            To(broker) with { Host = "localhost", Tls = tls with { TargetHost = "broker.example" } });
    }

    [Fact(Timeout = Limit)]
    public async Task Tls_refuses_a_certificate_that_is_over()
    {
        using var authority = new TestAuthority();
        await using Mosquitto broker = await Secure(authority, "localhost", validDays: -1);
        var tls = new MqttTlsOptions { CaFile = authority.WriteRoot(broker.Files) };
        await Refused(To(broker) with { Host = "localhost", Tls = tls }, "NotTimeValid");
    }

    [Fact(Timeout = Limit)]
    public async Task A_wrong_password_is_refused_with_a_reason()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(files =>
        {
            string file = Path.Combine(files, "passwords");
            Process.Start("mosquitto_passwd", ["-b", "-c", file, "line", "richtig"]).WaitForExit();
            return [$"password_file {file}", "allow_anonymous false"];
        });

        await using (await Open(To(broker) with { UserName = "line", Password = "richtig"u8.ToArray() }))
        {
        }

        var refusal = await Assert.ThrowsAsync<MqttConnectionException>(
            () => Open(To(broker) with { UserName = "line", Password = "falsch"u8.ToArray() }));
        Assert.Equal(MqttReasonCode.NotAuthorized, refusal.ReasonCode);
        await Assert.ThrowsAsync<MqttConnectionException>(() => Open(To(broker)));
    }

    [Fact(Timeout = Limit)]
    public async Task The_will_is_said_when_the_connection_is_dropped_and_not_after_goodbye()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true");
        await using MqttConnection watcher = await Open(To(broker, "watcher"));
        await watcher.SubscribeAsync([new MqttTopicFilter("will/#")], CancellationToken.None);

        MqttConnection polite = await Open(To(broker, "polite") with { Will = new MqttWill(Message("will/polite", "x"), 0) });
        await polite.DisconnectAsync();
        MqttConnection dropped = await Open(
            To(broker, "dropped") with { Will = new MqttWill(Message("will/dropped", "gone", retain: true), 0) });
        await dropped.DisposeAsync();

        MqttInbound will = await watcher.Inbound.ReadAsync();
        Assert.Equal("will/dropped", will.Message.Topic);
        Assert.Equal("will/dropped 1 gone", Assert.Single(await broker.SubscribeLateAsync("will/#", 1)));
    }

    [Fact(Timeout = Limit)]
    public async Task Another_client_with_the_same_id_ends_the_first_connection()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true");
        await using MqttConnection first = await Open(To(broker, "twin"));
        await using MqttConnection second = await Open(To(broker, "twin"));
        Assert.NotEqual(MqttClosedBy.Us, (await first.Closed).By);
        Assert.False(second.Closed.IsCompleted);
    }

    [Fact(Timeout = Limit)]
    public async Task A_forbidden_topic_is_answered_with_its_reason()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(files =>
        {
            string acl = Path.Combine(files, "acl");
            File.WriteAllText(acl, "topic write allowed/#\n");
            return ["allow_anonymous true", $"acl_file {acl}", "max_packet_size 2000"];
        });
        await using MqttConnection client = await Open(To(broker));
        Assert.Equal(2_000u, client.ConnectResult.MaximumPacketSize);
        Assert.True((await client.PublishAsync(Message("allowed/a", "x"), CancellationToken.None)).IsSuccess);
        Assert.Equal(
            MqttReasonCode.NotAuthorized, (await client.PublishAsync(Message("other", "x"), CancellationToken.None)).ReasonCode);
        MqttPublishResult tooLong = await client.PublishAsync(Message("allowed/a", new string('x', 2_000)), CancellationToken.None);
        Assert.Equal(MqttReasonCode.PacketTooLarge, tooLong.ReasonCode);
        Assert.False(client.Closed.IsCompleted);
    }

    [Fact(Timeout = Limit)]
    public async Task A_killed_broker_is_noticed_at_once()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true");
        await using MqttConnection client = await Open(To(broker));
        await broker.KillAsync();
        Assert.NotEqual(MqttClosedBy.Us, (await client.Closed).By);
        await Assert.ThrowsAsync<MqttConnectionException>(() => client.PublishAsync(Message("a", "x"), CancellationToken.None));
    }

    private static Task<Mosquitto> Secure(TestAuthority authority, string name, int validDays = 10) =>
        Mosquitto.StartAsync(files =>
        {
            authority.WriteServer(files, name, validDays);
            return ["allow_anonymous true", $"certfile {files}/server.pem", $"keyfile {files}/server.key"];
        });

    private static async Task Refused(MqttConnectOptions options, string because)
    {
        var refusal = await Assert.ThrowsAsync<MqttConnectionException>(() => Open(options));
        Assert.True(refusal.TlsFailed, refusal.Message);
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }
}
