using System.Globalization;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// The files of the second copy: entries in order, a new file every 32 MiB, named by its first entry, in a folder of the
/// ledger's identity. Blocks as long as the disk does; one thread at a time.
/// </summary>
/// <param name="folder">Folder of the line on the other disk.</param>
/// <param name="ledgerId">Identity of the ledger.</param>
/// <param name="epoch">Its epoch.</param>
internal sealed class MirrorFolder(string folder, Guid ledgerId, int epoch) : IDisposable
{
    private const long FileMax = 32L << 20;

    private readonly string _folder = Path.Combine(folder, ledgerId.ToString("D"));
    private FileStream? _file;
    private (string Path, long Length) _synced = ("", 0);

    /// <summary>Last entry that is surely there; 0 for none.</summary>
    public long Through { get; private set; }

    /// <summary>Hash of that entry, lower-case hex; empty when there is none.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Looks what is there and goes to its end. What is not whole at the end is cut off and written anew.</summary>
    /// <param name="before">The entry before the first one that a new copy would have.</param>
    /// <exception cref="IOException">The disk is not there or does not do.</exception>
    public void Open(long before)
    {
        Dispose();
        Directory.CreateDirectory(_folder);
        (Through, Hash) = (before, "");
        string? last = Directory.GetFiles(_folder, "*" + SegmentFile.Extension).Where(p => FirstOf(p) > 0).MaxBy(FirstOf);
        if (last is null)
        {
            return;
        }

        _file = new FileStream(last, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        if (last == _synced.Path && _synced.Length < _file.Length)
        {
            // After an error nobody knows what of the last write is on the disk, whatever reading it says.
            _file.SetLength(_synced.Length);
        }

        Through = FirstOf(last) - 1;
        long whole = GoToEnd();
        _file.SetLength(whole);
        _file.Position = whole;
        if (whole == 0)
        {
            SegmentFile.WriteHead(_file);
        }

        Sync();
        if (Through < before)
        {
            // The ledger has given these entries away since: the copy goes on behind the gap, in a file of its own.
            Dispose();
            (Through, Hash) = (before, "");
        }
    }

    /// <summary>Adds entries that follow the last one; when this returns they are on the disk.</summary>
    public void Append(IReadOnlyList<byte[]> leaves)
    {
        if (_file is not null && !File.Exists(_file.Name))
        {
            // Linux goes on writing into a file that somebody has taken away.
            throw new FileNotFoundException($"{_file.Name} was taken away.");
        }

        if (_file is null || _file.Length >= FileMax)
        {
            _file?.Dispose();
            string name = (Through + 1).ToString("D12", CultureInfo.InvariantCulture) + SegmentFile.Extension;
            _file = new FileStream(Path.Combine(_folder, name), FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
            SegmentFile.WriteHead(_file);
        }

        foreach (byte[] leaf in leaves)
        {
            SegmentFile.Write(_file, leaf);
        }

        Sync();
        Through += leaves.Count;
        Hash = Convert.ToHexStringLower(Contracts.JournalLeaf.HashOf(leaves[^1]));
    }

    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is written again after the next opening.
        }

        _file = null;
    }

    // 0 for a file that somebody else put there.
    private static long FirstOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long first) ? first : 0;

    // Each entry must follow the one before it; the first that does not ends what is whole.
    private long GoToEnd()
    {
        if (!SegmentFile.TryReadHead(_file!))
        {
            return 0;
        }

        bool sound = true;
        var chain = new ChainCheck((_, _) => sound = false, ledgerId, epoch);
        chain.BeginAt(Through + 1);
        long whole = _file!.Position;
        while (SegmentFile.Read(_file) is { } leaf && LeafBytes.TryRead(leaf, out LeafBytes? entry, out _))
        {
            chain.Take(entry.Seq, entry.Kind, leaf);
            if (!sound)
            {
                break;
            }

            (Through, Hash, whole) = (entry.Seq, chain.HeadHash, _file.Position);
        }

        return whole;
    }

    private void Sync()
    {
        _file!.Flush(flushToDisk: true);
        _synced = (_file.Name, _file.Position);
    }
}
