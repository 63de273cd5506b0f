using System.Diagnostics.CodeAnalysis;
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
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing to free.")]
public sealed class ModbusGate(
    GateProfile profile,
    Func<CancellationToken, Task<DeviceLink>> connect,
    Action<GateEvent> events,
    TimeProvider time)
{
    private const ushort Pass = 1, Reject = 2;

    private const int LastTagWords = 2;

    // A conveyor that does not stop within this time has a fault that a person must look at.
    private static readonly TimeSpan StandstillLimit = TimeSpan.FromSeconds(30);

    private static readonly GateAnswer NotConnected = new GateAnswer.Lost("the gate is not connected");

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly ReportRing _reports = new(profile.Modbus.ItemReports);
    private ModbusConnection? _connection;
    private GateCounters? _last;
    private int _generation;
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
    /// <param name="tag">Number of the item.</param>
    /// <param name="pass">True lets the item through.</param>
    /// <param name="ct">Ends the wait for a free place; a request on its way is waited for.</param>
    public Task<GateAnswer> VerdictAsync(uint tag, bool pass, CancellationToken ct)
    {
        (ushort high, ushort low) = ModbusFrame.Halves(tag);
        return RequestAsync(
            (t, unit) => ModbusFrame.Registers(t, unit, profile.Modbus.VerdictRegister, high, low, pass ? Pass : Reject), ct);
    }

    /// <summary>Shows a colour at the stack light; a gate without one does nothing.</summary>
    /// <param name="lamp">The colour.</param>
    /// <param name="ct">Ends the wait for a free place.</param>
    public Task<GateAnswer> LampAsync(StackLight lamp, CancellationToken ct) =>
        profile.Modbus.LampRegister is not { } register
            ? Task.FromResult<GateAnswer>(GateAnswer.Done.Value)
            : RequestAsync((t, unit) => ModbusFrame.Register(t, unit, register, (ushort)lamp), ct);

    /// <summary>Asks the conveyor to stop, or lets it run. A process stop, never a safety function.</summary>
    public Task<GateAnswer> StopRequestAsync(bool stop, CancellationToken ct) =>
        RequestAsync((t, unit) => ModbusFrame.Coil(t, unit, profile.Modbus.StopRequestCoil, stop), ct);

    /// <summary>
    /// Makes line and gate count alike again: stops the conveyor, waits until it stands, calls
    /// <paramref name="beltStands"/> (the caller drops the scanner frames it has and says which number was the last), and
    /// lets the gate reject what is in flight and count on from that number. The stop request stays on; the next trigger
    /// after its release is the number after it. What became of the items before has been told by then.
    /// </summary>
    public async Task<GateAnswer> ResyncAsync(Func<uint> beltStands, CancellationToken ct)
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

        uint last = beltStands();
        (ushort high, ushort low) = ModbusFrame.Halves(last);
        GateAnswer done = await RequestAsync(
            (t, unit) => ModbusFrame.Registers(t, unit, profile.Modbus.ResyncRegister, high, low), ct);
        done = done is GateAnswer.Done
            ? await RequestAsync((t, unit) => ModbusFrame.Coil(t, unit, profile.Modbus.ResyncCoil, true), ct)
            : done;
        if (done is not GateAnswer.Done)
        {
            return done;
        }

        (GateAnswer read, GateCounters? counters) = await ReadCountersAsync(ct);
        return counters is null ? read
            : counters.LastTag == last ? GateAnswer.Done.Value
            : new GateAnswer.Refused(
                $"the gate counted on to {counters.LastTag} right after a resync at {last}; the belt moves");
    }

    private async Task<(GateAnswer Answer, GateCounters? Counters)> ReadCountersAsync(CancellationToken ct)
    {
        try
        {
            return Volatile.Read(ref _connection) is not { } connection
                ? (NotConnected, null)
                : (GateAnswer.Done.Value, await ReadAsync(connection, null, ct));
        }
        catch (DeviceLinkException e)
        {
            return (new GateAnswer.Lost(e.Message), null);
        }
    }

    /// <summary>
    /// Number of the newest item that the gate has seen, asked from it now; null while it is not connected. Nothing else is
    /// read, so this waits for no other look at the gate.
    /// </summary>
    public async Task<uint?> ReadLastTagAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _connection) is not { } connection)
        {
            return null;
        }

        try
        {
            return ModbusFrame.Number((await ReadAsync(connection, profile, LastTagWords, ct)).Span, 0);
        }
        catch (DeviceLinkException)
        {
            return null;
        }
    }

    private async Task<GateAnswer> StandstillAsync(CancellationToken ct)
    {
        long start = time.GetTimestamp(), since = start;
        uint? lastTag = null;
        while (time.GetElapsedTime(start) < StandstillLimit)
        {
            (GateAnswer answer, GateCounters? counters) = await ReadCountersAsync(ct);
            if (counters is null)
            {
                return answer;
            }

            if (counters.LastTag != lastTag)
            {
                (lastTag, since) = (counters.LastTag, counters.Timestamp);
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
        await ReadAsync(
            connection,
            first =>
            {
                Volatile.Write(ref _connection, connection);
                Tell(new GateEvent.Up(Interlocked.Increment(ref _generation), first));
            },
            end);
        using PeriodicTimer timer = new(profile.Timings.PollEvery, time);
        while (await timer.WaitForNextTickAsync(end))
        {
            await ReadAsync(connection, null, end);
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

    /// <summary>Reads the registers of the status block.</summary>
    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(
        ModbusConnection connection, GateProfile profile, int words, CancellationToken ct)
    {
        byte[] pdu = Require(connection, await connection.AskAsync(
            t => ModbusFrame.ReadInputs(t, connection.Unit, profile.Modbus.StatusRegister, (ushort)words), ct));
        return pdu.Length == 2 + (2 * words) && pdu[1] == 2 * words
            ? pdu.AsMemory(2)
            : throw connection.End($"{connection.Address}: the status block of the gate has the wrong size.");
    }

    private async Task<GateCounters> ReadAsync(ModbusConnection connection, Action<GateCounters>? up, CancellationToken ct)
    {
        // One look at a time: two answers taken in the wrong order would tell the same reports twice.
        await _looking.WaitAsync(ct);
        try
        {
            ReadOnlyMemory<byte> words = await ReadAsync(connection, profile, GateCounters.Words + _reports.Words, ct);
            GateCounters counters = GateCounters.Of(words.Span, time.GetTimestamp());
            bool news = !counters.SaysTheSameAs(Interlocked.Exchange(ref _last, counters)) && up is null;
            up?.Invoke(counters);
            (IReadOnlyList<ItemReport> reports, int lost) = _reports.Read(words.Span[(2 * GateCounters.Words)..]);
            if (lost > 0)
            {
                Tell(new GateEvent.ReportsLost(lost));
            }

            foreach (ItemReport report in reports)
            {
                Tell(new GateEvent.Left(report));
            }

            if (news)
            {
                Tell(new GateEvent.Counted(counters));
            }

            return counters;
        }
        finally
        {
            _looking.Release();
        }
    }

    private static byte[] Require(ModbusConnection connection, ModbusReply reply) =>
        !reply.IsException
            ? reply.Pdu
            : throw connection.End(
                $"{connection.Address}: the gate refuses a basic request: {ModbusFrame.ExceptionText(reply.Pdu[1])}.");

    private async Task<GateAnswer> RequestAsync(Func<ushort, byte, byte[]> frame, CancellationToken ct)
    {
        if (Volatile.Read(ref _connection) is not { } connection)
        {
            return NotConnected;
        }

        try
        {
            ModbusReply reply = await connection.AskAsync(t => frame(t, connection.Unit), ct);
            return reply.IsException
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
