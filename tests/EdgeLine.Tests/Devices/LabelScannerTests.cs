using System.Text;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class LabelScannerTests : IAsyncDisposable
{
    private readonly EventLog<ScannerEvent> _heard = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PseudoTerminal> _terminals = [];
    private Task _running = Task.CompletedTask;
    private LabelScanner? _scanner;

    [Fact(Timeout = 20_000)]
    public async Task A_reader_is_up_when_it_answers_and_its_frames_carry_the_connection()
    {
        await using TcpPeer peer = new();
        Start(peer.Address, SomeDevice.Keyence(everyMs: 5000));
        using TcpConversation reader = await peer.AcceptAsync();
        Assert.Equal("KEYENCE\r", Encoding.ASCII.GetString(await reader.ReadAsync(8)));
        Assert.Empty(_heard.All);

        await reader.SendAsync("OK,KEYENCE,SR-1000,1.0\r");
        await UpAsync(1);
        await reader.SendAsync("https://c.example.cn/C/A\rERROR\r");
        await _heard.WaitForAsync(e => e is ScannerEvent.NoRead);

        Assert.IsType<ScannerEvent.Up>(_heard.All[0]);
        ScannerEvent.Frame frame = Assert.IsType<ScannerEvent.Frame>(_heard.All[1]);
        Assert.Equal(["https://c.example.cn/C/A"], frame.Payloads);
        Assert.Equal(1, frame.Generation);
        Assert.Equal(3, _heard.All.Count);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_silent_reader_is_down_and_tried_again()
    {
        await using TcpPeer peer = new();
        Start(peer.Address, SomeDevice.Keyence(silentAfterMs: 1500));
        using TcpConversation reader = await peer.AcceptAsync();
        await reader.ReadAsync(8);
        await reader.SendAsync("OK,KEYENCE,SR-1000,1.0\r");
        await UpAsync(1);

        ScannerEvent.Down down = (ScannerEvent.Down)await _heard.WaitForAsync(e => e is ScannerEvent.Down);
        using TcpConversation again = await peer.AcceptAsync();
        await again.ReadAsync(8);
        await again.SendAsync("OK,KEYENCE,SR-1000,1.0\r");
        await UpAsync(2);

        Assert.Contains("silent", down.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Frames_of_two_connections_carry_different_numbers()
    {
        await using TcpPeer peer = new();
        Start(peer.Address, SomeDevice.Keyence());
        using (TcpConversation reader = await peer.AcceptAsync())
        {
            await reader.SendAsync("KEPT\rOK,KEYENCE,SR\rOLD\rHAL");
            await _heard.WaitForAsync(e => e is ScannerEvent.Frame);
        }

        using TcpConversation again = await peer.AcceptAsync();
        await again.SendAsync("KEPT\rOK,KEYENCE,SR\rNEW\r");
        await _heard.WaitForAsync(e => e is ScannerEvent.Frame { Generation: 2 });

        // Half a frame of the old connection is not put in front of the new one, and what the reader kept for a host that was
        // away is no read of this connection.
        Assert.Equal(["Up 1", "OLD 1", "Down", "Up 2", "NEW 2"], _heard.All.Select(Show));
        Assert.Equal(2, _scanner!.Generation);
    }

    [Fact(Timeout = 20_000)]
    public async Task Half_a_frame_on_a_conveyor_ends_the_connection_not_the_frame()
    {
        await using TcpPeer peer = new();
        Start(peer.Address, SomeDevice.Keyence());
        using TcpConversation reader = await peer.AcceptAsync();
        await reader.ReadAsync(8);
        await reader.SendAsync("OK,KEYENCE,SR\rHALF");

        ScannerEvent.Down down = (ScannerEvent.Down)await _heard.WaitForAsync(e => e is ScannerEvent.Down);

        Assert.Contains("middle of a frame", down.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_heard.All, e => e is ScannerEvent.Frame or ScannerEvent.Garbled);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_handheld_on_a_serial_line_is_read_unplugged_and_found_again()
    {
        string path = Path.Combine(Path.GetTempPath(), $"edgeline-tty-{Guid.NewGuid():N}");
        PseudoTerminal device = Terminal();
        File.CreateSymbolicLink(path, device.Path);
        try
        {
            Start(SomeDevice.Serial(path), SomeDevice.Handheld());
            await UpAsync(1);
            device.Write("]Q1CODE-1\r\n");
            await _heard.WaitForAsync(e => e is ScannerEvent.Frame);

            // As udev does: otherwise the path could soon mean the terminal of another test.
            File.Delete(path);
            device.Unplug();
            await _heard.WaitForAsync(e => e is ScannerEvent.Down);

            PseudoTerminal again = Terminal();
            File.CreateSymbolicLink(path, again.Path);
            await UpAsync(2);
            again.Write("]Q1CODE-2\r\n");
            await _heard.WaitForAsync(e => e is ScannerEvent.Frame { Generation: 2 });

            Assert.Equal(["Up 1", "CODE-1 1", "Down", "Up 2", "CODE-2 2"], _heard.All.Select(Show));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task Silence_ends_the_frame_of_a_handheld_without_terminator()
    {
        PseudoTerminal device = Terminal();
        Start(SomeDevice.Serial(device.Path), SomeDevice.Handheld(end: "", idleMs: 30));
        await UpAsync(1);

        device.Write("CODE-1");
        await _heard.WaitForAsync(e => e is ScannerEvent.Frame);
        device.Write("CODE-2");
        await _heard.WaitForAsync(e => e is ScannerEvent.Frame { Payloads: ["CODE-2"] });

        Assert.Equal(["Up 1", "CODE-1 1", "CODE-2 1"], _heard.All.Select(Show));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_reader_that_is_not_there_is_told_once()
    {
        TcpPeer peer = new();
        await peer.DisposeAsync();
        Start(peer.Address, SomeDevice.Keyence());

        ScannerEvent.Down down = (ScannerEvent.Down)await _heard.WaitForAsync(e => e is ScannerEvent.Down);

        Assert.Contains("nobody listens", down.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Ten_thousand_frames_in_one_burst_all_arrive_in_order()
    {
        await using TcpPeer peer = new();
        Start(peer.Address, SomeDevice.Keyence(everyMs: 5000));
        using TcpConversation reader = await peer.AcceptAsync();
        byte[] burst = Encoding.ASCII.GetBytes(
            "OK,KEYENCE,SR\r" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"]Q1https://c.example.cn/C/{i:0000}\r")));
        long start = TimeProvider.System.GetTimestamp();

        await reader.SendAsync(burst);
        await Within.Async(() => _heard.All.Count == 10_001);

        Assert.Equal(
            Enumerable.Range(0, 10_000).Select(i => $"https://c.example.cn/C/{i:0000}"),
            _heard.All.OfType<ScannerEvent.Frame>().Select(f => f.Payloads[0]));
        // 5,000 a second
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _terminals.ForEach(t => t.Dispose());
        _stop.Dispose();
    }

    // Kept until the driver has stopped: a driver that looks for its line again must not find another test's.
    private PseudoTerminal Terminal()
    {
        PseudoTerminal terminal = new();
        _terminals.Add(terminal);
        return terminal;
    }

    private static string Show(ScannerEvent e) => e switch
    {
        ScannerEvent.Frame f => $"{string.Join('|', f.Payloads)} {f.Generation}",
        ScannerEvent.Up up => $"Up {up.Generation}",
        ScannerEvent.Down => "Down",
        _ => e.ToString()!,
    };

    private void Start(LinkAddress address, ScannerProfile profile)
    {
        _scanner = new LabelScanner(profile, SomeDevice.At(address), _heard.Add, TimeProvider.System);
        _running = _scanner.RunAsync(_stop.Token);
    }

    private Task<ScannerEvent> UpAsync(int generation) =>
        _heard.WaitForAsync(e => e is ScannerEvent.Up up && up.Generation == generation);
}
