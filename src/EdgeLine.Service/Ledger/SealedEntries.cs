using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Reads entries that the ledger has given away from their segments. Files are read from their beginning, so who reads on
/// where it stopped keeps its place. One caller at a time.
/// </summary>
/// <param name="folder">Folder of the line.</param>
internal sealed class SealedEntries(string folder) : IDisposable
{
    private FileStream? _open;
    private Segment? _segment;
    private long _next;

    /// <summary>Number of a leaf, from its bytes.</summary>
    public static long SeqOf(ReadOnlySpan<byte> leaf) => leaf.Length < 12 ? 0 : BinaryPrimitives.ReadInt64BigEndian(leaf[4..]);

    /// <summary>Hash of a file, lower-case hex; null when it is not there.</summary>
    public static string? HashOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Stored leaves after a number, at most so many, none when no segment has the next one.</summary>
    /// <exception cref="LedgerException">The segment that has it is not there or not whole.</exception>
    public IReadOnlyList<byte[]> Leaves(IReadOnlyList<Segment> segments, long after, int max)
    {
        var leaves = new List<byte[]>();
        while (leaves.Count < max && segments.FirstOrDefault(s => s.FirstSeq <= after + 1 && after < s.LastSeq) is { } segment)
        {
            GoTo(segment, after + 1);
            while (leaves.Count < max && after < segment.LastSeq)
            {
                leaves.Add(Next(segment));
                after++;
            }
        }

        return leaves;
    }

    public void Dispose() => _open?.Dispose();

    private void GoTo(Segment segment, long seq)
    {
        if (_segment != segment || _next > seq)
        {
            _open?.Dispose();
            string path = segment.PathIn(folder);
            try
            {
                _open = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            }
            catch (IOException e)
            {
                throw new LedgerException($"{path} is needed for entry {seq}: put it back.", e);
            }

            (_segment, _next) = (segment, segment.FirstSeq);
            if (!SegmentFile.TryReadHead(_open))
            {
                throw new LedgerException($"{path} is no segment of a journal: put the right file back.");
            }
        }

        while (_next < seq)
        {
            Next(segment);
        }
    }

    private byte[] Next(Segment segment)
    {
        if (SegmentFile.Read(_open!) is { } leaf && SeqOf(leaf) == _next)
        {
            _next++;
            return leaf;
        }

        throw new LedgerException($"{segment.PathIn(folder)} does not have entry {_next}: put the right file back.");
    }
}
