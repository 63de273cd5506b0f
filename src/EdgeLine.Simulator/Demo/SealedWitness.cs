using System.Buffers.Binary;

namespace EdgeLine.Simulator.Demo;

/// <summary>The part of a journal that has left its ledger, read from the sealed files byte by byte: no class of the service takes part.</summary>
internal static class SealedWitness
{
    // A file begins with 8 bytes, an entry with its length; in an entry stand number and kind at fixed places.
    private const int Head = 8, SeqAt = 4, KindAt = 4 + 8 + 16 + 8 + 32;
    private const int Print = 4;

    /// <summary>Entries and print entries up to a number; only what follows the one before without a gap counts.</summary>
    public static (long Entries, long Prints) Count(string folder, long through)
    {
        (long entries, long prints) = (0, 0);
        byte[] entry = new byte[ushort.MaxValue];
        foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eljs").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            file.Position = Head;
            while (entries < through && file.ReadAtLeast(entry.AsSpan(0, 2), 2, throwOnEndOfStream: false) == 2)
            {
                Span<byte> leaf = entry.AsSpan(0, BinaryPrimitives.ReadUInt16BigEndian(entry));
                file.ReadExactly(leaf);
                if (BinaryPrimitives.ReadInt64BigEndian(leaf[SeqAt..]) == entries + 1)
                {
                    entries++;
                    prints += BinaryPrimitives.ReadUInt16BigEndian(leaf[KindAt..]) == Print ? 1 : 0;
                }
            }
        }

        return (entries, prints);
    }
}
