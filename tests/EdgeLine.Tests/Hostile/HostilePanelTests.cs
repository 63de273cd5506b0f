using System.Text.Json;
using EdgeLine.Faults;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Hostile;

/// <summary>
/// The panel's addresses under a barrage of nearly right bodies, from the check of the request to the line's own answer:
/// each is done or refused with its reason, and the line is there afterwards. Over real sockets: the end-to-end tests.
/// </summary>
public sealed class HostilePanelTests : IAsyncLifetime
{
    private PanelInMemory _panel = null!;
    private int _came;

    public async Task InitializeAsync() => _panel = await PanelInMemory.StartAsync();

    public Task DisposeAsync() => _panel.EndAsync();

    [Fact(Timeout = 300_000)]
    public async Task Any_body_is_done_or_refused_with_its_reason()
    {
        await new HostileTarget { Name = "panel-api", Corpus = PanelBodies.Good, Words = PanelBodies.Words, Read = Send, OneThread = false }.FirstAsync();
        if (HostileTarget.IsReplay)
        {
            return;
        }

        Assert.True(_came > HostileTarget.FirstCount / 10, $"only {_came} came to the line: the bodies are too wrong to test much");
        Assert.True(_panel.Picture.AsOfSeq > 100, $"only {_panel.Picture.AsOfSeq} entries came of it");
        Assert.Equal(0, _panel.Picture.Account.Remainder);
    }

    private bool Send(byte[] body, SeededRandom random)
    {
        (int status, string text) = _panel.PostAsync(PanelBodies.Address("line-1", random.Below), PanelBodies.ContentType(random.Below), body).GetAwaiter().GetResult();
        HostileTarget.Demand(status is 200 or (>= 400 and < 500), $"answered with {status} {text}");
        HostileTarget.Demand(status == 200 || Title(text) is { Length: > 0 }, $"refused with {status} and without a reason: {text}");
        _came += status is 200 or 409 ? 1 : 0;
        return status == 200;
    }

    private static string? Title(string text)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(text);
            return answer.RootElement.GetProperty("title").GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
