using System.Threading.Channels;
using EdgeLine.Mqtt;

namespace EdgeLine.Service.Reporting;

/// <summary>Where commands arrive on one connection: one after the other, each answered before the broker may forget it.</summary>
internal sealed class RemoteDesk(MqttSettings settings, RemoteCommands commands, Delivery delivery, TimeProvider clock)
{
    // More than the broker may send unacknowledged; a start may take as long as the platform does.
    private const int WaitingMax = 64;

    private readonly Channel<MqttInbound> _waiting = Channel.CreateBounded<MqttInbound>(WaitingMax);

    /// <summary>Topic filter of all commands of the line.</summary>
    public static string FilterOf(MqttSettings settings) => $"{settings.BaseTopic}/cmd/+";

    public ValueTask TakeAsync(MqttInbound inbound, CancellationToken cancellationToken) =>
        _waiting.Writer.WriteAsync(inbound, cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_waiting.Reader.TryRead(out MqttInbound? inbound))
            {
                MqttMessage message = inbound.Message;
                string name = message.Topic[(message.Topic.LastIndexOf('/') + 1)..];
                // An empty payload is how a retained one is taken away; it asks for nothing.
                if (RemoteCommand.IsWord(name) && message.Payload.Length > 0)
                {
                    await commands.HandleAsync(name, message.Payload, message.Retain, result => TellAsync(message, result, cancellationToken));
                }

                await delivery.Connection.AcknowledgeAsync(inbound, cancellationToken);
            }
        }
    }

    private async Task TellAsync(MqttMessage asked, RemoteResult result, CancellationToken cancellationToken)
    {
        byte[] payload = Report.Stamp(result.Body(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        await delivery.SendAsync(new Report(settings.LineId, $"cmd/{result.Name}/result", payload, Retained: false), cancellationToken);

        // Whoever asks must not make the line write its own topics.
        if (asked.ResponseTopic is { Length: > 0 } topic && topic[0] != '$'
            && !topic.StartsWith(settings.BaseTopic + "/", StringComparison.Ordinal))
        {
            await delivery.Connection.PublishAsync(
                new MqttMessage
                {
                    Topic = topic,
                    Payload = payload,
                    QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                    CorrelationData = asked.CorrelationData,
                    ContentType = "application/json",
                    PayloadIsUtf8 = true,
                },
                cancellationToken);
        }
    }
}
