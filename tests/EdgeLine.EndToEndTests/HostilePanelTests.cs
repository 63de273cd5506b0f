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

    private static readonly string[] Actions =
    [
        "start", "pause", "resume", "end", "clearance", "acknowledge", "shelve", "unshelve", "rework", "void", "sample", "replacement", "roll-changed",
        "first-article", "reprint-off", "scanner-check", "scanner-check-end",
    ];

    private static readonly byte[][] Bodies =
    [
        .. new[]
        {
            """{"who":"anna","screen":"panel","orderId":"o-1","why":"shift","payload":"https://c.example.cn/C/H123456789ABCDEF"}""",
            """{"who":"anna","found":3,"why":"counted","code":"H123456789ABCDEF","reason":"label-destroyed"}""",
            """{"who":"李","key":"printer-media-out","minutes":30,"what":"media","lot":"L-1","approved":true,"blankRejected":false,"boot":1}""",
            $$"""{"who":"{{new string('李', 500)}}","why":"{{new string('板', 500)}}","lot":"{{new string('卷', 60)}}","what":"ribbon","found":0,"approved":false,"key":"{{new string('键', 500)}}"}""",
            """{"badge":"0011","name":"li","pin":"4711","screen":"panel"}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

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
        var mutator = new ByteMutator(Bodies, [.. new[] { "{", "}", "\"", "\\uD800", "\\u0000", "null", ":", ",", "\"found\":", "\"payload\":", "\xFF" }.Select(Encoding.Latin1.GetBytes)]);
        var answers = new SortedDictionary<int, int>();
        for (; row.Cycles < count; row.Cycles++)
        {
            string action = random.Below(20) == 0 ? "api/sign-in" : $"api/lines/line-1/{Actions[random.Below(Actions.Length)]}";
            byte[] body = random.Below(2) == 0 ? mutator.Next(random.Below) : mutator.NextSound(random.Below);
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", random.Below(20) == 0 ? "text/plain" : "application/json");
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
