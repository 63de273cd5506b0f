using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Journal;

/// <summary>
/// Applies the entries of one upload to the codes. Each code is read and written once however many entries speak of
/// it, and the tallies of the leases change in the same transaction.
/// </summary>
internal sealed class CodeFold(Session session, string line, long ledger)
{
    private readonly Dictionary<string, Code?> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Lease> _leases = [];
    private readonly Dictionary<string, Lease?> _leasesById = new(StringComparer.Ordinal);

    /// <summary>Entries of this upload that the platform does not confirm.</summary>
    public List<RefusedEntry> Refused { get; } = [];

    /// <summary>Applies one entry.</summary>
    public void Apply(JournalEntry entry)
    {
        switch (entry.Kind)
        {
            case JournalKind.Print or JournalKind.Verified or JournalKind.Rejected or JournalKind.InDoubt or JournalKind.Void or JournalKind.Sampled
                or JournalKind.Enrolled:
                ApplyToCode(entry);
                break;
            case JournalKind.Returned or JournalKind.Expired:
                ApplyToLease(entry);
                break;
            case JournalKind.Leased when LeaseOf(entry.LeaseId) is not { } lease || lease.Line != line:
                Refuse(entry, CodeLife.NotInLease, "This lease was not granted to this line.");
                break;
            default:
                break; // Stored; says nothing about a code.
        }
    }

    /// <summary>Writes what has changed.</summary>
    public void Save()
    {
        foreach (Code code in _codes.Values.OfType<Code>().Where(c => c.Changed))
        {
            session.Execute(
                "UPDATE code SET state = $2, printed_at = $3, changed_at = $4, reason = $5 WHERE id = $1",
                code.Id, (long)code.State, code.PrintedAt, code.ChangedAt, code.Reason);
            code.Changed = false;
        }

        foreach (Lease lease in _leases.Values)
        {
            for (int state = 0; state < lease.Codes.Length; state++)
            {
                if (lease.Codes[state] != lease.Saved[state])
                {
                    session.Execute(
                        "INSERT INTO tally(lease, state, codes) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET codes = excluded.codes",
                        lease.No, (long)state, lease.Codes[state]);
                    lease.Saved[state] = lease.Codes[state];
                }
            }
        }
    }

    private void ApplyToCode(JournalEntry entry)
    {
        if (entry.Code.StartsWith(CertificateCode.TestPool) && entry.Kind != JournalKind.Verified)
        {
            return; // Labels of scanner checks and first articles: stored, and no certificate is concerned.
        }

        if (CodeOf(entry.Code) is not { } code)
        {
            Refuse(entry, CodeLife.Unknown, "This platform never issued the code.");
            return;
        }

        Lease lease = code.Lease;
        if (lease.Line != line || (entry.LeaseId.Length > 0 && entry.LeaseId != lease.Id))
        {
            bool elsewhere = entry.Kind == JournalKind.Verified && code.State is CodeState.Active or CodeState.Sampled;
            Refuse(entry, elsewhere ? CodeLife.AlreadyActive : CodeLife.NotInLease,
                elsewhere ? $"The code is active on {lease.Line}." : "The code belongs to another lease.");
            return;
        }

        if (entry.Kind == JournalKind.Print && code.PrintedAt is null)
        {
            code.PrintedAt = entry.AtUnixMs;
            code.Changed = true;
        }

        // Judged by the time of printing and by nothing later: what was printed in time may arrive weeks afterwards.
        bool printedLate = code.PrintedAt >= lease.ExpiresAt;
        long placesLeft = lease.MayVerify - lease.Codes[(int)CodeState.Active] - lease.Codes[(int)CodeState.Sampled];
        Judgement judgement = entry.Kind == JournalKind.Enrolled
            ? CodeLife.Enrolled(code.State, entry.Reason, placesLeft)
            : CodeLife.Judge(code.State, entry.Kind, printedLate, placesLeft);
        if (judgement.State != code.State)
        {
            lease.Codes[(int)code.State]--;
            lease.Codes[(int)judgement.State]++;
            code.State = judgement.State;
            code.ChangedAt = entry.AtUnixMs;
            code.Reason = entry.Reason.Length > 0 ? entry.Reason : null;
            code.Changed = true;
        }

        if (judgement.RefusedAs is { } type)
        {
            Refuse(entry, type, judgement.Why!, lease.Id);
        }
    }

    private void ApplyToLease(JournalEntry entry)
    {
        if (LeaseOf(entry.LeaseId) is not { } lease || lease.Line != line)
        {
            Refuse(entry, CodeLife.NotInLease, "This lease was not granted to this line.");
            return;
        }

        Save();
        CodeState dead = entry.Kind == JournalKind.Returned ? CodeState.Returned : CodeState.Expired;
        long changed = session.Execute(
            "UPDATE code SET state = $3, changed_at = $4 WHERE id >= $1 AND id < $2 AND state = 0",
            lease.FirstCode, lease.FirstCode + lease.Total, (long)dead, entry.AtUnixMs);
        foreach (Code code in _codes.Values.OfType<Code>().Where(c => c.Lease == lease && c.State == CodeState.Open))
        {
            code.State = dead;
        }

        lease.Codes[(int)CodeState.Open] -= changed;
        lease.Codes[(int)dead] += changed;
        session.Execute("UPDATE lease SET closed_at = $2 WHERE no = $1 AND closed_at IS NULL", lease.No, entry.AtUnixMs);
        if (changed != entry.Count)
        {
            Refuse(entry, CodeLife.NotInLease, $"The line gives back {entry.Count} codes of lease {lease.Id}, {changed} were open here.");
        }
    }

    private void Refuse(JournalEntry entry, string type, string why, string? lease = null)
    {
        Refused.Add(new RefusedEntry(entry.Seq, entry.Code, type, why));
        session.Execute(
            "INSERT INTO refusal(ledger, seq, kind, code, lease, type, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            ledger, entry.Seq, (long)entry.Kind, entry.Code, lease ?? entry.LeaseId, type, why);
    }

    private Code? CodeOf(string value)
    {
        if (!_codes.TryGetValue(value, out Code? code))
        {
            code = CertificateCode.TryParseExact(value, out _)
                ? session.First(
                    "SELECT id, lease, state, printed_at, changed_at, reason FROM code WHERE value = $1",
                    r => new Code
                    {
                        Id = r.GetInt64(0),
                        LeaseNo = r.GetInt64(1),
                        State = (CodeState)r.GetInt64(2),
                        PrintedAt = r.IsDBNull(3) ? null : r.GetInt64(3),
                        ChangedAt = r.IsDBNull(4) ? null : r.GetInt64(4),
                        Reason = r.IsDBNull(5) ? null : r.GetString(5),
                    },
                    value)
                : null;
            code?.Lease = LeaseOf(code.LeaseNo);
            _codes.Add(value, code);
        }

        return code;
    }

    private Lease? LeaseOf(string id)
    {
        if (!_leasesById.TryGetValue(id, out Lease? lease))
        {
            long no = session.Number("SELECT no FROM lease WHERE id = $1", id);
            lease = no == 0 ? null : LeaseOf(no);
            _leasesById.Add(id, lease);
        }

        return lease;
    }

    private Lease LeaseOf(long no)
    {
        if (!_leases.TryGetValue(no, out Lease? lease))
        {
            lease = session.First(
                "SELECT id, line, may_verify, codes, first_code, expires_at FROM lease WHERE no = $1",
                r => new Lease(no, r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5)), no)!;
            foreach ((int state, long codes) in session.All(
                "SELECT state, codes FROM tally WHERE lease = $1", r => (r.GetInt32(0), r.GetInt64(1)), no))
            {
                lease.Codes[state] = lease.Saved[state] = codes;
            }

            _leases.Add(no, lease);
        }

        return lease;
    }

    private sealed class Code
    {
        public long Id { get; init; }

        public long LeaseNo { get; init; }

        public Lease Lease { get; set; } = null!;

        public CodeState State { get; set; }

        public long? PrintedAt { get; set; }

        public long? ChangedAt { get; set; }

        public string? Reason { get; set; }

        public bool Changed { get; set; }
    }

    private sealed record Lease(long No, string Id, string Line, long MayVerify, long Total, long FirstCode, long ExpiresAt)
    {
        public long[] Codes { get; } = new long[(int)CodeState.Expired + 1];

        public long[] Saved { get; } = new long[(int)CodeState.Expired + 1];
    }
}
