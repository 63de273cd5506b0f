using System.Buffers;
using System.Text;
using EdgeLine.Mqtt;
using EdgeLine.Mqtt.Packets;
using EdgeLine.Service.Reporting;
using EdgeLine.Tests.Line;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Hostile;

/// <summary>What a broker sends: packets, and commands in them.</summary>
internal static class MqttTargets
{
    private const uint PacketMax = 4_096;

    public static HostileTarget[] All { get; } =
    [
        new()
        {
            Name = "mqtt-packets",
            Corpus = [.. Samples().Select(PacketCodecTests.Bytes)],
            Words = ["\x00\x00", "\xFF\xFF", "\x00\x04MQTT", "\x21\x00\x01", "\x26\x00\x01k\x00\x01v", "\x1F\x00\x03why", "\xED\xA0\x80"],
            Read = ReadPackets,
        },
        new()
        {
            Name = "mqtt-commands",
            Corpus =
            [
                .. new[]
                {
                    """{"id":"c-1","name":"hold","issued_by":"mes","issued_at":"2026-11-22T02:00:00Z","expires_at":"2026-11-22T02:01:00+08:00","reason":"shift","args":{"batch_id":"B-1"}}""",
                    """{"id":"c-2","issued_by":"mes","issued_at":1782000000000,"expires_at":1782000060000,"args":{"order_id":"o","key":"k"}}""",
                }.Select(Encoding.UTF8.GetBytes),
            ],
            Words = ["{", "}", "\"", "\\uD800", "\\u0000", "null", "[", "]", ":", ",", "\"id\":", "\"args\":", "-", "Z", "+14:00"],
            Read = ReadCommand,
        },
    ];

    private static bool ReadPackets(byte[] input, SeededRandom random)
    {
        var rest = new ReadOnlySequence<byte>(input);
        int packets = 0;
        try
        {
            while (PacketDecoder.TryDecode(ref rest, PacketMax) is { } packet)
            {
                packets++;
                byte[] written = PacketCodecTests.Bytes(packet);
                var again = new ReadOnlySequence<byte>(written);
                HostileTarget.Demand(
                    PacketDecoder.TryDecode(ref again, uint.MaxValue) is { } same && PacketCodecTests.Bytes(same).AsSpan().SequenceEqual(written),
                    $"{packet.GetType().Name} is another one after it was written and read again");
            }
        }
        catch (MqttProtocolException e)
        {
            HostileTarget.Demand((byte)e.ReasonCode >= 0x80, "refused with a good reason code");
        }

        return packets > 0;
    }

    private static bool ReadCommand(byte[] input, SeededRandom random)
    {
        if (RemoteCommand.Read("hold", input, out string wrong) is not { } command)
        {
            HostileTarget.Demand(wrong.Length is > 0 and < 1_000, $"refused in {wrong.Length} characters");
            return false;
        }

        HostileTarget.Demand(
            RemoteCommand.IsWord(command.Id) && RemoteCommand.IsWord(command.IssuedBy) && command.ExpiresUnixMs > command.IssuedUnixMs && command.Name == "hold",
            "an unsound command was taken");
        return true;
    }

    private static IEnumerable<MqttPacket> Samples()
    {
        var message = new MqttMessage
        {
            Topic = "a/b",
            Payload = "payload"u8.ToArray(),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            ContentType = "application/json",
            PayloadIsUtf8 = true,
            UserProperties = [KeyValuePair.Create("key", "value")],
        };
        PropertyList properties = new(
            [new Property(PropertyId.ReceiveMaximum, 20), new Property(PropertyId.ReasonString, Text: "why")]);
        yield return new ConnectPacket { ClientId = "id", Will = new MqttWill(message, 5), UserName = "u" };
        yield return new ConnAckPacket(false, MqttReasonCode.Success, properties);
        yield return new PublishPacket(message, 1);
        yield return new PublishPacket(message with { QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce });
        yield return new PubAckPacket(1, MqttReasonCode.QuotaExceeded, PropertyList.Empty);
        yield return new SubscribePacket(1, [new MqttTopicFilter("a/#")]);
        yield return new SubAckPacket(1, [MqttReasonCode.GrantedQoS1], PropertyList.Empty);
        yield return new UnsubscribePacket(1, ["a/#"]);
        yield return new UnsubAckPacket(1, [MqttReasonCode.Success], PropertyList.Empty);
        yield return new DisconnectPacket(MqttReasonCode.ServerBusy, PropertyList.Empty);
    }
}
