using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <content>How a ledger begins and ends.</content>
public sealed partial class LineLedger
{
    /// <summary>Opens or creates the ledger of a line and checks it against its high-water mark.</summary>
    /// <param name="folder">Folder of the line.</param>
    /// <param name="lineId">Key of the line; the file of another line is refused.</param>
    /// <param name="time">The clock for entry times.</param>
    /// <param name="onFatal">Called once when writing failed: the outcome is unknown, the process has to end.</param>
    /// <exception cref="LedgerException">The file cannot be this line's one and only past.</exception>
    public static LineLedger Open(string folder, string lineId, TimeProvider time, Action<Exception> onFatal) =>
        Open(folder, lineId, time, onFatal, LedgerDisk.OfThisPc, stepped: false);

    /// <summary>
    /// The same without a thread of its own: whoever simulates a line calls <see cref="Step"/> when the disk has its turn, so
    /// that one seed gives one order of everything.
    /// </summary>
    /// <exception cref="LedgerException">The file cannot be this line's one and only past.</exception>
    internal static LineLedger OpenStepped(string folder, string lineId, TimeProvider time, Action<Exception> onFatal, LedgerDisk disk) =>
        Open(folder, lineId, time, onFatal, disk, stepped: true);

    private static LineLedger Open(string folder, string lineId, TimeProvider time, Action<Exception> onFatal, LedgerDisk disk, bool stepped)
    {
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            return LedgerEvidence.Noted(folder) is { } noted ? throw LedgerFile.Damaged(folder, noted) : OpenSound(folder, lineId, time, onFatal, disk, stepped);
        }
        catch (LedgerException e) when (e.InnerException is SqliteException { SqliteErrorCode: DiskFull } && new Ballast(folder).Free())
        {
            return OpenSound(folder, lineId, time, onFatal, disk, stepped);
        }
        catch (LedgerException e) when (e.IsDamage)
        {
            throw new LedgerException(e.Message + LedgerEvidence.SetAside(folder, time.GetUtcNow()), e) { IsDamage = true };
        }
    }

    private static LineLedger OpenSound(string folder, string lineId, TimeProvider time, Action<Exception> onFatal, LedgerDisk disk, bool stepped)
    {
        SqliteConnection connection = LedgerFile.Open(folder, disk);
        try
        {
            if (LedgerFile.Scalar(connection, "SELECT value FROM meta WHERE key = 'line_id'") is not { } owner)
            {
                if (LedgerFile.Scalar(connection, "SELECT count(*) FROM meta") != "0")
                {
                    throw new FormatException("it has no line_id");
                }

                using SqliteCommand command = connection.CreateCommand();
                command.CommandText =
                    "INSERT INTO meta VALUES ('line_id', $line), ('ledger_id', $id), ('epoch', '1')";
                command.Parameters.AddWithValue("$line", lineId);
                command.Parameters.AddWithValue("$id", Guid.NewGuid().ToString());
                command.ExecuteNonQuery();
            }
            else if (owner != lineId)
            {
                throw new LedgerException($"{folder} holds the ledger of line '{owner}', not of '{lineId}'. Give each line its own folder.");
            }

            var ledger = new LineLedger(connection, folder, disk, time, onFatal);
            ledger.OpenWithFirstEntry(lineId);
            // From here on an end is in order only when it is written down anew.
            LedgerFile.Scalar(connection, "DELETE FROM meta WHERE key = 'closed'");
            if (!stepped)
            {
                ledger._thread.Start();
            }

            return ledger;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException || e is SqliteException s && LedgerFile.IsDamage(s))
        {
            LedgerFile.CloseUntouched(connection);
            throw LedgerFile.Damaged(folder, e.Message, e);
        }
        catch (SqliteException e)
        {
            LedgerFile.CloseUntouched(connection);
            throw new LedgerException($"{folder}: the ledger cannot be used ({e.Message}). Keep the files; check the disk, then start again.", e);
        }
        catch
        {
            LedgerFile.CloseUntouched(connection);
            throw;
        }
    }

    /// <summary>Finishes what is queued and closes the file.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            Monitor.Pulse(_turn);
        }

        if (_thread.IsAlive)
        {
            _thread.Join();
        }
        else
        {
            while (Step())
            {
            }
        }

        // Never more than what is on disk: a mark ahead of the ledger would lock the line out.
        _highWater.Write(_durableSeq, _durableHash);
        if (_failed is null)
        {
            CloseInOrder();
        }

        _writer.Dispose();
        if (_failed is not null || LedgerEvidence.Noted(_folder) is not null)
        {
            // File and log stay as they are: evidence, and what became of the last group is for the next start to find out.
            LedgerFile.CloseUntouched(_connection);
        }
        else
        {
            _connection.Dispose();
        }

        _sealed.Dispose();
        _sealedTurn.Dispose();
    }

    private void CloseInOrder()
    {
        try
        {
            LedgerFile.Scalar(
                _connection, string.Create(CultureInfo.InvariantCulture, $"INSERT OR REPLACE INTO meta VALUES ('closed', '{_durableSeq}')"));
        }
        catch (SqliteException)
        {
            // Then the next start looks closer; nothing else depends on it.
        }
    }

    private void OpenWithFirstEntry(string lineId)
    {
        if (_fold.AsOfSeq == 0)
        {
            _writer.Begin();
            FoldAtOpen = Write(new LineEntry(JournalKind.LedgerOpened) { Detail = lineId }, _time.GetUtcNow().ToUnixTimeMilliseconds());
            StoreFold();
            _writer.Commit();
            (_durableSeq, _durableHash) = (_writer.HeadSeq, _writer.HeadHash.ToArray());
        }
    }

    private byte[] HeadOf(long seq) => seq == 0
        ? JournalEntry.Genesis
        : LedgerQueries.Leaves(_connection, seq - 1, 2) is [byte[] last]
            ? JournalLeaf.HashOf(last)
            : throw new UnreachableException($"Entry {seq} was there a moment ago.");

    private string Meta(string key) => LedgerFile.Scalar(_connection, $"SELECT value FROM meta WHERE key = '{key}'")
        ?? throw new FormatException($"it has no {key}");
}
