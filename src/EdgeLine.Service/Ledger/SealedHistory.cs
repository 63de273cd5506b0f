using System.Text;
using EdgeLine.Contracts;

namespace EdgeLine.Service.Ledger;

/// <summary>What the segments of a line say of one code. Reads all of them, about a second for a million entries.</summary>
public static class SealedHistory
{
    /// <summary>Its entries, in order; none when the line has no segments.</summary>
    /// <param name="folder">Folder of the line.</param>
    /// <param name="code">The code.</param>
    public static IReadOnlyList<JournalEntry> Of(string folder, CertificateCode code)
    {
        ArgumentNullException.ThrowIfNull(folder);
        byte[] wanted = Encoding.ASCII.GetBytes(code.Value);
        string segments = Path.Combine(folder, Segment.Folder);
        var entries = new List<JournalEntry>();
        string[] files = Directory.Exists(segments) ? Directory.GetFiles(segments, "*" + SegmentFile.Extension) : [];
        foreach (string path in files.Order(StringComparer.Ordinal))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            if (!SegmentFile.TryReadHead(file))
            {
                continue;
            }

            while (SegmentFile.Read(file) is { } leaf)
            {
                if (leaf.AsSpan().IndexOf(wanted) >= 0 && JournalLeaf.Decode(leaf) is { } entry && entry.Code == code.Value)
                {
                    entries.Add(entry);
                }
            }
        }

        return entries;
    }
}
