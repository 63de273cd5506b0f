using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Leases;

/// <summary>
/// Lends codes to lines. A grant may be smaller than asked for, never larger than what the batch still allows; the same
/// request asked twice gets the same lease, because the line's reference identifies it for ever.
/// </summary>
/// <param name="database">The platform's memory.</param>
/// <param name="time">Its clock.</param>
/// <param name="key">Signs the manifests.</param>
/// <param name="draw">Draws a code; a simulation gives codes that its seed repeats.</param>
internal sealed class LeaseGranting(Database database, TimeProvider time, ManifestKey key, Func<CertificateCode>? draw = null)
{
    /// <summary>Most items of one lease; a line that wants more asks again.</summary>
    public const int MaxMayVerify = 100_000;

    private const int MaxReference = 100;

    /// <summary>Grants a lease for an order, or gives the stored answer to a request that was answered before.</summary>
    public Outcome<LeaseGrant> Grant(Caller caller, string orderId, LeaseRequest request) => database.Write<LeaseGrant>(session =>
    {
        if (Faults(request) is { Count: > 0 } faults)
        {
            return Problem.Invalid(faults);
        }

        if (!caller.MaySee(request.LineId))
        {
            return OrderEndpoints.NotYourLine(caller, request.LineId);
        }

        // Before everything else, also before the stored answer to a request of before: a ledger that was closed gets nothing.
        if (LineLedger.Fence(session, request.LineId, request.LedgerId, request.Epoch) is { } fenced)
        {
            return fenced;
        }

        byte[] fingerprint = Fingerprint(orderId, request);
        if (LeaseRow.OfRequest(session, request.LineId, request.ClientRef) is { } before)
        {
            return before.Request.AsSpan().SequenceEqual(fingerprint) ? GrantOf(before) : Reused(request);
        }

        if (OrderOf(session, orderId) is not { } order)
        {
            return Problem.NotFound("order", orderId);
        }

        if (order.LineId != request.LineId)
        {
            return new Problem(403, ProblemTypes.LeaseNotYours, "Order of another line", $"Order {order.OrderId} belongs to {order.LineId}.");
        }

        Batch batch = Batch.Find(session, order.BatchId)!;
        if (OrderRegister.NotUsable(batch) is { } notUsable)
        {
            return notUsable;
        }

        if (LineLedger.Require(session, request.LineId, request.LedgerId, request.Epoch) is Outcome<LineLedger>.Refused refused)
        {
            return refused.Problem;
        }

        if (LineLedger.Current(session, request.LineId)!.LockedAtUnixMs is { } since)
        {
            return Locked(request.LineId, since);
        }

        long ofBatch = Places.TakenOfBatch(session, batch.Id);
        long ofOrder = Places.TakenOfOrder(session, batch.Id, order.OrderId);
        long available = Math.Min(batch.Quantity() - ofBatch, order.Target - ofOrder);
        int granted = (int)Math.Min(Math.Min(available, MaxMayVerify), request.MayVerify);
        return granted > 0
            ? GrantOf(Insert(session, batch, order, request, fingerprint, granted))
            : Places.Exhausted(batch.Quantity(), ofBatch, Math.Max(available, 0), "leased").With("target", order.Target);
    });

    private LeaseRow Insert(Session session, Batch batch, Order order, LeaseRequest request, byte[] fingerprint, int mayVerify)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long expiresAt = now + order.LeaseMinutes * 60_000L;
        long lease = session.Number("SELECT coalesce(max(no), 0) FROM lease") + 1;
        int codes = Places.CodesFor(mayVerify);
        long firstCode = session.Number("SELECT coalesce(max(id), 0) FROM code") + 1;
        string sha256 = DrawCodes(session, lease, firstCode, codes);
        string id = Identity.Draw("lease");
        string manifest = key.Sign(ManifestOf(OrderRegister.LabelContentOf(session, batch), batch, order, request) with
        {
            LeaseId = id,
            MayVerify = mayVerify,
            Codes = codes,
            CodesSha256 = sha256,
            IssuedAtUnixMs = now,
            ExpiresAtUnixMs = expiresAt,
        });
        session.Execute(
            "INSERT INTO lease(no, id, line, batch, line_order, client_ref, request, requested, may_verify, codes, first_code, codes_sha256, "
            + "issued_at, expires_at, manifest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            lease, id, request.LineId, batch.Id, order.OrderId, request.ClientRef, fingerprint, (long)request.MayVerify, (long)mayVerify,
            (long)codes, firstCode, sha256, now, expiresAt, manifest);
        session.Execute("INSERT INTO tally(lease, state, codes) VALUES ($1, $2, $3)", lease, (long)CodeState.Open, (long)codes);
        session.Audit(now, request.LineId, "lease-granted", id, $"{mayVerify} of {request.MayVerify}, {codes} codes");
        return LeaseRow.Find(session, lease)!;
    }

    // Drawn one by one: the unique index decides, over all codes ever, and a code that exists is simply drawn again.
    private string DrawCodes(Session session, long lease, long firstCode, int count)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> line = stackalloc byte[LeaseManifest.BytesPerCode];
        for (long id = firstCode; id < firstCode + count;)
        {
            string code = (draw?.Invoke() ?? CertificateCode.Draw()).Value;
            if (session.Execute(
                "INSERT INTO code(id, value, lease, state) VALUES ($1, $2, $3, 0) ON CONFLICT(value) DO NOTHING", id, code, lease) == 1)
            {
                Encoding.ASCII.GetBytes(code, line);
                line[^1] = (byte)'\n';
                hash.AppendData(line);
                id++;
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static LeaseManifest ManifestOf(LabelContent texts, Batch batch, Order order, LeaseRequest request) => new()
    {
        Version = 1,
        LeaseId = "",
        ClientRef = request.ClientRef,
        LineId = request.LineId,
        LedgerId = request.LedgerId,
        Epoch = request.Epoch,
        OrderId = order.OrderId,
        BatchId = batch.Id,
        BatchNumber = batch.Content.Number!,
        Product = batch.Content.Product!,
        Specification = texts.Specification,
        Producer = texts.Producer,
        Standard = texts.Standard,
        ReportNumber = texts.ReportNumber,
        UrlTemplate = texts.UrlTemplate,
        MayVerify = 0,
        Codes = 0,
        CodesSha256 = "",
        IssuedAtUnixMs = 0,
        ExpiresAtUnixMs = 0,
    };

    private static Order? OrderOf(Session session, string id) => session.First(
        "SELECT id, line, batch, target, lease_minutes, created_at FROM line_order WHERE id = $1",
        r => new Order(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt32(4), r.GetInt64(5)), id);

    private static LeaseGrant GrantOf(LeaseRow lease) =>
        new(lease.Id, lease.Requested, lease.MayVerify, lease.Codes, lease.ExpiresAtUnixMs);

    private static byte[] Fingerprint(string orderId, LeaseRequest request) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { orderId, request }, PlatformJson.Options));

    private static List<Fault> Faults(LeaseRequest request)
    {
        var faults = new List<Fault>();
        CertificateFields.Text(faults, "/lineId", request.LineId);
        if (request.MayVerify < 1)
        {
            faults.Add(new Fault("/mayVerify", $"Ask for 1 or more items; at most {MaxMayVerify} are granted at once."));
        }

        if (request.LedgerId == Guid.Empty || request.Epoch < 1)
        {
            faults.Add(new Fault("/ledgerId", "ledgerId and an epoch from 1 say which ledger the codes are for."));
        }

        if (request.ClientRef is not { Length: > 0 and <= MaxReference } || request.ClientRef.Any(c => c is <= ' ' or > '~'))
        {
            faults.Add(new Fault("/clientRef", $"clientRef has 1 to {MaxReference} visible ASCII characters."));
        }

        return faults;
    }

    private static Problem Reused(LeaseRequest request) => new(
        422, ProblemTypes.IdempotencyKeyReused, "The key was used for another request",
        $"'{request.ClientRef}' answered a request with other values; a new request needs a new key.");

    private static Problem Locked(string line, long since) => Problem.Conflict(
        ProblemTypes.JournalFork, "The line is locked",
        $"{line} has shown two pasts and gets no codes until it is enrolled again.").With("since", since);
}
