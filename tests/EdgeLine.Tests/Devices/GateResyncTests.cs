using EdgeLine.Devices.Gates;
using EdgeLine.Devices.Profiles;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class GateResyncTests : IAsyncDisposable
{
    private readonly EventLog<GateEvent> _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly GatePeer _peer = new();
    private Task _running = Task.CompletedTask;
    private ModbusGate? _gate;

    [Fact(Timeout = 20_000)]
    public async Task A_resync_stops_waits_for_the_belt_drops_frames_and_counts_on_from_the_number_that_it_is_told()
    {
        Start();
        await UpAsync();
        int before = _peer.Requests.Count, coasting = 60;
        _peer.BeforeStatus = () => _peer.LastTag += coasting-- > 0 ? 1u : 0;
        List<string> atStandstill = [];
        uint tagSeen = 0;

        GateAnswer answer = await _gate!.ResyncAsync(
            () =>
            {
                atStandstill = [.. _peer.Requests.Skip(before)];
                tagSeen = _peer.LastTag;
                return 70_000;
            },
            CancellationToken.None);

        Assert.Equal(GateAnswer.Done.Value, answer);
        Assert.Equal(101u, tagSeen);
        Assert.Equal(70_000u, _peer.LastTag);
        Assert.Contains("050000FF00", atStandstill);
        Assert.DoesNotContain("050001FF00", atStandstill);
        List<string> after = [.. _peer.Requests.Skip(before + atStandstill.Count)];
        Assert.True(after.IndexOf("1000" + "0A00020400011170") is >= 0 and int told && told < after.IndexOf("050001FF00"));
        Assert.DoesNotContain("0500000000", _peer.Requests); // the caller lets the belt run
        Assert.Equal(GateAnswer.Done.Value, await _gate.StopRequestAsync(false, CancellationToken.None));
        Assert.Contains("0500000000", _peer.Requests);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_verdict_that_waited_over_a_resync_names_an_item_from_before_it()
    {
        // With one place, the verdict waits behind the reply that the gate holds back.
        Start(SomeDevice.Gate() with { Modbus = SomeDevice.Gate().Modbus with { RequestsInFlightMax = 1 } });
        await UpAsync();
        Task<GateAnswer>? verdict = null;
        byte[]? held = null;

        Task<GateAnswer> resync = _gate!.ResyncAsync(
            () =>
            {
                _peer.Twist = (_, reply) =>
                {
                    _peer.Twist = static (_, next) => next;
                    Volatile.Write(ref held, reply);
                    return null;
                };
                Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref held) is not null, Within.Deadline));
                verdict = _gate.VerdictAsync(4711, true, CancellationToken.None);
                return 4712;
            },
            CancellationToken.None);
        await Within.Async(() => Volatile.Read(ref verdict) is not null);
        await _peer.Conversation.SendAsync(held!);
        GateAnswer answer = await resync;

        Assert.Equal(GateAnswer.Done.Value, answer);
        Assert.Equal(GateAnswer.Done.Value, await verdict!);
        Assert.Contains("10000000030600001267" + "0001", _peer.Requests);
        Assert.Equal(4712u, _peer.LastTag);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_resync_after_which_the_gate_still_counts_is_refused()
    {
        Start();
        await UpAsync();
        _peer.Twist = (request, reply) =>
        {
            _peer.LastTag = 70_003;
            return reply;
        };

        GateAnswer answer = await _gate!.ResyncAsync(() => 70_000, CancellationToken.None);

        Assert.Contains("counted on to 70003", Assert.IsType<GateAnswer.Refused>(answer).Reason, StringComparison.Ordinal);
    }

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
}
