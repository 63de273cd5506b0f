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
    /// <summary>Entries of one window.</summary>
    private const int Window = 2000;

    /// <summary>Codes and given-away entries of one window: each is looked up by its characters, all over an index.</summary>
    private const int CodeWindow = 500;

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
            if (await TryCheckAsync(stop) is { } finding)
            {
                log.LogCritical("{Folder}: the ledger is damaged: {Finding}", folder, finding);
                try
                {
                    LedgerEvidence.Note(folder, finding.ToString());
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Then the next start finds it again.
                    log.LogError("{Folder}: the finding could not be noted: {Detail}", folder, e.Message);
                }

                damaged(finding);
                return;
            }

            await Task.Delay(Every, time, stop);
        }
    }

    private async Task<LedgerFinding?> TryCheckAsync(CancellationToken stop)
    {
        try
        {
            return await CheckAsync(stop);
        }
        catch (LedgerException e)
        {
            // A segment that was carried away is no damage of the ledger: it can be put back.
            log.LogError("{Folder}: the ledger cannot be checked: {Detail}", folder, e.Message);
            Result = e.Message;
            return null;
        }
    }

    /// <summary>Reads everything once; the first finding, or null when the ledger is sound.</summary>
    public async Task<LedgerFinding?> CheckAsync(CancellationToken stop)
    {
        LedgerFinding? first = null;
        var audit = new LedgerAudit((place, what) => first ??= new LedgerFinding(place, what), ledger.LedgerId, ledger.Epoch);
        using var given = new SealedEntries(folder);
        (long lease, long code) = (0, 0);
        while (first is null)
        {
            stop.ThrowIfCancellationRequested();
            (long afterLease, long afterSeq, long afterCode) = (lease, audit.Chain.Next - 1, code);
            Look look = await ledger.AskAsync(db => Read(db, afterLease, afterSeq, afterCode), withCounts: true);
            first ??= look.Index;
            look.Leases.ForEach(audit.Take);
            lease = look.Leases.Count > 0 ? look.Leases[^1].Number : lease;
            if (look.Segments is { } segments)
            {
                await TakeGivenAwayAsync(given, segments, audit, stop);
            }
            else
            {
                look.Entries.ForEach(audit.Take);
                look.Codes?.ForEach(audit.Take);
                code = look.Codes is { Count: > 0 } codes ? codes[^1].Id : code;
                if (look.Fold is { } fold)
                {
                    audit.End(look.Ended, fold);
                    break;
                }
            }

            Result = FormattableString.Invariant($"reading, through entry {audit.Chain.Next - 1}");
            await Task.Delay(Pause, time, stop);
        }

        Result = first is null ? FormattableString.Invariant($"sound through entry {audit.Chain.Next - 1}, {time.GetUtcNow():yyyy-MM-dd HH:mm}Z") : first.ToString();
        return first;
    }

    // Entries that have left the database are in their segments; which code each means, the database still knows.
    private async Task TakeGivenAwayAsync(SealedEntries given, IReadOnlyList<Segment> segments, LedgerAudit audit, CancellationToken stop)
    {
        long after = audit.Chain.Next - 1;
        IReadOnlyList<byte[]> leaves = await Task.Run(() => given.Leaves(segments, after, CodeWindow), stop);
        if (leaves.Count == 0)
        {
            throw new LedgerException($"{folder}: no segment has entry {after + 1}.");
        }

        LeafBytes?[] entries = [.. leaves.Select(leaf => LeafBytes.TryRead(leaf, out LeafBytes? entry, out _) ? entry : null)];
        long?[] rows = await ledger.AskAsync(db => LookUp(db, entries));
        for (int i = 0; i < leaves.Count; i++)
        {
            audit.Take(new AuditedEntry(SealedEntries.SeqOf(leaves[i]), entries[i]?.Kind ?? 0, rows[i], leaves[i], rows[i] is null ? null : entries[i]!.Code, IsGivenAway: true));
        }
    }

    private static long?[] LookUp(SqliteConnection db, LeafBytes?[] entries)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "SELECT id FROM code WHERE value = $value";
        SqliteParameter value = command.Parameters.Add("$value", SqliteType.Text);
        var rows = new long?[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i]?.Code is { Length: > 0 } code)
            {
                value.Value = code;
                rows[i] = command.ExecuteScalar() as long?;
            }
        }

        return rows;
    }

    // All of one look is true after the same entry. Codes are compared only when every entry before was counted, and the
    // line goes on meanwhile: so each look at codes brings the newest entries with it.
    private static Look Read(SqliteConnection db, long afterLease, long afterSeq, long afterCode)
    {
        List<RecountedLease> leases = Rows(db, LedgerAudit.LeasesSql, afterLease, int.MaxValue, LedgerAudit.ReadLease);
        if (LedgerQueries.FirstKept(db) > afterSeq + 1 && Segment.All(db) is { Count: > 0 } segments && segments[^1].LastSeq > afterSeq)
        {
            return new Look(leases, [], null, new HashSet<string>(), null, segments);
        }

        List<AuditedEntry> entries = Rows(db, AuditedEntry.Sql, afterSeq, Window, AuditedEntry.Read);
        List<AuditedCode>? codes = entries.Count == Window ? null : Rows(db, AuditedCode.Sql, afterCode, CodeWindow, AuditedCode.Read);
        LedgerFinding? index = IndexCheck.Entries(db, afterSeq, entries) ?? IndexCheck.Codes(db, afterCode, codes);
        if (codes is not { Count: < CodeWindow })
        {
            return new Look(leases, entries, codes, new HashSet<string>(), null) { Index = index };
        }

        HashSet<string> ended = [.. Rows(db, "SELECT id FROM lease WHERE ended <> 0 AND number > $after", 0, int.MaxValue, r => r.GetString(0))];
        return new Look(leases, entries, codes, ended, Rows(db, "SELECT value FROM fold WHERE one > $after", 0, 1, r => r.GetFieldValue<byte[]>(0))[0]) { Index = index };
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
        List<RecountedLease> Leases, List<AuditedEntry> Entries, List<AuditedCode>? Codes, IReadOnlySet<string> Ended, byte[]? Fold,
        IReadOnlyList<Segment>? Segments = null)
    {
        /// <summary>A row of this look that an index does not know.</summary>
        public LedgerFinding? Index { get; init; }
    }
}
