using EdgeLine.Mqtt.Packets;

namespace EdgeLine.Mqtt;

/// <summary>
/// The packets of one connection that wait for an answer, by packet id. At most as many publishes as the broker allows
/// are open at once; an id whose caller gave up stays taken until its answer comes, because the broker still has it.
/// </summary>
internal sealed class AckWindow(int receiveMaximum) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _publishes = new(receiveMaximum);
    private readonly OrderedDictionary<ushort, Waiting> _waiting = [];
    private ushort _lastId;
    private Exception? _lost;

    private sealed record Waiting(MqttMessage? Message, TaskCompletionSource<MqttPacket> Answer);

    /// <summary>Publishes without an answer, oldest first.</summary>
    public IReadOnlyList<MqttUnacknowledged> Unacknowledged
    {
        get
        {
            lock (_gate)
            {
                return [.. _waiting
                    .Where(entry => entry.Value.Message is not null)
                    .Select(entry => new MqttUnacknowledged(entry.Key, entry.Value.Message!))];
            }
        }
    }

    /// <summary>Waits until another publish may be open; <see cref="Take"/> must follow.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken) => _publishes.WaitAsync(cancellationToken);

    /// <summary>Takes a packet id: for a publish, whose room was waited for, or for a SUBSCRIBE or UNSUBSCRIBE.</summary>
    public (ushort Id, Task<MqttPacket> Answer) Take(MqttMessage? message)
    {
        lock (_gate)
        {
            if (_lost is not null)
            {
                throw _lost;
            }

            do
            {
                _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
            }
            while (_waiting.ContainsKey(_lastId));

            var waiting = new Waiting(message, NewAnswer());
            _waiting.Add(_lastId, waiting);
            return (_lastId, waiting.Answer.Task);
        }
    }

    /// <summary>Takes the id that a resent publish had before; false when there is no room for it.</summary>
    public bool TryTakeAgain(MqttUnacknowledged earlier, out Task<MqttPacket> answer)
    {
        answer = Task.FromException<MqttPacket>(new InvalidOperationException("Not taken."));
        if (!_publishes.Wait(0))
        {
            return false;
        }

        lock (_gate)
        {
            var waiting = new Waiting(earlier.Message, NewAnswer());
            _waiting.Add(earlier.PacketId, waiting);
            answer = waiting.Answer.Task;
            return true;
        }
    }

    /// <summary>Gives back an id whose packet was never handed to the writer.</summary>
    public void Release(ushort id)
    {
        lock (_gate)
        {
            Remove(id);
        }
    }

    /// <summary>An answer arrived. One that nobody waits for is ignored, one of the wrong kind is a protocol error.</summary>
    public void Answered(ushort id, MqttPacket answer)
    {
        Waiting? waiting;
        lock (_gate)
        {
            if (!_waiting.TryGetValue(id, out waiting))
            {
                return;
            }

            if ((waiting.Message is not null) != (answer is PubAckPacket))
            {
                throw new MqttProtocolException(
                    $"{answer.GetType().Name} answers packet {id}, which asked something else.",
                    MqttReasonCode.ProtocolError);
            }

            Remove(id);
        }

        waiting.Answer.TrySetResult(answer);
    }

    /// <summary>The connection is gone: everybody who waits gets <paramref name="reason"/>, later callers too.</summary>
    public void Fail(Exception reason)
    {
        List<Waiting> all;
        lock (_gate)
        {
            _lost = reason;
            all = [.. _waiting.Values];
        }

        foreach (Waiting waiting in all)
        {
            waiting.Answer.TrySetException(reason);

            // Nobody may be waiting any more; the reason is in the connection's Closed task.
            _ = waiting.Answer.Task.Exception;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _publishes.Dispose();

    private static TaskCompletionSource<MqttPacket> NewAnswer() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Remove(ushort id)
    {
        if (_waiting.Remove(id, out Waiting? waiting) && waiting.Message is not null)
        {
            _publishes.Release();
        }
    }
}
