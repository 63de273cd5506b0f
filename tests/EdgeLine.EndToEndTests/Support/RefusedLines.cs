using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// One service whose platform lies to each of its lines in another way. Every line was started; none may print.
/// </summary>
public sealed class RefusedLines : IAsyncLifetime
{
    private static readonly Dictionary<string, Func<LeaseManifest, Impostor, string>> Lies = new()
    {
        ["unsigned"] = (m, i) => i.Sign(m)[..(i.Sign(m).LastIndexOf('.') + 1)],
        ["no-algorithm"] = (m, i) => $"{Encode("{\"alg\":\"none\",\"kid\":\"x\"}")}.{i.Sign(m).Split('.')[1]}.{i.Sign(m).Split('.')[2]}",
        ["tampered"] = (m, i) => Tampered(m, i.Sign(m)),
        ["replayed"] = (m, i) => i.Sign(m with { LeaseId = "lease-of-yesterday", ClientRef = "request-of-yesterday" }),
        ["expired"] = (m, i) => i.Sign(m with { ExpiresAtUnixMs = m.IssuedAtUnixMs - 1 }),
        ["other-line"] = (m, i) => i.Sign(m with { LineId = "line-9" }),
        ["other-epoch"] = (m, i) => i.Sign(m with { Epoch = m.Epoch + 1 }),
    };

    private readonly List<string> _said = [];
    private readonly Dictionary<string, ConveyorLine> _lines = [];
    private readonly Dictionary<string, LineSnapshot> _pictures = [];

    /// <summary>What the service said.</summary>
    public string Said => string.Join('\n', _said);

    internal int TapeOf(string line) => _lines[line].Printer.Tape.Count;

    internal long BytesTo(string line) => _lines[line].Printer.BytesReceived;

    internal LineSnapshot Picture(string line) => _pictures[line];

    /// <summary>Why the site did not come so far.</summary>
    public Exception? Failure { get; private set; }

    public async Task InitializeAsync()
    {
        // Thrown from here, it would hide what the service said.
        try
        {
            await RunAsync();
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }

    private async Task RunAsync()
    {
        await using Site site = Site.New(_said.Add);
        string[] names = [.. Lies.Keys, "other-codes", "clock-set-back"];
        foreach (string name in names)
        {
            _lines[name] = new ConveyorLine();
            site.Line(name, _lines[name].Config);
        }

        await site.StartPlatformAsync(20);
        await using Impostor impostor = await Impostor.StartAsync(site);
        foreach ((string line, Func<LeaseManifest, Impostor, string> lie) in Lies)
        {
            impostor.Manifests[line] = lie;
        }

        impostor.OtherCodes.Add("other-codes");
        impostor.Ahead["clock-set-back"] = TimeSpan.FromHours(1);
        site.Instead = (impostor.Url, impostor.KeyFile);
        site.WriteConfig();
        await site.StartServiceAsync();
        foreach (string line in names)
        {
            await site.ReadyAsync(line);
            await site.MustActAsync(line, "start", new { who = "anna" });
        }

        foreach (string line in names)
        {
            _pictures[line] = await site.PictureAsync(
                line, p => p.State == PackMlState.Suspended && p.Reason != "gate-down", "refused; scanner and gate come into step first");
        }
    }

    public async Task DisposeAsync()
    {
        foreach (ConveyorLine line in _lines.Values)
        {
            await line.DisposeAsync();
        }
    }

    private static string Tampered(LeaseManifest manifest, string signed)
    {
        string[] parts = signed.Split('.');
        return $"{parts[0]}.{Encode(JsonSerializer.Serialize(manifest with { MayVerify = manifest.MayVerify + 1 }, JsonSerializerOptions.Web))}.{parts[2]}";
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
