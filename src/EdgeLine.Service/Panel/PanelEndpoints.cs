using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Service.Operations;
using EdgeLine.Service.Reporting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeLine.Service.Panel;

/// <summary>The page's data and actions, and the same for scripts on this PC.</summary>
public static class PanelEndpoints
{
    /// <summary>What a person sends with an action; each action uses some of it.</summary>
    public sealed record ActionBody(
        string? Who = null, string? OrderId = null, int? Found = null, string? Why = null, string? Payload = null,
        string? Code = null, string? Reason = null, string? Key = null);

    /// <summary>Adds all addresses.</summary>
    public static void MapPanel(this WebApplication app, SiteRuntime site)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(site);
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/events", (HttpContext context) => ServerSentEvents.WriteAsync(context, site.Board, app.Lifetime.ApplicationStopping));
        app.MapGet("/api/site", () => Results.Json(new
        {
            language = site.Configuration.Identity?.Language ?? "zh",
            version = site.Identity.Version,
            boot = site.Identity.Boot,
            lines = site.Pictures.Select(p => new { id = p.LineId, title = p.Title, station = p.Station }),
            problems = site.Configuration.Problems.Where(p => !p.IsWarning).Select(p => new { place = $"{p.File}:{p.Line}: {p.Key}", problem = $"{p.What} ({p.Value}); {p.Limit}", remedy = p.Remedy }),
        }));
        app.MapGet("/api/lines", () => Results.Json(site.Pictures));
        app.MapGet("/api/ledger/find", async (string code) =>
        {
            foreach (LineRuntime line in site.Lines.Values)
            {
                if (await LedgerAnswers.FindAsync(line, code) is { } found)
                {
                    return Results.Json(found);
                }
            }

            return Problem(404, "code-unknown", $"No ledger of this site has had code '{code}'.");
        });
        RouteGroupBuilder one = app.MapGroup("/api/lines/{id}");
        one.MapGet("/work", (string id) => On(site, id, line => Task.FromResult(Results.Json(line.Orders))));
        one.MapGet("/ledger", (string id) => On(site, id, async line => Results.Json(await LedgerAnswers.StatusAsync(line))));
        Action(one, site, "start", (line, b, stop) => line.StartAsync(b.OrderId, Who(b), stop));
        Action(one, site, "pause", (line, b, _) => line.Loop.CommandAsync(id => new LineEvent.Pause(id, Who(b))));
        Action(one, site, "resume", (line, b, _) => line.Loop.CommandAsync(id => new LineEvent.Resume(id, Who(b))));
        Action(one, site, "end", (line, b, _) => line.Loop.CommandAsync(id => new LineEvent.End(id, Who(b))));
        Action(one, site, "clearance", (line, b, _) => b.Found is int found
            ? line.Loop.CommandAsync(id => new LineEvent.ClearanceDone(id, Who(b), found, Cut(b.Why)))
            : Task.FromResult("found-missing"));
        Action(one, site, "acknowledge", (line, b, _) => line.Loop.CommandAsync(id => new LineEvent.Acknowledge(id, Who(b), b.Key ?? "")));
        Action(one, site, "rework", ReworkAsync);
        Action(one, site, "void", VoidAsync);
    }

    // A whole URL comes from a scanner's read of the symbol; sixteen characters alone may have been typed from the
    // print, and what was typed is judged but never verified (P2).
    private static async Task<string> ReworkAsync(LineRuntime line, ActionBody body, CancellationToken stop)
    {
        string text = (body.Payload ?? "").Trim();
        if (text.Length is 0 or > 400)
        {
            return "payload-missing";
        }

        bool typed = CertificateCode.TryParseTyped(text, out _, out _);
        return await line.Loop.CommandAsync(text, (id, read) => new LineEvent.ReworkRead(id, Who(body), read, typed));
    }

    private static async Task<string> VoidAsync(LineRuntime line, ActionBody body, CancellationToken stop)
    {
        string text = (body.Code ?? body.Payload ?? "").Trim();
        if (text.Length is 0 or > 400)
        {
            return "payload-missing";
        }

        string reason = body.Reason is "label-destroyed" or "operator" ? body.Reason : "operator";
        return await line.Loop.CommandAsync(text, (id, read) => new LineEvent.VoidAsked(id, Who(body), read, reason));
    }

    private static void Action(
        RouteGroupBuilder group, SiteRuntime site, string name, Func<LineRuntime, ActionBody, CancellationToken, Task<string>> act) =>
        group.MapPost("/" + name, (string id, ActionBody body, CancellationToken stop) => On(site, id, async line =>
        {
            string refused = await act(line, body, stop);
            return refused.Length == 0
                ? Results.Json(new { done = name })
                : Problem(409, refused, $"Line {id} refuses '{name}': {refused}.");
        }));

    private static Task<IResult> On(SiteRuntime site, string id, Func<LineRuntime, Task<IResult>> answer) =>
        site.Lines.TryGetValue(id, out LineRuntime? line)
            ? answer(line)
            : Task.FromResult(Problem(404, "no-such-line", $"No line '{id}' runs here; there are: {string.Join(", ", site.Lines.Keys)}."));

    private static IResult Problem(int status, string name, string detail) =>
        Results.Problem(detail, statusCode: status, type: "https://edgeline.invalid/problems/" + name, title: name);

    private static string Who(ActionBody body) => Cut(string.IsNullOrWhiteSpace(body.Who) ? "panel" : body.Who);

    private static string Cut(string? text) => text is null ? "" : text.Length > 60 ? text[..60] : text;
}
