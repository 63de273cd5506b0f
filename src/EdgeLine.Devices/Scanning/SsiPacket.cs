namespace EdgeLine.Devices.Scanning;

/// <summary>
/// A packet of the Simple Serial Interface: length, opcode, source, status, data, check sum. The length counts all but the check sum;
/// the check sum is the 16-bit two's complement of the sum of all bytes before it, high byte first (Zebra DS2208 product reference).
/// </summary>
internal static class SsiPacket
{
    public const byte Decoded = 0xF3;
    public const byte Ack = 0xD0;
    public const byte Nak = 0xD1;
    public const byte FromHost = 4;
    public const byte Retransmit = 1;
    public const byte MoreFollows = 2;

    /// <summary>Bytes in front of the data.</summary>
    public const int HeaderBytes = 4;

    /// <summary>Taken.</summary>
    public static byte[] Taken { get; } = FromHostBytes(Ack);

    /// <summary>Damaged: send it again.</summary>
    public static byte[] SendAgain { get; } = FromHostBytes(Nak, 1);

    /// <summary>Two's complement of the sum.</summary>
    public static ushort CheckSum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return unchecked((ushort)-sum);
    }

    /// <summary>A packet of ours.</summary>
    public static byte[] FromHostBytes(byte opcode, params ReadOnlySpan<byte> data)
    {
        byte[] packet = [(byte)(HeaderBytes + data.Length), opcode, FromHost, 0, .. data, 0, 0];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(^2), CheckSum(packet.AsSpan(..^2)));
        return packet;
    }
}
