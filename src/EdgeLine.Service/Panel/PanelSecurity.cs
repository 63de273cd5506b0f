using System.Net;
using EdgeLine.Service.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeLine.Service.Panel;

/// <summary>
/// The page listens on this PC only; this keeps other web pages, opened in the same browser, from speaking to it:
/// a foreign origin or a host name that is not this PC is refused.
/// </summary>
public static class PanelSecurity
{
    /// <summary>Adds the checks and the headers of every answer.</summary>
    public static void UsePanelSecurity(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        // The page in its read-only mode may speak to the one broker that the site names, and to nobody else.
        string broker = app.Services.GetService<ConfigurationResult>()?.Mqtt?.WebSocket is { } address ? " " + address : "";
        app.Use(async (context, next) =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy =
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'" + broker + "; "
                + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            if (!IsThisPc(context.Request.Host.Host) || !IsSameOrigin(context.Request))
            {
                await Results.Problem("This page answers this PC only.", statusCode: 403).ExecuteAsync(context);
                return;
            }

            await next(context);
        });
    }

    private static bool IsThisPc(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers.Origin is not [string origin] || origin == $"{request.Scheme}://{request.Host}";
}
