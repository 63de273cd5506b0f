using System.Net;
using System.Net.Sockets;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Scanning;
using EdgeLine.Tests.Configuration;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>A shipped scanner profile against its virtual reader, over the link that it has in the field.</summary>
internal sealed class ReaderUnderTest : IAsyncDisposable
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly ProfileFolder Profiles = new(SiteFolder.Profiles);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public ReaderUnderTest(string name, Func<ScannerProfile, ScannerProfile>? change = null, bool results = false, string? from = null)
    {
        Profile = change is null ? Load(name) : change(Load(name));
        ReaderTraits traits = ReaderTraits.Of(name);
        Reader = new VirtualScanner(traits);
        Hand = new VirtualHandheld(model: traits);
        LinkAddress address;
        if (traits.IsHandheld)
        {
            address = new LinkAddress.Serial(((PtyPort)Hand.OpenSerial()).Path, Profile.Links.Serial!);
        }
        else if (traits.CallsHost)
        {
            IPEndPoint host = FreePort();
            address = new LinkAddress.Listen("127.0.0.1", host.Port) { From = from };
            CallAt = host;
            Reader.Call(host);
        }
        else
        {
            address = new LinkAddress.Tcp("127.0.0.1", Reader.Listen(AnyPort).EndPoint.Port)
            {
                ResultsPort = results ? Reader.ListenForResults(AnyPort).EndPoint.Port : null,
            };
        }

        Scanner = new LabelScanner(
            Profile,
            ct => EdgeLine.Devices.Links.DeviceLink.ConnectAsync(address, TimeProvider.System, ct, Refused.Add),
            Heard.Add,
            TimeProvider.System);
        _running = Scanner.RunAsync(_stop.Token);
    }

    public ScannerProfile Profile { get; }

    public VirtualScanner Reader { get; }

    public VirtualHandheld Hand { get; }

    public LabelScanner Scanner { get; }

    public IPEndPoint? CallAt { get; }

    public EventLog<ScannerEvent> Heard { get; } = new();

    public EventLog<string> Refused { get; } = new();

    public static ScannerProfile Load(string name)
    {
        List<SettingsProblem> problems = [];
        ScannerProfile? profile = Profiles.Scanner(name, problems);
        Assert.True(profile is not null, string.Join('\n', problems));
        return profile;
    }

    public static IEnumerable<string> Names(bool triggered) =>
        Profiles.Names("scanners").Where(name => Load(name).OneFramePerTrigger == triggered);

    /// <summary>What was heard, in short words.</summary>
    public static string Show(ScannerEvent e) => e switch
    {
        ScannerEvent.Frame f => $"F {string.Join('|', f.Payloads)} +{f.OtherSymbols}",
        ScannerEvent.NoRead { Reason: NoReadReason.NotTold } => "N",
        ScannerEvent.NoRead n => $"N {n.Reason}",
        ScannerEvent.Garbled => "G",
        ScannerEvent.Down => "Down",
        _ => "Up",
    };

    /// <summary>Up, with heartbeats where the model has them.</summary>
    public async Task UpAsync(int generation = 1) => await Within.Async(() =>
    {
        Reader.Beat();
        return Heard.All.Any(e => e is ScannerEvent.Up up && up.Generation == generation);
    }, "the reader to be up");

    /// <summary>Exactly these, after the reader was up.</summary>
    public async Task HeardAsync(params string[] expected)
    {
        await Within.Async(() => Heard.All.Count > expected.Length, string.Join(" ", expected));
        Assert.Equal(expected, Heard.All.Skip(1).Select(Show));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Reader.DisposeAsync();
        await Hand.DisposeAsync();
        _stop.Dispose();
    }

    private static IPEndPoint FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(AnyPort);
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
