namespace EdgeLine.Devices.Links;

/// <summary>
/// The pause before the next attempt to connect: starts at the profile's value, doubles up to sixteen times that or
/// 30 seconds, and starts again after a success. A device that is switched on is found within half a minute.
/// </summary>
internal sealed class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _first;
    private readonly TimeProvider _time;
    private TimeSpan _next;

    public Backoff(TimeSpan first, TimeProvider time)
    {
        _first = first;
        _time = time;
        _next = first;
    }

    /// <summary>After a success the next pause is the first one again.</summary>
    public void Reset() => _next = _first;

    /// <summary>Waits; ends early, without an exception, when stopped.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        TimeSpan pause = _next;
        TimeSpan doubled = _next * 2;
        TimeSpan most = TimeSpan.FromTicks(Math.Max(_first.Ticks, Math.Min(_first.Ticks * 16, Longest.Ticks)));
        _next = doubled < most ? doubled : most;
        try
        {
            await Task.Delay(pause, _time, stop);
        }
        catch (OperationCanceledException)
        {
            // The caller looks at the token.
        }
    }
}
