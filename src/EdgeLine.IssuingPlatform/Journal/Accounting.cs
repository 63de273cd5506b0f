using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Leases;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Journal;

/// <summary>Closes a batch.</summary>
/// <param name="RefusedSettled">What was done with items that the platform does not confirm; needed when there are any.</param>
internal sealed record Closing(string? RefusedSettled = null);

/// <summary>
/// How the codes of a lease or batch add up, and the closing of a batch, which needs every code to have come to its end.
/// </summary>
internal sealed class Accounting(Database database, TimeProvider time)
{
    private const int MaxExamples = 10;

    private const string Sums =
        """
        SELECT coalesce(sum(t.codes), 0),
               coalesce(sum(t.codes) FILTER (WHERE t.state = 0), 0), coalesce(sum(t.codes) FILTER (WHERE t.state = 1), 0),
               coalesce(sum(t.codes) FILTER (WHERE t.state = 2), 0), coalesce(sum(t.codes) FILTER (WHERE t.state = 3), 0),
               coalesce(sum(t.codes) FILTER (WHERE t.state = 4), 0), coalesce(sum(t.codes) FILTER (WHERE t.state = 5), 0),
               coalesce(sum(t.codes) FILTER (WHERE t.state = 6), 0), coalesce(sum(t.codes) FILTER (WHERE t.state = 7), 0),
               coalesce(sum(t.codes) FILTER (WHERE t.state = 8), 0)
          FROM lease l JOIN tally t ON t.lease = l.no
        """;

    /// <summary>The account of a lease.</summary>
    public Outcome<Reconciliation> OfLease(Caller caller, string leaseId) => database.Read<Outcome<Reconciliation>>(session =>
        LeaseRow.Find(session, leaseId) is not { } lease ? Problem.NotFound("lease", leaseId)
        : !caller.MaySee(lease.Line) ? LeaseFiles.NotYours(leaseId)
        : Sum(session, "l.id = $1", leaseId, Batch.Find(session, lease.BatchId)!.Quantity()));

    /// <summary>The account of a batch.</summary>
    public Outcome<Reconciliation> OfBatch(string batchId) => database.Read<Outcome<Reconciliation>>(session =>
        Batch.Find(session, batchId) is not { } batch
            ? Problem.NotFound("batch", batchId)
            : Sum(session, "l.batch = $1", batchId, batch.Quantity()));

    /// <summary>Closes a batch when nothing is outstanding.</summary>
    public Outcome<Batch> Close(Caller caller, string batchId, Closing closing) => database.Write<Batch>(session =>
    {
        if (Batch.Find(session, batchId) is not { } batch)
        {
            return Problem.NotFound("batch", batchId);
        }

        if (batch.State is not (Batch.Approved or Batch.Suspended))
        {
            return Problem.Conflict("batch-state", "Not in this state", $"Batch {batch.Content.Number} is {batch.State}.");
        }

        Reconciliation account = Sum(session, "l.batch = $1", batchId, batch.Quantity());
        long outstanding = account.Open + account.Printing + account.InDoubt + account.Rejected;
        bool unsettled = account.Refused > 0 && string.IsNullOrWhiteSpace(closing.RefusedSettled);
        if (outstanding > 0 || unsettled)
        {
            return StillOpen(session, batch, account, outstanding);
        }

        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        session.Execute("UPDATE batch SET state = iif(state = 'suspended', state, 'closed'), closed_at = $2 WHERE id = $1", batchId, now);
        session.Execute("UPDATE line_order SET closed_at = $2 WHERE batch = $1 AND closed_at IS NULL", batchId, now);
        session.Execute("UPDATE lease SET closed_at = $2 WHERE batch = $1 AND closed_at IS NULL", batchId, now);
        session.Audit(now, caller.Name, "batch-closed", batchId, closing.RefusedSettled ?? "");
        return Batch.Find(session, batchId)!;
    });

    private static Problem StillOpen(Session session, Batch batch, Reconciliation account, long outstanding)
    {
        List<string> examples = session.All(
            $"SELECT c.value FROM lease l JOIN code c ON c.id >= l.first_code AND c.id < l.first_code + l.codes "
            + $"WHERE l.batch = $1 AND c.state <= 3 LIMIT {MaxExamples}", r => r.GetString(0), batch.Id);
        return Problem.Conflict(ProblemTypes.ReconciliationOpen, "Not every code is accounted for",
            $"Batch {batch.Content.Number}: {account.Open} not printed, {account.Printing} printing, {account.InDoubt} in doubt, "
            + $"{account.Rejected} rejected, {account.Refused} refused. Return, void or verify them; say what was done with refused items.")
            .With("outstanding", outstanding).With("refused", account.Refused).With("examples", examples);
    }

    private static Reconciliation Sum(Session session, string where, string id, long approved)
    {
        // Refused: the line holds an item for verified whose code the platform does not confirm.
        long refused = session.Number(
            $"SELECT count(*) FROM refusal f JOIN lease l ON l.id = f.lease WHERE f.kind = {(int)JournalKind.Verified} AND {where}", id);
        return session.First(
            $"{Sums} WHERE {where}",
            r => new Reconciliation(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6),
                r.GetInt64(7), r.GetInt64(8), r.GetInt64(9), refused, approved), id)!;
    }
}
