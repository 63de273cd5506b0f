using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// A scanner, driven by its profile: keeps one connection, asks whether the reader is there, and reports every frame
/// in order. A reader that is silent for too long is down, not idle.
/// </summary>
/// <param name="profile">The model.</param>
/// <param name="connect">Opens a new link; called again after each loss.</param>
/// <param name="events">Called for each event, one at a time and in order. Must not block.</param>
/// <param name="time">Clock of all waits and timestamps.</param>
public sealed class LabelScanner(
    ScannerProfile profile,
    Func<CancellationToken, Task<DeviceLink>> connect,
    Action<ScannerEvent> events,
    TimeProvider time)
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private int _generation;
    private bool _isUp;
    private string? _problem;

    /// <summary>Number of the newest connection, 0 before the first; frames with another number are stale.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Why it is down now, or null. The event tells the first reason only, this the newest.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Keeps the scanner connected until <paramref name="stop"/>. Call once.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Backoff pause = new(profile.Timings.Reconnect, time);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                DeviceLink link = await connect(stop);
                pause.Reset();
                await SessionAsync(link, stop);
            }
            catch (Exception e) when (e is DeviceLinkException or PlatformNotSupportedException)
            {
                Down(e.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                Down("stopped");
            }

            await pause.WaitAsync(stop);
        }
    }

    private async Task SessionAsync(DeviceLink link, CancellationToken stop)
    {
        Interlocked.Increment(ref _generation);
        Conversation talk = new(link, new ScanEngine(profile, _generation, Heard), time.GetTimestamp());
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] loops = [];
        try
        {
            if (profile.Liveness is null)
            {
                Up();
            }

            loops = profile.Liveness is { } liveness
                ? [ReadLoopAsync(talk, end.Token), AskLoopAsync(talk, liveness, end.Token)]
                : [ReadLoopAsync(talk, end.Token)];
            await await Task.WhenAny(loops);
        }
        finally
        {
            await end.CancelAsync();
            await link.DisposeAsync();
            foreach (Task loop in loops)
            {
                await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the first failure is the news
            }
        }
    }

    private async Task ReadLoopAsync(Conversation talk, CancellationToken end)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int count = talk.Engine.IsInFrame
                ? await ReadWithinAsync(talk, buffer, end)
                : await talk.Link.ReadAsync(buffer, end);
            if (count == 0)
            {
                throw new DeviceLinkException($"{talk.Link.Address}: the scanner closed the connection.");
            }

            lock (_gate)
            {
                long now = time.GetTimestamp();
                if (count < 0)
                {
                    talk.Engine.Idle(now);
                    continue;
                }

                bool asked = talk.Engine.IsAsked;
                talk.Engine.Feed(buffer.AsSpan(0, count), now);
                talk.HeardAt = now;
                if (asked && !talk.Engine.IsAsked)
                {
                    Up();
                }
            }
        }
    }

    // -1: no byte came in time while a frame is open.
    private async Task<int> ReadWithinAsync(Conversation talk, byte[] buffer, CancellationToken end)
    {
        using CancellationTokenSource late = new(talk.Engine.IdleLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(end, late.Token);
        try
        {
            return await talk.Link.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return -1;
        }
    }

    private async Task AskLoopAsync(Conversation talk, ScanLiveness liveness, CancellationToken end)
    {
        byte[] question = System.Text.Encoding.Latin1.GetBytes(liveness.Ask);
        using PeriodicTimer timer = new(liveness.Every, time);
        do
        {
            bool ask;
            lock (_gate)
            {
                if (time.GetElapsedTime(talk.HeardAt) > liveness.SilentAfter)
                {
                    throw new DeviceLinkException(
                        $"{talk.Link.Address}: the scanner is silent for "
                        + $"{liveness.SilentAfter.TotalMilliseconds:0} ms. Check its power and mode.");
                }

                ask = !talk.Engine.IsAsked;
                if (ask)
                {
                    talk.Engine.Ask();
                }
            }

            LinkWrite write = ask ? await talk.Link.WriteAsync(question, AskLimit, end) : default;
            if (ask && !write.IsComplete)
            {
                throw new DeviceLinkException(write.Stopped!);
            }
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    private void Heard(ScannerEvent frame)
    {
        Up();
        events(frame);
    }

    private void Up()
    {
        lock (_gate)
        {
            if (!_isUp)
            {
                (_isUp, _problem) = (true, null);
                events(new ScannerEvent.Up(_generation));
            }
        }
    }

    private void Down(string reason)
    {
        lock (_gate)
        {
            bool news = _isUp || _problem is null;
            (_isUp, _problem) = (false, reason);
            if (news)
            {
                events(new ScannerEvent.Down(reason));
            }
        }
    }

    private sealed class Conversation(DeviceLink link, ScanEngine engine, long connectedAt)
    {
        public DeviceLink Link { get; } = link;

        public ScanEngine Engine { get; } = engine;

        public long HeardAt { get; set; } = connectedAt;
    }
}
