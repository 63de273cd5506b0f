using System.Globalization;

namespace EdgeLine.Service.Ledger;

/// <summary>Reads a segment from beginning to end, by the layout of its bytes alone.</summary>
internal static class SegmentCheck
{
    /// <summary>The hash of its last entry, and what is wrong with it or empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ledgerId">Identity that its entries carry.</param>
    /// <param name="epoch">Epoch that its entries carry.</param>
    /// <param name="first">Its first entry.</param>
    /// <param name="last">Its last entry.</param>
    /// <param name="before">Hash of the entry before its first, lower-case hex.</param>
    /// <param name="take">Told of each entry.</param>
    public static (string Head, string Wrong) Read(
        string path, Guid ledgerId, long epoch, long first, long last, string before, Action<byte[], LeafBytes>? take = null)
    {
        string wrong = "";
        var chain = new ChainCheck((place, what) => wrong = wrong.Length > 0 ? wrong : $"{place}: {what}", ledgerId, epoch);
        chain.BeginAt(first, before);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        if (!SegmentFile.TryReadHead(file))
        {
            return ("", "does not begin as a segment");
        }

        while (wrong.Length == 0 && SegmentFile.Read(file) is { } leaf)
        {
            if (!LeafBytes.TryRead(leaf, out LeafBytes? entry, out string problem))
            {
                return ("", $"after entry {chain.Next - 1}: {problem}");
            }

            chain.Take(entry.Seq, entry.Kind, leaf);
            take?.Invoke(leaf, entry);
        }

        return wrong.Length > 0 ? ("", wrong)
            : chain.Next == last + 1 && file.Position == file.Length ? (chain.HeadHash, "")
            : ("", string.Create(CultureInfo.InvariantCulture, $"ends at entry {chain.Next - 1} instead of {last}"));
    }
}
