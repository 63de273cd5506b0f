using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;

namespace EdgeLine.IssuingPlatform.Enrolment;

/// <summary>The addresses for the way back of a line, and for what the platform knows of its past.</summary>
internal static class EnrolmentEndpoints
{
    private const int MaxReceiptBytes = 16 * 1024;

    public static void MapEnrolment(this IEndpointRouteBuilder routes, EnrolmentRegister enrolments, LineRecord record)
    {
        routes.MapPost("/api/v1/lines/{lineId}/enrolments", (HttpContext http, string lineId) => Answer.WithBody<EnrolmentOrder, IssuedEnrolment>(
            http, body => enrolments.Issue(http.Caller(), lineId, body), Issued(http))).For(Role.Qa | Role.Approver);
        // The code is the credential: 80 random bits, one use, a few hours.
        routes.MapPost("/api/v1/enrolments", (Delegate)((HttpContext http) => Answer.WithBody<EnrolmentRequest, SealedAnswer>(
            http, body => enrolments.Redeem(body, http.Request.ShownToken()), answer => Sealed(http, answer)))).For(Role.Anyone);
        routes.MapPut("/api/v1/lines/{lineId}/ledger", (HttpContext http, string lineId) => TakeBackAsync(http, enrolments, lineId)).For(Role.Device);
        routes.MapGet("/api/v1/lines/{lineId}/open-codes", (HttpContext http, string lineId) =>
            Answer.Of(record.OpenCodes(http.Caller(), lineId), codes => NotKept(http, codes))).For(Role.Device | Role.Qa);
        routes.MapGet("/api/v1/lines/{lineId}/ledgers", (string lineId) => Answer.Of(record.Ledgers(lineId)))
            .For(Role.Qa | Role.Approver | Role.Regulator);
    }

    private static Func<IssuedEnrolment, IResult> Issued(HttpContext http) => issued => NotKept(http, issued);

    private static IResult NotKept<T>(HttpContext http, T value)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Answer.Ok(value);
    }

    private static IResult Sealed(HttpContext http, SealedAnswer answer)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(answer.Answer, PlatformJson.Options);
        http.Response.Headers[EnrolmentCode.SealHeader] = EnrolmentCode.Seal(answer.SealKey, body);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(body, "application/json");
    }

    private static async Task<IResult> TakeBackAsync(HttpContext http, EnrolmentRegister enrolments, string lineId) =>
        await RequestBody.ReadAsync(http.Request, SignedManifest.MediaType, MaxReceiptBytes) switch
        {
            Outcome<byte[]>.Done body => Answer.Of(enrolments.TakeBack(http.Caller(), lineId, Encoding.ASCII.GetString(body.Value))),
            Outcome<byte[]>.Refused refused => Answer.Of(refused.Problem),
            _ => throw new UnreachableException(),
        };
}
