namespace EdgeLine.Devices.Gates;

/// <summary>The witness counters of a gate, read in one request, so they belong together.</summary>
/// <param name="LastTag">Tag of the newest item at the scanner.</param>
/// <param name="Passed">Items let through since the gate was switched on.</param>
/// <param name="Rejected">Items rejected since the gate was switched on.</param>
/// <param name="Stopped">The conveyor stands.</param>
/// <param name="BinFull">The bin for rejected items is full.</param>
/// <param name="Timestamp">When the answer arrived, <see cref="TimeProvider.GetTimestamp"/>.</param>
public sealed record GateCounters(uint LastTag, uint Passed, uint Rejected, bool Stopped, bool BinFull, long Timestamp)
{
    /// <summary>Registers of the counters; the reports follow.</summary>
    internal const int Words = 7;

    /// <summary>True when the gate says the same, whenever it was.</summary>
    public bool SaysTheSameAs(GateCounters? other) =>
        other is not null && this with { Timestamp = other.Timestamp } == other;

    /// <summary>Reads the registers of a status block.</summary>
    internal static GateCounters Of(ReadOnlySpan<byte> words, long timestamp)
    {
        ushort flags = ModbusFrame.Word(words, 6);
        return new GateCounters(
            ModbusFrame.Number(words, 0), ModbusFrame.Number(words, 2), ModbusFrame.Number(words, 4),
            (flags & 1) != 0, (flags & 2) != 0, timestamp);
    }
}
