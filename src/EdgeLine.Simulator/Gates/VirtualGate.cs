using System.Net;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Gates;

/// <summary>
/// The controller of conveyor and reject gate behind Modbus TCP. Every item is rejected unless a PASS for that very item
/// arrives between its trigger and the gate; a missing watchdog rejects everything and stops the conveyor.
/// </summary>
/// <remarks>Members are called under <see cref="Floor.Moment"/>, except the counters, which may be read any time.</remarks>
internal sealed class VirtualGate : IAsyncDisposable
{
    /// <summary>Without a sign of life for this long everything is rejected and the conveyor stops.</summary>
    public static readonly TimeSpan WatchdogLimit = TimeSpan.FromSeconds(3);

    /// <summary>Items of which a report is kept.</summary>
    public const int ReportPlaces = 32;

    private const int SaysPassed = 1, SaysRejected = 2, SaysMissed = 3;

    private readonly (uint Tag, int Outcome)[] _reports = new (uint, int)[ReportPlaces];
    private readonly Floor _floor;
    private readonly Queue<Flight> _flights = new();
    private readonly ITimer _watchdog;
    private readonly ModbusBlock _block;
    private TcpPort? _port;
    private bool _stopRequest;
    private bool _alive;
    private bool _noticeDue;
    private long _heardAt;

    public VirtualGate(Floor floor)
    {
        _floor = floor;
        _block = new ModbusBlock(this);
        _watchdog = floor.Timer(LoseWatchdog);
    }

    /// <summary>Called when a verdict came or the conveyor may start or must stop.</summary>
    public Action? Changed { get; set; }

    /// <summary>Number of the newest item at the scanner.</summary>
    public uint LastTag { get; private set; }

    /// <summary>Reports made since it was switched on.</summary>
    public long ReportsMade { get; private set; }

    /// <summary>The stack light as the host set it: 0 dark, 1 green, 2 amber, 4 red.</summary>
    public ushort Lamp { get; set; }

    /// <summary>The bin is full.</summary>
    public bool BinFull { get; set; }

    /// <summary>So many items that are to be rejected slip through: the arm is stuck, and the sensor in the bin misses them.</summary>
    public int Sticks { get; set; }

    /// <summary>Items that passed, ever.</summary>
    public long Passed { get; private set; }

    /// <summary>Items that were rejected, ever.</summary>
    public long Rejected { get; private set; }

    /// <summary>Verdicts that fitted no item between scanner and gate.</summary>
    public long VerdictsIgnored { get; private set; }

    /// <summary>Times the host had the line synchronised anew.</summary>
    public long Resyncs { get; private set; }

    /// <summary>The conveyor must not move: stop request, or no sign of life.</summary>
    public bool Stopped => _stopRequest || !_alive;

    /// <summary>The host asked for a stop.</summary>
    public bool StopRequested => _stopRequest;

    /// <summary>From the scanner's frame to the verdict.</summary>
    public LatencyHistogram Decisions { get; } = new();

    /// <summary>Opens the port that hosts connect to; port 0 takes a free one.</summary>
    public TcpPort Listen(IPEndPoint at) => _port = TcpPort.Listen(at, ReceiveAsync, _block.Forget);

    /// <summary>Cuts all connections.</summary>
    public void Cut() => _port?.Cut(off: false);

    /// <summary>An item broke the photo-eye of the scanner; the frame goes out right after.</summary>
    public void Trigger(Item item)
    {
        _flights.Enqueue(new Flight(item, ++LastTag, _floor.Now) { Verdict = _alive ? null : false });
    }

    /// <summary>The verdict for the item next at the gate: true pass, false reject, null not known yet.</summary>
    public bool? VerdictOfNext => _flights.TryPeek(out Flight? next) ? next.Verdict : null;

    /// <summary>When the item next at the gate was scanned, in ticks of the clock; null for no item.</summary>
    public long? NextScannedAt => _flights.TryPeek(out Flight? next) ? next.ScannedAt : null;

    /// <summary>The next item is at the gate: no PASS by now is a reject.</summary>
    public (Item Item, bool Passed) Leave()
    {
        Flight flight = _flights.Dequeue();
        bool passed = flight.Verdict == true && _alive;
        bool sticks = !passed && Sticks > 0;
        Sticks -= sticks ? 1 : 0;
        Passed += passed || sticks ? 1 : 0;
        Rejected += passed || sticks ? 0 : 1;
        if (!flight.Orphan)
        {
            Report(flight.Tag, passed ? SaysPassed : sticks ? SaysMissed : SaysRejected);
        }

        return (flight.Item, passed || sticks);
    }

    /// <summary>Coil 0: the host's stop request.</summary>
    public void SetStop(bool on)
    {
        _stopRequest = on;
        _noticeDue = true;
    }

    /// <summary>Coil 1: whatever is between scanner and gate will be rejected, and is reported so at once; the next trigger
    /// is the item after this number.</summary>
    public void Resync(uint last)
    {
        foreach (Flight flight in _flights)
        {
            if (!flight.Orphan)
            {
                Report(flight.Tag, SaysRejected);
                flight.Orphan = true;
            }

            flight.Verdict = false;
        }

        LastTag = last;
        Resyncs++;
        _noticeDue = true;
    }

    /// <summary>Tag and outcome in a place of the reports; tag 0 for an empty one.</summary>
    public (uint Tag, int Outcome) ReportAt(int place) => _reports[place];

    /// <summary>Registers 0 to 2. A reject stays a reject; a tag that fits no item is ignored.</summary>
    public void TakeVerdict(uint tag, ushort verdict)
    {
        Flight? flight = null;
        foreach (Flight f in _flights)
        {
            if (f.Tag == tag && !f.Orphan)
            {
                flight = f;
                break;
            }
        }

        if (flight is null || verdict is not (1 or 2))
        {
            VerdictsIgnored++;
            return;
        }

        if (flight.Verdict is null)
        {
            Decisions.Add(_floor.Span(_heardAt - flight.ScannedAt));
        }

        flight.Verdict = verdict == 1 && flight.Verdict != false;
        _noticeDue = true;
    }

    /// <summary>Register 100: a sign of life.</summary>
    public void FeedWatchdog()
    {
        _noticeDue |= !_alive;
        _alive = true;
        _watchdog.Change(WatchdogLimit, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _watchdog.DisposeAsync();
        if (_port is not null)
        {
            await _port.DisposeAsync();
        }
    }

    private ValueTask ReceiveAsync(ReadOnlyMemory<byte> bytes, Outlet answer, CancellationToken stop)
    {
        // A controller has ears of its own: it hears while the rest of the floor is busy.
        long heardAt = _floor.Now;
        lock (_floor.Moment)
        {
            _heardAt = heardAt;
            // All requests of one segment are answered together, as the host may send many at once.
            byte[] replies = _block.Answer(bytes.Span, answer);
            answer.Write(replies);
            if (_noticeDue)
            {
                _noticeDue = false;
                Changed?.Invoke();
            }
        }

        return ValueTask.CompletedTask;
    }

    private void LoseWatchdog()
    {
        _alive = false;
        foreach (Flight flight in _flights)
        {
            flight.Verdict = false;
        }

        Changed?.Invoke();
    }

    private void Report(uint tag, int outcome) => _reports[ReportsMade++ % ReportPlaces] = (tag, outcome);

    private sealed class Flight(Item item, uint tag, long scannedAt)
    {
        public Item Item { get; } = item;

        public uint Tag { get; } = tag;

        public long ScannedAt { get; } = scannedAt;

        public bool? Verdict { get; set; }

        /// <summary>Of the time before a resync: it was reported as rejected.</summary>
        public bool Orphan { get; set; }
    }
}
