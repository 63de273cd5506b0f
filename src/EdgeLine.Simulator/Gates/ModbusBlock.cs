using System.Buffers.Binary;
using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Gates;

/// <summary>
/// The registers of the gate on the wire: Modbus TCP, unit 255 or 0, function codes 1, 3, 4, 5, 6 and 16, exceptions 1
/// (function), 2 (address) and 3 (value). Bytes that are no Modbus TCP at all are dropped with the rest of the segment.
/// </summary>
internal sealed class ModbusBlock(VirtualGate gate)
{
    private const int HeaderBytes = 7;
    private const int LongestPdu = 253;
    private const ushort WatchdogRegister = 100;
    private readonly Dictionary<Outlet, List<byte>> _received = [];
    private readonly Lock _lock = new();
    private const ushort VerdictRegister = 0;
    private const ushort ResyncRegister = 10;
    private const ushort LampRegister = 101;
    private const int CounterWords = 7;
    private uint _lastTag;
    private ushort _lastVerdict;
    private uint _resyncAt;
    private ushort _watchdog;

    /// <summary>The answers to all requests that are complete with these bytes.</summary>
    public byte[] Answer(ReadOnlySpan<byte> bytes, Outlet host)
    {
        List<byte>? received;
        lock (_lock)
        {
            if (!_received.TryGetValue(host, out received))
            {
                _received.Add(host, received = []);
            }
        }

        received.AddRange(bytes);
        var replies = new List<byte>();
        ReadOnlySpan<byte> all = received.ToArray();
        int used = 0;
        while (all.Length - used > HeaderBytes)
        {
            ReadOnlySpan<byte> frame = all[used..];
            int length = BinaryPrimitives.ReadUInt16BigEndian(frame[4..]);
            if (frame[2] != 0 || frame[3] != 0 || length < 2 || length > LongestPdu + 1)
            {
                used = all.Length;
                break;
            }

            if (frame.Length < 6 + length)
            {
                break;
            }

            byte[] pdu = Execute(frame.Slice(HeaderBytes, length - 1));
            replies.AddRange([frame[0], frame[1], 0, 0, (byte)((pdu.Length + 1) >> 8), (byte)(pdu.Length + 1), frame[6]]);
            replies.AddRange(pdu);
            used += 6 + length;
        }

        received.RemoveRange(0, used);
        return [.. replies];
    }

    /// <summary>A host is gone.</summary>
    public void Forget(Outlet host)
    {
        lock (_lock)
        {
            _received.Remove(host);
        }
    }

    private byte[] Execute(ReadOnlySpan<byte> pdu)
    {
        byte function = pdu[0];
        if (function is not (1 or 3 or 4 or 5 or 6 or 16))
        {
            return [(byte)(function | 0x80), 1];
        }

        if (pdu.Length < 5)
        {
            return [(byte)(function | 0x80), 3];
        }

        ushort address = BinaryPrimitives.ReadUInt16BigEndian(pdu[1..]);
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(pdu[3..]);
        return function switch
        {
            1 => ReadCoils(address, value),
            3 => ReadRegisters(3, address, value, Holding),
            4 => ReadRegisters(4, address, value, Input),
            5 => WriteCoil(address, value) ?? pdu[..5].ToArray(),
            6 => WriteRegister(address, value) ?? pdu[..5].ToArray(),
            _ => WriteRegisters(pdu, address, value) ?? pdu[..5].ToArray(),
        };
    }

    private byte[] ReadCoils(ushort address, ushort count)
    {
        if (address + count > 2 || count == 0)
        {
            return [0x81, 2];
        }

        int bits = gate.StopRequested ? 1 : 0;
        return [1, 1, (byte)((bits >> address) & ((1 << count) - 1))];
    }

    private static byte[] ReadRegisters(byte function, ushort address, ushort count, Func<int, ushort?> register)
    {
        if (count is 0 or > 125)
        {
            return [(byte)(function | 0x80), 3];
        }

        byte[] reply = new byte[2 + 2 * count];
        reply[0] = function;
        reply[1] = (byte)(2 * count);
        for (int i = 0; i < count; i++)
        {
            if (register(address + i) is not ushort value)
            {
                return [(byte)(function | 0x80), 2];
            }

            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(2 + 2 * i), value);
        }

        return reply;
    }

    private ushort? Holding(int address) => address switch
    {
        VerdictRegister => (ushort)(_lastTag >> 16),
        VerdictRegister + 1 => (ushort)_lastTag,
        VerdictRegister + 2 => _lastVerdict,
        ResyncRegister => (ushort)(_resyncAt >> 16),
        ResyncRegister + 1 => (ushort)_resyncAt,
        WatchdogRegister => _watchdog,
        LampRegister => gate.Lamp,
        _ => null,
    };

    private ushort? Input(int address) => address switch
    {
        0 => (ushort)(gate.LastTag >> 16),
        1 => (ushort)gate.LastTag,
        2 => (ushort)(gate.Passed >> 16),
        3 => (ushort)gate.Passed,
        4 => (ushort)(gate.Rejected >> 16),
        5 => (ushort)gate.Rejected,
        6 => (ushort)((gate.Stopped ? 1 : 0) | (gate.BinFull ? 2 : 0)),
        CounterWords => (ushort)gate.ReportsMade,
        > CounterWords and <= CounterWords + 3 * VirtualGate.ReportPlaces => Report((address - CounterWords - 1) / 3, (address - CounterWords - 1) % 3),
        _ => null,
    };

    private ushort Report(int place, int word)
    {
        (uint tag, int outcome) = gate.ReportAt(place);
        return word switch { 0 => (ushort)(tag >> 16), 1 => (ushort)tag, _ => (ushort)outcome };
    }

    private byte[]? WriteCoil(ushort address, ushort value)
    {
        if (value is not (0xFF00 or 0))
        {
            return [0x85, 3];
        }

        switch (address)
        {
            case 0:
                gate.SetStop(value != 0);
                return null;
            case 1:
                if (value != 0)
                {
                    gate.Resync(_resyncAt);
                }

                return null;
            default:
                return [0x85, 2];
        }
    }

    private byte[]? WriteRegister(ushort address, ushort value)
    {
        switch (address)
        {
            case WatchdogRegister:
                _watchdog = value;
                gate.FeedWatchdog();
                return null;
            case LampRegister:
                gate.Lamp = value;
                return null;
            default:
                // The verdict needs its registers in one request: a tag without its verdict means nothing.
                return [0x86, 2];
        }
    }

    private byte[]? WriteRegisters(ReadOnlySpan<byte> pdu, ushort address, ushort count)
    {
        if ((address, count) is not ((VerdictRegister, 3) or (ResyncRegister, 2)))
        {
            return [0x90, 2];
        }

        if (pdu.Length != 6 + 2 * count || pdu[5] != 2 * count)
        {
            return [0x90, 3];
        }

        uint number = BinaryPrimitives.ReadUInt32BigEndian(pdu[6..]);
        if (address == ResyncRegister)
        {
            _resyncAt = number;
            return null;
        }

        _lastTag = number;
        _lastVerdict = BinaryPrimitives.ReadUInt16BigEndian(pdu[10..]);
        gate.TakeVerdict(_lastTag, _lastVerdict);
        return null;
    }
}
