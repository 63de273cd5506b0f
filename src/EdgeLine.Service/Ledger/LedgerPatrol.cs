using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Reads the whole ledger of a running line against itself: at once after an end that was not orderly, then once a day,
/// because disks forget. It reads windows that keep the ledger's thread for milliseconds, and judges elsewhere.
/// </summary>
/// <param name="ledger">The open ledger.</param>
/// <param name="folder">Its folder, for the note.</param>
/// <param name="time">Pauses.</param>
/// <param name="log">Results.</param>
public sealed class LedgerPatrol(LineLedger ledger, string folder, TimeProvider time, ILogger log)
{
    /// <summary>Entries or codes of one window.</summary>
    private const int Window = 2000;

    // The line comes first: the disk and the processor are its own for most of the time.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Every = TimeSpan.FromHours(24);

    /// <summary>What came of the last one, for <c>edgeline ledger status</c>.</summary>
    public string Result { get; private set; } = "not yet";

    /// <summary>Runs until stopped, or until it has found something: then the line is to be locked.</summary>
    /// <param name="damaged">Told of the first finding, after it was noted beside the ledger.</param>
    /// <param name="stop">Stops it.</param>
    public async Task RunAsync(Action<LedgerFinding> damaged, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(damaged);
        if (ledger.EndedInOrder)
        {
            await Task.Delay(Every, time, stop);
        }

        while (true)
        {
            if (await CheckAsync(stop) is { } finding)
            {
                log.LogCritical("{Folder}: the ledger is damaged: {Finding}", folder, finding);
                LedgerEvidence.Note(folder, finding.ToString());
                damaged(finding);
                return;
            }

            await Task.Delay(Every, time, stop);
        }
    }

    /// <summary>Reads everything once; the first finding, or null when the ledger is sound.</summary>
    public async Task<LedgerFinding?> CheckAsync(CancellationToken stop)
    {
        LedgerFinding? first = null;
        var audit = new LedgerAudit((place, what) => first ??= new LedgerFinding(place, what), ledger.LedgerId, ledger.Epoch);
        (long lease, long code) = (0, 0);
        while (first is null)
        {
            stop.ThrowIfCancellationRequested();
            (long afterLease, long afterSeq, long afterCode) = (lease, audit.Chain.Next - 1, code);
            Look look = await ledger.AskAsync(db => Read(db, afterLease, afterSeq, afterCode), withCounts: true);
            look.Leases.ForEach(audit.Take);
            look.Entries.ForEach(audit.Take);
            look.Codes?.ForEach(audit.Take);
            lease = look.Leases.Count > 0 ? look.Leases[^1].Number : lease;
            code = look.Codes is { Count: > 0 } codes ? codes[^1].Id : code;
            if (look.Fold is { } fold)
            {
                audit.End(look.Ended, fold);
                break;
            }

            Result = FormattableString.Invariant($"reading, through entry {audit.Chain.Next - 1}");
            await Task.Delay(Pause, time, stop);
        }

        Result = first is null ? FormattableString.Invariant($"sound through entry {audit.Chain.Next - 1}, {time.GetUtcNow():yyyy-MM-dd HH:mm}Z") : first.ToString();
        return first;
    }

    // All of one look is true after the same entry. Codes are compared only when every entry before was counted, and the
    // line goes on meanwhile: so each look at codes brings the newest entries with it.
    private static Look Read(SqliteConnection db, long afterLease, long afterSeq, long afterCode)
    {
        List<RecountedLease> leases = Rows(db, LedgerAudit.LeasesSql, afterLease, int.MaxValue, LedgerAudit.ReadLease);
        List<AuditedEntry> entries = Rows(db, AuditedEntry.Sql, afterSeq, Window, AuditedEntry.Read);
        List<AuditedCode>? codes = entries.Count == Window ? null : Rows(db, AuditedCode.Sql, afterCode, Window, AuditedCode.Read);
        if (codes is not { Count: < Window })
        {
            return new Look(leases, entries, codes, new HashSet<string>(), null);
        }

        HashSet<string> ended = [.. Rows(db, "SELECT id FROM lease WHERE ended <> 0 AND number > $after", 0, int.MaxValue, r => r.GetString(0))];
        return new Look(leases, entries, codes, ended, Rows(db, "SELECT value FROM fold WHERE one > $after", 0, 1, r => r.GetFieldValue<byte[]>(0))[0]);
    }

    private static List<T> Rows<T>(SqliteConnection db, string sql, long after, int max, Func<SqliteDataReader, T> read)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = $"{sql} LIMIT $max";
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$max", max);
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private sealed record Look(
        List<RecountedLease> Leases, List<AuditedEntry> Entries, List<AuditedCode>? Codes, IReadOnlySet<string> Ended, byte[]? Fold);
}
