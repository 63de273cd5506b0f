using System.Threading.Channels;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// A scanner, driven by its profile: keeps one connection, sees whether the reader is there, and reports every frame
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
    /// <summary>Pulses that may wait for the wire: more are of items that are gone.</summary>
    private const int RejectsMax = 8;

    private static readonly TimeSpan NobodyCalledAfter = DeviceLink.ConnectTimeout + TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Presentation _presentation = new();
    private readonly Channel<bool> _rejects = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(RejectsMax) { FullMode = BoundedChannelFullMode.DropWrite });

    private int _generation;
    private bool _isUp;
    private string? _problem;

    /// <summary>Number of the newest connection, 0 before the first; frames with another number are stale.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Why it is down now, or null. The event tells the first reason only, this the newest.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>
    /// Switches the reject output of the reader once, where its profile has one. Nobody may rely on it: while the reader is away
    /// nothing is rejected by it, and what was to be rejected then is forgotten.
    /// </summary>
    public void Reject() => _rejects.Writer.TryWrite(true);

    /// <summary>Keeps the scanner connected until <paramref name="stop"/>. Call once.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Backoff pause = new(profile.Timings.Reconnect, time);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                DeviceLink link = await ConnectAsync(stop);
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

    // A reader that calls us may take its time; that nobody has called yet is news all the same.
    private async Task<DeviceLink> ConnectAsync(CancellationToken stop)
    {
        Task<DeviceLink> connecting = connect(stop);
        using CancellationTokenSource waited = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task late = Task.Delay(NobodyCalledAfter, time, waited.Token);
        if (await Task.WhenAny(connecting, late) == late && !stop.IsCancellationRequested)
        {
            Down("Nobody has called yet. Check that the reader's host address and port are those of this PC.");
        }

        await waited.CancelAsync();
        return await connecting;
    }

    private async Task SessionAsync(DeviceLink link, CancellationToken stop)
    {
        Interlocked.Increment(ref _generation);
        ScanEngine engine = new(profile, _generation, Heard);
        using Conversation talk = new(profile, link, engine, _gate, Up, time.GetTimestamp());
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> loops = [];
        while (_rejects.Reader.TryRead(out _))
        {
            // Of before this connection: another item stands there now. Not later, or one of now would be forgotten with them.
        }

        try
        {
            if (profile.Timings.Stale == TimeSpan.Zero)
            {
                talk.Settle();
            }
            else
            {
                loops.Add(SettleAsync(talk, end.Token));
            }

            loops.Add(ReadLoopAsync(talk, link, talk.Engine, end.Token));
            if (link is PairedLink pair)
            {
                loops.Add(ReadLoopAsync(talk, pair.Commands, talk.Questions, end.Token));
            }

            if (profile.Liveness is { } liveness)
            {
                loops.Add(WatchLoopAsync(talk, liveness, end.Token));
            }

            if (profile.Outputs is { } outputs)
            {
                loops.Add(RejectLoopAsync(talk, outputs, end.Token));
            }

            if (profile.Trigger is { By: "command" } trigger)
            {
                loops.Add(_presentation.KeepReadingAsync(talk, trigger, profile.Timings.DecodeMax, time, end.Token));
            }

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

    private async Task SettleAsync(Conversation talk, CancellationToken end)
    {
        await Task.Delay(profile.Timings.Stale, time, end);
        talk.Settle();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, end); // the first loop that ends is the end of the session
    }

    private async Task ReadLoopAsync(Conversation talk, DeviceLink link, ScanEngine engine, CancellationToken end)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int count = engine.IsInFrame
                ? await ReadWithinAsync(link, engine.IdleLimit, buffer, end)
                : await link.ReadAsync(buffer, end);
            if (count == 0)
            {
                throw new DeviceLinkException($"{link.Address}: the scanner closed the connection.");
            }

            talk.Hear(engine, buffer.AsSpan(0, Math.Max(count, 0)), time.GetTimestamp());
            await talk.AnswerAsync(end);
        }
    }

    // -1: no byte came in time while a frame is open.
    private async Task<int> ReadWithinAsync(DeviceLink link, TimeSpan limit, byte[] buffer, CancellationToken end)
    {
        using CancellationTokenSource late = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(end, late.Token);
        try
        {
            return await link.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return -1;
        }
    }

    // Asks where the reader can be asked, and sees that something comes in time.
    private async Task WatchLoopAsync(Conversation talk, ScanLiveness liveness, CancellationToken end)
    {
        using PeriodicTimer timer = new(liveness.By == "query" ? liveness.Every : liveness.SilentAfter / 4, time);
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

                ask = liveness.By == "query" && !talk.Questions.IsAsked;
                if (ask)
                {
                    talk.Questions.Ask();
                }
            }

            if (ask)
            {
                await talk.WriteAsync(liveness.Ask, end);
            }
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    private async Task RejectLoopAsync(Conversation talk, ScanOutputs outputs, CancellationToken end)
    {
        while (await _rejects.Reader.WaitToReadAsync(end))
        {
            while (_rejects.Reader.TryRead(out _))
            {
                lock (_gate)
                {
                    talk.Questions.Pulse();
                }

                await talk.WriteAsync(outputs.Reject, end);
            }
        }
    }

    private void Heard(ScannerEvent frame)
    {
        if (profile.Trigger.By != "command" || _presentation.IsNews(frame))
        {
            events(frame);
        }
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
}
