using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// A statement that runs for each entry: prepared once, without the reader and the copies that a command makes for every
/// call. Parameters are numbered from 1. One thread only.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement), raw.SQLITE_OK);
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value), raw.SQLITE_OK);

    public void Bind(int parameter, string value) => Check(raw.sqlite3_bind_text(_statement, parameter, value), raw.SQLITE_OK);

    public void Bind(int parameter, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, parameter, value), raw.SQLITE_OK);

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(_statement, parameter), raw.SQLITE_OK);

    /// <summary>Runs it to its end and gives the number of rows that it changed.</summary>
    /// <exception cref="SqliteException">SQLite refused; inside a transaction nothing of it is on disk.</exception>
    public int Run()
    {
        int result = raw.sqlite3_step(_statement);
        // Before the reset, whose result is that of the step.
        int changed = raw.sqlite3_changes(_database);
        raw.sqlite3_reset(_statement);
        Check(result, raw.SQLITE_DONE);
        return changed;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result, int expected)
    {
        if (result != expected)
        {
            throw new SqliteException(
                $"SQLite error {result}: {raw.sqlite3_errmsg(_database).utf8_to_string()}", result & 0xFF, raw.sqlite3_extended_errcode(_database));
        }
    }
}
