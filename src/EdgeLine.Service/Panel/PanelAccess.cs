using System.Net;
using EdgeLine.Service.People;
using Microsoft.AspNetCore.Http;

namespace EdgeLine.Service.Panel;

/// <summary>Who asks: the person of the session, and the screen at which that person stands.</summary>
public sealed class PanelAccess(SignIns? signIns, bool tls)
{
    private const int WhoMax = 60;

    /// <summary>The sign-ins, or null when the site knows no people.</summary>
    public SignIns? SignIns => signIns;

    /// <summary>Name of the cookie; the prefix binds it to this host and to TLS.</summary>
    public string CookieName => tls ? "__Host-edgeline" : "edgeline";

    /// <summary>The person of a request, or null.</summary>
    /// <param name="context">The request.</param>
    /// <param name="touch">A person acted; looking alone does not keep a session alive.</param>
    public Person? PersonOf(HttpContext context, bool touch)
    {
        ArgumentNullException.ThrowIfNull(context);
        return signIns?.Find(context.Request.Cookies[CookieName], touch);
    }

    /// <summary>Why a request may not do something, or empty.</summary>
    public string Refusal(HttpContext context, string action, bool touch = true) =>
        PanelRoles.Refusal(action, PersonOf(context, touch), signIns is not null);

    /// <summary>Who did it, for the journal: <c>name@screen</c>, or the typed name while the site knows no people.</summary>
    public string WhoOf(HttpContext context, string? typed, string? screen)
    {
        Person? person = PersonOf(context, touch: false);
        return person is not null ? $"{person.Name}@{ScreenOf(context, screen)}"
            : Typed(typed ?? "") is { Length: > 0 } name ? name : "panel";
    }

    // Nobody may pass for somebody who signed in, for a program over MQTT or for the line itself; one line in the journal.
    internal static string Typed(string typed)
    {
        string name = Cut(string.Concat(typed.Select(c => char.IsControl(c) || c is '@' or ':' ? ' ' : c)).Trim());
        return name == "auto" ? "" : name;
    }

    /// <summary>The screen: the page that was used, and the address when it is not this PC.</summary>
    public static string ScreenOf(HttpContext context, string? page)
    {
        ArgumentNullException.ThrowIfNull(context);
        string name = page is { Length: > 0 and <= 20 } && page.All(c => char.IsAsciiLetterLower(c) || c == '-') ? page : "panel";
        IPAddress? from = context.Connection.RemoteIpAddress;
        return from is null || IPAddress.IsLoopback(from) ? name : $"{name}-{SourceOf(context)}";
    }

    /// <summary>Where a request comes from; wrong PINs are counted for it.</summary>
    public static string SourceOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IPAddress? from = context.Connection.RemoteIpAddress;
        return (from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from)?.ToString() ?? "unknown";
    }

    /// <summary>Whether a request comes from this PC itself: its own programs need no session to look.</summary>
    public static bool IsThisPc(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IPAddress? from = context.Connection.RemoteIpAddress;
        return from is not null && (IPAddress.IsLoopback(from) || from.Equals(context.Connection.LocalIpAddress));
    }

    /// <summary>A text that fits into a journal entry beside others.</summary>
    public static string Cut(string? text) => text is null ? "" : text.Length > WhoMax ? text[..WhoMax] : text;
}
