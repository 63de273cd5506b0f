using EdgeLine.Service.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeLine.Service.Panel;

/// <summary>The page's data and actions, and the same for scripts on this PC.</summary>
public static class PanelEndpoints
{
    /// <summary>Adds all addresses.</summary>
    public static void MapPanel(this WebApplication app, SiteRuntime site, PanelAccess access)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(access);
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
        app.MapGet("/api/process", (HttpContext context) => LookRefusal(context) ?? Results.Json(ProcessFigures.Now()));
        app.MapGet("/api/ledger/find", async (HttpContext context, string code) =>
        {
            if (LookRefusal(context) is { } refused)
            {
                return refused;
            }

            foreach (LineRuntime line in site.Lines.Values)
            {
                if (await LedgerAnswers.FindAsync(line, code) is { } found)
                {
                    return Results.Json(found);
                }
            }

            return PanelProblems.Of("code-unknown", $"No ledger of this site has had code '{code}'.", 404);
        });
        RouteGroupBuilder one = app.MapGroup("/api/lines/{id}");
        one.MapGet("/work", (string id) => site.Lines.TryGetValue(id, out LineRuntime? line) ? Results.Json(line.Orders) : NoLine(site, id));
        one.MapGet("/label", (string id, string? order) =>
            !site.Lines.TryGetValue(id, out LineRuntime? line) ? NoLine(site, id)
            : line.LabelOf(order) is { } label ? Results.Json(label)
            : PanelProblems.Of("no-such-order", $"Line {id} has no order '{order}', or the platform does not tell what its labels say.", 404));
        one.MapGet("/ledger", async (HttpContext context, string id) =>
            LookRefusal(context) is { } refused ? refused
            : site.Lines.TryGetValue(id, out LineRuntime? line) ? Results.Json(await LedgerAnswers.StatusAsync(line))
            : NoLine(site, id));
        // By `edgeline ledger backup` of this very PC only: it writes where it is told to.
        one.MapPost("/ledger/copy", async (HttpContext context, string id, LedgerAnswers.CopyWanted wanted) =>
            !PanelAccess.IsThisPc(context) ? PanelProblems.Of("not-this-pc", "A ledger is copied from its own PC.")
            : !site.Lines.TryGetValue(id, out LineRuntime? line) ? NoLine(site, id)
            : await LedgerAnswers.CopyAsync(line, wanted.Path) is { Length: > 0 } refused ? PanelProblems.Of("not-copied", refused, 409)
            : Results.NoContent());
        one.MapActions(site, access);

        // `edgeline ledger` of this very PC asks without a session.
        IResult? LookRefusal(HttpContext context) =>
            !PanelAccess.IsThisPc(context) && access.Refusal(context, "look", touch: false) is { Length: > 0 } key
                ? PanelProblems.Of(key, "Ledgers are for people of this site.")
                : null;
    }

    /// <summary>There is no such line.</summary>
    internal static IResult NoLine(SiteRuntime site, string id) =>
        PanelProblems.Of("no-such-line", $"No line '{id}' runs here; there are: {string.Join(", ", site.Lines.Keys)}.", 404);
}
