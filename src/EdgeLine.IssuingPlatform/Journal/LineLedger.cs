using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Journal;

/// <summary>
/// The ledger that a line is known by. The first one that speaks is registered; from then on another ledger under the
/// same line is a second past and is refused until the line is enrolled again.
/// </summary>
internal sealed record LineLedger(long No, string Id, int Epoch, long Accepted, byte[] Head, long? LockedAtUnixMs)
{
    /// <summary>The current ledger of a line, or null when it never spoke.</summary>
    public static LineLedger? Current(Session session, string line) => session.First(
        "SELECT g.no, g.id, g.epoch, g.accepted, g.head, n.locked_at FROM ledger g JOIN line n ON n.id = g.line WHERE g.line = $1 AND g.current = 1",
        r => new LineLedger(r.GetInt64(0), r.GetString(1), r.GetInt32(2), r.GetInt64(3), (byte[])r.GetValue(4), r.IsDBNull(5) ? null : r.GetInt64(5)),
        line);

    /// <summary>Why this is not the ledger that the line is known by; null when it is, or when the line has none yet.</summary>
    public static Problem? Fence(Session session, string line, Guid ledgerId, int epoch) =>
        Current(session, line) is { } known && (known.Id != ledgerId.ToString("D") || known.Epoch != epoch)
            ? NotCurrent(session, line, known.Id, known.Epoch, ledgerId.ToString("D"), epoch)
            : null;

    /// <summary>The registered ledger if it is this one; registers the first one of a line.</summary>
    public static Outcome<LineLedger> Require(Session session, string line, Guid ledgerId, int epoch)
    {
        string id = ledgerId.ToString("D");
        if (Fence(session, line, ledgerId, epoch) is { } fenced)
        {
            return fenced;
        }

        if (Current(session, line) is { } known)
        {
            return known;
        }

        // A ledger of another line, or of a later epoch than any enrolment gave out, is no first ledger.
        if (epoch != 1 || session.Number("SELECT count(*) FROM ledger WHERE id = $1", id) > 0)
        {
            return NotCurrent(session, line, "none", 1, id, epoch);
        }

        session.Execute(
            "INSERT INTO ledger(line, id, epoch, accepted, head, current) VALUES ($1, $2, $3, 0, $4, 1)",
            line, id, (long)epoch, JournalEntry.Genesis);
        return Current(session, line)!;
    }

    /// <summary>
    /// Puts a new ledger in the place of the current one, which stays as evidence. Nobody knows what that one printed after
    /// the last entry that came here: every code that was open or printing is in doubt, and its leases are closed.
    /// </summary>
    public static void Succeed(Session session, string line, Guid ledgerId, int epoch, long nowMs)
    {
        session.Execute("UPDATE ledger SET current = 0, closed_at = $2 WHERE line = $1 AND current = 1", line, nowMs);
        session.Execute(
            "INSERT INTO ledger(line, id, epoch, accepted, head, current) VALUES ($1, $2, $3, 0, $4, 1)",
            line, ledgerId.ToString("D"), (long)epoch, JournalEntry.Genesis);
        session.Execute("UPDATE line SET locked_at = NULL WHERE id = $1", line);
        foreach ((long no, long first, long codes) in session.All(
            "SELECT no, first_code, codes FROM lease WHERE line = $1 AND no IN (SELECT lease FROM tally WHERE state <= 1 AND codes > 0)",
            r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), line))
        {
            long changed = session.Execute(
                "UPDATE code SET state = $3, changed_at = $4, reason = 'enrolled' WHERE id >= $1 AND id < $2 AND state <= 1",
                first, first + codes, (long)CodeState.InDoubt, nowMs);
            session.Execute("UPDATE tally SET codes = 0 WHERE lease = $1 AND state <= 1", no);
            session.Execute(
                "INSERT INTO tally(lease, state, codes) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET codes = codes + excluded.codes",
                no, (long)CodeState.InDoubt, changed);
        }

        session.Execute("UPDATE lease SET closed_at = $2 WHERE line = $1 AND closed_at IS NULL", line, nowMs);
    }

    /// <summary>The ledger of the line that was closed last, or null.</summary>
    public static ClosedLedger? ClosedBefore(Session session, string line) => session.First(
        """
        SELECT g.id, g.epoch, g.accepted, (SELECT j.leaf FROM journal j WHERE j.ledger = g.no AND j.seq = g.accepted)
          FROM ledger g WHERE g.line = $1 AND g.current = 0 ORDER BY g.epoch DESC, g.no DESC LIMIT 1
        """,
        r => new ClosedLedger(
            Guid.Parse(r.GetString(0)), r.GetInt32(1), r.GetInt64(2), r.IsDBNull(3) ? 0 : JournalLeaf.Decode((byte[])r.GetValue(3)).AtUnixMs),
        line);

    /// <summary>True when a ledger with this identity was ever registered, for any line.</summary>
    public static bool IsKnown(Session session, Guid ledgerId) =>
        session.Number("SELECT count(*) FROM ledger WHERE id = $1", ledgerId.ToString("D")) > 0;

    private static Problem NotCurrent(Session session, string line, string knownId, int knownEpoch, string id, int epoch)
    {
        long closedAt = session.Number("SELECT closed_at FROM ledger WHERE line = $1 AND id = $2 AND epoch = $3", line, id, (long)epoch);
        string since = closedAt == 0 ? "" : $", which was closed at {DateTimeOffset.FromUnixTimeMilliseconds(closedAt):yyyy-MM-dd HH:mm} UTC";
        return Problem.Conflict(
            ProblemTypes.LedgerNotCurrent, "Not the ledger of this line",
            $"{line} is registered with ledger {knownId} epoch {knownEpoch}; this is ledger {id} epoch {epoch}{since}. Enrol the line again.")
            .With("registeredLedger", knownId).With("registeredEpoch", knownEpoch).With("closedAt", closedAt == 0 ? null : closedAt);
    }
}
