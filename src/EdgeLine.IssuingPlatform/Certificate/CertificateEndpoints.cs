using System.Text;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Answers;

namespace EdgeLine.IssuingPlatform.Certificate;

/// <summary>
/// The public addresses: what a phone opens. No login, no cookie, no script, nothing from third parties, and a GET never
/// changes anything, because link previews fetch pages too.
/// </summary>
internal static class CertificateEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapCertificates(this IEndpointRouteBuilder routes, CertificateLookup lookup)
    {
        // Routes take /c/ as well as /C/: phones and readers fold letters.
        routes.MapMethods("/C/{code}", Methods, (HttpContext http, string code) => Show(http, lookup.Find(code)));
        routes.MapMethods("/01/{gtin}/21/{code}", Methods, (HttpContext http, string gtin, string code) => Show(http, lookup.Find(code, gtin)));
        routes.MapMethods("/C", Methods, (HttpContext http) => Typed(http));
        routes.MapMethods("/", Methods, (HttpContext http) => Page(http, CertificatePage.Search(LanguageOf(http.Request), ""), 200));
        routes.MapGet("/robots.txt", () => Results.Text("User-agent: *\nDisallow: /\n"));
    }

    private static IResult Typed(HttpContext http)
    {
        string text = http.Request.Query["code"].ToString();
        CertificateTexts texts = LanguageOf(http.Request);
        return CertificateCode.TryParseTyped(text, out CertificateCode code, out _)
            ? Results.Redirect($"/C/{code.Value}?lang={texts.Tag}")
            : Page(http, CertificatePage.Search(texts, Problem.Shown(text)), 200);
    }

    private static IResult Show(HttpContext http, CertificateView view)
    {
        int status = view.Status is CertificateStatus.Mistyped or CertificateStatus.Unknown or CertificateStatus.WrongProduct ? 404 : 200;
        CertificateTexts texts = LanguageOf(http.Request);
        if (WantsJson(http.Request))
        {
            Protect(http.Response);
            return Results.Json(CertificateDocument.Of(view, texts), PlatformJson.Options, "application/json", status);
        }

        return Page(http, CertificatePage.Of(view, texts), status);
    }

    private static IResult Page(HttpContext http, string page, int status)
    {
        Protect(http.Response);
        http.Response.Headers.ContentSecurityPolicy = CertificatePage.SecurityPolicy;
        return Results.Text(page, "text/html", Encoding.UTF8, status);
    }

    // A code that nobody can guess is a secret of whoever holds the product: it must not travel to other sites,
    // search engines or caches.
    private static void Protect(HttpResponse response)
    {
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Language";
    }

    private static bool WantsJson(HttpRequest request)
    {
        double json = 0, html = 0;
        foreach (var range in request.GetTypedHeaders().Accept)
        {
            double quality = range.Quality ?? 1;
            json = range.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? quality : json;
            html = range.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) ? quality : html;
        }

        return json > html;
    }

    private static CertificateTexts LanguageOf(HttpRequest request)
    {
        string asked = request.Query["lang"].ToString();
        if (asked.Length > 0)
        {
            return asked.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? CertificateTexts.English : CertificateTexts.Chinese;
        }

        string? first = request.GetTypedHeaders().AcceptLanguage
            .Where(l => l.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase) || l.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value)
            .FirstOrDefault();
        return first?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true ? CertificateTexts.English : CertificateTexts.Chinese;
    }
}
