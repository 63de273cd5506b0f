using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace EdgeLine.Mqtt.Packets;

/// <summary>
/// Reads the body of one packet, strictly: it never reads past the end, and every value the standard forbids is a
/// <see cref="MqttProtocolException"/>.
/// </summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public byte[] Binary() => Take(UInt16()).ToArray();

    public byte[] Rest() => Take(_rest.Length).ToArray();

    /// <summary>A packet id, which is never 0.</summary>
    public ushort PacketId() =>
        UInt16() is var id and not 0 ? id : throw new MqttProtocolException("Packet id 0.", MqttReasonCode.ProtocolError);

    /// <summary>UTF-8 without surrogates and without U+0000 (section 1.5.4).</summary>
    public string Text()
    {
        ReadOnlySpan<byte> utf8 = Take(UInt16());
        return Utf8.IsValid(utf8) && !utf8.Contains((byte)0)
            ? Encoding.UTF8.GetString(utf8)
            : throw new MqttProtocolException("Text that is not valid UTF-8, or holds U+0000.");
    }

    /// <summary>Topic to publish to: not empty, no wildcards.</summary>
    public string Topic(bool mayBeEmpty = false)
    {
        string topic = Text();
        if (topic.AsSpan().ContainsAny('+', '#') || (topic.Length == 0 && !mayBeEmpty))
        {
            throw new MqttProtocolException(
                "A topic that is empty or holds a wildcard.", MqttReasonCode.TopicNameInvalid);
        }

        return topic;
    }

    /// <summary>One to four bytes, as few as possible (section 1.5.5).</summary>
    public uint VariableInteger()
    {
        uint value = 0;
        for (int shift = 0; shift < 28; shift += 7)
        {
            byte next = Byte();
            value |= (next & 0x7Fu) << shift;
            if (next < 0x80)
            {
                return next != 0 || shift == 0
                    ? value
                    : throw new MqttProtocolException("A variable byte integer longer than needed.");
            }
        }

        throw new MqttProtocolException("A variable byte integer of more than four bytes.");
    }

    /// <summary>The property block of a packet: every property known, allowed here, and at most once.</summary>
    public PropertyList Properties(PropertyPlaces place)
    {
        uint length = VariableInteger();
        if (length > (uint)_rest.Length)
        {
            throw new MqttProtocolException("Properties longer than their packet.");
        }

        if (length == 0)
        {
            return PropertyList.Empty;
        }

        var block = new BodyReader(Take((int)length));
        var list = new List<Property>();
        ulong seen = 0;
        while (!block.AtEnd)
        {
            var id = (PropertyId)block.Byte();
            if (PropertyList.Shape(id) is not { } shape || (shape.Places & place) == 0)
            {
                throw new MqttProtocolException($"Property 0x{(byte)id:X2} is not allowed in {place}.");
            }

            bool mayRepeat = id == PropertyId.UserProperty
                || (id == PropertyId.SubscriptionIdentifier && place == PropertyPlaces.Publish);
            if (!mayRepeat && (seen & (1UL << (byte)id)) != 0)
            {
                throw new MqttProtocolException($"Property {id} twice.", MqttReasonCode.ProtocolError);
            }

            seen |= 1UL << (byte)id;
            list.Add(block.Property(id, shape.Kind));
        }

        return new PropertyList(list);
    }

    /// <summary>Nothing may follow.</summary>
    public readonly void End()
    {
        if (!AtEnd)
        {
            throw new MqttProtocolException($"{_rest.Length} bytes after the end of the packet.");
        }
    }

    private Property Property(PropertyId id, PropertyKind kind)
    {
        switch (kind)
        {
            case PropertyKind.Text:
                return new Property(id, Text: Text());
            case PropertyKind.Binary:
                return new Property(id, Binary: Binary());
            case PropertyKind.Pair:
                return new Property(id, Text: Text(), Value: Text());
        }

        uint number = kind switch
        {
            PropertyKind.Bit => Byte(),
            PropertyKind.UInt16 => UInt16(),
            PropertyKind.UInt32 => UInt32(),
            _ => VariableInteger(),
        };
        bool mayBeZero = id is not (PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize or PropertyId.TopicAlias
            or PropertyId.SubscriptionIdentifier);
        if ((kind == PropertyKind.Bit && number > 1) || (number == 0 && !mayBeZero))
        {
            throw new MqttProtocolException($"Property {id} = {number}.", MqttReasonCode.ProtocolError);
        }

        return new Property(id, number);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new MqttProtocolException($"A field of {length} bytes where {_rest.Length} are left.");
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
