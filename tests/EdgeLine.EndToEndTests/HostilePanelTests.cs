using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using EdgeLine.Simulator;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// The page's addresses of a real service under nearly right bodies (P9): each gets an answer of the 200s or 400s, a refusal says
/// why, and the line runs on.
/// </summary>
public sealed class HostilePanelTests(ITestOutputHelper output)
{
    private const int Seed = 17;

    [Fact(Timeout = 240_000)]
    public Task Three_thousand_bodies_are_answered() => SendAsync(3_000, full: false);

    [Fact(Timeout = 1_800_000)]
    [Trait("tier", "full")]
    public Task Two_hundred_thousand_bodies_are_answered() => SendAsync(200_000, full: true);

    private async Task SendAsync(int count, bool full, [CallerMemberName] string test = "")
    {
        using FaultRow row = FaultRow.Begin("F17", "panel-api: bodies changed, cut, joined; real service", $"{Seed}", full, test);
        await using var line = new ConveyorLine();
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(20);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");

        var random = new SeededRandom(Seed);
        var mutator = new ByteMutator(PanelBodies.Good, [.. PanelBodies.Words.Select(Encoding.Latin1.GetBytes)]);
        var answers = new SortedDictionary<int, int>();
        for (; row.Cycles < count; row.Cycles++)
        {
            string action = PanelBodies.Address("line-1", random.Below);
            byte[] body = random.Below(2) == 0 ? mutator.Next(random.Below) : mutator.NextSound(random.Below);
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", PanelBodies.ContentType(random.Below));
            string said = $"{action} {Convert.ToHexString(body.AsSpan(0, Math.Min(300, body.Length)))}";
            using HttpResponseMessage answer = await site.Panel.PostAsync(action, content);
            string text = await answer.Content.ReadAsStringAsync();
            answers[(int)answer.StatusCode] = answers.GetValueOrDefault((int)answer.StatusCode) + 1;
            bool sound = (int)answer.StatusCode < 500 && (answer.IsSuccessStatusCode || Explains(text));
            row.Violated(sound ? 0 : 1);
            Assert.True(sound, $"{said}: {(int)answer.StatusCode} {text}");
        }

        output.WriteLine(string.Join(", ", answers.Select(a => $"{a.Value} x {a.Key}")));
        Assert.True(
            answers.GetValueOrDefault(200) > 0 && answers.GetValueOrDefault(200) + answers.GetValueOrDefault(409) > count / 10,
            "hardly anything came to the line: the bodies are too wrong to test much");
        Assert.Equal(HttpStatusCode.OK, (await site.Panel.GetAsync("healthz")).StatusCode);
        Assert.False(site.Service.HasExited);
        await site.PictureAsync("line-1", p => p.Account.Remainder == 0, "the account closes");
    }

    private static bool Explains(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.TryGetProperty("title", out JsonElement title) && title.GetString()!.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
