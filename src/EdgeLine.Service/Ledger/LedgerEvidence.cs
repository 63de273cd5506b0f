using System.Globalization;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// What is kept of a damaged ledger: a note that locks the line over restarts too, and one copy of the files as they were
/// found. Nothing is ever deleted.
/// </summary>
internal static class LedgerEvidence
{
    /// <summary>The note; as long as it is there, the ledger is not opened.</summary>
    public const string NoteName = "damaged.txt";

    /// <summary>Room that a copy leaves to the other lines of the disk, bytes.</summary>
    private const long RoomLeft = 512L << 20;

    private static readonly string[] Files = [LedgerFile.Name, LedgerFile.Name + "-wal", "high-water.json"];

    /// <summary>What was found, or null.</summary>
    public static string? Noted(string folder)
    {
        string path = Path.Combine(folder, NoteName);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    /// <summary>Of a ledger with such a note the write-ahead log stays as it is, whoever looks into it.</summary>
    public static void KeepLog(string folder, Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        if (Noted(folder) is not null)
        {
            LedgerFile.KeepLogOnClose(connection, true);
        }
    }

    /// <summary>Writes down what was found while the service runs; the next start takes the copy.</summary>
    public static void Note(string folder, string what)
    {
        using var file = new FileStream(Path.Combine(folder, NoteName), FileMode.Create, FileAccess.Write);
        file.Write(System.Text.Encoding.UTF8.GetBytes(what + "\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Copies the closed files to a folder beside them, once for the same state of the file.</summary>
    /// <returns>For the message: where the copy is, or why there is none.</returns>
    public static string SetAside(string folder, DateTimeOffset now)
    {
        var file = new FileInfo(Path.Combine(folder, LedgerFile.Name));
        if (!file.Exists)
        {
            return "";
        }

        if (Directory.GetDirectories(folder, "damaged-*").FirstOrDefault(d => IsCopy(d, file)) is { } before)
        {
            return $" A copy is in {before}.";
        }

        if (new DriveInfo(folder).AvailableFreeSpace < SizeOf(folder) + RoomLeft)
        {
            return " There is no room on the disk for a copy.";
        }

        string aside = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"damaged-{now:yyyyMMdd-HHmmss}"));
        try
        {
            Directory.CreateDirectory(aside);
            foreach (string name in Files.Where(n => File.Exists(Path.Combine(folder, n))))
            {
                // The date goes with it: by that the copy is known again.
                File.Copy(Path.Combine(folder, name), Path.Combine(aside, name), overwrite: true);
            }

            return $" A copy is in {aside}.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $" It could not be copied ({e.Message.TrimEnd('.')}).";
        }
    }

    private static long SizeOf(string folder) =>
        Files.Select(n => new FileInfo(Path.Combine(folder, n))).Where(f => f.Exists).Sum(f => f.Length);

    private static bool IsCopy(string aside, FileInfo file)
    {
        var copy = new FileInfo(Path.Combine(aside, LedgerFile.Name));
        return copy.Exists && copy.Length == file.Length && copy.LastWriteTimeUtc == file.LastWriteTimeUtc;
    }
}
