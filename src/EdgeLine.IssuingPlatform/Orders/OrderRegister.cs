using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Leases;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Orders;

/// <summary>Assigns a quantity of a batch to a line.</summary>
/// <param name="LineId">The line.</param>
/// <param name="BatchId">The approved batch.</param>
/// <param name="Target">Units wanted.</param>
/// <param name="LeaseMinutes">Life of the leases of this order; 24 hours when left out, at most 7 days.</param>
internal sealed record OrderRequest(string LineId, string BatchId, long Target, int? LeaseMinutes = null);

/// <summary>An order as it was entered.</summary>
internal sealed record Order(string OrderId, string LineId, string BatchId, long Target, int LeaseMinutes, long CreatedAtUnixMs);

/// <summary>
/// Orders: how much of which batch a line is to make. The orders of a batch never exceed its approved quantity.
/// </summary>
internal sealed class OrderRegister(Database database, TimeProvider time)
{
    /// <summary>Life of a lease when the order does not say.</summary>
    public const int DefaultLeaseMinutes = 24 * 60;

    /// <summary>Longest life of a lease.</summary>
    public const int MaxLeaseMinutes = 7 * 24 * 60;

    /// <summary>Assigns a quantity of an approved batch to a line.</summary>
    public Outcome<Order> Create(Caller caller, OrderRequest request) => database.Write<Order>(session =>
    {
        if (Faults(session, request) is { Count: > 0 } faults)
        {
            return Problem.Invalid(faults);
        }

        Batch batch = Batch.Find(session, request.BatchId)!;
        if (NotUsable(batch) is { } problem)
        {
            return problem;
        }

        long ordered = session.Number("SELECT sum(target) FROM line_order WHERE batch = $1", batch.Id);
        if (ordered + request.Target > batch.Quantity())
        {
            return Places.Exhausted(batch.Quantity(), ordered, batch.Quantity() - ordered, "ordered");
        }

        var order = new Order(Identity.Draw("order"), request.LineId, batch.Id, request.Target,
            request.LeaseMinutes ?? DefaultLeaseMinutes, time.GetUtcNow().ToUnixTimeMilliseconds());
        session.Execute(
            "INSERT INTO line_order(id, line, batch, target, lease_minutes, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            order.OrderId, order.LineId, order.BatchId, order.Target, (long)order.LeaseMinutes, order.CreatedAtUnixMs);
        session.Audit(order.CreatedAtUnixMs, caller.Name, "order-created", order.OrderId, $"{order.LineId} {order.Target}");
        return order;
    });

    /// <summary>Open orders of a line, oldest first: batch approved or suspended, target not met.</summary>
    public Outcome<LineWork> WorkOf(string lineId) => database.Read<Outcome<LineWork>>(session =>
    {
        if (session.Number("SELECT count(*) FROM line WHERE id = $1", lineId) == 0)
        {
            return Problem.NotFound("line", lineId);
        }

        List<LineOrder> orders = session.All(
            """
            SELECT o.id, b.id, b.number, b.content ->> 'product', o.target, b.state,
                   (SELECT coalesce(sum(t.codes), 0) FROM lease l JOIN tally t ON t.lease = l.no
                     WHERE l.batch = o.batch AND l.line_order = o.id AND t.state IN (4, 5))
              FROM line_order o JOIN batch b ON b.id = o.batch
             WHERE o.line = $1 AND o.closed_at IS NULL AND b.state IN ('approved', 'suspended')
             ORDER BY o.no
            """,
            r => new LineOrder(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt32(4), r.GetInt32(6), r.GetString(5)),
            lineId);
        return new LineWork(
            [.. orders.Where(o => o.Verified < o.Target).Select(o => o with { Texts = LabelContentOf(session, Batch.Find(session, o.BatchId)!) })],
            time.GetUtcNow().ToUnixTimeMilliseconds());
    });

    /// <summary>What stands on every label of a batch, with the address of its codes.</summary>
    internal static LabelContent LabelContentOf(Session session, Batch batch)
    {
        string host = session.Text("SELECT value FROM setting WHERE name = 'host'");
        CodeCarrier carrier = batch.Content.Gtin is { } gtin ? CodeCarrier.DigitalLink(host, gtin) : CodeCarrier.ShortUrl(host);
        return new LabelContent(
            batch.Content.Specification!,
            batch.Content.Producer!.Name!,
            batch.Content.Standard!,
            Report.Find(session, batch.ReportId!)!.Content.Number!,
            carrier.UrlTemplate);
    }

    /// <summary>Why no codes may be made for this batch now, or null.</summary>
    public static Problem? NotUsable(Batch batch) => batch.State switch
    {
        Batch.Approved => null,
        Batch.Suspended => Problem.Conflict(ProblemTypes.BatchSuspended, "The batch is suspended",
            $"Batch {batch.Content.Number} was suspended by {batch.SuspendedBy}: {batch.SuspendedWhy}")
            .With("batchId", batch.Id).With("since", batch.SuspendedAtUnixMs).With("reasons", (string[])[$"batch-is-{batch.State}"]),
        _ => Problem.Conflict(ProblemTypes.BatchNotApproved, "The batch is not approved",
            $"Batch {batch.Content.Number} is {batch.State}; codes need an approved batch.")
            .With("batchId", batch.Id).With("reasons", (string[])[$"batch-is-{batch.State}"]),
    };

    private static List<Fault> Faults(Session session, OrderRequest request)
    {
        var faults = new List<Fault>();
        if (session.Number("SELECT count(*) FROM line WHERE id = $1", request.LineId) == 0)
        {
            faults.Add(new Fault("/lineId", $"There is no line '{Problem.Shown(request.LineId)}'."));
        }

        if (Batch.Find(session, request.BatchId) is null)
        {
            faults.Add(new Fault("/batchId", $"There is no batch '{Problem.Shown(request.BatchId)}'."));
        }

        if (request.Target is < 1 or > CertificateFields.MaxQuantity)
        {
            faults.Add(new Fault("/target", $"An order is for 1 to {CertificateFields.MaxQuantity} units."));
        }

        if (request.LeaseMinutes is < 1 or > MaxLeaseMinutes)
        {
            faults.Add(new Fault("/leaseMinutes", $"A lease lives 1 to {MaxLeaseMinutes} minutes (7 days)."));
        }

        return faults;
    }
}
