using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>What is asked of a ledger on its own thread. Each method is one question or one small write.</summary>
public static class LedgerQueries
{
    /// <summary>What the line remembers at a start.</summary>
    public static LineMemory MemoryOf(SqliteConnection db, LineFold fold)
    {
        ArgumentNullException.ThrowIfNull(fold);
        string run = fold.Run?.RunId ?? "";
        return new LineMemory
        {
            HasHistory = fold.AsOfSeq > 0,
            LastEntryMs = fold.AsOfMs,
            Run = fold.Run,
            VerifiedInRun = fold.VerifiedInRun,
            Printing = Codes(db, "state = 'printing' AND run = $run", run),
            InDoubt = [
                .. Codes(db, $"state = 'in-doubt' AND run = '{EnrolledLedger.Run}' AND {OfOrder}", fold.Run?.OrderId ?? ""),
                .. Codes(db, "state = 'in-doubt' AND run = $run", run),
            ],
            Strays = Codes(db, $"state = 'in-doubt' AND run = '{EnrolledLedger.Run}' AND NOT {OfOrder}", fold.Run?.OrderId ?? ""),
            LastVerified = Codes(
                db, $"id = (SELECT code_id FROM journal WHERE kind = {(int)JournalKind.Verified} ORDER BY seq DESC LIMIT 1)", run).SingleOrDefault(),
            LastItem = fold.LastItem,
            LastPassed = LastPassed(db),
            HeldFor = fold.HeldFor,
            NeedsClearance = fold.NeedsClearance,
            EndReason = fold.EndReason,
            Leases = OpenLeases(db, null),
            LastRun = fold.LastRun is { } r ? new RunOrder(r.RunId, r.OrderId, r.BatchId, r.BatchNumber, r.Product, r.Target) : null,
            ClosedLeases = fold.LastRun is null ? [] : Leases(db, "ended = 1 AND first_id > $after AND order_id = $order", fold.LastRun.OrderId, 0),
            Cleared = fold.Cleared,
            Replaceable = fold.Replaceable,
            Checks = fold.Checks,
            FirstArticle = fold.FirstArticle,
            Media = fold.Media,
        };
    }

    private const string OfOrder = "EXISTS (SELECT 1 FROM lease WHERE lease.number = code.lease AND order_id = $run)";

    // More entries than belong to the items that a gate has reports of. Only what was said last of a code counts: a code
    // that was rejected there and accepted at rework is not on the item of the old report any more.
    private static IReadOnlyList<(long Item, CodeRef Code)> LastPassed(SqliteConnection db)
    {
        Dictionary<long, JournalEntry> last = [];
        foreach ((long id, byte[] leaf) in Rows(
            db,
            "SELECT code_id, leaf FROM journal WHERE seq > (SELECT coalesce(max(seq), 0) - 512 FROM journal) AND code_id > 0 ORDER BY seq",
            r => (r.GetInt64(0), r.GetFieldValue<byte[]>(1))))
        {
            last[id] = JournalLeaf.Decode(leaf);
        }

        return [.. last.Where(e => e.Value is { Kind: JournalKind.Verified, Item: > 0 })
            .Select(e => (e.Value.Item, new CodeRef(e.Key, CertificateCode.Parse(e.Value.Code))))];
    }

    /// <summary>A lease as it was signed, and its code file; null when this ledger never had it.</summary>
    public static LostLease? LeaseOf(SqliteConnection db, string leaseId)
    {
        (string Manifest, long First, long Codes) lease = Rows(
            db, "SELECT manifest, first_id, codes FROM lease WHERE id = $id", r => (r.GetString(0), r.GetInt64(1), r.GetInt64(2)), ("$id", leaseId)).SingleOrDefault();
        return lease.Manifest is null ? null : new LostLease(lease.Manifest, string.Concat(Rows(
            db, "SELECT value FROM code WHERE id >= $first AND id < $end ORDER BY id", r => r.GetString(0) + "\n",
            ("$first", lease.First), ("$end", lease.First + lease.Codes))));
    }

    /// <summary>Leases with codes that were never printed, of one order or of all.</summary>
    /// <param name="db">The ledger.</param>
    /// <param name="orderId">The order, or null for all.</param>
    /// <param name="afterId">Only leases that begin after this row: the terms of those before are known to who asks, and
    /// counting their codes again and again would keep verdicts waiting.</param>
    public static IReadOnlyList<LeaseTerms> OpenLeases(SqliteConnection db, string? orderId, long afterId = 0) =>
        Leases(db, "ended = 0 AND first_id > $after AND ($order IS NULL OR order_id = $order)", orderId, afterId);

    // A sample keeps its place for ever; a verified code that was withdrawn gives it back.
    private static List<LeaseTerms> Leases(SqliteConnection db, string where, string? orderId, long afterId) => Rows(
        db,
        $"""
        SELECT id, order_id, expires_ms, first_id, codes, may_verify - (
            SELECT count(*) FROM code WHERE code.id BETWEEN first_id AND first_id + codes - 1 AND (state = 'verified' OR state = 'sampled'))
        FROM lease WHERE {where} ORDER BY number
        """,
        r => new LeaseTerms(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt32(5), r.GetInt64(3), r.GetInt32(4)),
        ("$order", orderId), ("$after", afterId));

    /// <summary>The next codes to print of an order, in order, after a row number.</summary>
    public static IReadOnlyList<SuppliedCode> NextCodes(SqliteConnection db, string orderId, long afterId, int count) => Rows(
        db,
        """
        SELECT code.id, value, lease.id FROM lease CROSS JOIN code
        ON code.id BETWEEN max(first_id, $after + 1) AND first_id + codes - 1
        WHERE state = 'available' AND lease.ended = 0 AND lease.order_id = $order
        ORDER BY lease.number, code.id LIMIT $count
        """,
        r => new SuppliedCode(new CodeRef(r.GetInt64(0), CertificateCode.Parse(r.GetString(1))), r.GetString(2)),
        ("$after", afterId), ("$order", orderId), ("$count", count));

    /// <summary>A code that this ledger knows, or null.</summary>
    public static KnownCode? Find(SqliteConnection db, CertificateCode code) => Rows(
        db,
        "SELECT id, state, run FROM code WHERE value = $value",
        r => new KnownCode(new CodeRef(r.GetInt64(0), code), CodeStates.Parse(r.GetString(1)), r.GetString(2)),
        ("$value", code.Value)).SingleOrDefault();

    /// <summary>Codes that a restart or a rework has to know: printing, in doubt, rejected.</summary>
    public static IReadOnlyList<KnownCode> OpenCodes(SqliteConnection db) => Rows(
        db,
        "SELECT id, value, state, run FROM code WHERE state = 'printing' OR state = 'in-doubt' OR state = 'rejected'",
        r => new KnownCode(
            new CodeRef(r.GetInt64(0), CertificateCode.Parse(r.GetString(1))), CodeStates.Parse(r.GetString(2)), r.GetString(3)));

    /// <summary>URL templates of all leases: what the labels of this line look like.</summary>
    public static IReadOnlyList<string> UrlTemplates(SqliteConnection db) => [.. Manifests(db).Select(m => m.UrlTemplate).Distinct()];

    /// <summary>The newest manifest of an order, or null.</summary>
    public static LeaseManifest? ManifestOf(SqliteConnection db, string orderId) => Manifests(db).LastOrDefault(m => m.OrderId == orderId);

    /// <summary>Codes of an order that were verified, over all its runs; samples took their places too.</summary>
    public static int VerifiedOf(SqliteConnection db, string orderId) => Rows(
        db,
        "SELECT count(*) FROM lease CROSS JOIN code ON code.id BETWEEN first_id AND first_id + codes - 1 WHERE order_id = $order AND (state = 'verified' OR state = 'sampled')",
        r => r.GetInt32(0),
        ("$order", orderId)).Single();

    /// <summary>Codes of an order whose items wait in the bin.</summary>
    public static int RejectedOf(SqliteConnection db, string orderId) => Rows(
        db, $"SELECT count(*) FROM code WHERE state = 'rejected' AND {OfOrder}", r => r.GetInt32(0), ("$run", orderId)).Single();

    /// <summary>Stored leaves after a number, as they are.</summary>
    public static IReadOnlyList<byte[]> Leaves(SqliteConnection db, long afterSeq, int max) => Rows(
        db, "SELECT leaf FROM journal WHERE seq > $after ORDER BY seq LIMIT $max", r => r.GetFieldValue<byte[]>(0), ("$after", afterSeq), ("$max", max));

    /// <summary>Entries of some kinds after a number.</summary>
    public static IReadOnlyList<JournalEntry> Events(SqliteConnection db, long afterSeq, int max) => Rows(
        db,
        $"SELECT leaf FROM journal WHERE seq > $after AND kind IN ({string.Join(',', EventKinds.Select(k => (int)k))}) ORDER BY seq LIMIT $max",
        r => JournalLeaf.Decode(r.GetFieldValue<byte[]>(0)),
        ("$after", afterSeq), ("$max", max));

    /// <summary>Kinds that are told to the world as run events.</summary>
    public static IReadOnlyList<JournalKind> EventKinds { get; } =
    [
        JournalKind.RunStarted, JournalKind.RunEnded, JournalKind.Held, JournalKind.Resumed, JournalKind.Cleared,
        JournalKind.Restarted, JournalKind.Intruder, JournalKind.AlarmHandled, JournalKind.ScannerCheck, JournalKind.FirstArticle,
        JournalKind.MediaChanged, JournalKind.ReprintOff,
    ];

    /// <summary>Where a reader of the journal stands.</summary>
    public static long Cursor(SqliteConnection db, string name) =>
        Rows(db, "SELECT seq FROM cursor WHERE name = $name", r => r.GetInt64(0), ("$name", name)).SingleOrDefault();

    /// <summary>Moves a reader of the journal.</summary>
    public static int SetCursor(SqliteConnection db, string name, long seq) =>
        Run(db, "INSERT INTO cursor VALUES ($name, $seq) ON CONFLICT (name) DO UPDATE SET seq = $seq", ("$name", name), ("$seq", seq));

    /// <summary>Keeps entries that the platform does not confirm.</summary>
    public static int Quarantine(SqliteConnection db, IReadOnlyList<RefusedEntry> refused) => refused.Sum(r => Run(
        db,
        "INSERT INTO quarantine VALUES ($seq, $code, $type, $detail) ON CONFLICT (seq) DO NOTHING",
        ("$seq", r.Seq), ("$code", r.Code), ("$type", r.Type), ("$detail", r.Detail)));

    /// <summary>Verified entries after one number, up to another.</summary>
    public static int VerifiedBetween(SqliteConnection db, long afterSeq, long throughSeq) => Rows(
        db,
        $"SELECT count(*) FROM journal WHERE seq > $after AND seq <= $through AND kind = {(int)JournalKind.Verified}",
        r => r.GetInt32(0),
        ("$after", afterSeq), ("$through", throughSeq)).Single();

    /// <summary>When the first code after an entry was verified, Unix milliseconds; 0 when there is none.</summary>
    public static long FirstVerifiedMs(SqliteConnection db, long afterSeq) => Rows(
        db,
        $"SELECT leaf FROM journal WHERE seq > $after AND kind = {(int)JournalKind.Verified} ORDER BY seq LIMIT 1",
        r => JournalLeaf.Decode(r.GetFieldValue<byte[]>(0)).AtUnixMs,
        ("$after", afterSeq)).SingleOrDefault();

    /// <summary>Number of the first entry that is in the file; 1 before there is one.</summary>
    public static long FirstKept(SqliteConnection db) => Rows(db, "SELECT coalesce(min(seq), 1) FROM journal", r => r.GetInt64(0)).Single();

    /// <summary>Number of entries that the platform does not confirm.</summary>
    public static long Quarantined(SqliteConnection db) => Rows(db, "SELECT count(*) FROM quarantine", r => r.GetInt64(0)).Single();

    /// <summary>Hash of the stored leaf of a number, lower-case hex, or null.</summary>
    public static string? HashAt(SqliteConnection db, long seq) => Rows(
        db, "SELECT leaf FROM journal WHERE seq = $seq", r => Convert.ToHexStringLower(JournalLeaf.HashOf(r.GetFieldValue<byte[]>(0))), ("$seq", seq)).SingleOrDefault();

    /// <summary>Whether a code was ever rejected: then a label of it that turns up at rework need not be a second one.</summary>
    public static bool WasRejected(SqliteConnection db, CertificateCode code) => Rows(
        db,
        $"""
        SELECT 1 FROM code WHERE value = $value
        AND (rejected = 1 OR EXISTS (SELECT 1 FROM journal WHERE kind = {(int)JournalKind.Rejected} AND code_id = code.id))
        """,
        _ => true,
        ("$value", code.Value)).Count > 0;

    /// <summary>
    /// The codes that a failed scanner check made suspect: everything that the line's scanner verified between the last
    /// good check and that one.
    /// </summary>
    /// <param name="db">The ledger.</param>
    /// <param name="failedSeq">Number of the entry that says it failed.</param>
    public static IReadOnlyList<JournalEntry> Suspects(SqliteConnection db, long failedSeq)
    {
        long good = Rows(
            db,
            $"SELECT seq, leaf FROM journal WHERE kind = {(int)JournalKind.ScannerCheck} AND seq < $seq ORDER BY seq DESC",
            r => (Seq: r.GetInt64(0), JournalLeaf.Decode(r.GetFieldValue<byte[]>(1)).Reason),
            ("$seq", failedSeq)).FirstOrDefault(c => c.Reason == "passed").Seq;
        return [.. Rows(
            db,
            $"SELECT leaf FROM journal WHERE kind = {(int)JournalKind.Verified} AND seq > $after AND seq < $before ORDER BY seq",
            r => JournalLeaf.Decode(r.GetFieldValue<byte[]>(0)),
            ("$after", good), ("$before", failedSeq)).Where(e => e.Reason != "rework")];
    }

    /// <summary>The journal of one code.</summary>
    public static IReadOnlyList<JournalEntry> History(SqliteConnection db, CertificateCode code) => Rows(
        db,
        "SELECT leaf FROM journal WHERE code_id = (SELECT id FROM code WHERE value = $value) ORDER BY seq",
        r => JournalLeaf.Decode(r.GetFieldValue<byte[]>(0)),
        ("$value", code.Value));

    /// <summary>Inserts a lease with its codes.</summary>
    /// <exception cref="ManifestRefusedException">Lease or code already known; nothing was kept.</exception>
    internal static void InsertLease(SqliteConnection db, LeaseManifest m, string jws, IReadOnlyList<CertificateCode> codes)
    {
        if (Rows(db, "SELECT 1 FROM lease WHERE id = $id", _ => 1, ("$id", m.LeaseId)).Count > 0)
        {
            throw new ManifestRefusedException("manifest-replayed", $"Lease {m.LeaseId} was taken before; a lease is taken once.");
        }

        using SqliteCommand insert = db.CreateCommand();
        insert.CommandText = "INSERT INTO code (id, value, lease) VALUES ($id, $value, $lease)";
        SqliteParameter id = insert.Parameters.Add("$id", SqliteType.Integer);
        SqliteParameter value = insert.Parameters.Add("$value", SqliteType.Text);
        SqliteParameter lease = insert.Parameters.Add("$lease", SqliteType.Integer);
        long next = Rows(db, "SELECT coalesce(max(id), 0) + 1 FROM code", r => r.GetInt64(0)).Single();
        // Looked up first instead of rolled back later: a savepoint over so many scattered index pages would keep a copy
        // of each in memory, and more of them the older the ledger is.
        using (SqliteCommand look = db.CreateCommand())
        {
            look.CommandText = "SELECT 1 FROM code WHERE value = $value";
            SqliteParameter wanted = look.Parameters.Add("$value", SqliteType.Text);
            foreach (CertificateCode code in codes)
            {
                wanted.Value = code.Value;
                if (look.ExecuteScalar() is not null)
                {
                    throw new ManifestRefusedException("code-known", $"Lease {m.LeaseId} brings code ...{code.Value[^4..]}, which this ledger has had before.");
                }
            }
        }

        Run(
            db,
            """
            INSERT INTO lease (id, order_id, batch_id, may_verify, codes, first_id, expires_ms, manifest)
            VALUES ($id, $order, $batch, $may, $codes, $first, $expires, $manifest)
            """,
            ("$id", m.LeaseId), ("$order", m.OrderId), ("$batch", m.BatchId), ("$may", m.MayVerify), ("$codes", codes.Count), ("$first", next),
            ("$expires", m.ExpiresAtUnixMs), ("$manifest", jws));
        lease.Value = Rows(db, "SELECT last_insert_rowid()", r => r.GetInt64(0)).Single();
        foreach (CertificateCode code in codes)
        {
            (id.Value, value.Value) = (next++, code.Value);
            insert.ExecuteNonQuery();
        }
    }

    private static List<CodeRef> Codes(SqliteConnection db, string where, string run) => Rows(
        db,
        $"SELECT id, value FROM code WHERE {where} ORDER BY id",
        r => new CodeRef(r.GetInt64(0), CertificateCode.Parse(r.GetString(1))),
        ("$run", run));

    private static List<LeaseManifest> Manifests(SqliteConnection db) =>
        Rows(db, "SELECT manifest FROM lease ORDER BY number", r => SignedManifest.ReadTrusted(r.GetString(0)));

    private static List<T> Rows<T>(SqliteConnection db, string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(db, sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static int Run(SqliteConnection db, string sql, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(db, sql, values);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection db, string sql, (string Name, object? Value)[] values)
    {
        SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}

/// <summary>A code as the ledger knows it.</summary>
public sealed record KnownCode(CodeRef Code, CodeState State, string RunId);
