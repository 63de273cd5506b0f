using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>One thing that is not as it must be: where, and what was found.</summary>
public sealed record LedgerFinding(string Place, string What)
{
    /// <inheritdoc />
    public override string ToString() => $"{Place}: {What}";
}

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
    private static SqliteConnection OpenUntouched(string path)
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

        var recount = new LedgerRecount(Find);
        Ask(
            db,
            "SELECT number, id, codes, first_id, ended, order_id, batch_id, may_verify, expires_ms, manifest FROM lease ORDER BY number",
            r => recount.AddLease(new RecountedLease(
                r.GetInt64(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4) != 0,
                new StoredLease(r.GetString(1), r.GetString(5), r.GetString(6), r.GetInt64(7), r.GetInt64(2), r.GetInt64(8), r.GetString(9)))));
        Ask(
            db,
            "SELECT id, value, state, lease, run FROM code ORDER BY id",
            r => recount.AddCode(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetString(4)));

        (long markSeq, string markHash) = ReadMark(ledgerId);
        string hashAtMark = "";
        byte[] head = new byte[32];
        long expected = 1;
        Ask(db, "SELECT seq, kind, code_id, leaf FROM journal ORDER BY seq", r =>
        {
            long seq = r.GetInt64(0);
            string place = Place(seq);
            byte[] leaf = r.GetFieldValue<byte[]>(3);
            Expect(seq == expected, place, $"follows entry {expected - 1}");
            expected = seq + 1;
            Entries++;
            byte[] hash = SHA256.HashData(leaf);
            hashAtMark = seq == markSeq ? Convert.ToHexStringLower(hash) : hashAtMark;
            if (LeafBytes.TryRead(leaf, out LeafBytes? entry, out string problem))
            {
                Expect(entry.Seq == seq, place, $"its leaf says that it is entry {entry.Seq}");
                Expect(entry.LedgerId == ledgerId, place, $"is of ledger {entry.LedgerId}, this is {ledgerId}");
                Expect(entry.Epoch == epoch, place, $"is of epoch {entry.Epoch}, this is {epoch}");
                Expect(entry.Previous.AsSpan().SequenceEqual(head), place, "does not carry the hash of the entry before it");
                Expect(entry.Kind == r.GetInt64(1), place, $"is filed as kind {r.GetInt64(1)}, its leaf says {entry.Kind}");
                recount.Step(place, entry, r.IsDBNull(2) ? null : r.GetInt64(2));
            }
            else
            {
                Find(place, problem);
            }

            head = hash;
        });

        recount.CompareWithTables();
        CheckStoredFold(db, recount);
        Expect(markSeq < expected, MarkPath, $"the ledger once reached entry {markSeq}, now it ends at {expected - 1}");
        Expect(markSeq == 0 || markSeq >= expected || hashAtMark == markHash, MarkPath, $"entry {markSeq} is not the one that was written once");
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

    private void CheckStoredFold(SqliteConnection db, LedgerRecount recount)
    {
        byte[] stored = [];
        Ask(db, "SELECT value FROM fold", r => stored = r.GetFieldValue<byte[]>(0));
        try
        {
            using JsonDocument document = JsonDocument.Parse(stored);
            string text = Encoding.UTF8.GetString(stored);
            int end = text.LastIndexOf(",\"Sha256\":", StringComparison.Ordinal);
            Expect(
                end < 0 || document.RootElement.GetProperty("Sha256").GetString() == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[..end]))),
                "fold",
                "is not what was written: its hash differs");
            foreach ((string name, long counted) in recount.Counts)
            {
                long said = document.RootElement.ValueKind == JsonValueKind.Object ? NumberAt(document.RootElement, name) : 0;
                Expect(said == counted, $"fold {name}", $"says {said}, the entries give {counted}");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            Find("fold", $"cannot be read: {e.Message}");
        }
    }

    // A path such as Account.Verified; a missing number is 0, as at the beginning.
    private static long NumberAt(JsonElement root, string path)
    {
        JsonElement at = root;
        foreach (string name in path.Split('.'))
        {
            if (!at.TryGetProperty(name, out at))
            {
                return 0;
            }
        }

        return at.GetInt64();
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

    private static string Place(long seq) => string.Create(CultureInfo.InvariantCulture, $"entry {seq}");

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

    private static void Ask(SqliteConnection db, string sql, Action<SqliteDataReader> row)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            row(reader);
        }
    }
}
