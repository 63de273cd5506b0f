using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;

namespace EdgeLine.IssuingPlatform.Approval;

/// <summary>The addresses for reports and batches.</summary>
internal static class ApprovalEndpoints
{
    private const Role People = Role.Qa | Role.Approver | Role.Lab | Role.Regulator;

    public static void MapApproval(this IEndpointRouteBuilder routes, ReportRegister reports, BatchRegister batches)
    {
        MapReports(routes, reports);
        MapBatches(routes, batches);
    }

    private static void MapReports(IEndpointRouteBuilder routes, ReportRegister reports)
    {
        routes.MapPost("/api/v1/inspection-reports", (Delegate)((HttpContext http) => Answer.WithBody<ReportContent, Report>(
            http, content => reports.Create(http.Caller(), content), At))).For(Role.Qa);
        routes.MapGet("/api/v1/inspection-reports/{id}", (string id) => Answer.Of(reports.Find(id))).For(People);
        routes.MapGet("/api/v1/inspection-reports/{id}/versions", (string id) => Answer.Of(reports.History(id))).For(People);
        routes.MapPut("/api/v1/inspection-reports/{id}", (HttpContext http, string id) => Answer.WithBody<ReportContent, Report>(
            http, content => reports.Change(http.Caller(), id, content))).For(Role.Qa);
        routes.MapPost("/api/v1/inspection-reports/{id}/corrections", (HttpContext http, string id) =>
            Answer.WithBody<ReportContent, Report>(http, content => reports.Correct(http.Caller(), id, content), At)).For(Role.Qa | Role.Lab);
        routes.MapPost("/api/v1/inspection-reports/{id}/attest", (HttpContext http, string id) =>
            Answer.WithBody<Attestation, Report>(http, body => reports.Attest(http.Caller(), id, body.Conclusion))).For(Role.Lab);
        routes.MapPost("/api/v1/inspection-reports/{id}/revoke", (HttpContext http, string id) =>
            Answer.WithBody<Reason, Report>(http, body => reports.Revoke(http.Caller(), id, body.Why))).For(Role.Lab);
    }

    private static void MapBatches(IEndpointRouteBuilder routes, BatchRegister batches)
    {
        routes.MapGet("/api/v1/batches", () => Answer.Ok(batches.All())).For(People);
        routes.MapPost("/api/v1/batches", (Delegate)((HttpContext http) => Answer.WithBody<BatchContent, Batch>(
            http, content => batches.Create(http.Caller(), content), b => Answer.Created($"/api/v1/batches/{b.Id}", b)))).For(Role.Qa);
        routes.MapGet("/api/v1/batches/{id}", (string id) => Answer.Of(batches.Find(id))).For(People);
        routes.MapPut("/api/v1/batches/{id}", (HttpContext http, string id) => Answer.WithBody<BatchContent, Batch>(
            http, content => batches.Change(http.Caller(), id, content))).For(Role.Qa);
        routes.MapPost("/api/v1/batches/{id}/submit", (HttpContext http, string id) => Answer.WithBody<Submission, Batch>(
            http, body => batches.Submit(http.Caller(), id, body.ReportId))).For(Role.Qa);
        routes.MapPost("/api/v1/batches/{id}/approve", (HttpContext http, string id) =>
            Answer.Of(batches.Approve(http.Caller(), id))).For(Role.Approver);
        routes.MapPost("/api/v1/batches/{id}/suspend", (HttpContext http, string id) => Answer.WithBody<Reason, Batch>(
            http, body => batches.Suspend(http.Caller(), id, body.Why))).For(Role.Approver | Role.Regulator);
        routes.MapPost("/api/v1/batches/{id}/resume", (HttpContext http, string id) =>
            Answer.Of(batches.Resume(http.Caller(), id))).For(Role.Approver | Role.Regulator);
    }

    private static IResult At(Report report) => Answer.Created($"/api/v1/inspection-reports/{report.Id}", report);

    private sealed record Attestation(string Conclusion);

    private sealed record Submission(string? ReportId = null);

    private sealed record Reason(string? Why = null);
}
