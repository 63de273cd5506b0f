using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeLine.Mqtt.Packets;

/// <summary>Writes the fields that packets are made of (MQTT 5.0 section 1.5).</summary>
internal static class BodyWriter
{
    private const uint LongestVariableInteger = 268_435_455;

    public static void Byte(this IBufferWriter<byte> body, byte value)
    {
        body.GetSpan(1)[0] = value;
        body.Advance(1);
    }

    public static void UInt16(this IBufferWriter<byte> body, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(body.GetSpan(2), value);
        body.Advance(2);
    }

    public static void UInt32(this IBufferWriter<byte> body, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(body.GetSpan(4), value);
        body.Advance(4);
    }

    public static void VariableInteger(this IBufferWriter<byte> body, uint value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestVariableInteger);
        do
        {
            byte low = (byte)(value & 0x7F);
            value >>= 7;
            body.Byte(value > 0 ? (byte)(low | 0x80) : low);
        }
        while (value > 0);
    }

    public static void Text(this IBufferWriter<byte> body, string text) => body.Binary(Encoding.UTF8.GetBytes(text));

    public static void Binary(this IBufferWriter<byte> body, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(bytes), bytes.Length, $"A text or value in a packet has at most {ushort.MaxValue} bytes.");
        }

        body.UInt16((ushort)bytes.Length);
        body.Write(bytes);
    }

    public static void Properties(this IBufferWriter<byte> body, PropertyList properties)
    {
        if (properties.All.Count == 0)
        {
            body.Byte(0);
            return;
        }

        var block = new ArrayBufferWriter<byte>(64);
        foreach (Property property in properties.All)
        {
            block.Byte((byte)property.Id);
            block.Value(property);
        }

        body.VariableInteger((uint)block.WrittenCount);
        body.Write(block.WrittenSpan);
    }

    private static void Value(this IBufferWriter<byte> block, Property property)
    {
        switch (PropertyList.Shape(property.Id)?.Kind)
        {
            case PropertyKind.Bit:
                block.Byte((byte)property.Number);
                break;
            case PropertyKind.UInt16:
                block.UInt16((ushort)property.Number);
                break;
            case PropertyKind.UInt32:
                block.UInt32(property.Number);
                break;
            case PropertyKind.VariableInteger:
                block.VariableInteger(property.Number);
                break;
            case PropertyKind.Text:
                block.Text(property.Text);
                break;
            case PropertyKind.Binary:
                block.Binary(property.Binary.Span);
                break;
            case PropertyKind.Pair:
                block.Text(property.Text);
                block.Text(property.Value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(property), property.Id, "Not a property of MQTT 5.0.");
        }
    }
}
