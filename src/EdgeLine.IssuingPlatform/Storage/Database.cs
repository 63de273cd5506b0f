using EdgeLine.IssuingPlatform.Answers;
using Microsoft.Data.Sqlite;

namespace EdgeLine.IssuingPlatform.Storage;

/// <summary>
/// The platform's SQLite file behind its only connection. Work runs one after the other; a write is durable before its
/// answer leaves, and a refused write leaves no trace.
/// </summary>
/// <remarks>
/// Exclusive locking keeps every other process out, so a second platform over the same folder cannot start. A commit
/// that fails with an I/O error is an unknown, and nothing may be written behind it: the program ends (<see cref="Failed"/>),
/// the caller sees 500 or nobody and asks the next one again, and asking again is safe because leases are identified by the
/// line's reference and journal entries by their number.
/// </remarks>
internal sealed class Database : IDisposable
{
    private readonly Lock _turn = new();
    private readonly SqliteConnection _connection;
    private readonly Session _session;
    private readonly CancellationTokenSource _failed = new();

    private Database(SqliteConnection connection)
    {
        _connection = connection;
        _session = new Session(connection);
    }

    /// <summary>Cancelled when a commit failed: from then on nothing is read or written any more.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Opens the file, creates the tables of a new one, and reads every setting back.</summary>
    /// <param name="file">The file.</param>
    /// <param name="vfs">Name of the SQLite VFS, for a file on a simulated disk; null for the operating system's.</param>
    /// <param name="writeAnew">How a file on that disk is written over itself and synced; null for the operating system's.</param>
    /// <exception cref="DataFolderException">The file is in use, not ours, or SQLite did not take a setting.</exception>
    public static Database Open(string file, string? vfs = null, Action<string>? writeAnew = null)
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
            database.Prepare(file, writeAnew ?? WriteAnew);
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
            ThrowIfFailed();
            return work(_session);
        }
    }

    /// <summary>Writes in one transaction: committed when done, rolled back when refused or when the work throws.</summary>
    public Outcome<T> Write<T>(Func<Session, Outcome<T>> work)
    {
        lock (_turn)
        {
            ThrowIfFailed();
            _session.Execute("BEGIN IMMEDIATE");
            try
            {
                Outcome<T> outcome = work(_session);
                if (outcome is Outcome<T>.Done)
                {
                    Commit();
                }
                else
                {
                    _session.Execute("ROLLBACK");
                }

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

        _failed.Dispose();
    }

    private void Commit()
    {
        try
        {
            _session.Execute("COMMIT");
        }
        catch
        {
            _ = _failed.CancelAsync(); // whoever hears of it must not do so under the lock
            throw;
        }
    }

    private void ThrowIfFailed()
    {
        if (_failed.IsCancellationRequested)
        {
            throw new IOException("A commit failed; the platform ends and has to be started again.");
        }
    }

    // After a sync that failed, the system may show bytes that no later sync writes. What a process before this one left in the
    // log is made true before anything follows it.
    private static void WriteAnew(string path)
    {
        if (File.Exists(path))
        {
            using var log = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] all = new byte[log.Length];
            log.ReadExactly(all);
            log.Position = 0;
            log.Write(all);
            log.Flush(flushToDisk: true);
        }
    }

    private void Prepare(string file, Action<string> writeAnew)
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
        writeAnew(file + "-wal");
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
