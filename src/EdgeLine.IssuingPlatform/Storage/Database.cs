using EdgeLine.IssuingPlatform.Answers;
using Microsoft.Data.Sqlite;

namespace EdgeLine.IssuingPlatform.Storage;

/// <summary>
/// The platform's SQLite file behind its only connection. Work runs one after the other; a write is durable before its
/// answer leaves, and a refused write leaves no trace.
/// </summary>
/// <remarks>
/// Exclusive locking keeps every other process out, so a second platform over the same folder cannot start. A commit
/// that fails with an I/O error is an unknown: the caller sees 500 and asks again, and asking again is safe because
/// leases are identified by the line's reference and journal entries by their number.
/// </remarks>
internal sealed class Database : IDisposable
{
    private readonly Lock _turn = new();
    private readonly SqliteConnection _connection;
    private readonly Session _session;

    private Database(SqliteConnection connection)
    {
        _connection = connection;
        _session = new Session(connection);
    }

    /// <summary>Opens the file, creates the tables of a new one, and reads every setting back.</summary>
    /// <param name="file">The file.</param>
    /// <param name="vfs">Name of the SQLite VFS, for a file on a simulated disk; null for the operating system's.</param>
    /// <exception cref="DataFolderException">The file is in use, not ours, or SQLite did not take a setting.</exception>
    public static Database Open(string file, string? vfs = null)
    {
        var how = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 };
        if (vfs is not null)
        {
            how.Vfs = vfs;
        }

        var connection = new SqliteConnection(how.ToString());
        var database = new Database(connection);
        try
        {
            connection.Open();
            database.Prepare(file);
            return database;
        }
        catch (SqliteException e)
        {
            database.Dispose();
            throw new DataFolderException(e.SqliteErrorCode is 5 or 6
                ? $"{file} is in use by another edgeline-platform. Stop that one, or choose another --data folder."
                : $"{file} cannot be opened: {e.Message}");
        }
        catch (DataFolderException)
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Reads.</summary>
    public T Read<T>(Func<Session, T> work)
    {
        lock (_turn)
        {
            return work(_session);
        }
    }

    /// <summary>Writes in one transaction: committed when done, rolled back when refused or when the work throws.</summary>
    public Outcome<T> Write<T>(Func<Session, Outcome<T>> work)
    {
        lock (_turn)
        {
            _session.Execute("BEGIN IMMEDIATE");
            bool done = false;
            try
            {
                Outcome<T> outcome = work(_session);
                done = outcome is Outcome<T>.Done;
                _session.Execute(done ? "COMMIT" : "ROLLBACK");
                return outcome;
            }
            catch
            {
                _session.RollbackIfOpen();
                throw;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_turn)
        {
            _session.Dispose();
            _connection.Dispose();
        }
    }

    private void Prepare(string file)
    {
        // Exclusive before WAL: then SQLite needs no shared memory, and nobody else gets in.
        Set("locking_mode", "EXCLUSIVE", "exclusive");
        Set("journal_mode", "WAL", "wal");
        // NORMAL may lose the last acknowledged commits at a power cut.
        Set("synchronous", "FULL", "2");
        Set("foreign_keys", "ON", "1");
        Set("trusted_schema", "OFF", "0");
        Set("cell_size_check", "ON", "1");
        Set("temp_store", "MEMORY", "2");
        // 64 MiB of pages: the index over all codes is read at random.
        Set("cache_size", "-65536", "-65536");
        long version = _session.Number("PRAGMA user_version");
        if (version is < 0 or > Schema.Version)
        {
            throw new DataFolderException(
                $"{file} was written by another version (tables {version}, this program knows {Schema.Version}).");
        }

        // One transaction: killed in between, the file is of the version before.
        _session.Execute("BEGIN IMMEDIATE");
        foreach (string step in Schema.StepsAfter(version))
        {
            _session.ExecuteOnce(step);
        }

        _session.ExecuteOnce($"PRAGMA user_version = {Schema.Version}");
        _session.Execute("COMMIT");
    }

    private void Set(string pragma, string value, string expected)
    {
        _session.ExecuteOnce($"PRAGMA {pragma} = {value}");
        string got = _session.Text($"PRAGMA {pragma}");
        if (!string.Equals(got, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new DataFolderException($"SQLite answers {pragma} = {got}, {expected} is needed.");
        }
    }
}
