using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>The people at the platform, each with the credential that the seeding gave them.</summary>
internal sealed class People
{
    private readonly Uri _platform;
    private readonly JsonElement _seeded;

    public People(Site site)
    {
        _platform = site.PlatformUrl;
        _seeded = JsonDocument.Parse(File.ReadAllText(Path.Combine(site.PlatformFolder, "tokens.json"))).RootElement;
    }

    public string BatchOf(string line) => _seeded.GetProperty("lines").EnumerateArray()
        .Single(l => l.GetProperty("line").GetString() == line).GetProperty("batchId").GetString()!;

    public Task<JsonElement> GetAsync(string who, string path) => SendAsync(who, HttpMethod.Get, path, null, good: true);

    public Task<JsonElement> DoAsync(string who, string path, object? body = null) => SendAsync(who, HttpMethod.Post, path, body, good: true);

    /// <summary>The problem with which the platform refuses.</summary>
    public Task<JsonElement> RefusedAsync(string who, string path, object? body = null) => SendAsync(who, HttpMethod.Post, path, body, good: false);

    public async Task<Reconciliation> AccountAsync(string line) =>
        (await GetAsync("qa", $"batches/{BatchOf(line)}/reconciliation")).Deserialize<Reconciliation>(JsonSerializerOptions.Web)!;

    /// <summary>A batch like that of the line, not submitted yet.</summary>
    public async Task<string> DraftLikeAsync(string line, string number)
    {
        JsonElement like = (await GetAsync("qa", $"batches/{BatchOf(line)}")).GetProperty("content");
        JsonObject content = JsonObject.Create(like)!;
        content["number"] = number;
        return (await DoAsync("qa", "batches", content)).GetProperty("id").GetString()!;
    }

    /// <summary>A report like that of the line, for another batch.</summary>
    public async Task<string> ReportAsync(string line, string batch, string number, string conclusion)
    {
        string reportOfLine = (await GetAsync("qa", $"batches/{BatchOf(line)}")).GetProperty("reportId").GetString()!;
        JsonObject content = JsonObject.Create((await GetAsync("qa", $"inspection-reports/{reportOfLine}")).GetProperty("content"))!;
        content["number"] = number;
        content["batchId"] = batch;
        string id = (await DoAsync("qa", "inspection-reports", content)).GetProperty("id").GetString()!;
        await DoAsync("lab", $"inspection-reports/{id}/attest", new { conclusion });
        return id;
    }

    /// <summary>The name of a problem.</summary>
    public static string TypeOf(JsonElement problem)
    {
        string type = problem.GetProperty("type").GetString()!;
        return type[(type.LastIndexOf('/') + 1)..];
    }

    private async Task<JsonElement> SendAsync(string who, HttpMethod method, string path, object? body, bool good)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_platform, "api/v1/") };
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _seeded.GetProperty("people").GetProperty(who).GetString());
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode == good, $"{who} {method} {path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
