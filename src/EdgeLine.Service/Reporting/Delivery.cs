using EdgeLine.Mqtt;

namespace EdgeLine.Service.Reporting;

/// <summary>What became of one message.</summary>
internal enum Delivered
{
    /// <summary>The broker has it.</summary>
    Yes,

    /// <summary>Not now: a quota.</summary>
    Later,

    /// <summary>Not until somebody changes the broker's access list.</summary>
    Forbidden,

    /// <summary>Never as it is; it is parked.</summary>
    Never,
}

/// <summary>
/// Brings messages to the broker over one connection and judges its answers. A broker that does not acknowledge within
/// 30 s is treated as gone: MQTT 5.0 allows sending again only over a new connection (section 4.4).
/// </summary>
internal sealed class Delivery(
    MqttConnection connection, MqttSettings settings, Refusals refusals, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan _ackWithin = TimeSpan.FromSeconds(30);

    public MqttConnection Connection { get; } = connection;

    /// <exception cref="MqttConnectionException">The connection ended, or was silent for too long.</exception>
    public async Task<Delivered> SendAsync(Report report, CancellationToken cancellationToken)
    {
        MqttMessage message = MessageOf(settings, report);
        if (refusals.IsParked(message))
        {
            return Delivered.Never;
        }

        MqttPublishResult result = await Answered(SentAlready(message) ?? Connection.PublishAsync(message, cancellationToken));
        switch (result.ReasonCode)
        {
            case var _ when result.IsSuccess:
                refusals.Delivered(message);
                return Delivered.Yes;
            case MqttReasonCode.QuotaExceeded or MqttReasonCode.ImplementationSpecificError
                or MqttReasonCode.MessageRateTooHigh:
                Log("is to be sent later", result);
                return Delivered.Later;
            case MqttReasonCode.NotAuthorized:
                refusals.Forbid(message.Topic);
                Log("is forbidden; check the broker's access list", result);
                return Delivered.Forbidden;
            default:
                refusals.Park(message, $"{result.ReasonCode}. {result.ReasonString}");
                Log("is not taken and will not be sent again", result);
                return Delivered.Never;
        }

        async Task<MqttPublishResult> Answered(Task<MqttPublishResult> answer)
        {
            try
            {
                return await answer.WaitAsync(_ackWithin, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw new MqttConnectionException(
                    $"The broker did not acknowledge {message.Topic} within {_ackWithin.TotalSeconds} s.");
            }
        }

        void Log(string what, MqttPublishResult answer) => log.LogWarning(
            "MQTT of {Line}: {Topic} ({Bytes} bytes) {What}: {Code} {Said}",
            settings.LineId, message.Topic, message.Payload.Length, what, answer.ReasonCode, answer.ReasonString);
    }

    /// <summary>The message of a report: states are retained; only heartbeat and rate may get lost.</summary>
    public static MqttMessage MessageOf(MqttSettings settings, Report report) => new()
    {
        Topic = $"{settings.BaseTopic}/{report.Topic}",
        Payload = report.Payload,
        Retain = report.Retained,
        QualityOfServiceLevel = report.Topic is Report.Heartbeat or Report.Rate
            ? MqttQualityOfServiceLevel.AtMostOnce
            : MqttQualityOfServiceLevel.AtLeastOnce,
        ContentType = report.Payload.Length > 0 ? "application/json" : null,
        PayloadIsUtf8 = report.Payload.Length > 0,
    };

    // A resumed session has sent again what was open; such a message needs its answer, not a second copy.
    private Task<MqttPublishResult>? SentAlready(MqttMessage message) =>
        Connection.Resent.FirstOrDefault(resent => Refusals.SameBytes(resent.Message, message))?.Result;
}
