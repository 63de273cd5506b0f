using EdgeLine.Service.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeLine.Service.Panel;

/// <summary>A changed site file: what is to be said about it, and putting it into force.</summary>
public static class SiteFileEndpoints
{
    /// <summary>Who applies it.</summary>
    public sealed record ApplyBody(string? Who = null, string? Screen = null);

    /// <summary>Adds the addresses.</summary>
    public static void MapSiteFile(this IEndpointRouteBuilder app, SiteRuntime site, SiteFileWatch watch, PanelAccess access)
    {
        ArgumentNullException.ThrowIfNull(access);
        ArgumentNullException.ThrowIfNull(watch);
        app.MapGet("/api/configuration", () => Results.Json(watch.Look(site)));
        app.MapPost("/api/configuration/apply", async (HttpContext context, ApplyBody body) =>
        {
            string refused = access.Refusal(context, "apply");
            if (refused.Length == 0)
            {
                string[] who = access.WhoOf(context, body.Who, body.Screen).Split('@', 2);
                refused = await watch.ApplyAsync(site, who[0], who.Length > 1 ? who[1] : PanelAccess.ScreenOf(context, body.Screen));
            }

            return refused.Length == 0 ? Results.Json(new { done = "apply" }) : PanelProblems.Of(refused, $"Not applied: {refused}.");
        });
    }
}
