using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// Stands between the service and the real platform and passes everything on, except what a test wants told otherwise to
/// one line. It has the key that the service trusts, so that it can also sign what is wrong.
/// </summary>
internal sealed class Impostor : IAsyncDisposable
{
    private readonly HttpClient _real;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, string> _lineOfLease = [];
    private readonly WebApplication _app;

    private Impostor(Site site, WebApplication app)
    {
        _real = new HttpClient { BaseAddress = site.PlatformUrl };
        _app = app;
        KeyFile = Path.Combine(site.Folder, "impostor.pem");
        File.WriteAllText(KeyFile, _key.ExportSubjectPublicKeyInfoPem());
    }

    public Uri Url => new(_app.Urls.Single() + "/");

    public string KeyFile { get; }

    /// <summary>What becomes of the manifests of a line: from the manifest to the document that the service gets.</summary>
    public Dictionary<string, Func<LeaseManifest, Impostor, string>> Manifests { get; } = [];

    /// <summary>Lines that get another code file than the signed one.</summary>
    public HashSet<string> OtherCodes { get; } = [];

    /// <summary>How far the platform's clock is ahead for a line.</summary>
    public Dictionary<string, TimeSpan> Ahead { get; } = [];

    public static async Task<Impostor> StartAsync(Site site)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var impostor = new Impostor(site, app);
        app.Run(impostor.PassOnAsync);
        await app.StartAsync();
        return impostor;
    }

    /// <summary>Signs with the key that the service trusts.</summary>
    public string Sign(LeaseManifest manifest) => SignedManifest.Sign(manifest, _key, SignedManifest.KeyIdOf(_key));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _real.Dispose();
        _key.Dispose();
    }

    private async Task PassOnAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), $"{http.Request.Path}{http.Request.QueryString}".TrimStart('/'));
        using var content = new StreamContent(http.Request.Body);
        request.Content = http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0 ? content : null;
        foreach ((string name, var values) in http.Request.Headers.Where(h => h.Key is not ("Host" or "Connection" or "Transfer-Encoding")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        using HttpResponseMessage answer = await _real.SendAsync(request);
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await http.Response.Body.WriteAsync(answer.IsSuccessStatusCode ? Told(http.Request.Path.Value!.Split('/'), body) : body);
    }

    // /api/v1/lines/LINE/work and /api/v1/leases/LEASE/manifest|codes
    private byte[] Told(string[] path, byte[] body)
    {
        switch (path)
        {
            case [_, _, _, "leases", string lease, "manifest"]:
                LeaseManifest manifest = SignedManifest.ReadTrusted(System.Text.Encoding.ASCII.GetString(body));
                _lineOfLease[lease] = manifest.LineId;
                string told = Manifests.TryGetValue(manifest.LineId, out var change) ? change(manifest, this) : Sign(manifest);
                return System.Text.Encoding.ASCII.GetBytes(told);
            case [_, _, _, "leases", string lease, "codes"] when OtherCodes.Contains(_lineOfLease[lease]):
                // Two codes change places: every one of them is right, the file is not.
                return [.. body[17..34], .. body[..17], .. body[34..]];
            case [_, _, _, "lines", string line, "work"] when Ahead.TryGetValue(line, out TimeSpan ahead):
                JsonNode work = JsonNode.Parse(body)!;
                work["nowUnixMs"] = work["nowUnixMs"]!.GetValue<long>() + (long)ahead.TotalMilliseconds;
                return System.Text.Encoding.UTF8.GetBytes(work.ToJsonString());
            default:
                return body;
        }
    }
}
