using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Writes entries inside an open transaction: numbers them, chains the hashes, stores the leaf and moves the code in
/// the same step. A code that is not in the state which the entry says it leaves is a broken invariant.
/// </summary>
internal sealed class LedgerWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Guid _ledgerId;
    private readonly int _epoch;
    private readonly PreparedStatement _insert;
    private readonly PreparedStatement _move;
    private readonly PreparedStatement _print;
    private readonly PreparedStatement _fold;
    private readonly PreparedStatement _begin;
    private readonly PreparedStatement _commit;
    private readonly PreparedStatement _rollback;
    private byte[] _head;

    public LedgerWriter(SqliteConnection connection, Guid ledgerId, int epoch, long headSeq, byte[] head, long headMs)
    {
        (_connection, _ledgerId, _epoch, HeadSeq, _head, HeadMs) = (connection, ledgerId, epoch, headSeq, head, headMs);
        _insert = new(connection, "INSERT INTO journal (seq, kind, code_id, leaf) VALUES (?1, ?2, ?3, ?4)");
        _move = new(connection, "UPDATE code SET state = ?3 WHERE id = ?1 AND state = ?2");
        _print = new(connection, "UPDATE code SET state = 'printing', run = ?2 WHERE id = ?1 AND state = 'available'");
        _fold = new(connection, "UPDATE fold SET value = ?1");
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
    }

    public long HeadSeq { get; private set; }

    public long HeadMs { get; private set; }

    public ReadOnlySpan<byte> HeadHash => _head;

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public void Rollback() => _rollback.Run();

    /// <summary>Stores the counts after the last entry.</summary>
    public void StoreFold(byte[] fold)
    {
        _fold.Bind(1, fold);
        _fold.Run();
    }

    /// <summary>Writes one entry and returns the count that was written with it.</summary>
    public long Append(LineEntry entry, long wallMs)
    {
        // Times in the journal never run backwards; order is by number all the same.
        HeadMs = Math.Max(HeadMs, wallMs);
        long count = entry.Kind is JournalKind.Returned or JournalKind.Expired ? EndLease(entry) : entry.Count;
        if (entry.Kind == JournalKind.Print)
        {
            _print.Bind(1, entry.Code.Id);
            _print.Bind(2, entry.RunId);
            MustMoveOne(_print, entry);
        }
        else if (entry.MovesCode)
        {
            _move.Bind(1, entry.Code.Id);
            _move.Bind(2, CodeStates.NameOf(entry.From));
            _move.Bind(3, CodeStates.NameOf(entry.To));
            MustMoveOne(_move, entry);
        }

        byte[] leaf = JournalLeaf.Encode(new JournalEntry
        {
            Seq = HeadSeq + 1,
            LedgerId = _ledgerId,
            Epoch = _epoch,
            Previous = _head,
            Kind = entry.Kind,
            AtUnixMs = HeadMs,
            Code = entry.Code.Code == default ? "" : entry.Code.Code.Value,
            LeaseId = entry.LeaseId,
            RunId = entry.RunId,
            Item = entry.Item,
            Count = count,
            Reason = entry.Reason,
            Who = entry.Who,
            Detail = entry.Detail,
        });
        _insert.Bind(1, HeadSeq + 1);
        _insert.Bind(2, (long)entry.Kind);
        if (entry.Code.Id == 0)
        {
            _insert.BindNull(3);
        }
        else
        {
            _insert.Bind(3, entry.Code.Id);
        }

        _insert.Bind(4, leaf);
        _insert.Run();
        HeadSeq++;
        _head = JournalLeaf.HashOf(leaf);
        return count;
    }

    public void Dispose()
    {
        foreach (PreparedStatement statement in (PreparedStatement[])[_insert, _move, _print, _fold, _begin, _commit, _rollback])
        {
            statement.Dispose();
        }
    }

    private static void MustMoveOne(PreparedStatement statement, LineEntry entry)
    {
        if (statement.Run() != 1)
        {
            throw new LedgerException($"Code row {entry.Code.Id} is not {entry.From} as entry {entry.Kind} says.");
        }
    }

    private long EndLease(LineEntry entry)
    {
        using SqliteCommand command = Prepare(
            """
            UPDATE code SET state = $to WHERE state = 'available' AND id >= (SELECT first_id FROM lease WHERE id = $lease)
            AND id < (SELECT first_id + codes FROM lease WHERE id = $lease)
            """);
        command.Parameters.AddWithValue("$to", CodeStates.NameOf(entry.Kind == JournalKind.Returned ? CodeState.Returned : CodeState.Expired));
        command.Parameters.AddWithValue("$lease", entry.LeaseId);
        long ended = command.ExecuteNonQuery();
        using SqliteCommand mark = Prepare("UPDATE lease SET ended = 1 WHERE id = $lease");
        mark.Parameters.AddWithValue("$lease", entry.LeaseId);
        mark.ExecuteNonQuery();
        return ended;
    }

    private SqliteCommand Prepare(string sql)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
