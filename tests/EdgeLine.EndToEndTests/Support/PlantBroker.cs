using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// A real mosquitto with the very files of <c>config/broker</c>: TLS, users, access list, WebSocket; only paths, ports
/// and the base topic are those of a test.
/// </summary>
internal sealed class PlantBroker : IAsyncDisposable
{
    public const string Base = "test/site/line-1/edgeline/";

    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-broker-").FullName;
    private RunningProgram _process = null!;

    public int Port { get; } = Site.FreePort();

    public int WebSocketPort { get; } = Site.FreePort();

    public string WebSocket => $"wss://localhost:{WebSocketPort}";

    public string Url => $"mqtts://localhost:{Port}";

    public string CaFile => Path.Combine(_folder, "broker.crt");

    /// <summary>The section of the site file, as the README of the broker says.</summary>
    public JsonObject Config
    {
        get
        {
            string file = Path.Combine(_folder, "line.password");
            File.WriteAllText(file, PasswordOf("line-1") + "\n");
            return new JsonObject
            {
                ["broker"] = Url,
                ["user"] = "line-1",
                ["passwordFile"] = file,
                ["caFile"] = CaFile,
                ["webSocket"] = WebSocket,
            };
        }
    }

    public static string PasswordOf(string user) => $"password of {user}";

    public static async Task<PlantBroker> StartAsync()
    {
        var broker = new PlantBroker();
        string shipped = Path.Combine(Site.Root, "config", "broker");
        string users = Path.Combine(broker._folder, "users");
        await MustAsync("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-keyout", Path.Combine(broker._folder, "broker.key"), "-out", broker.CaFile,
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        File.WriteAllText(users, "");
        foreach (string user in (string[])["line-1", "dashboard", "supervisor"])
        {
            await MustAsync("mosquitto_passwd", "-b", users, user, PasswordOf(user));
        }

        string acl = await File.ReadAllTextAsync(Path.Combine(shipped, "acl"));
        await File.WriteAllTextAsync(
            Path.Combine(broker._folder, "acl"), acl.Replace("kesiyi/changsha/packing", "test/site", StringComparison.Ordinal));
        string conf = await File.ReadAllTextAsync(Path.Combine(shipped, "mosquitto.conf"));
        // Started as root, mosquitto would give up its rights and could not read this folder.
        await File.WriteAllTextAsync(Path.Combine(broker._folder, "mosquitto.conf"), "user root\n" + conf
            .Replace("/etc/mosquitto/edgeline", broker._folder, StringComparison.Ordinal)
            .Replace("/var/lib/mosquitto/", broker._folder + "/", StringComparison.Ordinal)
            .Replace("listener 8883", $"listener {Text(broker.Port)} 127.0.0.1", StringComparison.Ordinal)
            .Replace("listener 8884", $"listener {Text(broker.WebSocketPort)} 127.0.0.1", StringComparison.Ordinal));
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        _process = RunningProgram.StartOther("/usr/sbin/mosquitto", "-c", Path.Combine(_folder, "mosquitto.conf"));
        await _process.LineAsync("running", 30);
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>An orderly stop: retained messages are kept on disk.</summary>
    public Task StopAsync() => _process.StopAsync();

    /// <summary>Publishes as a user; what the broker said, empty when it took the message.</summary>
    public async Task<string> PublishAsync(string user, string topic, string payload, params string[] more)
    {
        await using RunningProgram program = RunningProgram.StartOther(
            "mosquitto_pub", [.. As(user), "-q", "1", "-t", topic, "-m", payload, .. more]);
        int code = await program.EndAsync();
        return code == 0 && program.Lines.Count == 0 ? "" : $"{code} {string.Join(' ', program.Lines)}";
    }

    /// <summary>Starts a subscriber that prints topic, retain flag, payload and correlation data.</summary>
    public RunningProgram Subscribe(string user, string filter, int messages, int seconds = 60) => RunningProgram.StartOther(
        "stdbuf", ["-oL", "mosquitto_sub", .. As(user), "-q", "1", "-t", filter, "-C", Text(messages), "-W", Text(seconds), "-d", "-F", "%t %r %p %D"]);

    /// <summary>What is retained below the line's base for a dashboard that comes now.</summary>
    public async Task<IReadOnlyList<Heard>> RetainedAsync(string filter, string user = "dashboard", int seconds = 2)
    {
        await using RunningProgram subscriber = RunningProgram.StartOther(
            "stdbuf", ["-oL", "mosquitto_sub", .. As(user), "-q", "1", "-t", Base + filter, "--retained-only", "-W", Text(seconds), "-F", "%t %r %p"]);
        await subscriber.EndAsync();
        return Heard.In(subscriber.Lines);
    }

    /// <summary>Sends a command as the supervisor and returns its answers, the last one final.</summary>
    public async Task<IReadOnlyList<JsonNode>> CommandAsync(string name, string payload, int answers, params string[] more)
    {
        await using RunningProgram subscriber = Subscribe("supervisor", $"{Base}cmd/{name}/result", answers, 30);
        await subscriber.LineAsync("SUBACK");
        Assert.Equal("", await PublishAsync("supervisor", $"{Base}cmd/{name}", payload, more));
        await subscriber.EndAsync();
        return [.. Heard.In(subscriber.Lines).Select(h => h.Body)];
    }

    public static string Payload(string id, string args = "", int issuedS = 0, int expiresS = 60)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return $$"""
            {"id":"{{id}}","issued_by":"mes","issued_at":"{{now.AddSeconds(issuedS):O}}","expires_at":"{{now.AddSeconds(expiresS):O}}","args":{ {{args}} } }
            """;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string[] As(string user) =>
        ["-h", "localhost", "-p", Text(Port), "--cafile", CaFile, "-u", user, "-P", PasswordOf(user), "-V", "5"];

    private static async Task MustAsync(string file, params string[] arguments)
    {
        await using RunningProgram program = RunningProgram.StartOther(file, arguments);
        Assert.True(await program.EndAsync() == 0, $"{file}: {string.Join('\n', program.Lines)}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
