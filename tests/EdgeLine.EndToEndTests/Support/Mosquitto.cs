using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>A real mosquitto that lets in one user with a password, behind a cable that a test can pull.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private const string User = "edgeline";
    private const string Password = "s3cret of the plant";
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-mosquitto-").FullName;
    private readonly int _port = Site.FreePort();
    private RunningProgram _process = null!;

    private Mosquitto() => Cable = new Cable(_port);

    /// <summary>What stands between service and broker.</summary>
    public Cable Cable { get; }

    /// <summary>The section of the site file.</summary>
    public JsonObject Config
    {
        get
        {
            string file = Path.Combine(_folder, "password");
            File.WriteAllText(file, Password + "\n");
            return new JsonObject { ["broker"] = $"mqtt://127.0.0.1:{Cable.Port}", ["user"] = User, ["passwordFile"] = file };
        }
    }

    public static async Task<Mosquitto> StartAsync()
    {
        var broker = new Mosquitto();
        string users = Path.Combine(broker._folder, "users");
        await using (RunningProgram passwd = RunningProgram.StartOther("mosquitto_passwd", "-b", "-c", users, User, Password))
        {
            Assert.True(await passwd.EndAsync() == 0, string.Join('\n', passwd.Lines));
        }

        // Started as root, mosquitto would give up its rights and could not read this folder.
        await File.WriteAllLinesAsync(
            Path.Combine(broker._folder, "mosquitto.conf"),
            [$"listener {broker._port} 127.0.0.1", "user root", "allow_anonymous false", $"password_file {users}", "persistence false"]);
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        _process = RunningProgram.StartOther("/usr/sbin/mosquitto", "-c", Path.Combine(_folder, "mosquitto.conf"));
        await _process.LineAsync("running", 30);
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts a subscriber; it prints topic, retain flag and payload, and ends after so many messages or seconds.</summary>
    public RunningProgram Subscribe(string filter, int messages, int seconds = 120) => RunningProgram.StartOther(
        // Into a pipe it would keep what it heard to itself until its end.
        "stdbuf", "-oL", "mosquitto_sub",
        "-h", "127.0.0.1", "-p", Text(_port), "-u", User, "-P", Password, "-V", "5", "-q", "1", "-t", filter, "-C", Text(messages), "-W", Text(seconds), "-d",
        "-F", "%t %r %p");

    /// <summary>What a subscriber that comes now gets.</summary>
    public async Task<IReadOnlyList<Heard>> LateAsync(string filter, int messages)
    {
        await using RunningProgram subscriber = Subscribe(filter, messages);
        await subscriber.EndAsync();
        return Heard.In(subscriber.Lines);
    }

    public async ValueTask DisposeAsync()
    {
        await Cable.DisposeAsync();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One message as mosquitto_sub prints it.</summary>
/// <param name="Topic">Topic below the line's base.</param>
/// <param name="Retained">It was there before the subscriber.</param>
/// <param name="Body">Its payload.</param>
internal sealed record Heard(string Topic, bool Retained, JsonNode Body)
{
    public const string Base = "test/site/line-1/edgeline/";

    public static IReadOnlyList<Heard> In(IEnumerable<string> lines) =>
    [
        .. lines.Where(l => l.StartsWith(Base, StringComparison.Ordinal)).Select(l => l.Split(' ', 3))
            .Select(p => new Heard(p[0][Base.Length..], p[1] == "1", JsonNode.Parse(p[2])!)),
    ];
}
