namespace EdgeLine.Devices.Gates;

/// <summary>The witness counters of a gate, read in one request, so they belong together.</summary>
/// <param name="Triggers">Items at the scanner since the last resync, modulo 65,536.</param>
/// <param name="Passed">Items let through since the gate was switched on.</param>
/// <param name="Rejected">Items rejected since the gate was switched on.</param>
/// <param name="Stopped">The conveyor stands.</param>
/// <param name="Timestamp">When the answer arrived, <see cref="TimeProvider.GetTimestamp"/>.</param>
public sealed record GateCounters(ushort Triggers, uint Passed, uint Rejected, bool Stopped, long Timestamp)
{
    /// <summary>Registers of the status block.</summary>
    internal const ushort Words = 6;

    /// <summary>True when the gate says the same, whenever it was.</summary>
    public bool SaysTheSameAs(GateCounters? other) =>
        other is not null && this with { Timestamp = other.Timestamp } == other;

    /// <summary>Reads a reply to FC 04; null when it has the wrong size.</summary>
    internal static GateCounters? Of(ReadOnlySpan<byte> pdu, long timestamp)
    {
        if (pdu.Length != 2 + (2 * Words) || pdu[1] != 2 * Words)
        {
            return null;
        }

        ReadOnlySpan<byte> words = pdu[2..];
        return new GateCounters(
            ModbusFrame.Word(words, 0),
            ((uint)ModbusFrame.Word(words, 2) << 16) | ModbusFrame.Word(words, 4),
            ((uint)ModbusFrame.Word(words, 6) << 16) | ModbusFrame.Word(words, 8),
            (ModbusFrame.Word(words, 10) & 1) != 0,
            timestamp);
    }
}
