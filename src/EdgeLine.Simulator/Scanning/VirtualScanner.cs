using System.Net;
using System.Text;
using EdgeLine.Simulator.Ports;

namespace EdgeLine.Simulator.Scanning;

/// <summary>
/// A fixed-mount reader of one of the known models: sends one frame for each trigger, listens or calls the host, answers commands,
/// and does wrong what a test or a person asks for. Frames that nobody hears are lost.
/// </summary>
internal sealed class VirtualScanner(ReaderTraits? model = null) : IAsyncDisposable
{
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(2);

    private readonly ReaderTraits _traits = model ?? ReaderTraits.Known[0];
    private readonly Dictionary<Outlet, ReaderDialect> _hosts = [];
    private readonly List<DevicePort> _ports = [];
    private readonly Lock _lock = new();
    private readonly Queue<ReaderFault> _faults = new();
    private DevicePort? _resultsPort;
    private ITimer? _heart;
    private byte[] _waiting = [];
    private bool _lastWasLate;
    private string _before = "NOTHING-YET";
    private bool _saidSomething;

    /// <summary>Its model.</summary>
    public ReaderTraits Traits => _traits;

    /// <summary>Frames sent since the start.</summary>
    public long Frames { get; private set; }

    /// <summary>Switched outputs since the start.</summary>
    public int OutputPulses { get; private set; }

    /// <summary>A reader that hangs: no frames, no answers, connections stay.</summary>
    public bool Hangs { get; set; }

    /// <summary>Written in pieces of so many bytes; 0 is whole frames.</summary>
    public int PieceBytes { get; set; }

    /// <summary>Written in front of each symbol, such as the AIM identifier <c>]Q1</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>What a host-triggered read sees.</summary>
    public IReadOnlyList<string> InView { get; set; } = [];

    /// <summary>Opens the port that hosts connect to; port 0 takes a free one.</summary>
    public TcpPort Listen(IPEndPoint at) => Add(TcpPort.Listen(at, ReceiveAsync, Forget));

    /// <summary>Opens a second port that results go to from now on, and nothing else.</summary>
    public TcpPort ListenForResults(IPEndPoint at)
    {
        TcpPort port = TcpPort.Listen(at, static (_, _, _) => ValueTask.CompletedTask);
        _resultsPort = port;
        return Add(port);
    }

    /// <summary>Calls a host, again and again until it answers.</summary>
    public CallingPort Call(IPEndPoint host) => Add(new CallingPort(host, ReceiveAsync, Forget));

    /// <summary>Opens a serial line.</summary>
    public PtyPort OpenSerial(string? alias = null) => Add(PtyPort.Open(ReceiveAsync, alias));

    /// <summary>What goes wrong with the next triggers, one each.</summary>
    public void Fail(params ReadOnlySpan<ReaderFault> faults)
    {
        lock (_lock)
        {
            foreach (ReaderFault fault in faults)
            {
                _faults.Enqueue(fault);
            }
        }
    }

    /// <summary>The photo-eye fired: one frame goes out.</summary>
    public void Read(IReadOnlyList<string> symbols)
    {
        lock (_lock)
        {
            if (Hangs)
            {
                return;
            }

            _faults.TryDequeue(out ReaderFault fault);
            Frames++;
            byte[] frame = fault switch
            {
                ReaderFault.Undecoded => Frame([], undecoded: true),
                ReaderFault.Stale => Frame([_before]),
                ReaderFault.Foreign => Frame(["6901234567892"]),
                ReaderFault.Beside => Frame([.. symbols, "6901234567892"]),
                _ => Frame(symbols),
            };
            _before = symbols.Count > 0 ? symbols[0] : _before;
            byte[] waiting = _waiting;
            _waiting = fault is ReaderFault.Late or ReaderFault.Joined ? frame : [];
            switch (fault)
            {
                case ReaderFault.Silent or ReaderFault.Late or ReaderFault.Joined:
                    WriteResult(waiting);
                    break;
                case ReaderFault.Twice:
                    WriteResult([.. waiting, .. frame, .. frame]);
                    break;
                case ReaderFault.Half:
                    WriteResult([.. waiting, .. frame[..(frame.Length / 2)]]);
                    break;
                default:
                    WriteResult(_lastWasLate ? [.. frame, .. waiting] : [.. waiting, .. frame]);
                    break;
            }

            _lastWasLate = fault == ReaderFault.Late;
        }
    }

    /// <summary>The time for a heartbeat has come; with <paramref name="onlyWhenQuiet"/> not if something was said since the last.</summary>
    public void Beat(bool onlyWhenQuiet = false)
    {
        lock (_lock)
        {
            if (!Hangs && !(onlyWhenQuiet && _saidSomething) && _traits.Heartbeat.Length > 0)
            {
                WriteResult(Encoding.Latin1.GetBytes(_traits.Heartbeat));
            }

            _saidSomething = false;
        }
    }

    /// <summary>Heartbeats every two seconds until it is disposed, for models that have one.</summary>
    public void KeepBeating(bool onlyWhenQuiet = false) =>
        _heart ??= TimeProvider.System.CreateTimer(_ => Beat(onlyWhenQuiet), null, TimeSpan.Zero, HeartbeatEvery);

    /// <summary>Sends bytes as they are, as a line with a fault does.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            WriteResult(bytes);
        }
    }

    /// <summary>The bytes of one read.</summary>
    public byte[] Frame(IReadOnlyList<string> symbols, bool undecoded = false)
    {
        bool nothing = symbols.Count == 0;
        string text = !nothing ? string.Join(_traits.Separator, (_traits.Separator is null ? symbols.Take(1) : symbols).Select(s => Prefix + s))
            : undecoded ? _traits.NoRead.Undecoded : _traits.NoRead.Nothing;
        if (_traits.Commands == ReaderCommands.DmccExtended)
        {
            text = $"||[1]{Convert.ToBase64String(Encoding.Latin1.GetBytes(text))}";
        }

        return Encoding.Latin1.GetBytes(nothing && _traits.NoReadIsBare ? text : _traits.Start + text + _traits.End);
    }

    /// <summary>Cuts all connections, as a pulled cable or a restart does.</summary>
    public void Cut() => _ports.ForEach(port => port.Cut(off: false));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_heart is not null)
        {
            await _heart.DisposeAsync();
        }

        foreach (DevicePort port in _ports)
        {
            await port.DisposeAsync();
        }
    }

    private T Add<T>(T port)
        where T : DevicePort
    {
        _ports.Add(port);
        return port;
    }

    private void WriteResult(ReadOnlySpan<byte> bytes)
    {
        _saidSomething |= bytes.Length > 0;
        while (!bytes.IsEmpty)
        {
            int count = PieceBytes > 0 ? Math.Min(PieceBytes, bytes.Length) : bytes.Length;
            foreach (DevicePort port in _ports)
            {
                if (_resultsPort is null || port == _resultsPort)
                {
                    port.WriteToAll(bytes[..count]);
                }
            }

            bytes = bytes[count..];
        }
    }

    private ValueTask ReceiveAsync(ReadOnlyMemory<byte> bytes, Outlet host, CancellationToken stop)
    {
        lock (_lock)
        {
            if (!_hosts.TryGetValue(host, out ReaderDialect? dialect))
            {
                _hosts.Add(host, dialect = new ReaderDialect(_traits));
            }

            foreach (byte b in bytes.Span)
            {
                int pulses = dialect.OutputPulses;
                if (!Hangs && dialect.Take(b, out string answer, out bool read, out bool end))
                {
                    OutputPulses += dialect.OutputPulses - pulses;
                    host.Write(Encoding.Latin1.GetBytes(answer));
                    if (end || (read && InView.Count > 0))
                    {
                        dialect.Done();
                        Read(end ? [] : InView);
                    }
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Forget(Outlet host)
    {
        lock (_lock)
        {
            _hosts.Remove(host);
        }
    }
}
