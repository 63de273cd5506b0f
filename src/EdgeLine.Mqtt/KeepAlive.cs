namespace EdgeLine.Mqtt;

/// <summary>
/// Decides when to ask "are you there?" and when to stop believing in a link: pings when nothing was sent or nothing
/// was received for the period, so that steady QoS 0 sending cannot hide a dead link. Safe to call from any thread.
/// </summary>
internal sealed class KeepAlive(TimeProvider clock, TimeSpan period)
{
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _sentAt = clock.GetTimestamp();
    private long _receivedAt = clock.GetTimestamp();
    private long? _askedAt;

    public enum Step
    {
        Wait,
        Ping,
        Dead,
    }

    /// <summary>How long an answer may take: half the period, at most 10 s.</summary>
    public TimeSpan AnswerWithin { get; } = period / 2 < _longestAnswer ? period / 2 : _longestAnswer;

    // The standard counts the silence until the packet is on the wire, so it is asked a little early.
    private TimeSpan AskAfter { get; } = period * 0.9;

    public void Sent()
    {
        lock (_gate)
        {
            _sentAt = clock.GetTimestamp();
        }
    }

    public void Received()
    {
        lock (_gate)
        {
            _receivedAt = clock.GetTimestamp();
        }
    }

    public void Answered()
    {
        lock (_gate)
        {
            _askedAt = null;
        }
    }

    /// <summary>
    /// What to do now, and when to ask again. While our own reader waits for the application the answer may be lying
    /// in the socket unread, so the broker is not blamed.
    /// </summary>
    public (Step Step, TimeSpan Then) Next(bool readerWaits)
    {
        lock (_gate)
        {
            long now = clock.GetTimestamp();
            if (_askedAt is { } asked)
            {
                if (readerWaits)
                {
                    _askedAt = now;
                    return (Step.Wait, AnswerWithin);
                }

                TimeSpan left = AnswerWithin - clock.GetElapsedTime(asked, now);
                return left <= TimeSpan.Zero ? (Step.Dead, TimeSpan.Zero) : (Step.Wait, left);
            }

            TimeSpan quiet = clock.GetElapsedTime(Math.Min(_sentAt, _receivedAt), now);
            if (quiet < AskAfter)
            {
                return (Step.Wait, AskAfter - quiet);
            }

            _askedAt = now;
            return (Step.Ping, AnswerWithin);
        }
    }
}
