using System.Diagnostics;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;

namespace EdgeLine.IssuingPlatform.Journal;

/// <summary>The addresses for the journal of a line and for the accounts that come from it.</summary>
internal static class JournalEndpoints
{
    private const Role Readers = Role.Device | Role.Qa | Role.Approver | Role.Regulator;

    public static void MapJournal(this IEndpointRouteBuilder routes, JournalIntake intake, Accounting accounting)
    {
        routes.MapPost("/api/v1/lines/{lineId}/journal", (HttpContext http, string lineId) => UploadAsync(http, intake, lineId)).For(Role.Device);
        routes.MapGet("/api/v1/lines/{lineId}/journal", (HttpContext http, string lineId) =>
            Answer.Of(intake.HeadOf(http.Caller(), lineId))).For(Readers);
        routes.MapGet("/api/v1/leases/{id}/reconciliation", (HttpContext http, string id) =>
            Answer.Of(accounting.OfLease(http.Caller(), id))).For(Readers);
        routes.MapGet("/api/v1/batches/{id}/reconciliation", (string id) => Answer.Of(accounting.OfBatch(id))).For(Readers);
        routes.MapPost("/api/v1/batches/{id}/close", (HttpContext http, string id) => Answer.WithBody<Closing, Batch>(
            http, body => accounting.Close(http.Caller(), id, body))).For(Role.Qa);
    }

    private static async Task<IResult> UploadAsync(HttpContext http, JournalIntake intake, string lineId) =>
        await RequestBody.ReadAsync(http.Request, JournalUpload.MediaType, JournalUpload.MaxBytes) switch
        {
            Outcome<byte[]>.Done body => Answer.Of(intake.Accept(http.Caller(), lineId, body.Value, [.. http.Request.Query["givenUp"].OfType<string>()])),
            Outcome<byte[]>.Refused refused => Answer.Of(refused.Problem),
            _ => throw new UnreachableException(),
        };
}
