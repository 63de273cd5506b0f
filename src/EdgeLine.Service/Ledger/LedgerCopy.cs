using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// A copy of an open ledger by <c>VACUUM INTO</c>, from the one connection that it has. For evidence and enquiry: a ledger
/// that is put back is a second past and locks its line.
/// </summary>
internal static class LedgerCopy
{
    /// <summary>Makes the copy; when this returns it is whole and on the disk.</summary>
    /// <param name="db">The ledger, outside a transaction.</param>
    /// <param name="path">The new file.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="IOException">There is such a file already, or the disk does not do.</exception>
    /// <exception cref="SqliteException">The copy cannot be written.</exception>
    public static void Take(SqliteConnection db, string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path))
        {
            throw new IOException($"{path} is there already.");
        }

        string unfinished = path + ".unfinished";
        File.Delete(unfinished);
        using (SqliteCommand command = db.CreateCommand())
        {
            command.CommandText = "VACUUM INTO $path";
            command.Parameters.AddWithValue("$path", unfinished);
            command.ExecuteNonQuery();
        }

        using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite);
    }
}
