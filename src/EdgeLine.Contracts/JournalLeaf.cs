using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeLine.Contracts;

/// <summary>
/// The canonical bytes of a journal entry: fixed order, big-endian integers, length-prefixed UTF-8, a domain tag and a
/// version in front. Two entries are equal exactly when their bytes are, whatever program, culture or version wrote them.
/// </summary>
public static class JournalLeaf
{
    /// <summary>Longest leaf in bytes; a longer one is refused by writer and reader.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Longest text field in UTF-8 bytes.</summary>
    public const int MaxTextBytes = 400;

    // "ELJ" and the version of the layout.
    private static ReadOnlySpan<byte> Tag => [0x45, 0x4C, 0x4A, 0x01];

    /// <summary>SHA-256 of a leaf: what the next entry carries.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> leaf) => SHA256.HashData(leaf);

    /// <summary>Encodes an entry.</summary>
    /// <exception cref="FormatException">A text field is longer than <see cref="MaxTextBytes"/>.</exception>
    public static byte[] Encode(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Span<byte> buffer = stackalloc byte[MaxBytes];
        var writer = new Writer(buffer);
        writer.Bytes(Tag);
        writer.Int64(entry.Seq);
        writer.Guid(entry.LedgerId);
        writer.Int64(entry.Epoch);
        writer.Bytes(entry.Previous.Length == SHA256.HashSizeInBytes
            ? entry.Previous
            : throw new FormatException($"The hash of the entry before has {SHA256.HashSizeInBytes} bytes."));
        writer.UInt16((ushort)entry.Kind);
        writer.Int64(entry.AtUnixMs);
        writer.Text(entry.Code);
        writer.Text(entry.LeaseId);
        writer.Text(entry.RunId);
        writer.Int64(entry.Item);
        writer.Int64(entry.Count);
        writer.Text(entry.Reason);
        writer.Text(entry.Who);
        writer.Text(entry.Detail);
        return buffer[..writer.Length].ToArray();
    }

    /// <summary>Decodes a leaf that may come from anywhere.</summary>
    /// <exception cref="FormatException">The bytes are not one whole leaf of a known version.</exception>
    public static JournalEntry Decode(ReadOnlySpan<byte> leaf)
    {
        if (leaf.Length > MaxBytes || !leaf.StartsWith(Tag))
        {
            throw new FormatException($"Not a journal leaf of version 1 of at most {MaxBytes} bytes.");
        }

        var reader = new Reader(leaf[Tag.Length..]);
        var entry = new JournalEntry
        {
            Seq = reader.Int64(),
            LedgerId = new Guid(reader.Bytes(16), bigEndian: true),
            Epoch = reader.Int64() is > 0 and <= int.MaxValue and long epoch
                ? (int)epoch
                : throw new FormatException("The epoch is not a number from 1 to 2147483647."),
            Previous = reader.Bytes(SHA256.HashSizeInBytes).ToArray(),
            Kind = (JournalKind)reader.UInt16(),
            AtUnixMs = reader.Int64(),
            Code = reader.Text(),
            LeaseId = reader.Text(),
            RunId = reader.Text(),
            Item = reader.Int64(),
            Count = reader.Int64(),
            Reason = reader.Text(),
            Who = reader.Text(),
            Detail = reader.Text(),
        };
        return reader.AtEnd ? entry : throw new FormatException("Bytes follow the end of the leaf.");
    }

    private ref struct Writer(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;

        public int Length { get; private set; }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            value.CopyTo(_buffer[Length..]);
            Length += value.Length;
        }

        public void Guid(Guid value)
        {
            value.TryWriteBytes(_buffer[Length..], bigEndian: true, out int written);
            Length += written;
        }

        public void Int64(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(_buffer[Length..], value);
            Length += sizeof(long);
        }

        public void UInt16(ushort value)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[Length..], value);
            Length += sizeof(ushort);
        }

        public void Text(string value)
        {
            int bytes = Encoding.UTF8.GetByteCount(value);
            if (bytes > MaxTextBytes)
            {
                throw new FormatException($"A journal text has {bytes} bytes, at most {MaxTextBytes} are allowed.");
            }

            UInt16((ushort)bytes);
            Length += Encoding.UTF8.GetBytes(value, _buffer[Length..]);
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
        private ReadOnlySpan<byte> _rest = rest;

        public readonly bool AtEnd => _rest.IsEmpty;

        public ReadOnlySpan<byte> Bytes(int count)
        {
            if (_rest.Length < count)
            {
                throw new FormatException("The leaf ends early.");
            }

            ReadOnlySpan<byte> taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }

        public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Bytes(sizeof(long)));

        public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(sizeof(ushort)));

        public string Text()
        {
            int length = UInt16();
            if (length > MaxTextBytes)
            {
                throw new FormatException($"A journal text has {length} bytes, at most {MaxTextBytes} are allowed.");
            }

            try
            {
                return Strict.GetString(Bytes(length));
            }
            catch (DecoderFallbackException e)
            {
                throw new FormatException("A journal text is not UTF-8.", e);
            }
        }
    }
}
