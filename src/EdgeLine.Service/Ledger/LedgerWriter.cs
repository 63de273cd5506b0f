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
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _move;
    private readonly SqliteCommand _print;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteParameter _seq, _kind, _codeId, _leaf;
    private readonly SqliteParameter _to, _moveId, _from, _printId, _printRun;
    private byte[] _head;

    public LedgerWriter(SqliteConnection connection, Guid ledgerId, int epoch, long headSeq, byte[] head, long headMs)
    {
        (_connection, _ledgerId, _epoch, HeadSeq, _head, HeadMs) = (connection, ledgerId, epoch, headSeq, head, headMs);
        _insert = Prepare("INSERT INTO journal (seq, kind, code_id, leaf) VALUES ($seq, $kind, $code, $leaf)");
        (_seq, _kind, _codeId, _leaf) = (Add(_insert, "$seq"), Add(_insert, "$kind"), Add(_insert, "$code"), Add(_insert, "$leaf"));
        _move = Prepare("UPDATE code SET state = $to WHERE id = $id AND state = $from");
        (_to, _moveId, _from) = (Add(_move, "$to"), Add(_move, "$id"), Add(_move, "$from"));
        _print = Prepare("UPDATE code SET state = 'printing', run = $run WHERE id = $id AND state = 'available'");
        (_printId, _printRun) = (Add(_print, "$id"), Add(_print, "$run"));
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
    }

    public long HeadSeq { get; private set; }

    public long HeadMs { get; private set; }

    public ReadOnlySpan<byte> HeadHash => _head;

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit() => _commit.ExecuteNonQuery();

    public void Rollback() => _rollback.ExecuteNonQuery();

    /// <summary>Writes one entry and returns the count that was written with it.</summary>
    public long Append(LineEntry entry, long wallMs)
    {
        // Times in the journal never run backwards; order is by number all the same.
        HeadMs = Math.Max(HeadMs, wallMs);
        long count = entry.Kind is JournalKind.Returned or JournalKind.Expired ? EndLease(entry) : entry.Count;
        if (entry.Kind == JournalKind.Print)
        {
            (_printId.Value, _printRun.Value) = (entry.Code.Id, entry.RunId);
            MustMoveOne(_print, entry);
        }
        else if (entry.MovesCode)
        {
            (_to.Value, _moveId.Value, _from.Value) = (CodeStates.NameOf(entry.To), entry.Code.Id, CodeStates.NameOf(entry.From));
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
        (_seq.Value, _kind.Value, _leaf.Value) = (HeadSeq + 1, (int)entry.Kind, leaf);
        _codeId.Value = entry.Code.Id == 0 ? DBNull.Value : entry.Code.Id;
        _insert.ExecuteNonQuery();
        HeadSeq++;
        _head = JournalLeaf.HashOf(leaf);
        return count;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in (SqliteCommand[])[_insert, _move, _print, _begin, _commit, _rollback])
        {
            command.Dispose();
        }
    }

    private static void MustMoveOne(SqliteCommand command, LineEntry entry)
    {
        if (command.ExecuteNonQuery() != 1)
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

    private static SqliteParameter Add(SqliteCommand command, string name)
    {
        SqliteParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
