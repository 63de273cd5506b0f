using EdgeLine.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Questions behind the batch report and the history of a code. Each looks at one window of the journal or of the codes,
/// a few milliseconds of the ledger's thread; whoever asks pages on, and decodes elsewhere. None of them writes.
/// </summary>
public static class RunReport
{
    /// <summary>Entries of one look into the journal.</summary>
    public const int Window = 10_000;

    /// <summary>Codes of one look into the codes.</summary>
    public const int CodeWindow = 20_000;

    private const int Print = (int)JournalKind.Print;
    private const int Verified = (int)JournalKind.Verified;

    /// <summary>One stored entry, not decoded yet.</summary>
    public sealed record Stored(long Seq, long CodeId, byte[] Leaf);

    /// <summary>A code with its state, and the run it was printed in, or empty.</summary>
    public readonly record struct CodeRow(long Id, string Code, string State, string RunId);

    /// <summary>A range of codes that a lease brought.</summary>
    public readonly record struct CodeRange(long FirstId, int Codes);

    /// <summary>Number of the last entry.</summary>
    public static long Head(SqliteConnection db) => Rows(db, "SELECT coalesce(max(seq), 0) FROM journal", r => r.GetInt64(0)).Single();

    /// <summary>Beginnings and ends of runs among the entries after one number, up to another.</summary>
    public static IReadOnlyList<Stored> RunMarks(SqliteConnection db, long after, long through) => Rows(
        db,
        $"SELECT seq, 0, leaf FROM journal WHERE seq > $after AND seq <= $through AND (kind = {(int)JournalKind.RunStarted} OR kind = {(int)JournalKind.RunEnded}) ORDER BY seq",
        ReadStored,
        ("$after", after), ("$through", through));

    /// <summary>
    /// Everything that is not plain printing and reading: two entries for each good label would drown the rest. What was
    /// accepted at rework is a read too, and is known by its reason inside the leaf.
    /// </summary>
    public static IReadOnlyList<Stored> Events(SqliteConnection db, long after, long through) => Rows(
        db,
        $"""
        SELECT seq, coalesce(code_id, 0), leaf FROM journal WHERE seq > $after AND seq <= $through AND kind <> {Print}
        AND (kind <> {Verified} OR instr(leaf, CAST('rework' AS BLOB)) > 0) ORDER BY seq
        """,
        ReadStored,
        ("$after", after), ("$through", through));

    /// <summary>Printing and reading of single codes.</summary>
    public static IReadOnlyList<Stored> Labels(SqliteConnection db, long after, long through) => Rows(
        db,
        $"SELECT seq, code_id, leaf FROM journal WHERE seq > $after AND seq <= $through AND (kind = {Print} OR kind = {Verified}) ORDER BY seq",
        ReadStored,
        ("$after", after), ("$through", through));

    /// <summary>What moved which code in a window, without its details: enough to count a run anew.</summary>
    public static IReadOnlyList<(long CodeId, JournalKind Kind)> Moves(SqliteConnection db, long after, long through) => Rows(
        db,
        $"""
        SELECT code_id, kind FROM journal WHERE seq > $after AND seq <= $through AND code_id IS NOT NULL
        AND kind BETWEEN {Print} AND {(int)JournalKind.Sampled} ORDER BY seq
        """,
        r => (r.GetInt64(0), (JournalKind)r.GetInt32(1)),
        ("$after", after), ("$through", through));

    /// <summary>The codes that were leased for an order.</summary>
    public static IReadOnlyList<CodeRange> RangesOf(SqliteConnection db, string orderId) => Rows(
        db,
        "SELECT first_id, codes FROM lease WHERE order_id = $order ORDER BY number",
        r => new CodeRange(r.GetInt64(0), r.GetInt32(1)),
        ("$order", orderId));

    /// <summary>Codes by run and state, of row numbers from one to another.</summary>
    public static IReadOnlyList<(string RunId, string State, long Count)> States(SqliteConnection db, long fromId, long throughId) => Rows(
        db,
        "SELECT run, state, count(*) FROM code WHERE id BETWEEN $from AND $through GROUP BY run, state",
        r => (r.GetString(0), r.GetString(1), r.GetInt64(2)),
        ("$from", fromId), ("$through", throughId));

    /// <summary>Whether an entry after one number, up to another, moved codes of these rows; what a whole lease does may concern all.</summary>
    public static bool HaveMoved(SqliteConnection db, long fromId, long throughId, long after, long through) => after < through && Rows(
        db,
        $"""
        SELECT 1 FROM journal WHERE seq > $after AND seq <= $through
        AND (code_id BETWEEN $from AND $last OR kind = {(int)JournalKind.Returned} OR kind = {(int)JournalKind.Expired}) LIMIT 1
        """,
        r => r.GetInt64(0),
        ("$after", after), ("$through", through), ("$from", fromId), ("$last", throughId)).Count > 0;

    /// <summary>Codes of a run, of row numbers from one to another; all of them, or those that are not verified.</summary>
    public static IReadOnlyList<CodeRow> CodesOf(SqliteConnection db, string runId, long fromId, long throughId, bool verifiedToo) => Rows(
        db,
        "SELECT id, value, state, run FROM code WHERE id BETWEEN $from AND $through AND run = $run AND (state <> 'verified' OR $all) ORDER BY id",
        r => new CodeRow(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3)),
        ("$from", fromId), ("$through", throughId), ("$run", runId), ("$all", verifiedToo));

    /// <summary>How many entries of a range the platform keeps without confirming them.</summary>
    public static long QuarantinedBetween(SqliteConnection db, long after, long through) => Rows(
        db, "SELECT count(*) FROM quarantine WHERE seq > $after AND seq <= $through", r => r.GetInt64(0), ("$after", after), ("$through", through)).Single();

    /// <summary>A code, the entry that leased it and the entry that printed it; 0 where there is none. Null for a stranger.</summary>
    public static (CodeRow Row, string LeaseId, long PrintSeq)? Origin(SqliteConnection db, string code) => Rows(
        db,
        $"""
        SELECT code.id, value, state, run, lease.id, coalesce((SELECT seq FROM journal WHERE kind = {Print} AND code_id = code.id), 0)
        FROM code JOIN lease ON lease.number = code.lease WHERE value = $value
        """,
        r => ((CodeRow, string, long)?)(new CodeRow(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3)), r.GetString(4), r.GetInt64(5)),
        ("$value", code)).SingleOrDefault();

    /// <summary>Entries of one code in a window.</summary>
    public static IReadOnlyList<Stored> OfCode(SqliteConnection db, long codeId, long after, long through) => Rows(
        db,
        "SELECT seq, code_id, leaf FROM journal WHERE seq > $after AND seq <= $through AND code_id = $code ORDER BY seq",
        ReadStored,
        ("$after", after), ("$through", through), ("$code", codeId));

    private static Stored ReadStored(SqliteDataReader r) => new(r.GetInt64(0), r.IsDBNull(1) ? 0 : r.GetInt64(1), r.GetFieldValue<byte[]>(2));

    private static List<T> Rows<T>(SqliteConnection db, string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] values)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
