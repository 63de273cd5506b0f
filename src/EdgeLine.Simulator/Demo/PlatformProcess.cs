using System.Net.Http.Headers;
using System.Text.Json;
using EdgeLine.Contracts;

namespace EdgeLine.Simulator.Demo;

/// <summary>The issuing platform as a real process, seeded with one approved batch and one order for each line.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly ChildProcess _process;
    private readonly HttpClient _http;
    private readonly Dictionary<string, string> _batches = [];
    private readonly Dictionary<string, string> _tokens = [];

    private PlatformProcess(ChildProcess process, Uri address, string data)
    {
        _process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        PublicKeyFile = Path.Combine(data, "platform.pem");
        string siteToken = Path.Combine(data, "device.token");
        using JsonDocument seeded = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "tokens.json")));
        foreach (JsonElement line in seeded.RootElement.GetProperty("lines").EnumerateArray())
        {
            string id = line.GetProperty("line").GetString()!;
            _batches[id] = line.GetProperty("batchId").GetString()!;
            _tokens[id] = line.GetProperty("tokenFile").GetString()!;
        }

        SiteTokenFile = File.Exists(siteToken) ? siteToken : _tokens.Values.First();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", seeded.RootElement.GetProperty("people").GetProperty("qa").GetString());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Public part of the key that signs manifests.</summary>
    public string PublicKeyFile { get; }

    /// <summary>Credential of the line PC.</summary>
    public string SiteTokenFile { get; }

    /// <summary>Seeds a folder and serves it.</summary>
    public static async Task<PlatformProcess> StartAsync(DemoOptions options, Programs programs, CancellationToken stop)
    {
        string data = Path.Combine(options.Folder, "platform");
        string log = Path.Combine(options.Folder, "log", "platform.log");
        (string, string[]) program = programs.Find("edgeline-platform");
        List<string> seed = ["seed", "--data", data, "--quantity", $"{options.Labels}"];
        seed.AddRange(options.Lines.SelectMany(l => new[] { "--line", l }));
        await using (ChildProcess seeding = ChildProcess.Start(program, seed, log))
        {
            await seeding.Exited.WaitAsync(stop);
            if (seeding.ExitCode != 0)
            {
                throw new DemoException($"The platform could not be seeded, see {log}.");
            }
        }

        var address = new Uri($"http://127.0.0.1:{FreePort.Take(1)[0]}/");
        ChildProcess serving = ChildProcess.Start(program, ["serve", "--data", data, "--urls", address.GetLeftPart(UriPartial.Authority)], log);
        var platform = new PlatformProcess(serving, address, data);
        await Patience.UntilAsync(() => platform.IsHealthyAsync(stop), serving.Exited, $"the platform, see {log}", stop);
        return platform;
    }

    /// <summary>How the codes of a line's batch add up at the platform, or null when it does not answer.</summary>
    public async Task<Reconciliation?> ReconciliationAsync(string line, CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync($"api/v1/batches/{_batches[line]}/reconciliation", stop);
            return answer.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<Reconciliation>(await answer.Content.ReadAsStringAsync(stop), Json)
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>What a shopper sees of a code.</summary>
    public async Task<string> CertificateStatusAsync(string code, CancellationToken stop)
    {
        try
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, $"C/{code}");
            ask.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using HttpResponseMessage answer = await _http.SendAsync(ask, stop);
            using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
            return json.RootElement.TryGetProperty("status", out JsonElement status) ? status.ToString() : $"{(int)answer.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return "no answer";
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<bool> IsHealthyAsync(CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync("healthz", stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
