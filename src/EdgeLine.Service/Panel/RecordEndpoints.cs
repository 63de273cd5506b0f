using System.Text;
using EdgeLine.Contracts;
using EdgeLine.Service.Operations;
using EdgeLine.Service.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeLine.Service.Panel;

/// <summary>What is written down: runs, batch reports, the history of a code.</summary>
public static class RecordEndpoints
{
    // Each report is some hundred looks into a ledger; two at a time leave the line its disk.
    private static readonly SemaphoreSlim AtOnce = new(2);

    // A table is read from the ledger as fast as the browser takes it: kept apart, so that a slow one holds up no report.
    private static readonly SemaphoreSlim Downloads = new(2);

    /// <summary>Adds the addresses.</summary>
    public static void MapRecords(this WebApplication app, SiteRuntime site, PanelAccess access)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(access);
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.MapGet("/api/lines/{id}/runs", (HttpContext context, string id, CancellationToken stop) =>
            On(context, id, async line => Results.Json(await RunList.LastAsync(line.Ledger, stop))));
        app.MapGet("/api/lines/{id}/report", (HttpContext context, string id, string? run, CancellationToken stop) =>
            On(context, id, async line => await BatchReporter.MakeAsync(line.Ledger, id, run, line.Snapshot.ConfirmedSeq, time, stop) is { } report
                ? Results.Json(report)
                : NoRun(id)));
        app.MapGet("/api/lines/{id}/report.csv", (HttpContext context, string id, string? run, CancellationToken stop) =>
            On(context, id, async line => await BatchReporter.MakeAsync(
                line.Ledger, id, run, line.Snapshot.ConfirmedSeq, time, stop, int.MaxValue) is { } report
                ? Results.Stream(stream => WriteCsvAsync(line, report, stream, stop), "text/csv; charset=utf-8", $"edgeline-{id}-{report.Run.RunId}.csv")
                : NoRun(id)));
        app.MapGet("/api/history", async (HttpContext context, string code, CancellationToken stop) =>
        {
            if (LookRefusal(context) is { } refused)
            {
                return refused;
            }

            if (code.Length > 400 || LedgerAnswers.CodeIn(code.Trim()) is not { } known)
            {
                return PanelProblems.Of("not-a-code", "A code has 16 characters, the last of which checks the others.", 400);
            }

            foreach (LineRuntime line in site.Lines.Values)
            {
                if (await CodeHistory.OfAsync(line.Ledger, line.Id, known, line.Snapshot.ConfirmedSeq, time, stop) is { } history)
                {
                    return Results.Json(history);
                }
            }

            return PanelProblems.Of("code-unknown", "No ledger of this site has had this code.", 404);
        });

        IResult? LookRefusal(HttpContext context) => access.Refusal(context, "look", touch: false) is { Length: > 0 } key
            ? PanelProblems.Of(key, "Reports and histories are for people of this site.")
            : null;

        async Task<IResult> On(HttpContext context, string id, Func<LineRuntime, Task<IResult>> answer)
        {
            if (LookRefusal(context) is { } refused)
            {
                return refused;
            }

            if (!site.Lines.TryGetValue(id, out LineRuntime? line))
            {
                return PanelProblems.Of("no-such-line", $"No line '{id}' runs here.", 404);
            }

            await AtOnce.WaitAsync(context.RequestAborted);
            try
            {
                return await answer(line);
            }
            finally
            {
                AtOnce.Release();
            }
        }
    }

    private static IResult NoRun(string id) => PanelProblems.Of("no-such-run", $"Line {id} has had no such run, or too long ago.", 404);

    private static async Task WriteCsvAsync(LineRuntime line, BatchReport report, Stream stream, CancellationToken stop)
    {
        await Downloads.WaitAsync(stop);
        try
        {
            // With the mark in front Excel knows that it is UTF-8.
            await using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 32 * 1024, leaveOpen: true);
            await BatchCsv.WriteAsync(line.Ledger, report, text, stop);
        }
        finally
        {
            Downloads.Release();
        }
    }
}
