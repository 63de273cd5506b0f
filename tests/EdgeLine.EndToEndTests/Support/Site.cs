using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Contracts;
using EdgeLine.Devices.Raster;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// A folder with a platform, a site file and the service, all real processes on free ports. What a test sets is what it
/// is about; everything else is healthy. At the end it tells what the service said, for whoever reads a failure.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly JsonSerializerOptions AsPeopleWrite = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<string> _lineIds = [];
    private readonly JsonObject _lines = [];
    private readonly List<IAsyncDisposable> _people = [];
    private readonly Action<string> _tell;
    private string _lastPictures = "";

    private Site(string folder, Action<string> tell) => (Folder, _tell) = (folder, tell);

    public string Folder { get; }

    /// <summary>Says something to whoever reads a failure.</summary>
    public void Tell(string text) => _tell(text);

    public string ConfigFile => Path.Combine(Folder, "config", "edgeline.json");

    public string PlatformFolder => Path.Combine(Folder, "platform");

    public Uri PlatformUrl { get; private set; } = new("http://127.0.0.1");

    /// <summary>What the service believes to be the platform, when it is not the real one.</summary>
    public (Uri Url, string KeyFile)? Instead { get; set; }

    public RunningProgram Platform { get; private set; } = null!;

    public RunningProgram Service { get; private set; } = null!;

    public HttpClient Panel { get; private set; } = null!;

    public HttpClient Public { get; private set; } = null!;

    public JsonObject? Mqtt { get; set; }

    public JsonObject? People { get; set; }

    /// <summary>Where the service runs as a program of Windows, when it does.</summary>
    public WindowsPublish? Windows { get; set; }

    /// <summary>By what clock the service runs, when not by this PC's.</summary>
    public OtherClock? Clock { get; set; }

    /// <summary>The page speaks TLS; the configuration has to say so too.</summary>
    public bool PanelTls { get; set; }

    public Uri PanelUrl => new($"{(PanelTls ? "https" : "http")}://127.0.0.1:{PanelPort}/");

    public int PanelPort { get; } = FreePort();

    public static Site New(ITestOutputHelper output) => New(output.WriteLine);

    public static Site New(Action<string> tell) => new(Directory.CreateTempSubdirectory("edgeline-").FullName, tell);

    /// <summary>Root of the checkout: where profiles and label templates are.</summary>
    public static string Root { get; } = FindRoot();

    private static ConcurrentDictionary<int, bool> Given { get; } = new();

    /// <summary>A port that nobody listens on, never the same twice: who asks for two would else get one now and then.</summary>
    public static int FreePort()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            int port = ((IPEndPoint)probe.LocalEndpoint).Port;
            if (Given.TryAdd(port, true))
            {
                return port;
            }
        }
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
        ["printer"] = Device("zebra-zt411-300dpi", $"tcp://{printer}"),
        ["scanner"] = Device("keyence-sr-1000", $"tcp://{scanner}"),
        ["gate"] = Device("modbus-tagged", $"tcp://{gate}"),
        ["label"] = "labels/board-60x40.zpl",
        ["labelsToScanner"] = 6,
        ["itemsPerMinute"] = 600,
        ["verdictWithinMs"] = 5000,
        ["runOutSeconds"] = 1,
    };

    public static JsonObject Device(string profile, string link) => new() { ["profile"] = profile, ["link"] = link };

    public async Task StartPlatformAsync(int quantity, int? leaseMinutes = null)
    {
        string[] leases = leaseMinutes is { } minutes ? ["--lease-minutes", $"{minutes}"] : [];
        (int code, string output) = await RunningProgram.RunAsync(
            "edgeline-platform", ["seed", "--data", PlatformFolder, "--quantity", $"{quantity}", .. leases, .. _lineIds.SelectMany(l => (string[])["--line", l])]);
        Assert.True(code == 0, output);
        PlatformUrl = new Uri($"http://127.0.0.1:{FreePort()}/");
        Public = new HttpClient { BaseAddress = PlatformUrl };
        await StartPlatformAgainAsync();
    }

    public async Task StartPlatformAgainAsync()
    {
        Platform = RunningProgram.Start("edgeline-platform", "serve", "--data", PlatformFolder, "--urls", PlatformUrl.ToString());
        await Soon.IsAsync(async () => (await Public.GetAsync("healthz")).IsSuccessStatusCode, "platform up", 60);
    }

    /// <summary>Writes the site file; <paramref name="change"/> may make mistakes in it.</summary>
    public void WriteConfig(Func<string, string>? change = null, string? file = null)
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
                ["url"] = (Instead?.Url ?? PlatformUrl).ToString(),
                ["tokenFile"] = Path.Combine(PlatformFolder, "device.token"),
                ["publicKeyFile"] = Instead?.KeyFile ?? Path.Combine(PlatformFolder, "platform.pem"),
                ["pollSeconds"] = 1,
            },
            ["panel"] = new JsonObject { ["listen"] = $"127.0.0.1:{PanelPort}" },
            ["lines"] = _lines.DeepClone(),
        };
        if (Windows is not null)
        {
            // Windows has a Chinese font, Wine has none.
            site["labelFont"] = LabelFont.Find().File;
        }

        if (Mqtt is not null)
        {
            site["mqtt"] = Mqtt.DeepClone();
        }

        if (People is not null)
        {
            site["people"] = People.DeepClone();
        }

        string text = site.ToJsonString(AsPeopleWrite);
        File.WriteAllText(file ?? ConfigFile, change?.Invoke(text) ?? text);
    }

    public async Task StartServiceAsync()
    {
        Service = Windows?.Start("run", "--config", ConfigFile)
            ?? RunningProgram.StartUnder(Clock?.Environment ?? [], "edgeline", "run", "--config", ConfigFile);
        Panel ??= new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true }) { BaseAddress = PanelUrl };
        await Soon.IsAsync(
            async () => !Service.HasExited ? (await Panel.GetAsync("healthz")).IsSuccessStatusCode : throw new InvalidOperationException(string.Join('\n', Service.Lines)),
            "service up",
            60);
    }

    public async Task<LineSnapshot> PictureAsync(string line)
    {
        _lastPictures = await Panel.GetStringAsync("api/lines");
        return JsonSerializer.Deserialize<List<LineSnapshot>>(_lastPictures, Json)!.Single(l => l.LineId == line);
    }

    public Task<LineSnapshot> PictureAsync(string line, Func<LineSnapshot, bool> when, string what, int seconds = 60) => Soon.GetAsync(
        async () =>
        {
            LineSnapshot last = await PictureAsync(line);
            return when(last) ? last : null;
        },
        $"{line}: {what}",
        seconds);

    /// <summary>All devices of the line are there.</summary>
    public Task<LineSnapshot> ReadyAsync(string line) => PictureAsync(
        line, p => p is { Printer.State: "up", Scanner.State: "up", Gate: null or { State: "up" } }, "devices up");

    /// <summary>The run is over, and the platform knows everything.</summary>
    public Task<LineSnapshot> CompleteAsync(string line, int seconds = 90) => PictureAsync(
        // What is left of the lease goes back with the entry that ends the run.
        line, p => p is { State: PackMlState.Complete, Account.Available: 0 } && p.ConfirmedSeq == p.AsOfSeq, "run complete and confirmed", seconds);

    /// <summary>The run is over, and its people have dealt with every label.</summary>
    public async Task<LineSnapshot> SettledAsync(string line, VirtualOperator person, int seconds = 90)
    {
        await person.Done.WaitAsync(TimeSpan.FromSeconds(seconds));
        return await PictureAsync(
            line,
            p => p is { State: PackMlState.Complete, Account: { Available: 0, Printing: 0, InDoubt: 0, Rejected: 0 } } && p.ConfirmedSeq == p.AsOfSeq,
            "run complete, bin empty, all confirmed",
            seconds);
    }

    public Task<HttpResponseMessage> ActAsync(string line, string action, object? body = null) =>
        Panel.PostAsJsonAsync($"api/lines/{line}/{action}", body ?? new { }, Json);

    public async Task MustActAsync(string line, string action, object? body = null)
    {
        using HttpResponseMessage answer = await ActAsync(line, action, body);
        Assert.True(answer.IsSuccessStatusCode, $"{action}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>A person at the printer sees to it that it repeats no label, as its profile says.</summary>
    public async Task ConfirmReprintOffAsync(string line, string who)
    {
        LineSnapshot asked = await PictureAsync(line, p => p.Actions.Contains("reprint-off"), "asks to confirm that the printer repeats no label");
        await MustActAsync(line, "reprint-off", new { who, boot = asked.ReprintOff.Boot });
    }

    /// <summary>The same as somebody who signs in for it.</summary>
    public async Task MustActAsAsync(string name, string pin, string line, string action, object body)
    {
        using HttpResponseMessage signedIn = await Panel.PostAsJsonAsync("api/sign-in", new { name, pin }, Json);
        Assert.True(signedIn.IsSuccessStatusCode, await signedIn.Content.ReadAsStringAsync());
        await MustActAsync(line, action, body);
        (await Panel.PostAsJsonAsync("api/sign-out", new { }, Json)).Dispose();
    }

    /// <summary>The name of the problem with which the panel refuses.</summary>
    public async Task<string> RefusalAsync(string line, string action, object body)
    {
        using HttpResponseMessage answer = await ActAsync(line, action, body);
        Assert.False(answer.IsSuccessStatusCode, $"{action} was not refused");
        return Support.People.TypeOf(await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>A virtual operator comes to the line, with a screen of its own.</summary>
    public VirtualOperator Staff(string line, Workstation place, OperatorOptions? options = null)
    {
        var screen = new Panel(PanelUrl, [line], TimeProvider.System);
        (place as VirtualBench)?.Watch(screen, line);
        var person = new VirtualOperator(line, screen, place, options ?? new OperatorOptions(), _ => { });
        _people.AddRange([screen, person]);
        return person;
    }

    /// <summary>The operator leaves the line.</summary>
    public async Task DismissAsync(VirtualOperator person)
    {
        _people.Remove(person);
        await person.DisposeAsync();
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
        // People first: they press buttons.
        foreach (IAsyncDisposable person in Enumerable.Reverse(_people))
        {
            await person.DisposeAsync();
        }

        if (Service is not null)
        {
            await Service.DisposeAsync();
            _tell($"service:\n{string.Join('\n', Service.Lines.TakeLast(60))}\nlast picture:\n{_lastPictures}");
        }

        if (Platform is not null)
        {
            await Platform.DisposeAsync();
            _tell($"platform:\n{string.Join('\n', Platform.Lines.TakeLast(20))}");
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
