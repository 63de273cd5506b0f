using EdgeLine.Mqtt;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// What the broker did not take. Parked messages are remembered by their bytes and never tried again, not even over a
/// new connection; a newer state of the topic is a new message. Forbidden topics are tried again, because an access
/// list can be put right. At most 32 of each are remembered.
/// </summary>
internal sealed class Refusals
{
    private const int Most = 32;

    private readonly Lock _gate = new();
    private readonly List<(MqttMessage Message, ParkedMessage Fact)> _parked = [];
    private readonly HashSet<string> _forbidden = [];

    public IReadOnlyList<ParkedMessage> Parked
    {
        get
        {
            lock (_gate)
            {
                return [.. _parked.Select(parked => parked.Fact)];
            }
        }
    }

    public bool AnyForbidden
    {
        get
        {
            lock (_gate)
            {
                return _forbidden.Count > 0;
            }
        }
    }

    public bool IsParked(MqttMessage message)
    {
        lock (_gate)
        {
            return _parked.Exists(parked => SameBytes(parked.Message, message));
        }
    }

    public void Park(MqttMessage message, string reason)
    {
        lock (_gate)
        {
            Forget(message);
            if (_parked.Count == Most)
            {
                _parked.RemoveAt(0);
            }

            _parked.Add((message, new ParkedMessage(message.Topic, message.Payload.Length, reason)));
        }
    }

    public void Forbid(string topic)
    {
        lock (_gate)
        {
            if (_forbidden.Count < Most)
            {
                _forbidden.Add(topic);
            }
        }
    }

    public void Delivered(MqttMessage message)
    {
        lock (_gate)
        {
            Forget(message);
            _forbidden.Remove(message.Topic);
        }
    }

    public static bool SameBytes(MqttMessage one, MqttMessage other) =>
        one.Topic == other.Topic && one.Payload.Span.SequenceEqual(other.Payload.Span);

    private void Forget(MqttMessage message) => _parked.RemoveAll(
        parked => message.Retain ? parked.Message.Topic == message.Topic : SameBytes(parked.Message, message));
}
