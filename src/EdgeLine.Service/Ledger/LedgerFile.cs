using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Opens a ledger file with the only settings under which an acknowledged row survives a power cut, and reads every
/// setting back: a ledger that is not exclusive, or not fully synchronous, is refused.
/// </summary>
public static class LedgerFile
{
    /// <summary>Name of the file inside a line's folder.</summary>
    public const string Name = "ledger.db";

    // EXCLUSIVE before WAL: one connection only. It closes the WAL-reset race of SQLite up to 3.51.2 by construction,
    // needs no shared memory file, and keeps a second process out.
    private static readonly (string Name, string Set, string Expect)[] Pragmas =
    [
        ("locking_mode", "EXCLUSIVE", "exclusive"),
        ("journal_mode", "WAL", "wal"),
        ("synchronous", "FULL", "2"),
        ("wal_autocheckpoint", "1000", "1000"),
        ("foreign_keys", "ON", "1"),
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        ("temp_store", "MEMORY", "2"),
        ("mmap_size", "0", "0"),
    ];

    /// <summary>Opens or creates the ledger of a line.</summary>
    /// <exception cref="LedgerException">In use by another process, damaged, or of another version.</exception>
    public static SqliteConnection Open(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Name);
        // A file in use is refused after a second; the owner will not let go of it.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            foreach ((string name, string set, string expect) in Pragmas)
            {
                Scalar(connection, $"PRAGMA {name}={set}");
                string got = Scalar(connection, $"PRAGMA {name}") ?? "";
                if (got.Length > 0 && got != expect)
                {
                    throw new LedgerException($"{path}: SQLite has {name}={got}, {expect} is needed. Is the disk a network share?");
                }
            }

            CreateOrCheck(connection, path);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw e.SqliteErrorCode is 5 or 6
                ? new LedgerException($"{path} is in use by another process: only one EdgeLine may own a line.", e)
                : new LedgerException($"{path} cannot be opened ({e.Message}). Keep the file; the way back is a new enrolment of this line.", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>First column of the first row as text, or null.</summary>
    public static string? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
    }

    private static void CreateOrCheck(SqliteConnection connection, string path)
    {
        string version = Scalar(connection, "PRAGMA user_version") ?? "0";
        if (version == "1")
        {
            string check = Scalar(connection, "PRAGMA quick_check(1)") ?? "";
            if (check != "ok")
            {
                throw new LedgerException($"{path} is damaged ({check}). Keep the file; the way back is a new enrolment of this line.");
            }

            // Added later; the same as in the schema.
            Scalar(connection, "CREATE INDEX IF NOT EXISTS journal_rejected ON journal (code_id) WHERE kind = 6");
            return;
        }

        if (version != "0" || Scalar(connection, "SELECT count(*) FROM sqlite_schema") != "0")
        {
            throw new LedgerException($"{path} has ledger version {version}; this EdgeLine knows version 1. Install the newer EdgeLine.");
        }

        using Stream schema = typeof(LedgerFile).Assembly.GetManifestResourceStream("LedgerSchema.sql")!;
        using var text = new StreamReader(schema);
        Scalar(connection, $"BEGIN IMMEDIATE; {text.ReadToEnd()}; PRAGMA user_version=1; COMMIT;");
    }
}
