using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Journal;

/// <summary>
/// Takes the stored bytes of a line's journal. An upload is taken whole or not at all; what is known already is
/// compared byte for byte and taken silently; what does not continue the known chain is refused and changes nothing,
/// except that a fork locks the line.
/// </summary>
internal sealed class JournalIntake(Database database, TimeProvider time)
{
    /// <summary>Takes an upload.</summary>
    /// <param name="caller">The device.</param>
    /// <param name="line">Its line.</param>
    /// <param name="body">The leaves.</param>
    /// <param name="givenUp">Leases that the line could not bring back; their entries are stored and refused.</param>
    public Outcome<JournalReceipt> Accept(Caller caller, string line, byte[] body, IReadOnlyCollection<string>? givenUp = null)
    {
        if (!caller.MaySee(line))
        {
            if (caller.WasReplacedAt(line) && Decode(body) is Outcome<List<Leaf>>.Done late)
            {
                database.Write<int>(session =>
                {
                    SetAside(session, line, late.Value);
                    return 0;
                });
            }

            return OrderEndpoints.NotYourLine(caller, line);
        }

        // Decoding and hashing need no turn at the database.
        return Decode(body) switch
        {
            Outcome<List<Leaf>>.Done leaves => Accept(line, leaves.Value, givenUp ?? []),
            Outcome<List<Leaf>>.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Where the platform stands with a line.</summary>
    public Outcome<LedgerHead> HeadOf(Caller caller, string line)
    {
        if (!caller.MaySee(line))
        {
            return OrderEndpoints.NotYourLine(caller, line);
        }

        return database.Read<Outcome<LedgerHead>>(session =>
            session.Number("SELECT count(*) FROM line WHERE id = $1", line) == 0 ? Problem.NotFound("line", line)
            : LineLedger.Current(session, line) is not { } ledger ? new LedgerHead(null, 1, 0, "")
            : HeadOf(ledger));
    }

    /// <summary>Where the platform stands with a ledger.</summary>
    public static LedgerHead HeadOf(LineLedger ledger) =>
        new(Guid.Parse(ledger.Id), ledger.Epoch, ledger.Accepted, ledger.Accepted == 0 ? "" : Convert.ToHexStringLower(ledger.Head));

    private Outcome<JournalReceipt> Accept(string line, List<Leaf> leaves, IReadOnlyCollection<string> givenUp)
    {
        Outcome<JournalReceipt> outcome = database.Write(session => Store(session, line, leaves, givenUp));
        if (outcome is Outcome<JournalReceipt>.Refused { Problem.Type: ProblemTypes.JournalFork or ProblemTypes.LedgerNotCurrent } refused)
        {
            database.Write<int>(session =>
            {
                SetAside(session, line, leaves);
                if (refused.Problem.Type == ProblemTypes.JournalFork)
                {
                    session.Execute("UPDATE line SET locked_at = $2 WHERE id = $1 AND locked_at IS NULL", line, Now());
                    session.Audit(Now(), line, "journal-fork", line, $"seq {leaves[0].Entry.Seq} to {leaves[^1].Entry.Seq}");
                }

                return 0;
            });
        }

        return outcome;
    }

    // Applied to nothing, kept for people: what a replaced PC still had to say, or the other of two pasts.
    private void SetAside(Session session, string line, List<Leaf> leaves)
    {
        long ledger = session.Number("SELECT no FROM ledger WHERE line = $1 AND id = $2", line, leaves[0].Entry.LedgerId.ToString("D"));
        foreach (Leaf leaf in ledger == 0 ? [] : leaves)
        {
            session.Execute(
                "INSERT INTO late_entry(ledger, seq, hash, leaf, kind, code, at) SELECT $1, $2, $3, $4, $5, $6, $7 "
                + "WHERE NOT EXISTS (SELECT 1 FROM journal WHERE ledger = $1 AND seq = $2 AND leaf = $4) ON CONFLICT DO NOTHING",
                ledger, leaf.Entry.Seq, leaf.Hash, leaf.Bytes, (long)leaf.Entry.Kind, leaf.Entry.Code, Now());
        }
    }

    private Outcome<JournalReceipt> Store(Session session, string line, List<Leaf> leaves, IReadOnlyCollection<string> givenUp)
    {
        JournalEntry first = leaves[0].Entry;
        Outcome<LineLedger> registered = LineLedger.Require(session, line, first.LedgerId, first.Epoch);
        if (registered is not Outcome<LineLedger>.Done { Value: var ledger })
        {
            return ((Outcome<LineLedger>.Refused)registered).Problem;
        }

        if (first.Seq > ledger.Accepted + 1)
        {
            return Gap(ledger.Accepted + 1, first.Seq);
        }

        int known = 0;
        while (known < leaves.Count && leaves[known].Entry.Seq <= ledger.Accepted)
        {
            byte[]? stored = session.First(
                "SELECT leaf FROM journal WHERE ledger = $1 AND seq = $2", r => (byte[])r.GetValue(0), ledger.No, leaves[known].Entry.Seq);
            if (!leaves[known].Bytes.AsSpan().SequenceEqual(stored))
            {
                return Fork(leaves[known].Entry.Seq);
            }

            known++;
        }

        if (known == leaves.Count)
        {
            return Receipt(session, line, ledger.Accepted, RefusedBetween(session, ledger.No, first.Seq, leaves[^1].Entry.Seq));
        }

        // The entry after the head names another past than the one that is stored here.
        if (known == 0 && !first.Previous.AsSpan().SequenceEqual(ledger.Head))
        {
            return Fork(first.Seq);
        }

        // A lease that this platform granted and lost when it was set back: the line has it, signed. Better late than refused.
        foreach (Leaf leaf in leaves.Skip(known).Where(l => l.Entry.Kind == JournalKind.Leased && !givenUp.Contains(l.Entry.LeaseId)))
        {
            if (session.Number("SELECT count(*) FROM lease WHERE id = $1", leaf.Entry.LeaseId) == 0)
            {
                return LeaseUnknown(leaf.Entry);
            }
        }

        var fold = new CodeFold(session, line, ledger.No);
        foreach (Leaf leaf in leaves.Skip(known))
        {
            session.Execute("INSERT INTO journal(ledger, seq, leaf) VALUES ($1, $2, $3)", ledger.No, leaf.Entry.Seq, leaf.Bytes);
            fold.Apply(leaf.Entry);
        }

        fold.Save();
        session.Execute("UPDATE ledger SET accepted = $2, head = $3 WHERE no = $1", ledger.No, leaves[^1].Entry.Seq, leaves[^1].Hash);
        return Receipt(session, line, leaves[^1].Entry.Seq, known == 0 ? fold.Refused : RefusedBetween(session, ledger.No, first.Seq, leaves[^1].Entry.Seq));
    }

    private JournalReceipt Receipt(Session session, string line, long acceptedThrough, IReadOnlyList<RefusedEntry> refused) => new(
        acceptedThrough,
        refused,
        session.All(
            "SELECT DISTINCT b.id, b.state FROM lease l JOIN batch b ON b.id = l.batch WHERE l.line = $1 AND l.closed_at IS NULL ORDER BY b.no",
            r => new BatchStatus(r.GetString(0), r.GetString(1)), line),
        Now());

    // The answer to bytes that came before is the answer of before: a line that lost it must still learn its refusals.
    private static List<RefusedEntry> RefusedBetween(Session session, long ledger, long from, long to) => session.All(
        "SELECT seq, code, type, detail FROM refusal WHERE ledger = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq",
        r => new RefusedEntry(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3)), ledger, from, to);

    private static Outcome<List<Leaf>> Decode(byte[] body)
    {
        var leaves = new List<Leaf>();
        int at = 0;
        try
        {
            foreach (byte[] bytes in JournalUpload.Split(body))
            {
                at = leaves.Count;
                leaves.Add(new Leaf(bytes, JournalLeaf.Decode(bytes), JournalLeaf.HashOf(bytes)));
                if (Broken(leaves) is { } why)
                {
                    return Problem.Invalid($"/entries/{at}", why);
                }
            }
        }
        catch (FormatException e)
        {
            return Problem.Invalid($"/entries/{at}", e.Message);
        }

        return leaves;
    }

    private static string? Broken(List<Leaf> leaves)
    {
        JournalEntry entry = leaves[^1].Entry;
        if (entry.Seq < 1 || entry.Epoch < 1)
        {
            return "Entries are numbered from 1, epochs too.";
        }

        if (!Enum.IsDefined(entry.Kind))
        {
            return $"Kind {(int)entry.Kind} is not known.";
        }

        if (entry.Seq == 1 && (entry.Kind != JournalKind.LedgerOpened || !entry.Previous.AsSpan().SequenceEqual(JournalEntry.Genesis)))
        {
            return "Entry 1 opens the ledger and has no entry before it.";
        }

        if (leaves.Count == 1)
        {
            return null;
        }

        Leaf before = leaves[^2];
        return entry.LedgerId != before.Entry.LedgerId || entry.Epoch != before.Entry.Epoch ? "All entries of an upload are of one ledger and epoch."
            : entry.Seq != before.Entry.Seq + 1 ? $"Entry {entry.Seq} follows entry {before.Entry.Seq}; numbers have no gaps."
            : !entry.Previous.AsSpan().SequenceEqual(before.Hash) ? $"Entry {entry.Seq} does not carry the hash of the entry before it."
            : null;
    }

    private static Problem Gap(long expected, long got) => Problem.Conflict(
        ProblemTypes.JournalGap, "Entries are missing", $"Entry {expected} is expected, the upload begins with {got}.").With("expectedSeq", expected);

    private static Problem LeaseUnknown(JournalEntry entry) => Problem.Conflict(
        ProblemTypes.LeaseUnknown, "A lease is not known here",
        $"Entry {entry.Seq} takes lease {Problem.Shown(entry.LeaseId)}, which this platform does not know. Bring it: PUT /api/v1/leases/{{id}}.")
        .With("leaseId", entry.LeaseId).With("seq", entry.Seq);

    private static Problem Fork(long seq) => Problem.Conflict(
        ProblemTypes.JournalFork, "Two pasts", $"Entry {seq} is not the one that this platform knows. The line is locked until it is enrolled again.")
        .With("seq", seq);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Leaf(byte[] Bytes, JournalEntry Entry, byte[] Hash);
}
