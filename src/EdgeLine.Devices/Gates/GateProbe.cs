using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Gates;

/// <summary>
/// One look at a gate, for doctor: reads the status block once. Writes nothing, so a running line is not disturbed.
/// </summary>
/// <param name="Problem">Why it cannot be used, or null.</param>
/// <param name="Counters">Its counters, or null.</param>
public sealed record GateProbe(string? Problem, GateCounters? Counters)
{
    /// <summary>Connects, reads and disconnects.</summary>
    public static async Task<GateProbe> RunAsync(
        GateProfile profile, Func<CancellationToken, Task<DeviceLink>> connect, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(connect);
        try
        {
            await using DeviceLink link = await connect(ct);
            ModbusConnection connection = new(link, (byte)profile.Modbus.UnitId, 1, profile.Timings.ReplyTimeout, time);
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            Task reading = connection.ReadLoopAsync(end.Token);
            try
            {
                ReadOnlyMemory<byte> words = await ModbusGate.ReadAsync(connection, profile, GateCounters.Words, ct);
                return new GateProbe(null, GateCounters.Of(words.Span, time.GetTimestamp()));
            }
            finally
            {
                await end.CancelAsync();
                await link.DisposeAsync();
                await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its failure is ours too
            }
        }
        catch (Exception e) when (e is DeviceLinkException or PlatformNotSupportedException)
        {
            return new GateProbe(e.Message, null);
        }
    }
}
