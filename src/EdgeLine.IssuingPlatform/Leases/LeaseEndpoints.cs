using System.Diagnostics;
using System.Globalization;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using Microsoft.Net.Http.Headers;

namespace EdgeLine.IssuingPlatform.Leases;

/// <summary>The addresses for leases. The code file can be fetched in pieces: a strong ETag, ranges, and its digest.</summary>
internal static class LeaseEndpoints
{
    private const string KeyHeader = "Idempotency-Key";

    public static void MapLeases(this IEndpointRouteBuilder routes, LeaseGranting granting, LeaseFiles files, LostLeases lost, ManifestKey key)
    {
        routes.MapPost("/api/v1/orders/{orderId}/leases", (HttpContext http, string orderId) => GrantAsync(http, granting, orderId))
            .For(Role.Device);
        routes.MapGet("/api/v1/leases/{id}/manifest", (HttpContext http, string id) =>
            Answer.Of(files.Manifest(http.Caller(), id), m => Results.Text(m, SignedManifest.MediaType))).For(Role.Device);
        routes.MapGet("/api/v1/leases/{id}/codes", (HttpContext http, string id) =>
            Answer.Of(files.Codes(http.Caller(), id), file => CodesOf(http, file))).For(Role.Device);
        routes.MapPut("/api/v1/leases/{id}", (HttpContext http, string id) => Answer.WithBody<LostLease, LeaseGrant>(
            http, body => lost.TakeBack(http.Caller(), id, body), maxBytes: LostLeases.MaxBytes)).For(Role.Device);
        routes.MapGet("/api/v1/keys", () => Results.Text(key.PublicPem, "text/plain")).For(Role.Anyone);
    }

    private static async Task<IResult> GrantAsync(HttpContext http, LeaseGranting granting, string orderId)
    {
        string idempotencyKey = http.Request.Headers[KeyHeader].ToString();
        if (idempotencyKey.Length == 0)
        {
            return Answer.Of(new Problem(400, ProblemTypes.IdempotencyKeyMissing, "The request carries no key",
                $"Send {KeyHeader} with the clientRef of the request: then asking again is safe."));
        }

        return await RequestBody.ReadJsonAsync<LeaseRequest>(http.Request) switch
        {
            Outcome<LeaseRequest>.Refused refused => Answer.Of(refused.Problem),
            Outcome<LeaseRequest>.Done { Value: var body } when body.ClientRef != idempotencyKey.Trim('"') =>
                Answer.Of(Problem.Invalid("/clientRef", $"clientRef and {KeyHeader} are the same reference and must be equal.")),
            Outcome<LeaseRequest>.Done { Value: var body } => Answer.Of(
                granting.Grant(http.Caller(), orderId, body),
                grant => Answer.Created($"/api/v1/leases/{grant.LeaseId}/manifest", grant)),
            _ => throw new UnreachableException(),
        };
    }

    private static IResult CodesOf(HttpContext http, CodeFile file)
    {
        // RFC 9530: the digest of the whole file, also on a part of it.
        string digest = Convert.ToBase64String(Convert.FromHexString(file.Sha256));
        http.Response.Headers["Repr-Digest"] = string.Create(CultureInfo.InvariantCulture, $"sha-256=:{digest}:");
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(
            file.Bytes, "text/plain", enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""));
    }
}
