using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// The last entries at every start: few enough to cost milliseconds, however long the ledger is. The whole is read in the
/// background (<see cref="LedgerPatrol"/>).
/// </summary>
internal static class LedgerTail
{
    /// <summary>Entries that are looked at.</summary>
    public const int Entries = 1000;

    /// <summary>What is wrong with the last entries, or empty.</summary>
    /// <param name="db">The ledger.</param>
    /// <param name="ledgerId">Its identity.</param>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="headSeq">The last entry, as the counts say.</param>
    public static string WhatIsWrong(SqliteConnection db, Guid ledgerId, int epoch, long headSeq)
    {
        string found = "";
        var chain = new ChainCheck((place, what) => found = found.Length > 0 ? found : $"{place}: {what}", ledgerId, epoch);
        // What was sealed may have left; everything after it has to be there.
        using SqliteCommand first = db.CreateCommand();
        first.CommandText = "SELECT coalesce(min(seq), 1) - 1 FROM journal";
        using SqliteCommand sealedThrough = db.CreateCommand();
        sealedThrough.CommandText = "SELECT coalesce(max(last_seq), 0) FROM segment";
        long left = Math.Min((long)first.ExecuteScalar()!, (long)sealedThrough.ExecuteScalar()!);
        long after = Math.Max(left, headSeq - Entries);
        chain.BeginAt(after + 1);
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "SELECT seq, kind, leaf FROM journal WHERE seq > $after ORDER BY seq";
        command.Parameters.AddWithValue("$after", after);
        using SqliteDataReader rows = command.ExecuteReader();
        while (found.Length == 0 && rows.Read())
        {
            chain.Take(rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2));
        }

        return found.Length > 0 || chain.Next == headSeq + 1
            ? found
            : string.Create(CultureInfo.InvariantCulture, $"the journal ends at entry {chain.Next - 1}, its counts at {headSeq}");
    }
}
