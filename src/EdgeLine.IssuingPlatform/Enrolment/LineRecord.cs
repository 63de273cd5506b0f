using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Enrolment;

/// <summary>A ledger that a line is or was known by.</summary>
/// <param name="LedgerId">Its identity.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Current">True for the one that the line has now.</param>
/// <param name="AcceptedThrough">Last entry of it.</param>
/// <param name="ClosedAtUnixMs">When an enrolment closed it, or null.</param>
/// <param name="SetAside">Entries that came after that, or under numbers that have another entry.</param>
/// <param name="VerifiedSetAside">
/// Codes that such entries call verified, at most 1,000: their items may have left although the codes never became active.
/// </param>
internal sealed record KnownLedger(
    string LedgerId, int Epoch, bool Current, long AcceptedThrough, long? ClosedAtUnixMs, long SetAside, IReadOnlyList<string> VerifiedSetAside);

/// <summary>What the platform knows of a line's past: its ledgers, and every code that was lent to it and is not history yet.</summary>
internal sealed class LineRecord(Database database)
{
    private const int MaxSetAsideShown = 1000;

    /// <summary>All ledgers of a line, oldest first.</summary>
    public Outcome<IReadOnlyList<KnownLedger>> Ledgers(string line) => database.Read<Outcome<IReadOnlyList<KnownLedger>>>(session =>
        session.Number("SELECT count(*) FROM line WHERE id = $1", line) == 0
            ? Problem.NotFound("line", line)
            : new Outcome<IReadOnlyList<KnownLedger>>.Done([.. session.All(
                "SELECT id, epoch, current, accepted, closed_at, (SELECT count(*) FROM late_entry e WHERE e.ledger = g.no), no FROM ledger g WHERE line = $1 ORDER BY no",
                r => (Ledger: new KnownLedger(r.GetString(0), r.GetInt32(1), r.GetInt64(2) == 1, r.GetInt64(3), r.IsDBNull(4) ? null : r.GetInt64(4), r.GetInt64(5), []), No: r.GetInt64(6)),
                line).Select(g => g.Ledger with { VerifiedSetAside = VerifiedSetAside(session, g.No) })]));

    /// <summary>The codes of all leases whose batch is not closed, with their states, for a new ledger of the line.</summary>
    public Outcome<OpenCodes> OpenCodes(Caller caller, string line) => database.Read<Outcome<OpenCodes>>(session =>
    {
        if (!caller.MaySee(line))
        {
            return OrderEndpoints.NotYourLine(caller, line);
        }

        if (session.Number("SELECT count(*) FROM line WHERE id = $1", line) == 0)
        {
            return Problem.NotFound("line", line);
        }

        LineLedger? ledger = LineLedger.Current(session, line);
        List<OldLease> leases = session.All(
            "SELECT l.manifest, l.first_code, l.codes FROM lease l JOIN batch b ON b.id = l.batch WHERE l.line = $1 AND b.closed_at IS NULL ORDER BY l.no",
            r => (Manifest: r.GetString(0), First: r.GetInt64(1), Codes: r.GetInt64(2)), line)
            .ConvertAll(l => LeaseWith(session, l.Manifest, l.First, l.Codes));
        return new OpenCodes(line, ledger is null ? null : Guid.Parse(ledger.Id), ledger?.Epoch ?? 0, NewestOrder(session, line), leases);
    });

    private static OldLease LeaseWith(Session session, string manifest, long first, long count)
    {
        var codes = new System.Text.StringBuilder((int)count * LeaseManifest.BytesPerCode);
        var states = new System.Text.StringBuilder((int)count);
        session.All(
            "SELECT value, state FROM code WHERE id >= $1 AND id < $2 ORDER BY id",
            r =>
            {
                codes.Append(r.GetString(0)).Append('\n');
                states.Append((char)('0' + r.GetInt32(1)));
                return 0;
            },
            first, first + count);
        return new OldLease(manifest, codes.ToString(), states.ToString());
    }

    private static OpenOrder? NewestOrder(Session session, string line) => session.First(
        """
        SELECT o.id, b.id, b.number, b.content ->> 'product', o.target - (
                 SELECT coalesce(sum(t.codes), 0) FROM lease l JOIN tally t ON t.lease = l.no WHERE l.line_order = o.id AND t.state IN (4, 5))
          FROM lease n JOIN line_order o ON o.id = n.line_order JOIN batch b ON b.id = n.batch
         WHERE n.line = $1 AND b.closed_at IS NULL ORDER BY n.no DESC LIMIT 1
        """,
        r => new OpenOrder(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), Math.Max(0, r.GetInt32(4))), line);

    private static List<string> VerifiedSetAside(Session session, long ledger) => session.All(
        $"SELECT DISTINCT code FROM late_entry WHERE ledger = $1 AND kind = {(int)JournalKind.Verified} ORDER BY seq LIMIT {MaxSetAsideShown}",
        r => r.GetString(0), ledger);
}
