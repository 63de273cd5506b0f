using System.Buffers.Binary;
using EdgeLine.Devices.Gates;
using EdgeLine.Devices.Profiles;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class ModbusGateTests : IAsyncDisposable
{
    private readonly EventLog<GateEvent> _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly GatePeer _peer = new();
    private Task _running = Task.CompletedTask;
    private ModbusGate? _gate;

    [Fact(Timeout = 20_000)]
    public async Task On_connect_the_belt_is_stopped_before_the_gate_is_up()
    {
        Start();
        GateEvent.Up up = await UpAsync();

        Assert.Contains("050000FF00", _peer.Requests.Take(3));
        Assert.Equal((41u, 65543u, 9u, true),
            (up.Counters.LastTag, up.Counters.Passed, up.Counters.Rejected, up.Counters.Stopped));
        Assert.Equal(1, up.Generation);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(1, true, "10000000030600000001" + "0001")]
    [InlineData(65_536 + 258, true, "10000000030600010102" + "0001")]
    [InlineData(7, false, "10000000030600000007" + "0002")]
    public async Task A_verdict_carries_the_number_of_its_item(uint tag, bool pass, string request)
    {
        Start();
        await UpAsync();

        Assert.Equal(GateAnswer.Done.Value, await _gate!.VerdictAsync(tag, pass, CancellationToken.None));

        Assert.Contains(request, _peer.Requests);
    }

    [Fact(Timeout = 20_000)]
    public async Task The_watchdog_counts_as_long_as_the_gate_is_connected()
    {
        Start();
        await UpAsync();

        await Within.Async(() => Watchdogs().Count >= 4);

        Assert.Equal([1, 2, 3, 4], Watchdogs().Take(4));
    }

    [Fact(Timeout = 20_000)]
    public async Task Replies_find_their_requests_in_any_order()
    {
        Start();
        await UpAsync();
        List<byte[]> held = [];
        _peer.Twist = (request, reply) =>
        {
            if (request[7] != 16)
            {
                return reply;
            }

            held.Add(reply);
            return held.Count == 20 ? [.. held.AsEnumerable().Reverse().SelectMany(r => r)] : null;
        };

        GateAnswer[] answers = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(tag => _gate!.VerdictAsync((uint)tag, true, CancellationToken.None)));

        Assert.All(answers, a => Assert.Equal(GateAnswer.Done.Value, a));
    }

    [Fact(Timeout = 20_000)]
    public async Task Not_more_requests_are_open_than_the_gate_can_hold()
    {
        Start(SomeDevice.Gate() with { Modbus = SomeDevice.Gate().Modbus with { RequestsInFlightMax = 4 } });
        await UpAsync();
        int open = 0, most = 0;
        List<byte[]> held = [];
        _peer.Twist = (_, reply) =>
        {
            held.Add(reply);
            most = Math.Max(most, ++open);
            if (held.Count < 3)
            {
                return null;
            }

            byte[] together = [.. held.SelectMany(r => r)];
            open -= held.Count;
            held.Clear();
            return together;
        };

        await Task.WhenAll(Enumerable.Range(1, 200).Select(
            tag => _gate!.VerdictAsync((uint)tag, true, CancellationToken.None)));

        Assert.InRange(most, 1, 4);
    }

    [Fact(Timeout = 20_000)]
    public async Task Replies_split_at_every_byte_are_understood()
    {
        Start();
        await UpAsync();
        _peer.Twist = (_, reply) =>
        {
            foreach (byte b in reply)
            {
                _peer.Conversation.Socket.NoDelay = true;
                _peer.Conversation.Socket.Send([b]);
            }

            return null;
        };

        for (uint tag = 1; tag < 20; tag++)
        {
            Assert.Equal(GateAnswer.Done.Value, await _gate!.VerdictAsync(tag, true, CancellationToken.None));
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task A_refusal_is_an_answer_and_the_connection_stays()
    {
        Start();
        await UpAsync();
        _peer.Twist = (request, reply) => request[7] == 16 ? [.. request[..4], 0, 3, 255, 0x90, 2] : reply;

        GateAnswer answer = await _gate!.VerdictAsync(1, true, CancellationToken.None);

        Assert.Contains("no such address", Assert.IsType<GateAnswer.Refused>(answer).Reason, StringComparison.Ordinal);
        await Within.Async(() => Watchdogs().Count > 6);
        Assert.Equal(1, _peer.Connections);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_gate_that_does_not_answer_is_down_and_open_verdicts_are_lost()
    {
        Start(SomeDevice.Gate(replyTimeoutMs: 1500));
        await UpAsync();
        _peer.Twist = (_, _) => null;

        GateAnswer answer = await _gate!.VerdictAsync(1, true, CancellationToken.None);
        await _events.WaitForAsync(e => e is GateEvent.Down);
        Assert.Null(_gate.Counters);
        _peer.Twist = (_, reply) => reply;
        GateEvent.Up up = (GateEvent.Up)await _events.WaitForAsync(e => e is GateEvent.Up { Generation: 2 });

        Assert.IsType<GateAnswer.Lost>(answer);
        Assert.Equal(2, up.Generation);
    }

    public static TheoryData<string> Nonsense() => new()
    {
        "transaction", "protocol", "length", "unit", "function", "echo", "unasked",
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Nonsense))]
    public async Task A_reply_that_does_not_fit_ends_the_connection(string kind)
    {
        Start();
        await UpAsync();
        _peer.Twist = (request, reply) => request[7] != 16 ? reply : kind switch
        {
            "transaction" => [(byte)(reply[0] ^ 1), .. reply[1..]],
            "protocol" => [.. reply[..2], 1, .. reply[3..]],
            "length" => [.. reply[..4], 0xFF, .. reply[5..]],
            "unit" => [.. reply[..6], 1, .. reply[7..]],
            "function" => [.. reply[..7], 6, .. reply[8..]],
            "echo" => [.. reply[..9], 9, .. reply[10..]],
            _ => [.. reply, .. reply],
        };

        Task<GateAnswer> verdict = _gate!.VerdictAsync(1, true, CancellationToken.None);
        await _events.WaitForAsync(e => e is GateEvent.Down);

        GateAnswer answer = await verdict;
        Assert.True(kind == "unasked" || answer is GateAnswer.Lost, answer.ToString());
    }

    [Fact(Timeout = 20_000)]
    public async Task Without_a_connection_a_verdict_is_lost_at_once()
    {
        ModbusGate gate = new(SomeDevice.Gate(), SomeDevice.At(_peer.Address), _events.Add, TimeProvider.System);

        Assert.IsType<GateAnswer.Lost>(await gate.VerdictAsync(1, true, CancellationToken.None));
    }

    [Fact(Timeout = 20_000)]
    public async Task Counters_are_told_when_they_change_and_only_then()
    {
        Start();
        await UpAsync();
        await Within.Async(() => _peer.Requests.Count(r => r.StartsWith("04", StringComparison.Ordinal)) > 5);
        Assert.Single(_events.All);

        _peer.LastTag = 42;
        GateEvent.Counted counted = (GateEvent.Counted)await _events.WaitForAsync(e => e is GateEvent.Counted);

        Assert.Equal(42u, counted.Counters.LastTag);
        Assert.Equal(42u, _gate!.Counters!.LastTag);
    }

    [Fact(Timeout = 20_000)]
    public async Task Each_item_that_left_is_told_once_over_a_lost_connection_too()
    {
        _peer.Reports.AddRange([(39, 1), (40, 2)]);
        Start();
        await UpAsync();
        await Within.Async(() => Left().Count == 2);
        _peer.Conversation.Dispose();
        _peer.Reports.AddRange([(41, 3), (42, 1)]);
        await _events.WaitForAsync(e => e is GateEvent.Up { Generation: 2 });
        _peer.Reports.Add((43, 1));
        await Within.Async(() => Left().Count >= 5);
        Assert.Equal(
            [(39, ItemOutcome.Passed), (40, ItemOutcome.Rejected), (41, ItemOutcome.Missed), (42, ItemOutcome.Passed), (43, ItemOutcome.Passed)],
            Left().Select(r => ((int)r.Tag, r.Outcome)));
        _peer.Reports.AddRange(Enumerable.Range(44, 6).Select(tag => ((uint)tag, (ushort)1)));
        GateEvent.ReportsLost lost = (GateEvent.ReportsLost)await _events.WaitForAsync(e => e is GateEvent.ReportsLost);
        Assert.Equal(2, lost.Count);
    }

    private List<ItemReport> Left() => [.. _events.All.OfType<GateEvent.Left>().Select(l => l.Report)];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _peer.DisposeAsync();
        _stop.Dispose();
    }

    private void Start(GateProfile? profile = null)
    {
        _gate = new ModbusGate(
            profile ?? SomeDevice.Gate(), SomeDevice.At(_peer.Address), _events.Add, TimeProvider.System);
        _running = _gate.RunAsync(_stop.Token);
    }

    private async Task<GateEvent.Up> UpAsync() => (GateEvent.Up)await _events.WaitForAsync(e => e is GateEvent.Up);

    private List<int> Watchdogs() =>
        [.. _peer.Requests.Where(r => r.StartsWith("060064", StringComparison.Ordinal))
            .Select(r => (int)BinaryPrimitives.ReadUInt16BigEndian(Convert.FromHexString(r).AsSpan(3)))];
}
