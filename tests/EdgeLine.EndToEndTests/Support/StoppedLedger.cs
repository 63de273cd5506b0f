using EdgeLine.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>The ledger of a line after the service has stopped, read by plain SQL.</summary>
internal sealed class StoppedLedger
{
    private StoppedLedger(IReadOnlyList<JournalEntry> journal, IReadOnlyDictionary<string, string> codes) =>
        (Journal, Codes) = (journal, codes);

    /// <summary>All entries in their order.</summary>
    public IReadOnlyList<JournalEntry> Journal { get; }

    /// <summary>Every code with its state.</summary>
    public IReadOnlyDictionary<string, string> Codes { get; }

    /// <summary>Codes in a state.</summary>
    public HashSet<string> In(string state) => [.. Codes.Where(c => c.Value == state).Select(c => c.Key)];

    /// <summary>Entries of a kind.</summary>
    public IReadOnlyList<JournalEntry> Of(JournalKind kind) => [.. Journal.Where(e => e.Kind == kind)];

    /// <summary>Reasons of all entries of a kind, in their order.</summary>
    public IReadOnlyList<string> ReasonsOf(JournalKind kind) => [.. Of(kind).Select(e => e.Reason)];

    public static StoppedLedger Read(Site site, string line)
    {
        using var db = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(site.Folder, "data", line, "ledger.db"),
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        db.Open();
        List<JournalEntry> journal = Rows(db, "SELECT leaf FROM journal ORDER BY seq", r => JournalLeaf.Decode(r.GetFieldValue<byte[]>(0)));
        List<(string Code, string State)> codes = Rows(db, "SELECT value, state FROM code", r => (r.GetString(0), r.GetString(1)));
        return new StoppedLedger(journal, codes.ToDictionary(c => c.Code, c => c.State));
    }

    private static List<T> Rows<T>(SqliteConnection db, string sql, Func<SqliteDataReader, T> read)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader row = command.ExecuteReader();
        var all = new List<T>();
        while (row.Read())
        {
            all.Add(read(row));
        }

        return all;
    }
}
