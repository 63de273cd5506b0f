using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using EdgeLine.Service.Operations;
using EdgeLine.Service.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeLine.Service.Panel;

/// <summary>What a person sends with an action; each action uses some of it.</summary>
public sealed record ActionBody(
    string? Who = null, string? Screen = null, string? OrderId = null, int? Found = null, string? Why = null, string? Payload = null,
    string? Code = null, string? Reason = null, string? Key = null, string? What = null, string? Lot = null, bool? Approved = null,
    bool? BlankRejected = null, int? Minutes = null, long? Boot = null);

/// <summary>What people may tell a line: each action asks the table of roles first, then the line, which may refuse too.</summary>
public static class PanelActions
{
    private const int TextMax = 400;

    /// <summary>Adds <c>POST /api/lines/{id}/ACTION</c>.</summary>
    public static void MapActions(this RouteGroupBuilder one, SiteRuntime site, PanelAccess access)
    {
        var map = new Mapper(one, site, access);
        map.Add("start", (a, stop) => a.Line.StartAsync(a.Body.OrderId, a.Who, stop));
        map.Add("pause", a => id => new LineEvent.Pause(id, a.Who));
        map.Add("resume", a => id => new LineEvent.Resume(id, a.Who));
        map.Add("end", a => id => new LineEvent.End(id, a.Who));
        map.Add("clearance", (a, _) => a.Body.Found is int found
            ? a.Line.Loop.CommandAsync(id => new LineEvent.ClearanceDone(id, a.Who, found, PanelAccess.Cut(a.Body.Why), a.May("clearance-anyway")))
            : Task.FromResult("found-missing"));
        map.Add("acknowledge", a => id => new LineEvent.Acknowledge(id, a.Who, a.Body.Key ?? ""));
        TimeProvider time = ((IEndpointRouteBuilder)one).ServiceProvider.GetRequiredService<TimeProvider>();
        map.Add("shelve", (a, _) => a.Body.Minutes is int minutes
            ? a.Line.Loop.CommandAsync(id => new LineEvent.Shelve(id, a.Who, a.Body.Key ?? "", EndOfShelf(time, minutes)))
            : Task.FromResult("minutes-missing"));
        map.Add("unshelve", a => id => new LineEvent.Unshelve(id, a.Who, a.Body.Key ?? ""));
        map.Add("rework", (a, _) => ReworkAsync(a));
        map.Add("void", (a, _) => VoidAsync(a));
        map.Add("sample", (a, _) => AboutAsync(a, a.Body.Code ?? a.Body.Payload, (id, read) => new LineEvent.SampleAsked(id, a.Who, read, PanelAccess.Cut(a.Body.Why))));
        map.Add("replacement", a => id => new LineEvent.ReplacementAsked(id, a.Who));
        map.Add("roll-changed", (a, _) => a.Body.What is "media" or "ribbon"
            ? a.Line.Loop.CommandAsync(id => new LineEvent.RollChanged(id, a.Who, a.Body.What, PanelAccess.Cut(a.Body.Lot?.Trim())))
            : Task.FromResult("what-missing"));
        map.Add("first-article", a => a.Body.Approved is bool approved
            ? id => new LineEvent.FirstArticleJudged(id, a.Who, approved, PanelAccess.Cut(a.Body.Why))
            : id => new LineEvent.FirstArticleAsked(id, a.Who), body => body.Approved is null ? "first-article" : "first-article-judged");
        map.Add("reprint-off", (a, _) => a.Body.Boot is long boot
            ? a.Line.Loop.CommandAsync(id => new LineEvent.ReprintOffConfirmed(id, a.Who, boot))
            : Task.FromResult("boot-missing"));
        map.Add("scanner-check", a => id => new LineEvent.ScannerCheckAsked(id, a.Who));
        map.Add("scanner-check-end", (a, _) => a.Body.BlankRejected is bool rejected
            ? a.Line.Loop.CommandAsync(id => new LineEvent.ScannerCheckEnded(id, a.Who, rejected))
            : Task.FromResult("answer-missing"));
    }

    /// <summary>When so many minutes are over, Unix milliseconds; any number that somebody sends has an answer.</summary>
    internal static long EndOfShelf(TimeProvider time, int minutes) => time.GetUtcNow().ToUnixTimeMilliseconds() + (minutes * 60_000L);

    // A whole URL comes from a scanner's read of the symbol; sixteen characters alone may have been typed from the
    // print, and what was typed is judged but never verified (P2).
    private static Task<string> ReworkAsync(Asked a)
    {
        string given = (a.Body.Payload ?? "").Trim();
        return given.Length is 0 or > TextMax
            ? Task.FromResult("payload-missing")
            : a.Line.Loop.ReworkAsync(a.Line.Loop.HearRework(given), given, a.Who, CertificateCode.TryParseTyped(given, out _, out _));
    }

    private static async Task<string> VoidAsync(Asked a)
    {
        string reason = a.Body.Reason is "label-destroyed" or "operator" ? a.Body.Reason : "operator";
        string mayNot = a.WhyNot("void-verified");
        string refused = await AboutAsync(
            a, a.Body.Code ?? a.Body.Payload, (id, read) => new LineEvent.VoidAsked(id, a.Who, read, reason, mayNot.Length == 0));
        return refused == "verified-needs-supervisor" ? mayNot : refused;
    }

    private static Task<string> AboutAsync(Asked a, string? text, Func<long, CodeRead, LineEvent.Command> make)
    {
        string given = (text ?? "").Trim();
        return given.Length is 0 or > TextMax ? Task.FromResult("payload-missing") : a.Line.Loop.CommandAsync(given, make);
    }

    private sealed record Asked(LineRuntime Line, ActionBody Body, string Who, Person? Person, bool HasPeople)
    {
        public string WhyNot(string action) => PanelRoles.Refusal(action, Person, HasPeople);

        public bool May(string action) => WhyNot(action).Length == 0;
    }

    private sealed class Mapper(RouteGroupBuilder group, SiteRuntime site, PanelAccess access)
    {
        public void Add(string name, Func<Asked, Func<long, LineEvent.Command>> make, Func<ActionBody, string>? rule = null) =>
            Add(name, (asked, _) => asked.Line.Loop.CommandAsync(make(asked)), rule);

        public void Add(string name, Func<Asked, CancellationToken, Task<string>> act, Func<ActionBody, string>? rule = null) =>
            group.MapPost("/" + name, async (HttpContext context, string id, ActionBody body, CancellationToken stop) =>
            {
                if (!site.Lines.TryGetValue(id, out LineRuntime? line))
                {
                    return PanelEndpoints.NoLine(site, id);
                }

                string refused = access.Refusal(context, rule?.Invoke(body) ?? name);
                if (refused.Length == 0)
                {
                    refused = await act(
                        new Asked(line, body, access.WhoOf(context, body.Who, body.Screen), access.PersonOf(context, touch: true), access.SignIns is not null), stop);
                }

                return refused.Length == 0
                    ? Results.Json(new { done = name })
                    : PanelProblems.Of(refused, $"Line {id} refuses '{name}': {refused}.");
            });
    }
}
