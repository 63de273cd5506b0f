using System.Buffers.Binary;
using EdgeLine.Contracts;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Stored entries outside the database: 8 bytes "ELJS" and version 1, then for each entry a big-endian 16-bit length and
/// the leaf as it is in the journal. Nothing else is needed to check it: number, ledger and the hash of the entry before
/// are in each leaf.
/// </summary>
internal static class SegmentFile
{
    /// <summary>Ends the names of such files.</summary>
    public const string Extension = ".eljs";

    private static ReadOnlySpan<byte> Head => [0x45, 0x4C, 0x4A, 0x53, 0, 0, 0, 1];

    /// <summary>Begins a new file.</summary>
    public static void WriteHead(Stream file) => file.Write(Head);

    /// <summary>Adds one entry.</summary>
    public static void Write(Stream file, ReadOnlySpan<byte> leaf)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)leaf.Length));
        file.Write(length);
        file.Write(leaf);
    }

    /// <summary>Reads the head; false when the file is no such file or ends before it.</summary>
    public static bool TryReadHead(Stream file)
    {
        Span<byte> head = stackalloc byte[8];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Head);
    }

    /// <summary>Reads one entry; null at the end, also when the last one is not whole.</summary>
    public static byte[]? Read(Stream file)
    {
        Span<byte> length = stackalloc byte[2];
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length
            || BinaryPrimitives.ReadUInt16BigEndian(length) is not (> 0 and <= JournalLeaf.MaxBytes and ushort bytes))
        {
            return null;
        }

        byte[] leaf = new byte[bytes];
        return file.ReadAtLeast(leaf, bytes, throwOnEndOfStream: false) == bytes ? leaf : null;
    }
}
