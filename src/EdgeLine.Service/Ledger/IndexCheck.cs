using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Whether the indexes know the rows of their tables: those that keep a code from being printed twice and from being there
/// twice, those of rejected items and of open codes. An orderly start looks at tables only, and a service runs for months.
/// </summary>
internal static class IndexCheck
{
    private const int SqliteError = 1;

    /// <summary>Looks for entries that were just read; null when each is found.</summary>
    public static LedgerFinding? Entries(SqliteConnection db, long after, IReadOnlyList<AuditedEntry> entries) => entries.Count == 0 ? null
        : Missing(db, "journal_one_print", Entry("journal_one_print", 4), after, entries[^1].Seq)
            ?? Missing(db, "journal_rejected", Entry("journal_rejected", 6), after, entries[^1].Seq);

    /// <summary>The same for codes.</summary>
    public static LedgerFinding? Codes(SqliteConnection db, long after, IReadOnlyList<AuditedCode>? codes) => codes is not { Count: > 0 } ? null
        : Missing(
            db, "sqlite_autoindex_code_1",
            "SELECT id FROM code AS t NOT INDEXED WHERE id > $after AND id <= $through AND NOT EXISTS ("
                + "SELECT 1 FROM code AS i INDEXED BY sqlite_autoindex_code_1 WHERE i.value = t.value AND i.id = t.id)",
            after, codes[^1].Id)
            ?? Missing(
                db, "code_open",
                $"SELECT id FROM code AS t NOT INDEXED WHERE id > $after AND id <= $through AND {IsOpen("t")} AND NOT EXISTS ("
                    + $"SELECT 1 FROM code AS i INDEXED BY code_open WHERE {IsOpen("i")} AND i.state = t.state AND i.id = t.id)",
                after, codes[^1].Id);

    // In the words of the index, else SQLite does not take it.
    private static string IsOpen(string row) => $"({row}.state = 'printing' OR {row}.state = 'in-doubt' OR {row}.state = 'rejected')";

    private static string Entry(string index, int kind) =>
        $"SELECT seq FROM journal AS t NOT INDEXED WHERE seq > $after AND seq <= $through AND kind = {kind} AND NOT EXISTS ("
        + $"SELECT 1 FROM journal AS i INDEXED BY {index} WHERE i.kind = {kind} AND i.code_id = t.code_id AND i.seq = t.seq)";

    private static LedgerFinding? Missing(SqliteConnection db, string index, string sql, long after, long through)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = sql + " LIMIT 1";
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$through", through);
        try
        {
            return command.ExecuteScalar() is long row ? new LedgerFinding($"index {index}", $"it does not know row {row}") : null;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SqliteError)
        {
            // No such index: SQLite's own checks do not miss one that somebody has dropped.
            return new LedgerFinding($"index {index}", e.Message);
        }
    }
}
