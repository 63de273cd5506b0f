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

    /// <summary>The registered ledger if it is this one; registers the first one of a line.</summary>
    public static Outcome<LineLedger> Require(Session session, string line, Guid ledgerId, int epoch)
    {
        string id = ledgerId.ToString("D");
        if (Current(session, line) is { } known)
        {
            return known.Id == id && known.Epoch == epoch ? known : NotCurrent(line, known.Id, known.Epoch, id, epoch);
        }

        // A ledger of another line, or of a later epoch than any enrolment gave out, is no first ledger.
        if (epoch != 1 || session.Number("SELECT count(*) FROM ledger WHERE id = $1", id) > 0)
        {
            return NotCurrent(line, "none", 1, id, epoch);
        }

        session.Execute(
            "INSERT INTO ledger(line, id, epoch, accepted, head, current) VALUES ($1, $2, $3, 0, $4, 1)",
            line, id, (long)epoch, JournalEntry.Genesis);
        return Current(session, line)!;
    }

    private static Problem NotCurrent(string line, string knownId, int knownEpoch, string id, int epoch) => Problem.Conflict(
        ProblemTypes.LedgerNotCurrent, "Not the ledger of this line",
        $"{line} is registered with ledger {knownId} epoch {knownEpoch}; this is ledger {id} epoch {epoch}. Enrol the line again.")
        .With("registeredLedger", knownId).With("registeredEpoch", knownEpoch);
}
