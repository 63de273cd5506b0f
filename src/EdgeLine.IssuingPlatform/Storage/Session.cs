using Microsoft.Data.Sqlite;

namespace EdgeLine.IssuingPlatform.Storage;

/// <summary>
/// SQL over the one connection. Every text is prepared once and kept; parameters are <c>$1</c>, <c>$2</c> and so on in
/// the order given. Only used inside <see cref="Database.Read{T}"/> and <see cref="Database.Write{T}"/>.
/// </summary>
internal sealed class Session(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Runs a statement that is not worth keeping.</summary>
    public void ExecuteOnce(string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>All rows.</summary>
    public List<T> All<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>The first row, or null.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
        where T : class
    {
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? row(reader) : null;
    }

    /// <summary>The first column of the first row as a number; 0 when there is none.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> values) =>
        Bind(sql, values).ExecuteScalar() is long number ? number : 0;

    /// <summary>The first column of the first row as text; empty when there is none.</summary>
    public string Text(string sql, params ReadOnlySpan<object?> values) =>
        Bind(sql, values).ExecuteScalar()?.ToString() ?? "";

    /// <summary>Writes down who did what; part of the transaction that does it.</summary>
    public void Audit(long at, string who, string what, string subject, string detail = "") =>
        Execute("INSERT INTO audit(at, who, what, subject, detail) VALUES ($1, $2, $3, $4, $5)", at, who, what, subject, detail);

    /// <summary>Ends a transaction that the work left open; SQLite may have rolled it back by itself already.</summary>
    public void RollbackIfOpen()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            ExecuteOnce("ROLLBACK");
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (SqliteCommand command in _prepared.Values)
        {
            command.Dispose();
        }

        _prepared.Clear();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            command.Prepare();
            _prepared.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
