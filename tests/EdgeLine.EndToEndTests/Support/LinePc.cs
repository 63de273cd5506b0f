using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// One more PC for line-1 of a site, with devices, data and credentials of its own: a spare one that has nothing but the
/// site file, or one that got a copy of the first one's disk.
/// </summary>
internal sealed class LinePc : IAsyncDisposable
{
    private const string Line = "line-1";

    private readonly Site _site;
    private readonly HttpClient _panel;
    private readonly List<IAsyncDisposable> _people = [];

    public LinePc(Site site, string name, JsonObject devices)
    {
        _site = site;
        int port = Site.FreePort();
        ConfigFile = Path.Combine(site.Folder, "config", name + ".json");
        Data = Path.Combine(site.Folder, name);
        _panel = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        site.WriteConfig(
            text =>
            {
                JsonObject own = JsonNode.Parse(text)!.AsObject();
                own["dataPath"] = Data;
                own["platform"]!["tokenFile"] = Path.Combine(Data, "platform.token");
                own["platform"]!["publicKeyFile"] = Path.Combine(Data, "platform.pem");
                own["panel"]!["listen"] = $"127.0.0.1:{port}";
                own["lines"] = new JsonObject { [Line] = devices.DeepClone() };
                return own.ToJsonString();
            },
            ConfigFile);
    }

    public string ConfigFile { get; }

    public string Data { get; }

    public RunningProgram Service { get; private set; } = null!;

    /// <summary>The disk of the first PC, as it is at this moment.</summary>
    public void CopyDisk()
    {
        CopyOf(Path.Combine(_site.Folder, "data", Line), Path.Combine(Data, Line));
        File.Copy(Path.Combine(_site.PlatformFolder, "device.token"), Path.Combine(Data, "platform.token"), overwrite: true);
        File.Copy(Path.Combine(_site.PlatformFolder, "platform.pem"), Path.Combine(Data, "platform.pem"), overwrite: true);
    }

    public async Task StartAsync()
    {
        Service = RunningProgram.Start("edgeline", "run", "--config", ConfigFile);
        await Soon.IsAsync(
            async () => !Service.HasExited ? (await _panel.GetAsync("healthz")).IsSuccessStatusCode : throw new InvalidOperationException(string.Join('\n', Service.Lines)),
            "service of the other PC up",
            60);
    }

    public async Task<LineSnapshot> PictureAsync() =>
        JsonSerializer.Deserialize<List<LineSnapshot>>(await _panel.GetStringAsync("api/lines"), JsonSerializerOptions.Web)!.Single(l => l.LineId == Line);

    public Task<LineSnapshot> PictureAsync(Func<LineSnapshot, bool> when, string what, int seconds = 90) => Soon.GetAsync(
        async () =>
        {
            LineSnapshot last = await PictureAsync();
            return when(last) ? last : null;
        },
        $"the other PC: {what}",
        seconds);

    public VirtualOperator Staff(Workstation place)
    {
        var screen = new Panel(_panel.BaseAddress!, [Line], TimeProvider.System);
        var person = new VirtualOperator(Line, screen, place, new OperatorOptions(), _ => { });
        _people.AddRange([screen, person]);
        return person;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable person in Enumerable.Reverse(_people))
        {
            await person.DisposeAsync();
        }

        if (Service is not null)
        {
            await Service.DisposeAsync();
            _site.Tell($"the other PC:\n{string.Join('\n', Service.Lines.TakeLast(40))}");
        }

        _panel.Dispose();
    }

    public static void CopyOf(string folder, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(folder))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
