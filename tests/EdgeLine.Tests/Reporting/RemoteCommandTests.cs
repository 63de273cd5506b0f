using System.Text;
using EdgeLine.Service.Line;
using EdgeLine.Service.Reporting;
using EdgeLine.Tests.Mqtt;

namespace EdgeLine.Tests.Reporting;

/// <summary>Commands over MQTT: what is taken, what is refused and why, and what can never be done.</summary>
public sealed class RemoteCommandTests
{
    private readonly HandClock _clock = new();
    private readonly List<string> _done = [];
    private readonly List<string> _journal = [];
    private readonly List<RemoteResult> _told = [];
    private LineSnapshot _now = Pictures.Line() with { RunActive = true, Actions = ["pause", "end"] };
    private string _refusal = "";

    private RemoteCommands _commands;

    public RemoteCommandTests() => _commands = Desk(RemoteCommands.Names);

    [Fact]
    public async Task A_hold_is_accepted_done_and_in_the_journal_before_and_after()
    {
        Assert.Equal("accepted done", await AskAsync("hold", Payload()));
        Assert.Equal(["hold mqtt:mes"], _done);
        Assert.Equal(["mqtt:mes hold c-1 accepted", "mqtt:mes hold c-1 done"], _journal);
        Assert.All(_told, r => Assert.Equal("c-1", r.Id));
    }

    [Fact]
    public async Task The_same_id_again_gets_the_old_result_and_does_nothing()
    {
        await AskAsync("hold", Payload());
        Assert.Equal("done", await AskAsync("hold", Payload()));
        Assert.True(_told[^1].Repeated);
        Assert.Single(_done);
        Assert.Equal(2, _journal.Count);

        // Another name under an old id is the old command.
        Assert.Equal("done", await AskAsync("end", Payload(args: "\"batch_id\":\"batch-1\"")));
        Assert.Single(_done);
    }

    [Fact]
    public async Task After_a_restart_the_journal_answers_for_what_was_done_before()
    {
        await AskAsync("hold", Payload());
        Restart();
        Assert.Equal("done", await AskAsync("hold", Payload()));
        Assert.Single(_done);
    }

    [Fact]
    public async Task A_service_that_died_in_the_middle_does_not_try_again()
    {
        _journal.Add("mqtt:mes hold c-1 accepted");
        Restart();
        Assert.Equal("failed outcome-unknown", await AskAsync("hold", Payload()));
        Assert.Empty(_done);
    }

    [Fact]
    public async Task A_refused_command_is_journalled_once_and_stays_refused()
    {
        _now = _now with { Actions = ["start"], RunActive = false };
        Assert.Equal("rejected not-running", await AskAsync("hold", Payload()));
        _now = _now with { Actions = ["pause"] };
        Assert.Equal("rejected not-running", await AskAsync("hold", Payload()));
        Assert.Empty(_done);
        Assert.Single(_journal);
    }

    [Fact]
    public async Task A_retained_command_does_nothing_and_says_so()
    {
        Assert.Equal("rejected retained", await AskAsync("hold", Payload(), retained: true));
        Assert.Empty(_done);
    }

    [Theory]
    [InlineData(-120, -60, "expired")]
    [InlineData(-60, 0, "expired")]
    [InlineData(31, 60, "clock-skew")]
    [InlineData(0, 601, "expires-too-late")]
    [InlineData(29, 60, "")]
    [InlineData(-599, 1, "")]
    public async Task A_command_lives_between_its_two_times_and_no_longer(int issuedS, int expiresS, string code)
    {
        string said = await AskAsync("hold", Payload(issuedS: issuedS, expiresS: expiresS));
        Assert.Equal(code.Length == 0 ? "accepted done" : $"rejected {code}", said);
        Assert.Equal(code.Length == 0 ? 1 : 0, _done.Count);
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("start")]
    [InlineData("end")]
    [InlineData("acknowledge")]
    public async Task What_the_site_did_not_name_is_not_enabled(string name)
    {
        _commands = Desk([.. RemoteCommands.Names.Where(n => n != name)]);
        Assert.Equal("rejected not-enabled", await AskAsync(name, Payload()));
        Assert.Empty(_done);
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("clearance")]
    [InlineData("void")]
    [InlineData("sample")]
    [InlineData("pass")]
    [InlineData("rework")]
    [InlineData("shelve")]
    [InlineData("HOLD")]
    public async Task What_needs_a_person_is_impossible_whatever_the_site_names(string name)
    {
        _commands = Desk([.. RemoteCommands.Names, name]);
        Assert.Equal("rejected not-possible", await AskAsync(name, Payload()));
        Assert.Empty(_done);
    }

    [Fact]
    public async Task The_wrong_batch_is_refused_and_an_end_has_to_name_it()
    {
        Assert.Equal("rejected wrong-batch", await AskAsync("hold", Payload("a", args: "\"batch_id\":\"other\"")));
        Assert.Equal("rejected batch-missing", await AskAsync("end", Payload("b")));
        Assert.Equal("rejected wrong-batch", await AskAsync("end", Payload("c", args: "\"batch_id\":\"other\"")));
        Assert.Empty(_done);
        Assert.Equal("accepted done", await AskAsync("end", Payload("d", args: "\"batch_id\":\"batch-1\"")));
    }

    [Fact]
    public async Task Only_an_alarm_that_is_there_can_be_acknowledged()
    {
        Assert.Equal("rejected no-such-alarm", await AskAsync("acknowledge", Payload("a", args: "\"key\":\"gate-down\"")));
        _now = _now with { Alarms = [new AlarmSnapshot("gate-down", "high", 1, false, new Dictionary<string, string>())] };
        Assert.Equal("accepted done", await AskAsync("acknowledge", Payload("b", args: "\"key\":\"gate-down\"")));
        Assert.Equal(["acknowledge gate-down mqtt:mes"], _done);
    }

    [Fact]
    public async Task What_the_line_refuses_after_all_has_failed_with_its_reason()
    {
        _refusal = "not-running";
        Assert.Equal("accepted failed not-running", await AskAsync("hold", Payload()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"id\":\"a\"}")]
    [InlineData("{\"id\":\"a b\",\"issued_by\":\"mes\",\"issued_at\":1,\"expires_at\":2}")]
    [InlineData("{\"id\":\"a\",\"issued_by\":\"\",\"issued_at\":1,\"expires_at\":2}")]
    [InlineData("{\"id\":\"a\",\"issued_by\":\"mes\",\"issued_at\":2,\"expires_at\":1}")]
    [InlineData("{\"id\":\"a\",\"issued_by\":\"mes\",\"issued_at\":\"2026-03-01T08:00:00\",\"expires_at\":\"2026-03-01T08:01:00\"}")]
    [InlineData("{\"id\":\"a\",\"name\":\"end\",\"issued_by\":\"mes\",\"issued_at\":1,\"expires_at\":2}")]
    [InlineData("{\"id\":\"a\",\"args\":{\"a\":{\"a\":{\"a\":{}}}}}")]
    [InlineData("{\"id\":\"\\ud800\"}")]
    [InlineData("{\"id\":\"a\",\"issued_by\":\"mes\",\"issued_at\":\"\\udfff\",\"expires_at\":2}")]
    [InlineData("{\"id\":\"a\",\"issued_by\":\"mes\",\"issued_at\":1,\"expires_at\":2,\"args\":{\"key\":\"\\ud800\"}}")]
    [InlineData("{\"id\":\"a\",\"issued_by\":\"mes\",\"issued_at\":1,\"expires_at\":2,\"args\":{\"\\ud800\":\"a\"}}")]
    public async Task What_is_no_command_is_said_and_leaves_no_trace(string payload)
    {
        Assert.Equal("rejected malformed", await AskAsync("hold", payload));
        Assert.NotEmpty(_told[0].Detail);
        Assert.Empty(_done);
        Assert.Empty(_journal);
    }

    [Fact]
    public async Task A_garrulous_sender_does_not_fill_the_journal()
    {
        for (int i = 0; i < 100; i++)
        {
            await AskAsync("hold", Payload($"c-{i}", expiresS: -1, issuedS: -2));
        }

        Assert.Equal(30, _journal.Count);
        Assert.Equal("too-many", _told[^1].Code);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("accepted done", await AskAsync("hold", Payload("later")));
    }

    private async Task<string> AskAsync(string name, string payload, bool retained = false)
    {
        int before = _told.Count;
        await _commands.HandleAsync(name, Encoding.UTF8.GetBytes(payload), retained, result =>
        {
            _told.Add(result);
            return Task.CompletedTask;
        });
        return string.Join(' ', _told.Skip(before).Select(r => $"{r.Status} {r.Code}".TrimEnd()));
    }

    private string Payload(string id = "c-1", int issuedS = 0, int expiresS = 60, string args = "")
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return $$"""
            {"id":"{{id}}","issued_by":"mes","issued_at":"{{now.AddSeconds(issuedS):O}}","expires_at":"{{now.AddSeconds(expiresS):O}}","args":{ {{args}} } }
            """;
    }

    private void Restart() => _commands = Desk(RemoteCommands.Names, _journal.Select(entry => entry.Split(' ', 3)).Select(e => RemoteResult.Read(e[1], e[2])!));

    private RemoteCommands Desk(IReadOnlyList<string> enabled, IEnumerable<RemoteResult>? earlier = null) => new(
        enabled,
        new RemoteLine
        {
            Look = () => _now,
            Hold = who => Do($"hold {who}"),
            End = who => Do($"end {who}"),
            Start = (order, batch, who) => Do($"start {order} {batch} {who}"),
            Acknowledge = (key, who) => Do($"acknowledge {key} {who}"),
            Note = (who, name, detail) =>
            {
                _journal.Add($"{who} {name} {detail}");
                return Task.FromResult("");
            },
        },
        [.. earlier ?? []],
        _clock);

    private Task<string> Do(string what)
    {
        _done.Add(what);
        return Task.FromResult(_refusal);
    }
}
