using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Seeding;
using EdgeLine.IssuingPlatform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeLine.Tests.Platform;

/// <summary>
/// A platform as it is deployed: a seeded folder, a real database, a real web server on a free port; only the clock is
/// the test's.
/// </summary>
internal sealed class PlatformUnderTest : IAsyncDisposable
{
    private readonly Dictionary<string, string> _tokens = [];
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private PlatformUnderTest(string folder) => Folder = folder;

    public string Folder { get; }

    public SettableClock Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));

    public Uri Url => _http.BaseAddress!;

    /// <summary>The bearer token of somebody whom the seed admitted.</summary>
    public string TokenOf(string who) => _tokens[who];

    /// <summary>Somebody whose token came later.</summary>
    public void Know(string name, string token) => _tokens[name] = token;

    public Database Database => _app.Services.GetRequiredService<Database>();

    /// <summary>Order and batch that the seed made for each line.</summary>
    public Dictionary<string, (string OrderId, string BatchId)> Work { get; } = [];

    public static async Task<PlatformUnderTest> StartAsync(int? quantity = null, bool digitalLink = false, int? leaseMinutes = null)
    {
        string folder = Directory.CreateTempSubdirectory("edgeline-platform-").FullName;
        var platform = new PlatformUnderTest(folder);
        Seed.Run(folder, new SeedOptions(["line-1", "line-2"], quantity, "hgz.example", digitalLink, leaseMinutes), platform.Clock, TextWriter.Null);
        JsonNode tokens = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "tokens.json")))!;
        foreach ((string name, JsonNode? token) in tokens["people"]!.AsObject())
        {
            platform._tokens[name] = (string)token!;
        }

        foreach (JsonNode? line in tokens["lines"]!.AsArray())
        {
            platform._tokens[(string)line!["line"]!] = (string)line["token"]!;
            platform.Work[(string)line["line"]!] = ((string)line["orderId"]!, (string)line["batchId"]!);
        }

        await platform.OpenAsync();
        return platform;
    }

    /// <summary>Stops the program and starts it again over the same folder.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    /// <summary>Only stops it, so that a test can lay hands on the folder.</summary>
    public Task StopAsync() => CloseAsync();

    public Task StartAgainAsync() => OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Gives somebody a token that the seed does not make.</summary>
    public void Admit(string name, Role roles, string organisation) => Database.Write<int>(session =>
    {
        _tokens[name] = CredentialRegister.Issue(session, new Caller(name, roles, null, organisation));
        return 0;
    });

    public Task<Reply> Get(string who, string path, params (string Name, string Value)[] headers) =>
        Send(who, HttpMethod.Get, path, null, headers);

    public Task<Reply> Post(string who, string path, object? body = null, params (string Name, string Value)[] headers) =>
        Send(who, HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), headers);

    public Task<Reply> Put(string who, string path, object body) => Send(who, HttpMethod.Put, path, JsonContent.Create(body));

    public Task<Reply> Upload(string who, string lineId, IReadOnlyCollection<byte[]> leaves) =>
        Send(who, HttpMethod.Post, $"/api/v1/lines/{lineId}/journal", Bytes(JournalUpload.Join(leaves), JournalUpload.MediaType));

    public static HttpContent Bytes(byte[] body, string mediaType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    public async Task<Reply> Send(string who, HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (_tokens.TryGetValue(who, out string? token))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        return new Reply(response, await response.Content.ReadAsByteArrayAsync());
    }

    private async Task OpenAsync()
    {
        _app = PlatformHost.Build(Folder, "http://127.0.0.1:0", Clock);
        await _app.StartAsync();
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    private async Task CloseAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>What the platform answered, read whole.</summary>
internal sealed class Reply(HttpResponseMessage response, byte[] body)
{
    public int Status { get; } = (int)response.StatusCode;

    public byte[] Body { get; } = body;

    public string Text => Encoding.UTF8.GetString(Body);

    public string MediaType { get; } = response.Content.Headers.ContentType?.MediaType ?? "";

    public HttpResponseMessage Response { get; } = response;

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Header(string name) =>
        Response.Headers.TryGetValues(name, out IEnumerable<string>? values) || Response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values) : "";

    public T As<T>() => JsonSerializer.Deserialize<T>(Body, JsonSerializerOptions.Web)!;

    /// <summary>The reply was this success.</summary>
    public Reply Ok(int status = 200)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Text}");
        return this;
    }

    /// <summary>The reply was this problem, and a well-formed one.</summary>
    public JsonNode Problem(int status, string type)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Text}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.EndsWith("/problems/" + type, (string)Json["type"]!, StringComparison.Ordinal);
        Assert.Equal(status, (int)Json["status"]!);
        Assert.False(string.IsNullOrWhiteSpace((string?)Json["title"]));
        Assert.False(string.IsNullOrWhiteSpace((string?)Json["detail"]));
        return Json;
    }
}
