using System.Buffers.Binary;

namespace EdgeLine.Contracts;

/// <summary>
/// The body of <c>POST /api/v1/lines/{lineId}/journal</c>: the stored leaves in order, each with a 4-byte big-endian
/// length in front. Nothing is encoded again between the ledger and the platform.
/// </summary>
public static class JournalUpload
{
    /// <summary>Media type of the body.</summary>
    public const string MediaType = "application/vnd.edgeline.journal";

    /// <summary>Most entries of one upload.</summary>
    public const int MaxEntries = 1000;

    /// <summary>Largest body in bytes.</summary>
    public const int MaxBytes = MaxEntries * (JournalLeaf.MaxBytes + sizeof(int));

    /// <summary>Joins stored leaves to a body.</summary>
    public static byte[] Join(IReadOnlyCollection<byte[]> leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        byte[] body = new byte[leaves.Sum(l => l.Length + sizeof(int))];
        int at = 0;
        foreach (byte[] leaf in leaves)
        {
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(at), leaf.Length);
            leaf.CopyTo(body, at + sizeof(int));
            at += sizeof(int) + leaf.Length;
        }

        return body;
    }

    /// <summary>Cuts a body into leaves.</summary>
    /// <exception cref="FormatException">A length is wrong, or there are none or too many leaves.</exception>
    public static IReadOnlyList<byte[]> Split(ReadOnlySpan<byte> body)
    {
        var leaves = new List<byte[]>();
        while (!body.IsEmpty)
        {
            int length = body.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32BigEndian(body);
            if (length is <= 0 or > JournalLeaf.MaxBytes || length > body.Length - sizeof(int))
            {
                throw new FormatException($"Entry {leaves.Count + 1} of the upload has a wrong length.");
            }

            leaves.Add(body.Slice(sizeof(int), length).ToArray());
            body = body[(sizeof(int) + length)..];
        }

        return leaves.Count is > 0 and <= MaxEntries
            ? leaves
            : throw new FormatException($"An upload has 1 to {MaxEntries} entries, this one has {leaves.Count}.");
    }
}
