using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Gates;

/// <summary>
/// A tagged reject gate on Modbus TCP, driven by its profile: feeds the watchdog, reads the witness counters, passes
/// on verdicts. Everything that goes wrong here ends in a rejected item, because the gate rejects by default (P8).
/// </summary>
/// <param name="profile">The model.</param>
/// <param name="connect">Opens a new link; called again after each loss.</param>
/// <param name="events">Called for each event, one at a time. Must not block.</param>
/// <param name="time">Clock of all waits and timestamps.</param>
public sealed class ModbusGate(
    GateProfile profile,
    Func<CancellationToken, Task<DeviceLink>> connect,
    Action<GateEvent> events,
    TimeProvider time)
{
    private const ushort Pass = 1, Reject = 2;

    // A conveyor that does not stop within this time has a fault that a person must look at.
    private static readonly TimeSpan StandstillLimit = TimeSpan.FromSeconds(30);

    private static readonly GateAnswer NotConnected = new GateAnswer.Lost("the gate is not connected");

    private readonly Lock _gate = new();
    private ModbusConnection? _connection;
    private GateCounters? _last;
    private int _generation;
    private int _resyncs;
    private bool _isUp;
    private string? _problem;

    /// <summary>The newest counters, or null before the first answer and while the gate is down.</summary>
    public GateCounters? Counters => Volatile.Read(ref _last);

    /// <summary>Why it is down now, or null. The event tells the first reason only, this the newest.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Keeps the gate connected until <paramref name="stop"/>. Call once.</summary>
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

    /// <summary>Tells the verdict on one item; the gate itself ignores it when the item is not there any
    /// more.</summary>
    /// <param name="tag">Number of the trigger since the last resync, from 1; the low 16 bits travel.</param>
    /// <param name="pass">True lets the item through.</param>
    /// <param name="ct">Ends the wait for a free place; a request on its way is waited for.</param>
    public Task<GateAnswer> VerdictAsync(long tag, bool pass, CancellationToken ct)
    {
        // A verdict that waits while the tags begin anew would be taken for the new item of the same number.
        int count = Volatile.Read(ref _resyncs);
        return RequestAsync(
            (t, unit) => count != Volatile.Read(ref _resyncs)
                ? null
                : ModbusFrame.TwoRegisters(
                    t, unit, profile.Modbus.VerdictRegister, (ushort)(tag & 0xFFFF), pass ? Pass : Reject),
            ct);
    }

    /// <summary>Asks the conveyor to stop, or lets it run. A process stop, never a safety function.</summary>
    public Task<GateAnswer> StopRequestAsync(bool stop, CancellationToken ct) =>
        RequestAsync((t, unit) => ModbusFrame.Coil(t, unit, profile.Modbus.StopRequestCoil, stop), ct);

    /// <summary>
    /// Makes line and gate count alike again: stops the conveyor, waits until it stands, calls
    /// <paramref name="beltStands"/> (the caller drops the scanner frames it has), and lets the gate reject what is in
    /// flight and count from zero. The stop request stays on; the next trigger after its release has tag 1.
    /// </summary>
    public async Task<GateAnswer> ResyncAsync(Action beltStands, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(beltStands);
        GateAnswer stopped = await StopRequestAsync(true, ct);
        if (stopped is not GateAnswer.Done)
        {
            return stopped;
        }

        if (await StandstillAsync(ct) is var stands and not GateAnswer.Done)
        {
            return stands;
        }

        beltStands();
        Interlocked.Increment(ref _resyncs);
        GateAnswer done = await RequestAsync(
            (t, unit) => ModbusFrame.Coil(t, unit, profile.Modbus.ResyncCoil, true), ct);
        if (done is not GateAnswer.Done)
        {
            return done;
        }

        (GateAnswer read, GateCounters? counters) = await ReadCountersAsync(ct);
        return counters is null ? read
            : counters.Triggers == 0 ? GateAnswer.Done.Value
            : new GateAnswer.Refused(
                $"the gate counts {counters.Triggers} triggers right after a resync; the belt moves");
    }

    /// <summary>Reads the witness counters now.</summary>
    public async Task<(GateAnswer Answer, GateCounters? Counters)> ReadCountersAsync(CancellationToken ct)
    {
        try
        {
            return Volatile.Read(ref _connection) is not { } connection
                ? (NotConnected, null)
                : (GateAnswer.Done.Value, await ReadAsync(connection, ct));
        }
        catch (DeviceLinkException e)
        {
            return (new GateAnswer.Lost(e.Message), null);
        }
    }

    private async Task<GateAnswer> StandstillAsync(CancellationToken ct)
    {
        long start = time.GetTimestamp(), since = start;
        ushort? triggers = null;
        while (time.GetElapsedTime(start) < StandstillLimit)
        {
            (GateAnswer answer, GateCounters? counters) = await ReadCountersAsync(ct);
            if (counters is null)
            {
                return answer;
            }

            if (counters.Triggers != triggers)
            {
                (triggers, since) = (counters.Triggers, counters.Timestamp);
            }
            else if (time.GetElapsedTime(since, counters.Timestamp) >= profile.Timings.StandstillAfter)
            {
                return GateAnswer.Done.Value;
            }

            await Task.Delay(profile.Timings.PollEvery, time, ct);
        }

        return new GateAnswer.Refused(
            $"the conveyor did not stop within {StandstillLimit.TotalSeconds:0} s of the stop request");
    }

    private async Task SessionAsync(DeviceLink link, CancellationToken stop)
    {
        ModbusConnection connection = new(
            link, (byte)profile.Modbus.UnitId, profile.Modbus.RequestsInFlightMax, profile.Timings.ReplyTimeout, time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] loops = [];
        try
        {
            loops =
            [
                connection.ReadLoopAsync(end.Token), PollLoopAsync(connection, end.Token),
                WatchdogLoopAsync(connection, end.Token),
            ];
            await await Task.WhenAny(loops);
        }
        finally
        {
            Volatile.Write(ref _connection, null);
            Volatile.Write(ref _last, null);
            connection.End($"{link.Address}: the connection to the gate ended.");
            await end.CancelAsync();
            await link.DisposeAsync();
            foreach (Task loop in loops)
            {
                await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the first failure is the news
            }
        }
    }

    private async Task PollLoopAsync(ModbusConnection connection, CancellationToken end)
    {
        // What the gate counted while nobody listened belongs to nobody, so the belt stands until a resync.
        Require(connection, await connection.AskAsync(
            t => ModbusFrame.Coil(t, connection.Unit, profile.Modbus.StopRequestCoil, true), end));
        GateCounters first = await ReadAsync(connection, end);
        Volatile.Write(ref _connection, connection);
        Tell(new GateEvent.Up(Interlocked.Increment(ref _generation), first));
        using PeriodicTimer timer = new(profile.Timings.PollEvery, time);
        while (await timer.WaitForNextTickAsync(end))
        {
            await ReadAsync(connection, end);
        }
    }

    private async Task WatchdogLoopAsync(ModbusConnection connection, CancellationToken end)
    {
        ushort count = 0;
        using PeriodicTimer timer = new(profile.Watchdog.Every, time);
        do
        {
            count++;
            Require(connection, await connection.AskAsync(
                t => ModbusFrame.Register(t, connection.Unit, profile.Modbus.WatchdogRegister, count), end));
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    /// <summary>Reads the status block of a connection.</summary>
    internal static async Task<GateCounters> ReadAsync(
        ModbusConnection connection, GateProfile profile, TimeProvider time, CancellationToken ct)
    {
        byte[] pdu = Require(connection, await connection.AskAsync(
            t => ModbusFrame.ReadInputs(t, connection.Unit, profile.Modbus.StatusRegister, GateCounters.Words), ct));
        return GateCounters.Of(pdu, time.GetTimestamp())
            ?? throw connection.End($"{connection.Address}: the status block of the gate has the wrong size.");
    }

    private async Task<GateCounters> ReadAsync(ModbusConnection connection, CancellationToken ct)
    {
        GateCounters counters = await ReadAsync(connection, profile, time, ct);
        if (!counters.SaysTheSameAs(Interlocked.Exchange(ref _last, counters)))
        {
            Tell(new GateEvent.Counted(counters));
        }

        return counters;
    }

    private static byte[] Require(ModbusConnection connection, ModbusReply? reply) =>
        reply is { IsException: false } fine
            ? fine.Pdu
            : throw connection.End(
                $"{connection.Address}: the gate refuses a basic request: "
                + $"{ModbusFrame.ExceptionText(reply?.Pdu[1] ?? 0)}.");

    private async Task<GateAnswer> RequestAsync(Func<ushort, byte, byte[]?> frame, CancellationToken ct)
    {
        if (Volatile.Read(ref _connection) is not { } connection)
        {
            return NotConnected;
        }

        try
        {
            ModbusReply? asked = await connection.AskAsync(t => frame(t, connection.Unit), ct);
            return asked is not { } reply
                ? new GateAnswer.Refused("the tags began anew before this verdict was sent")
                : reply.IsException
                    ? new GateAnswer.Refused($"the gate refuses: {ModbusFrame.ExceptionText(reply.Pdu[1])}")
                    : GateAnswer.Done.Value;
        }
        catch (DeviceLinkException e)
        {
            return new GateAnswer.Lost(e.Message);
        }
    }

    private void Tell(GateEvent what)
    {
        lock (_gate)
        {
            if (what is GateEvent.Up)
            {
                (_isUp, _problem) = (true, null);
            }

            if (_isUp)
            {
                events(what);
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
                events(new GateEvent.Down(reason));
            }
        }
    }
}
