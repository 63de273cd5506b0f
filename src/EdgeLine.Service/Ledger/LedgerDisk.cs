namespace EdgeLine.Service.Ledger;

/// <summary>
/// Where the files of a ledger lie: on this PC, or on a simulated disk that fails and loses its power on purpose.
/// </summary>
internal sealed record LedgerDisk
{
    /// <summary>The disk of this PC.</summary>
    public static LedgerDisk OfThisPc { get; } = new()
    {
        MakeFolder = folder => Directory.CreateDirectory(folder),
        Read = path => File.Exists(path) ? File.ReadAllBytes(path) : null,
        Replace = ReplaceFile,
        WriteAnew = WriteFileAnew,
    };

    /// <summary>Name of the SQLite VFS that holds the database; null for the operating system's.</summary>
    public string? Vfs { get; init; }

    /// <summary>Makes a folder with all those above it.</summary>
    public required Action<string> MakeFolder { get; init; }

    /// <summary>All bytes of a small file, or null when it is not there.</summary>
    public required Func<string, byte[]?> Read { get; init; }

    /// <summary>Writes a small file anew; the old one stays until the new one is whole and on disk.</summary>
    public required Action<string, byte[]> Replace { get; init; }

    /// <summary>
    /// Writes the bytes of a file over themselves and syncs them; nothing when it is not there. After a sync that failed, a
    /// system may hold bytes in memory that it believes to be on disk: every program sees them, and no later sync writes them.
    /// </summary>
    public required Action<string> WriteAnew { get; init; }

    private static void ReplaceFile(string path, byte[] bytes)
    {
        string next = path + ".new";
        using (FileStream file = File.Create(next))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    private static void WriteFileAnew(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] piece = new byte[64 * 1024];
        for (long at = 0; RandomAccess.Read(file.SafeFileHandle, piece, at) is int count and > 0; at += count)
        {
            RandomAccess.Write(file.SafeFileHandle, piece.AsSpan(0, count), at);
        }

        file.Flush(flushToDisk: true);
    }
}
