using System.Buffers.Binary;

namespace EdgeLine.Devices.Gates;

/// <summary>
/// Frames of Modbus TCP as bytes: transaction, protocol 0, length, unit, function, data, all big-endian.
/// Source: Modbus Application Protocol 1.1b3 and Modbus Messaging on TCP/IP 1.0b.
/// </summary>
internal static class ModbusFrame
{
    public const byte ReadInputRegisters = 4, WriteCoil = 5, WriteRegister = 6, WriteRegisters = 16;
    public const byte ExceptionFlag = 0x80;

    /// <summary>Bytes before the function code: MBAP header with the unit.</summary>
    public const int HeaderBytes = 7;

    /// <summary>Limit of the length field: unit and 253 bytes of PDU.</summary>
    public const int LengthMax = 254;

    /// <summary>FC 05. Only FF00 and 0000 are legal values.</summary>
    public static byte[] Coil(ushort transaction, byte unit, int address, bool on) =>
        Pair(transaction, unit, WriteCoil, address, on ? (ushort)0xFF00 : (ushort)0);

    /// <summary>FC 06.</summary>
    public static byte[] Register(ushort transaction, byte unit, int address, ushort value) =>
        Pair(transaction, unit, WriteRegister, address, value);

    /// <summary>FC 04.</summary>
    public static byte[] ReadInputs(ushort transaction, byte unit, int address, ushort count) =>
        Pair(transaction, unit, ReadInputRegisters, address, count);

    /// <summary>FC 10: several registers in one request, so the gate sees all or none.</summary>
    public static byte[] Registers(ushort transaction, byte unit, int address, params ReadOnlySpan<ushort> values)
    {
        byte[] frame = new byte[13 + (2 * values.Length)];
        Header(frame, transaction, unit, WriteRegisters);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(8), (ushort)address);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(10), (ushort)values.Length);
        frame[12] = (byte)(2 * values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(13 + (2 * i)), values[i]);
        }

        return frame;
    }

    /// <summary>High and low half of a number of 32 bits, as two registers hold it.</summary>
    public static (ushort High, ushort Low) Halves(uint number) => ((ushort)(number >> 16), (ushort)number);

    /// <summary>True when a reply fits its request: the same function, and for writes the same address and value or
    /// count.</summary>
    public static bool IsReplyTo(ReadOnlySpan<byte> request, ReadOnlySpan<byte> pdu)
    {
        ReadOnlySpan<byte> asked = request[HeaderBytes..];
        return pdu[0] == (asked[0] | ExceptionFlag)
            ? pdu.Length == 2
            : asked[0] == ReadInputRegisters
                ? pdu[0] == asked[0] && pdu.Length >= 2
                : pdu.SequenceEqual(asked[..5]);
    }

    public static ushort Word(ReadOnlySpan<byte> bytes, int register) => BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * register)..]);

    public static uint Number(ReadOnlySpan<byte> bytes, int register) => BinaryPrimitives.ReadUInt32BigEndian(bytes[(2 * register)..]);

    /// <summary>Words for an exception code.</summary>
    public static string ExceptionText(byte code) => code switch
    {
        1 => "it does not know this function",
        2 => "it has no such address; compare the profile with the program of the gate",
        3 => "it does not accept this value",
        4 => "it has a fault of its own",
        6 => "it is busy",
        _ => $"exception code {code}",
    };

    private static byte[] Pair(ushort transaction, byte unit, byte function, int address, ushort value)
    {
        byte[] frame = new byte[12];
        Header(frame, transaction, unit, function);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(8), (ushort)address);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(10), value);
        return frame;
    }

    private static void Header(Span<byte> frame, ushort transaction, byte unit, byte function)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame, transaction);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], (ushort)(frame.Length - 6));
        frame[6] = unit;
        frame[7] = function;
    }
}
