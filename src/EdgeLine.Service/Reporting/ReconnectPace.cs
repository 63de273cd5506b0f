using EdgeLine.Mqtt;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// How long to wait before the next attempt: 1 s to 60 s, doubling, with full jitter, and back to 1 s only after a
/// connection that held. Where a broker says that a person must act first it is minutes. It never gives up.
/// </summary>
/// <param name="jitter">A number from 0 to below 1, different each time.</param>
internal sealed class ReconnectPace(Func<double> jitter)
{
    private static readonly TimeSpan _shortLife = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(100);

    // A broker that prefers another client with our id says so (0x8E), or, as mosquitto 2.0.11 does, only hangs up.
    private const int ShortLivesOfTakeover = 3;

    private int _attempts;
    private int _shortLives;

    /// <summary>
    /// True when it looks as if another client used our client id. A bad network looks the same, so it is an alarm and
    /// not a reason to stay away for longer than the minute that keeps two such clients apart.
    /// </summary>
    public bool TakeoverSuspected => _shortLives >= ShortLivesOfTakeover;

    /// <summary>
    /// A connection that stood this long was a good one: 30 s, or 5 min where another client may be waiting its minute
    /// to throw us out again, so that the alarm does not come and go.
    /// </summary>
    public TimeSpan GoodAfter => TakeoverSuspected ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(30);

    /// <summary>The connection has stood for <see cref="GoodAfter"/>.</summary>
    public void Held()
    {
        _attempts = 0;
        _shortLives = 0;
    }

    /// <summary>An attempt failed.</summary>
    public TimeSpan AfterFailure(MqttConnectionException? why)
    {
        // A broker that was away in between has restarted; a takeover finds it there every time.
        _shortLives = 0;
        bool personNeeded = why is { TlsFailed: true } or
        {
            ReasonCode: MqttReasonCode.BadUserNameOrPassword or MqttReasonCode.NotAuthorized or MqttReasonCode.Banned
                or MqttReasonCode.ClientIdentifierNotValid or MqttReasonCode.BadAuthenticationMethod,
        };
        return personNeeded ? Between(60, 120) : Next();
    }

    /// <summary>A connection ended.</summary>
    public TimeSpan AfterEnd(MqttClosed end, TimeSpan lasted)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (end.ReasonCode == MqttReasonCode.SessionTakenOver)
        {
            _shortLives = ShortLivesOfTakeover;
            return Between(120, 300);
        }

        if (lasted < _shortLife && end.ReasonCode is null && end.By is MqttClosedBy.Broker or MqttClosedBy.Network)
        {
            _shortLives++;
        }

        return Next();
    }

    private TimeSpan Next()
    {
        TimeSpan ceiling = TimeSpan.FromSeconds(Math.Min(_longest.TotalSeconds, Math.Pow(2, Math.Min(_attempts, 10))));
        _attempts++;
        TimeSpan wait = ceiling * jitter();
        return wait < _shortest ? _shortest : wait;
    }

    private TimeSpan Between(double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * jitter()));
}
