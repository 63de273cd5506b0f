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
        // A lease writes tens of megabytes when the ledger knows many codes; without a limit the log keeps its largest size for
        // ever. Twice what it needs between two checkpoints, so that nothing is cut off while labels are made.
        ("journal_size_limit", "8388608", "8388608"),
        ("foreign_keys", "ON", "1"),
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        ("temp_store", "MEMORY", "2"),
        ("mmap_size", "0", "0"),
    ];

    /// <summary>Opens or creates the ledger of a line.</summary>
    /// <exception cref="LedgerException">In use by another process, damaged, or of another version.</exception>
    public static SqliteConnection Open(string folder) => Open(folder, LedgerDisk.OfThisPc);

    /// <summary>The same on a given disk.</summary>
    internal static SqliteConnection Open(string folder, LedgerDisk disk)
    {
        disk.MakeFolder(folder);
        string path = Path.Combine(folder, Name);
        // A file in use is refused after a second; the owner will not let go of it.
        var how = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 };
        if (disk.Vfs is not null)
        {
            how.Vfs = disk.Vfs;
        }

        var connection = new SqliteConnection(how.ToString());
        try
        {
            connection.Open();
            // Whatever is refused below stays as it is, its write-ahead log included: it is evidence.
            KeepLogOnClose(connection, true);
            foreach ((string name, string set, string expect) in Pragmas)
            {
                Scalar(connection, $"PRAGMA {name}={set}");
                string got = Scalar(connection, $"PRAGMA {name}") ?? "";
                // Only a build of SQLite without memory mapping has no answer, and then to that question.
                if (got != expect && !(got.Length == 0 && name == "mmap_size"))
                {
                    throw new LedgerException($"{path}: SQLite has {name}={got}, {expect} is needed. Is the disk a network share?");
                }
            }

            // Before one entry follows: what a process before this one left in the log must be on disk, not only look so.
            disk.WriteAnew(path + "-wal");
            CreateOrCheck(connection, path);
            KeepLogOnClose(connection, false);
            return connection;
        }
        catch (IOException e)
        {
            connection.Dispose();
            throw new LedgerException($"{path}-wal cannot be written ({e.Message}). Keep the files; check the disk, then start again.", e);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw e.SqliteErrorCode is 5 or 6
                ? new LedgerException($"{path} is in use by another process: only one EdgeLine may own a line.", e)
                : IsDamage(e) ? Damaged(path, e.Message, e)
                : new LedgerException($"{path} cannot be opened ({e.Message}). Keep the file; check disk and permissions, then start again.", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes without tidying up: file and write-ahead log stay as they are.</summary>
    public static void CloseUntouched(SqliteConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        KeepLogOnClose(connection, true);
        connection.Dispose();
    }

    /// <summary>True when the file was closed in order, with its last entry noted; false before the first entry.</summary>
    public static bool WasClosed(SqliteConnection connection) =>
        Scalar(connection, "SELECT 1 FROM meta JOIN journal ON seq = CAST(value AS INTEGER) WHERE key = 'closed' AND seq = (SELECT max(seq) FROM journal)") == "1";

    /// <summary>The exception of a file that contradicts itself.</summary>
    internal static LedgerException Damaged(string path, string what, Exception? inner = null) =>
        new($"{path} is damaged ({what}). Delete nothing: config/RECOVERY.md says how the line goes on.", inner) { IsDamage = true };

    /// <summary>SQLITE_CORRUPT and SQLITE_NOTADB; whatever else failed says nothing about the file.</summary>
    internal static bool IsDamage(SqliteException e) => e.SqliteErrorCode is 11 or 26;

    /// <summary>Whether the write-ahead log stays beside the file when it is closed.</summary>
    internal static void KeepLogOnClose(SqliteConnection connection, bool keep)
    {
        const int noCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
        SQLitePCL.raw.sqlite3_db_config(connection.Handle, noCheckpointOnClose, keep ? 1 : 0, out _);
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
        int version = int.Parse(Scalar(connection, "PRAGMA user_version") ?? "0", CultureInfo.InvariantCulture);
        if (version is > 0 and <= LedgerMigrations.Current)
        {
            // The long check sees indexes that do not fit their tables; it takes about twice as long.
            string check = Scalar(connection, WasClosed(connection) ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)") ?? "";
            if (check != "ok")
            {
                throw Damaged(path, check);
            }

            LedgerMigrations.Run(connection, path, version);
            return;
        }

        if (version != 0 || Scalar(connection, "SELECT count(*) FROM sqlite_schema") != "0")
        {
            throw new LedgerException($"{path} has ledger version {version}; this EdgeLine knows versions 1 to {LedgerMigrations.Current}. Install the newer EdgeLine.");
        }

        using Stream schema = typeof(LedgerFile).Assembly.GetManifestResourceStream("LedgerSchema.sql")!;
        using var text = new StreamReader(schema);
        Scalar(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"BEGIN IMMEDIATE; {text.ReadToEnd()}; PRAGMA user_version={LedgerMigrations.Current}; COMMIT;"));
    }
}
