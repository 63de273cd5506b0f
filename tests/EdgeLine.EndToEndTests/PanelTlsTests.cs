using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using EdgeLine.EndToEndTests.Support;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>The page off this PC: a real service on every address of it, with a certificate and people.</summary>
public sealed class PanelTlsTests(ITestOutputHelper output)
{
    [Fact(Timeout = 180_000)]
    public async Task Open_to_the_network_it_speaks_TLS_only_and_knows_its_hosts_and_people()
    {
        await using var bench = new BenchLine();
        await using Site site = Site.New(output);
        site.Line("line-1", bench.Config);
        await site.StartPlatformAsync(100);
        site.People = new JsonObject { ["file"] = "people.json" };
        site.PanelTls = true;
        site.WriteConfig(text => text.Replace(
            $"\"listen\": \"127.0.0.1:{site.PanelPort}\"",
            $"\"listen\": \"0.0.0.0:{site.PanelPort}\", \"certificateFile\": \"panel.crt\", \"keyFile\": \"panel.key\", \"names\": [\"panel.test\"]",
            StringComparison.Ordinal));
        string folder = Path.GetDirectoryName(site.ConfigFile)!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=line-pc", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await File.WriteAllTextAsync(Path.Combine(folder, "panel.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "panel.key"), key.ExportPkcs8PrivateKeyPem());
        string pin = Path.Combine(site.Folder, "pin");
        await File.WriteAllTextAsync(pin, "4713");
        (int bad, string refused) = await RunningProgram.RunAsync("edgeline", "check", "--config", site.ConfigFile);
        Assert.Equal(2, bad);
        Assert.Contains("people.file: file not found", refused, StringComparison.Ordinal);
        (int added, string said) = await RunningProgram.RunAsync(
            "edgeline", "people", "add", "li.na", "--role", "operator", "--pin-file", pin, "--config", site.ConfigFile);
        Assert.True(added == 0, said);

        await site.StartServiceAsync();

        // Somebody who signed in has a cookie that only TLS carries.
        using HttpResponseMessage signedIn = await site.Panel.PostAsJsonAsync("api/sign-in", new { name = "li.na", pin = "4713" });
        Assert.True(signedIn.IsSuccessStatusCode, await signedIn.Content.ReadAsStringAsync());
        string cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-edgeline=", cookie, StringComparison.Ordinal);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("4713", string.Join('\n', site.Service.Lines), StringComparison.Ordinal);

        // Its own names are answered, others are not, and nothing is said without TLS.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(site, "panel.test"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(site, Environment.MachineName));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(site, "evil.test"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(site, "10.9.8.7"));
        using var plain = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(new Uri($"http://127.0.0.1:{site.PanelPort}/healthz")));

        // The programs of this PC find their service all the same.
        (int status, string ledger) = await RunningProgram.RunAsync("edgeline", "ledger", "status", "--config", site.ConfigFile);
        Assert.True(status == 0 && ledger.Contains("\"line\": \"line-1\"", StringComparison.Ordinal), ledger);
    }

    private static async Task<HttpStatusCode> AskAsync(Site site, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/site");
        request.Headers.Host = $"{host}:{site.PanelPort}";
        using HttpResponseMessage answer = await site.Panel.SendAsync(request);
        return answer.StatusCode;
    }
}
