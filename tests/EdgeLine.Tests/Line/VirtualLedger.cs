using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>
/// The ledger as a plain table in memory. It keeps the same promises as the file: an entry for a code that is not in
/// the state which the entry says it leaves, or a second print entry, is an error of the core and ends the test.
/// </summary>
internal sealed class VirtualLedger
{
    private readonly List<Row> _codes = [];
    private readonly Dictionary<CertificateCode, int> _byCode = [];
    private readonly List<LeaseRow> _leases = [];
    private static int _drawn;
    private CodeRef _lastVerified;
    private readonly Queue<CodeRef> _verified = new();

    public LineFold Fold { get; private set; } = new();

    public List<LineEntry> Entries { get; } = [];

    public bool KeepEntries { get; set; } = true;

    public IReadOnlyList<Row> Codes => _codes;

    /// <summary>Lends codes to the line, as the shell does when the platform granted a lease.</summary>
    public LeaseTerms Lend(string orderId, int mayVerify, int codes, long expiresAtMs)
    {
        var lease = new LeaseRow($"lease-{_leases.Count + 1}", orderId, mayVerify, codes, _codes.Count + 1, expiresAtMs);
        _leases.Add(lease);
        for (int i = 0; i < codes; i++)
        {
            CertificateCode code = Some.Code(Interlocked.Increment(ref _drawn));
            _codes.Add(new Row(new CodeRef(_codes.Count + 1, code), lease));
            _byCode.Add(code, _codes.Count - 1);
        }

        Write(new LineEntry(JournalKind.Leased) { LeaseId = lease.Id, Count = codes }, 0);
        return TermsOf(lease);
    }

    public LineEvent.CodesSupplied Supply(string orderId, long afterId, int count)
    {
        var codes = new List<SuppliedCode>();
        foreach (LeaseRow lease in _leases.Where(l => !l.Ended && l.OrderId == orderId))
        {
            for (long id = Math.Max(lease.FirstId, afterId + 1); id < lease.FirstId + lease.Codes && codes.Count < count; id++)
            {
                if (_codes[(int)id - 1].State == CodeState.Available)
                {
                    codes.Add(new SuppliedCode(_codes[(int)id - 1].Code, lease.Id));
                }
            }
        }

        return new LineEvent.CodesSupplied(codes, [.. _leases.Where(l => !l.Ended && l.OrderId == orderId).Select(TermsOf)], afterId);
    }

    public Row RowOf(CertificateCode code) => _codes[_byCode[code]];

    /// <summary>What the shell attaches to a read.</summary>
    public CodeRead ReadOf(CertificateCode code, string? runId) => _byCode.TryGetValue(code, out int at)
        ? new CodeRead(ReadKind.Known, _codes[at].Code, _codes[at].State, _codes[at].Run == runId && runId is not null, _codes[at].WasRejected)
        : new CodeRead(ReadKind.Foreign, new CodeRef(0, code), default, false);

    public void Write(LineEntry entry, long wallMs)
    {
        long count = entry.Count;
        if (entry.Kind is JournalKind.Returned or JournalKind.Expired)
        {
            count = End(entry);
        }
        else if (entry.MovesCode)
        {
            Row row = _codes[(int)entry.Code.Id - 1];
            Assert.True(row.State == entry.From, $"{entry.Kind} of row {entry.Code.Id} leaves {entry.From}, but it is {row.State}.");
            if (entry.Kind == JournalKind.Print)
            {
                Assert.False(row.Printed, $"Row {entry.Code.Id} has a second print entry.");
                (row.Printed, row.Run) = (true, entry.RunId);
            }

            row.State = entry.To;
            row.WasRejected |= entry.Kind == JournalKind.Rejected;
            row.Item = entry.Kind == JournalKind.Verified ? entry.Item : 0;
            if (entry.Kind == JournalKind.Verified)
            {
                _lastVerified = entry.Code;
                _verified.Enqueue(entry.Code);
                if (_verified.Count > 512)
                {
                    _verified.Dequeue();
                }
            }

        }

        Fold = Fold.With(Fold.AsOfSeq + 1, Math.Max(Fold.AsOfMs, wallMs), entry, count);
        if (KeepEntries)
        {
            Entries.Add(entry);
        }
    }

    public LineMemory Memory()
    {
        string run = Fold.Run?.RunId ?? "?";
        return new LineMemory
        {
            HasHistory = Fold.AsOfSeq > 0,
            LastEntryMs = Fold.AsOfMs,
            Run = Fold.Run,
            VerifiedInRun = Fold.VerifiedInRun,
            Printing = [.. _codes.Where(c => c.State == CodeState.Printing && c.Run == run).Select(c => c.Code)],
            InDoubt = [.. _codes.Where(c => c.State == CodeState.InDoubt && c.Run == run).Select(c => c.Code)],
            LastVerified = _lastVerified,
            LastItem = Fold.LastItem,
            LastPassed = [.. _verified.Distinct().Select(c => (_codes[(int)c.Id - 1].Item, c)).Where(p => p.Item > 0)],
            HeldFor = Fold.HeldFor,
            NeedsClearance = Fold.NeedsClearance,
            EndReason = Fold.EndReason,
            LastRun = Fold.LastRun is { } r ? new RunOrder(r.RunId, r.OrderId, r.BatchId, r.BatchNumber, r.Product, r.Target) : null,
            ClosedLeases = [.. _leases.Where(l => l.Ended && l.OrderId == Fold.LastRun?.OrderId).Select(TermsOf)],
            Cleared = Fold.Cleared,
            Replaceable = Fold.Replaceable,
            Checks = Fold.Checks,
            FirstArticle = Fold.FirstArticle,
            Media = Fold.Media,
            Leases = [.. _leases.Where(l => !l.Ended).Select(TermsOf)],
        };
    }

    /// <summary>Every code is where the fold says, and the equation has no remainder.</summary>
    public void Demand()
    {
        Assert.Equal(0, Fold.Account.Remainder);
        Assert.Equal(_codes.Count, Fold.Account.Leased);
        foreach ((CodeState state, long said) in new (CodeState, long)[]
        {
            (CodeState.Available, Fold.Account.Available), (CodeState.Printing, Fold.Account.Printing),
            (CodeState.InDoubt, Fold.Account.InDoubt), (CodeState.Rejected, Fold.Account.Rejected),
            (CodeState.Verified, Fold.Account.Verified), (CodeState.Sampled, Fold.Account.Sampled), (CodeState.Void, Fold.Account.Void),
            (CodeState.Returned, Fold.Account.Returned), (CodeState.Expired, Fold.Account.Expired),
        })
        {
            Assert.Equal((state, _codes.Count(c => c.State == state)), (state, said));
        }

        foreach (LeaseRow lease in _leases)
        {
            Assert.True(_codes.Count(c => c.Lease == lease && c.State is CodeState.Verified or CodeState.Sampled) <= lease.MayVerify, $"{lease.Id} verified too many.");
        }
    }

    private long End(LineEntry entry)
    {
        LeaseRow lease = _leases.Single(l => l.Id == entry.LeaseId);
        Assert.False(lease.Ended, $"{lease.Id} ends twice.");
        lease.Ended = true;
        long count = 0;
        foreach (Row row in _codes.Where(c => c.Lease == lease && c.State == CodeState.Available))
        {
            row.State = entry.Kind == JournalKind.Returned ? CodeState.Returned : CodeState.Expired;
            count++;
        }

        return count;
    }

    private LeaseTerms TermsOf(LeaseRow l)
    {
        int verified = 0;
        for (long id = l.FirstId; id < l.FirstId + l.Codes; id++)
        {
            verified += _codes[(int)id - 1].State is CodeState.Verified or CodeState.Sampled ? 1 : 0;
        }

        return new LeaseTerms(l.Id, l.OrderId, l.ExpiresAtMs, l.MayVerify - verified, l.FirstId, l.Codes);
    }

    internal sealed class Row(CodeRef code, LeaseRow lease)
    {
        public CodeRef Code { get; } = code;

        public LeaseRow Lease { get; } = lease;

        public CodeState State { get; set; }

        public string Run { get; set; } = "";

        public bool Printed { get; set; }

        public bool WasRejected { get; set; }

        /// <summary>The item that it was read on, while that is the last that was said of it; else 0.</summary>
        public long Item { get; set; }
    }

    internal sealed record LeaseRow(string Id, string OrderId, int MayVerify, int Codes, long FirstId, long ExpiresAtMs)
    {
        public bool Ended { get; set; }
    }
}
