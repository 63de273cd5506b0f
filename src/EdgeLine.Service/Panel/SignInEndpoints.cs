using EdgeLine.Service.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeLine.Service.Panel;

/// <summary>Signing in and out, and unlocking a colleague.</summary>
public static class SignInEndpoints
{
    /// <summary>What a person shows.</summary>
    public sealed record SignInBody(string? Badge = null, string? Name = null, string? Pin = null, string? Screen = null);

    /// <summary>Whom to unlock.</summary>
    public sealed record UnlockBody(string? Name = null, string? Screen = null);

    /// <summary>Adds the addresses.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder app, PanelAccess access)
    {
        app.MapGet("/api/me", (HttpContext context) => Me(access, context, touch: false));
        // Sent while somebody touches the page: reading a report is being there too.
        app.MapPost("/api/here", (HttpContext context) => Me(access, context, touch: true));
        app.MapPost("/api/sign-in", (HttpContext context, SignInBody body, CancellationToken stop) => SignInAsync(access, context, body, stop));
        app.MapPost("/api/sign-out", (HttpContext context) =>
        {
            access.SignIns?.SignOut(context.Request.Cookies[access.CookieName]);
            context.Response.Cookies.Delete(access.CookieName, Cookie(context));
            return Results.Json(new { done = "sign-out" });
        });
        app.MapGet("/api/people/locked", (HttpContext context) => access.Refusal(context, "unlock", touch: false) is { Length: > 0 } refused
            ? PanelProblems.Of(refused, "Only quality and maintenance see who is locked out.")
            : Results.Json(access.SignIns!.Locked.Select(l => new { name = l.Name, shown = access.SignIns.People.Find(l.Name)?.Shown ?? l.Name, secondsLeft = (int)l.Left.TotalSeconds })));
        app.MapPost("/api/people/unlock", (HttpContext context, UnlockBody body) => Unlock(access, context, body));
    }

    private static IResult Me(PanelAccess access, HttpContext context, bool touch)
    {
        Person? person = access.PersonOf(context, touch);
        bool hasPeople = access.SignIns is not null;
        return Results.Json(new
        {
            people = hasPeople,
            name = person?.Name,
            shown = person?.Shown,
            roles = person is null ? [] : Person.Words(person.Roles),
            allowed = PanelRoles.AllowedTo(person, hasPeople),
            logOffSeconds = (int)(access.SignIns?.LogOff.TotalSeconds ?? 0),
        });
    }

    private static async Task<IResult> SignInAsync(PanelAccess access, HttpContext context, SignInBody body, CancellationToken stop)
    {
        if (access.SignIns is not { } signIns)
        {
            return PanelProblems.Of("no-people", "This site knows no people; see 'people' in config/README.md.");
        }

        string screen = PanelAccess.ScreenOf(context, body.Screen);
        SignInResult result = await signIns.SignInAsync(
            new Credentials(body.Badge, body.Name, body.Pin), screen, PanelAccess.SourceOf(context), stop);
        if (result.Person is not { } person)
        {
            return PanelProblems.Of(result.Refused, "Nobody was signed in.");
        }

        // Who stood here before is not there any more.
        signIns.SignOut(context.Request.Cookies[access.CookieName]);
        context.Response.Cookies.Append(access.CookieName, result.Token, Cookie(context));
        return Results.Json(new { name = person.Name, shown = person.Shown, roles = Person.Words(person.Roles) });
    }

    private static IResult Unlock(PanelAccess access, HttpContext context, UnlockBody body)
    {
        if (access.Refusal(context, "unlock") is { Length: > 0 } refused)
        {
            return PanelProblems.Of(refused, "Only quality and maintenance unlock somebody.");
        }

        string by = access.PersonOf(context, touch: true)!.Name;
        string name = body.Name ?? "";
        return name == by ? PanelProblems.Of("role-missing", "Nobody unlocks themselves.")
            : access.SignIns!.Unlock(name, by, PanelAccess.ScreenOf(context, body.Screen)) ? Results.Json(new { done = "unlock" })
            : PanelProblems.Of("not-locked", "This person is not locked out.");
    }

    // No lifetime: it ends with the browser at the latest, and at the service by time without a touch.
    private static CookieOptions Cookie(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        IsEssential = true,
    };
}
