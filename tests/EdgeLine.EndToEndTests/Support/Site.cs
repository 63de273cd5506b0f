using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// A folder with a platform, a site file and the service, all real processes on free ports. What a test sets is what
/// it is about; everything else is healthy.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly List<string> _lineIds = [];
    private readonly JsonObject _lines = [];

    private Site(string folder) => Folder = folder;

    public string Folder { get; }

    public string DataPath => Path.Combine(Folder, "data");

    public string ConfigFile => Path.Combine(Folder, "config", "edgeline.json");

    public string PlatformFolder => Path.Combine(Folder, "platform");

    public Uri PlatformUrl { get; private set; } = new("http://127.0.0.1");

    public Program Platform { get; private set; } = null!;

    public Program Service { get; private set; } = null!;

    public HttpClient Panel { get; private set; } = null!;

    public HttpClient Public { get; private set; } = null!;

    public JsonObject? Mqtt { get; set; }

    private int PanelPort { get; } = FreePort();

    public static Site New() => new(Directory.CreateTempSubdirectory("edgeline-").FullName);

    /// <summary>Root of the checkout: where profiles and label templates are.</summary>
    public static string Root { get; } = FindRoot();

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public void Line(string id, JsonObject line)
    {
        _lineIds.Add(id);
        _lines[id] = line;
    }

    public static JsonObject Conveyor(IPEndPoint printer, IPEndPoint scanner, IPEndPoint gate) => new()
    {
        ["title"] = "1 号线",
        ["station"] = "conveyor",
        ["start"] = "operator",
        ["printer"] = Device("zebra-zt411-300dpi", printer),
        ["scanner"] = Device("keyence-sr-1000", scanner),
        ["gate"] = Device("modbus-tagged", gate),
        ["label"] = "labels/board-60x40.zpl",
        ["labelsToScanner"] = 6,
        ["itemsPerMinute"] = 600,
        ["verdictWithinMs"] = 2000,
        ["runOutSeconds"] = 1,
    };

    public static JsonObject Device(string profile, IPEndPoint at) => new() { ["profile"] = profile, ["link"] = $"tcp://{at}" };

    public async Task StartPlatformAsync(int quantity)
    {
        (int code, string output) = await Program.RunAsync(
            "edgeline-platform", ["seed", "--data", PlatformFolder, "--quantity", $"{quantity}", .. _lineIds.SelectMany(l => (string[])["--line", l])]);
        Assert.True(code == 0, output);
        await RestartPlatformAsync();
    }

    public async Task RestartPlatformAsync()
    {
        int port = PlatformUrl.Port == 80 ? FreePort() : PlatformUrl.Port;
        PlatformUrl = new Uri($"http://127.0.0.1:{port}/");
        Platform = Program.Start("edgeline-platform", "serve", "--data", PlatformFolder, "--urls", PlatformUrl.ToString());
        Public = new HttpClient { BaseAddress = PlatformUrl };
        await Soon.IsAsync(async () => (await Public.GetAsync("healthz")).IsSuccessStatusCode, "platform up");
    }

    public void WriteConfig()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "config"));
        CopyFolder(Path.Combine(Root, "config", "labels"), Path.Combine(Folder, "config", "labels"));
        var site = new JsonObject
        {
            ["schemaVersion"] = 1,
            ["site"] = new JsonObject { ["topic"] = "test/site", ["language"] = "zh" },
            ["dataPath"] = "../data",
            ["profilesPath"] = Path.Combine(Root, "hardware-profiles"),
            ["platform"] = new JsonObject
            {
                ["url"] = PlatformUrl.ToString(),
                ["tokenFile"] = Path.Combine(PlatformFolder, "device.token"),
                ["publicKeyFile"] = Path.Combine(PlatformFolder, "platform.pem"),
                ["pollSeconds"] = 1,
            },
            ["panel"] = new JsonObject { ["listen"] = $"127.0.0.1:{PanelPort}" },
            ["lines"] = _lines.DeepClone(),
        };
        if (Mqtt is not null)
        {
            site["mqtt"] = Mqtt.DeepClone();
        }

        File.WriteAllText(ConfigFile, site.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    public async Task StartServiceAsync()
    {
        Service = Program.Start("edgeline", "run", "--config", ConfigFile);
        Panel = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{PanelPort}/") };
        await Soon.IsAsync(
            async () => !Service.HasExited ? (await Panel.GetAsync("healthz")).IsSuccessStatusCode : throw new InvalidOperationException(string.Join('\n', Service.Lines)),
            "service up");
    }

    public async Task<LineSnapshot> PictureAsync(string line) =>
        (await Panel.GetFromJsonAsync<List<LineSnapshot>>("api/lines", Json))!.Single(l => l.LineId == line);

    public async Task<LineSnapshot> PictureAsync(string line, Func<LineSnapshot, bool> when, string what, int seconds = 30)
    {
        LineSnapshot? last = null;
        try
        {
            return await Soon.GetAsync(
                async () =>
                {
                    last = await PictureAsync(line);
                    return when(last) ? last : null;
                },
                what,
                seconds);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{JsonSerializer.Serialize(last, Json)}\n{string.Join('\n', Service.Lines.TakeLast(30))}", e);
        }
    }

    public Task<HttpResponseMessage> ActAsync(string line, string action, object? body = null) =>
        Panel.PostAsJsonAsync($"api/lines/{line}/{action}", body ?? new { }, Json);

    public async Task MustActAsync(string line, string action, object? body = null)
    {
        using HttpResponseMessage answer = await ActAsync(line, action, body);
        Assert.True(answer.IsSuccessStatusCode, $"{action}: {await answer.Content.ReadAsStringAsync()}");
    }

    public async Task<string> CertificateAsync(CertificateCode code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"C/{code.Value}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using HttpResponseMessage answer = await Public.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        if (Platform is not null)
        {
            await Platform.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EdgeLine.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
