using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Checks the ledger of a stopped line from its file alone: numbers without gaps, the chain of hashes, one identity, one
/// print for each code, every code's state and every count told again from the entries, the high-water mark. It reads
/// with its own SQL and its own reader of the leaves, so that a fault of the writer cannot hide itself; it changes nothing.
/// </summary>
public sealed class LedgerVerification
{
    /// <summary>Findings after which the rest is only counted.</summary>
    private const int FindingsKept = 100;

    private readonly List<LedgerFinding> _findings = [];
    private readonly string _folder;
    private int _more;

    private LedgerVerification(string folder) => _folder = folder;

    /// <summary>Entries that were read.</summary>
    public long Entries { get; private set; }

    /// <summary>What was found; empty when the ledger is sound.</summary>
    public IReadOnlyList<LedgerFinding> Findings => _findings;

    /// <summary>True when nothing was found.</summary>
    public bool IsSound => _findings.Count == 0;

    /// <summary>The findings as lines, then one line that says what was checked.</summary>
    public IEnumerable<string> Report()
    {
        foreach (LedgerFinding finding in _findings)
        {
            yield return finding.ToString();
        }

        if (_more > 0)
        {
            yield return $"... and {_more} more";
        }

        yield return IsSound
            ? string.Create(CultureInfo.InvariantCulture, $"{_folder}: {Entries} entries, sound")
            : string.Create(CultureInfo.InvariantCulture, $"{_folder}: {Entries} entries, {_findings.Count + _more} findings");
    }

    /// <summary>Findings as lines, none when the ledger in a line's folder is sound.</summary>
    public static IReadOnlyList<string> Verify(string folder)
    {
        LedgerVerification verification = Of(folder);
        return verification.IsSound ? [] : [.. verification.Report()];
    }

    /// <summary>Checks the ledger in a line's folder; the service must not be running on it.</summary>
    public static LedgerVerification Of(string folder)
    {
        var verification = new LedgerVerification(folder);
        verification.Check();
        return verification;
    }

    private void Check()
    {
        string path = Path.Combine(_folder, "ledger.db");
        if (!File.Exists(path))
        {
            Find(path, File.Exists(MarkPath) ? "is missing, but its high-water mark is there" : "is missing");
            return;
        }

        bool hadLog = File.Exists(path + "-wal");
        try
        {
            using (SqliteConnection db = OpenUntouched(path))
            {
                CheckLength(db, path);
                Ask(db, "PRAGMA integrity_check(20)", r => Expect(r.GetString(0) == "ok", path, r.GetString(0)));
                CheckContent(db);
            }

            if (!hadLog)
            {
                File.Delete(path + "-wal");
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
        {
            Find(path, "is in use; stop the service first");
        }
        // A column that holds what it never may, in a file that SQLite still calls sound.
        catch (Exception e) when (e is SqliteException or InvalidOperationException or InvalidCastException or FormatException or OverflowException)
        {
            Find(path, $"cannot be read: {e.Message}");
        }
    }

    // SQLite cannot read a write-ahead log through a read-only connection without a second file beside it. So this one
    // may write, but is told not to, not even to tidy up when it closes; and it shares the file with nobody.
    internal static SqliteConnection OpenUntouched(string path)
    {
        const int noCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
        var db = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        db.Open();
        SQLitePCL.raw.sqlite3_db_config(db.Handle, noCheckpointOnClose, 1, out _);
        Ask(db, "PRAGMA locking_mode=EXCLUSIVE", _ => { });
        Ask(db, "PRAGMA query_only=ON", _ => { });
        return db;
    }

    // SQLite reads what is missing of its last page as zeros.
    private void CheckLength(SqliteConnection db, string path)
    {
        long pageSize = 0;
        Ask(db, "PRAGMA page_size", r => pageSize = r.GetInt64(0));
        long length = new FileInfo(path).Length;
        Expect(length % pageSize == 0, path, $"its {length} bytes are no whole number of pages of {pageSize}");
    }

    private void CheckContent(SqliteConnection db)
    {
        var meta = new Dictionary<string, string>();
        Ask(db, "SELECT key, value FROM meta", r => meta[r.GetString(0)] = r.GetString(1));
        Expect(Guid.TryParse(meta.GetValueOrDefault("ledger_id"), out Guid ledgerId), "meta ledger_id", $"'{meta.GetValueOrDefault("ledger_id")}' is no identity");
        Expect(long.TryParse(meta.GetValueOrDefault("epoch"), CultureInfo.InvariantCulture, out long epoch), "meta epoch", $"'{meta.GetValueOrDefault("epoch")}' is no number");
        CheckGuards(db);

        var audit = new LedgerAudit(Find, ledgerId, epoch);
        Ask(db, LedgerAudit.LeasesSql, r => audit.Take(LedgerAudit.ReadLease(r)), 0);

        CheckSegments(db, audit, ledgerId, epoch);
        (long markSeq, string markHash) = ReadMark(ledgerId);
        string hashAtMark = "";
        Ask(
            db,
            AuditedEntry.Sql,
            r =>
            {
                AuditedEntry entry = AuditedEntry.Read(r);
                audit.Take(entry);
                Entries++;
                hashAtMark = entry.Seq == markSeq ? audit.Chain.HeadHash : hashAtMark;
            },
            long.MinValue);
        long version = 0;
        Ask(db, "PRAGMA user_version", r => version = r.GetInt64(0));
        Ask(db, version < 2 ? AuditedCode.SqlOfVersion1 : AuditedCode.Sql, r => audit.Take(AuditedCode.Read(r)), long.MinValue);
        var ended = new HashSet<string>();
        Ask(db, "SELECT id FROM lease WHERE ended <> 0", r => ended.Add(r.GetString(0)));
        byte[] fold = [];
        Ask(db, "SELECT value FROM fold", r => fold = r.GetFieldValue<byte[]>(0));
        audit.End(ended, fold);
        Expect(markSeq < audit.Chain.Next, MarkPath, $"the ledger once reached entry {markSeq}, now it ends at {audit.Chain.Next - 1}");
        Expect(
            markSeq == 0 || markSeq >= audit.Chain.Next || hashAtMark == markHash, MarkPath, $"entry {markSeq} is not the one that was written once");
    }

    // What the journal has given away is told from the files; the others have to be as they were sealed all the same.
    private void CheckSegments(SqliteConnection db, LedgerAudit audit, Guid ledgerId, long epoch)
    {
        (long version, long kept) = (0, 1);
        Ask(db, "PRAGMA user_version", r => version = r.GetInt64(0));
        Ask(db, "SELECT coalesce(min(seq), 1) FROM journal", r => kept = r.GetInt64(0));
        if (version < 2)
        {
            return;
        }

        using SqliteCommand lookUp = db.CreateCommand();
        lookUp.CommandText = "SELECT id FROM code WHERE value = $value";
        SqliteParameter value = lookUp.Parameters.Add("$value", SqliteType.Text);
        (long next, string head) = (1, new string('0', 64));
        var rows = new List<(long First, long Last, string Name, string Sha, string Head)>();
        Ask(
            db, "SELECT first_seq, last_seq, name, sha256, head FROM segment ORDER BY first_seq",
            r => rows.Add((r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4))));
        foreach ((long first, long last, string name, string sha, string sealedHead) in rows)
        {
            string path = Path.Combine(_folder, "segments", Path.GetFileName(name));
            if (SealedEntries.HashOf(path) is not { } hash)
            {
                Find(path, $"is missing; entries {first} to {last} are in it");
                return;
            }

            Expect(hash == sha, path, "is not as it was sealed");
            (string found, string wrong) = SegmentCheck.Read(path, ledgerId, epoch, first, last, head, (leaf, entry) =>
            {
                if (entry.Seq < kept)
                {
                    value.Value = entry.Code;
                    long? id = entry.Code.Length > 0 && lookUp.ExecuteScalar() is long known ? known : null;
                    audit.Take(new AuditedEntry(entry.Seq, entry.Kind, id, leaf, id is null ? null : entry.Code, IsGivenAway: true));
                    Entries++;
                }
            });
            Expect(wrong.Length == 0, path, wrong);
            Expect(found == sealedHead && first == next, path, $"does not go on behind entry {next - 1}");
            (next, head) = (last + 1, sealedHead);
        }
    }

    // A file without its guards may have been worked on by hand.
    private void CheckGuards(SqliteConnection db)
    {
        var there = new HashSet<string>();
        Ask(db, "SELECT name FROM sqlite_schema WHERE tbl_name = 'journal'", r => there.Add(r.GetString(0)));
        foreach (string guard in (string[])["journal_one_print", "journal_no_update", "journal_no_delete"])
        {
            Expect(there.Contains(guard), "journal", $"its guard {guard} is missing");
        }
    }

    private string MarkPath => Path.Combine(_folder, "high-water.json");

    private (long Seq, string Hash) ReadMark(Guid ledgerId)
    {
        if (!File.Exists(MarkPath))
        {
            return (0, "");
        }

        try
        {
            using JsonDocument mark = JsonDocument.Parse(File.ReadAllBytes(MarkPath));
            Guid of = mark.RootElement.GetProperty("LedgerId").GetGuid();
            Expect(of == ledgerId, MarkPath, $"is of ledger {of}, this is {ledgerId}");
            return (mark.RootElement.GetProperty("Seq").GetInt64(), mark.RootElement.GetProperty("Hash").GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            Find(MarkPath, $"cannot be read: {e.Message}");
            return (0, "");
        }
    }

    private void Expect(bool sound, string place, string what)
    {
        if (!sound)
        {
            Find(place, what);
        }
    }

    private void Find(string place, string what)
    {
        if (_findings.Count < FindingsKept)
        {
            _findings.Add(new LedgerFinding(place, what));
        }
        else
        {
            _more++;
        }
    }

    private static void Ask(SqliteConnection db, string sql, Action<SqliteDataReader> row, long? after = null)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        if (after is not null)
        {
            command.Parameters.AddWithValue("$after", after);
        }

        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            row(reader);
        }
    }
}
