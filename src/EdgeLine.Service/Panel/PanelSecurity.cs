using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using EdgeLine.Service.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeLine.Service.Panel;

/// <summary>
/// Keeps other web pages, opened in the same browser, from speaking to this one: a foreign origin is refused, and so is
/// a host name that is not ours, because a name that somebody else points at this PC would make a foreign page ours.
/// </summary>
public static class PanelSecurity
{
    // A message of the JSON reader may quote the body to its end.
    private const int DetailMax = 400;

    /// <summary>Adds the checks and the headers of every answer.</summary>
    public static void UsePanelSecurity(this WebApplication app, PanelConfiguration panel)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(panel);
        // The page in its read-only mode may speak to the one broker that the site names, and to nobody else.
        string broker = app.Services.GetService<ConfigurationResult>()?.Mqtt?.WebSocket is { } address ? " " + address : "";
        app.Use(async (context, next) =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy =
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'" + broker + "; "
                + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (context.Request.Path.StartsWithSegments("/api"))
            {
                headers.CacheControl = "no-store";
            }

            if (!IsOurHost(context.Request.Host.Host, panel, context.Connection.LocalIpAddress) || !IsSameOrigin(context.Request))
            {
                await PanelProblems.Of("other-origin", "This page answers its own address only; further names: panel.names.", 403).ExecuteAsync(context);
                return;
            }

            await NextAsync(next, context);
        });
    }

    // A body that is no JSON, of wrong types or too large: the answer says so, to a program as to a page.
    private static async Task NextAsync(RequestDelegate next, HttpContext context)
    {
        try
        {
            await InOnePieceAsync(context);
            await next(context);
            if (context.Response is { HasStarted: false, ContentType: null, StatusCode: StatusCodes.Status413PayloadTooLarge })
            {
                long? most = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
                await PanelProblems.Of("bad-request", $"The body is too large; at most {most} bytes are read.", StatusCodes.Status413PayloadTooLarge)
                    .ExecuteAsync(context);
            }
            else if (context.Response is { HasStarted: false, ContentType: null, StatusCode: StatusCodes.Status415UnsupportedMediaType })
            {
                await PanelProblems.Of("bad-request", "The body has to be JSON, sent as application/json.", StatusCodes.Status415UnsupportedMediaType)
                    .ExecuteAsync(context);
            }
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            string detail = $"{e.Message} {e.InnerException?.Message}".Trim();
            await PanelProblems.Of("bad-request", detail.Length > DetailMax ? detail[..DetailMax] + " ..." : detail, e.StatusCode).ExecuteAsync(context);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // Who asked is gone; there is nobody to answer.
        }
    }

    // The JSON reader of .NET 10 throws IndexOutOfRangeException for a word that is cut off at the end of one of several pieces
    // (dotnet/runtime pull request 134448), and a body comes in pieces of 4 KiB.
    private static async Task InOnePieceAsync(HttpContext context)
    {
        if (context.Request.HasJsonContentType())
        {
            if (context.Request.GetTypedHeaders().ContentType is { Charset.HasValue: true, Encoding: null } type)
            {
                throw new BadHttpRequestException($"The character set {type.Charset} is not known; send UTF-8.", StatusCodes.Status415UnsupportedMediaType);
            }

            var whole = new MemoryStream();
            await context.Request.Body.CopyToAsync(whole, context.RequestAborted);
            whole.Position = 0;
            context.Request.Body = whole; // for a body that has to be translated to UTF-8 first
            context.Features.Set<IRequestBodyPipeFeature>(new WholeBody(PipeReader.Create(new ReadOnlySequence<byte>(whole.GetBuffer(), 0, (int)whole.Length))));
        }
    }

    /// <summary>Whether a request that names this host is meant for us.</summary>
    /// <param name="host">Host of the request, without port.</param>
    /// <param name="panel">Where the page listens, and by which further names.</param>
    /// <param name="reached">Address of this PC that the connection came to.</param>
    internal static bool IsOurHost(string host, PanelConfiguration panel, IPAddress? reached)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address))
        {
            return IPAddress.IsLoopback(address) || (!panel.IsLocal && Equals(Plain(address), Plain(reached)));
        }

        return host == "localhost"
            || (!panel.IsLocal && host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase))
            || panel.Names.Contains(host, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether the browser says that one of our own pages asks. Programs that are no browser send neither header, and no
    /// cookie of anybody either.
    /// </summary>
    internal static bool IsSameOrigin(HttpRequest request)
    {
        bool reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return (request.Headers.Origin.Count == 0 || request.Headers.Origin is [string origin] && origin == $"{request.Scheme}://{request.Host}")
            && (reads || request.Headers["Sec-Fetch-Site"] is { Count: 0 } or ["same-origin"]);
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    private sealed record WholeBody(PipeReader Reader) : IRequestBodyPipeFeature;
}
