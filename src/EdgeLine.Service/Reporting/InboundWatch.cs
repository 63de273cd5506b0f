using EdgeLine.Mqtt;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// Reads what the broker sends to one line and hands it on by topic: its own status, alarms that an earlier life of the
/// service left there, commands.
/// </summary>
internal sealed class InboundWatch(
    MqttSettings settings, Delivery delivery, ReportBoard board, StatusWatch status, RemoteDesk? desk, TimeProvider clock)
{
    private static readonly TimeSpan _answerWithin = TimeSpan.FromSeconds(30);

    public async Task RunAsync(Func<Report> online, CancellationToken cancellationToken)
    {
        string statusTopic = $"{settings.BaseTopic}/{Report.Status}";
        string alarmTopics = $"{settings.BaseTopic}/{Report.AlarmPrefix}";
        List<MqttTopicFilter> filters = [new(statusTopic), new(alarmTopics + "+")];
        if (desk is not null)
        {
            filters.Add(new MqttTopicFilter(RemoteDesk.FilterOf(settings)));
        }

        MqttSubscribeResult answer = await delivery.Connection
            .SubscribeAsync(filters, cancellationToken)
            .WaitAsync(_answerWithin, clock, cancellationToken);
        status.Reads = (byte)answer.Items[0] < 0x80;
        while (await delivery.Connection.Inbound.WaitToReadAsync(cancellationToken))
        {
            while (delivery.Connection.Inbound.TryRead(out MqttInbound? inbound))
            {
                if (inbound.Message.Topic == statusTopic)
                {
                    await status.TakeAsync(inbound, online, cancellationToken);
                }
                else if (inbound.Message.Topic.StartsWith(alarmTopics, StringComparison.Ordinal))
                {
                    await TakeAlarmAsync(inbound, cancellationToken);
                }
                else if (desk is not null)
                {
                    await desk.TakeAsync(inbound, cancellationToken);
                }
                else
                {
                    await delivery.Connection.AcknowledgeAsync(inbound, cancellationToken);
                }
            }
        }
    }

    // Nobody else takes away what a service that was killed had told; the board does it in step with what it tells.
    private async Task TakeAlarmAsync(MqttInbound inbound, CancellationToken cancellationToken)
    {
        if (inbound.Message.Payload.Length > 0)
        {
            board.Forget(settings.LineId, inbound.Message.Topic[(settings.BaseTopic.Length + 1)..]);
        }

        await delivery.Connection.AcknowledgeAsync(inbound, cancellationToken);
    }
}
