using EdgeLine.Contracts;
using EdgeLine.Service.Reporting;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>What the journal remembers of commands that came over MQTT.</summary>
public static class RemoteHistory
{
    // Each command has at most two entries. A command lives ten minutes at the longest; so many entries are hours.
    private const int EntriesMax = 2 * RemoteCommands.Remembered;
    private const int LookBack = 100_000;

    /// <summary>The newest results, oldest first; a later entry of an id stands behind its earlier one.</summary>
    public static IReadOnlyList<RemoteResult> Read(SqliteConnection db)
    {
        ArgumentNullException.ThrowIfNull(db);
        using SqliteCommand ask = db.CreateCommand();
        ask.CommandText = $"""
            SELECT leaf FROM journal WHERE seq > (SELECT max(seq) FROM journal) - {LookBack} AND kind = {(int)JournalKind.RemoteCommand}
            ORDER BY seq DESC LIMIT {EntriesMax}
            """;
        using SqliteDataReader rows = ask.ExecuteReader();
        var results = new List<RemoteResult>();
        while (rows.Read())
        {
            JournalEntry entry = JournalLeaf.Decode(rows.GetFieldValue<byte[]>(0));
            if (RemoteResult.Read(entry.Reason, entry.Detail) is { } result)
            {
                results.Add(result);
            }
        }

        results.Reverse();
        return results;
    }
}
