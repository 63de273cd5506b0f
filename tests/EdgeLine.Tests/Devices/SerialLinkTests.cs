using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class SerialLinkTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly PseudoTerminal _device = new();
    private DeviceLink? _link;

    [Fact(Timeout = 20_000)]
    public async Task Bytes_travel_both_ways_unchanged()
    {
        byte[] every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Open();

        LinkWrite write = await _link!.WriteAsync(every, Second, CancellationToken.None);
        byte[] atDevice = await _device.ReadAsync(every.Length);
        _device.Write(every);
        byte[] here = await ReadAsync(every.Length);

        Assert.Equal(new LinkWrite(256, null), write);
        Assert.Equal(every, atDevice);
        Assert.Equal(every, here);
    }

    [Theory]
    [InlineData("9600 8N1 xon-xoff", 9600)]
    [InlineData("115200 8N2 rts-cts", 115200)]
    [InlineData("230400 8N1", 230400)]
    [InlineData("1200 8N1", 1200)]
    public void The_line_has_the_settings_of_the_site(string settings, int baud)
    {
        Open(settings);

        using TerminalHandle look = Termios.Open(_device.Path, Termios.ReadWrite | Termios.NoCtty | Termios.NonBlock);
        Assert.Equal(0, Termios.Get(look, out Termios.Settings got));
        Assert.Equal(Termios.SpeedOf(baud), Termios.OutputSpeed(got));
        uint flow = Termios.IXon | Termios.IXoff;
        Assert.Equal(settings.EndsWith("xon-xoff", StringComparison.Ordinal) ? flow : 0, got.Input & flow);
        Assert.Equal(0u, got.Input & 0x800); // IXANY would let any byte of a status reply restart the printer
        Assert.Equal(settings.EndsWith("rts-cts", StringComparison.Ordinal), (got.Control & Termios.CRtsCts) != 0);
        Assert.Equal(settings.Contains("8N2", StringComparison.Ordinal), (got.Control & Termios.CStopB) != 0);
        Assert.Equal(0u, got.Control & 0x400); // HUPCL would drop DTR at close and switch some printers off
    }

    [Fact]
    public void A_setting_that_the_line_cannot_do_is_refused_by_name()
    {
        // A pseudo-terminal has no parity, as some adapters have none.
        DeviceLinkException e = Assert.Throws<DeviceLinkException>(() => Open("9600 7E1"));

        Assert.Contains("9600 7E1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_open_already_is_refused()
    {
        Open();

        DeviceLinkException e = Assert.Throws<DeviceLinkException>(
            () => SerialLink.Open(SomeDevice.Serial(_device.Path), TimeProvider.System));

        Assert.Contains("another program", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/there-is-no-such-line", "plugged in")]
    [InlineData("/dev/null", "not a serial line")]
    public void A_path_that_is_no_line_says_what_to_check(string path, string remedy)
    {
        DeviceLinkException e = Assert.Throws<DeviceLinkException>(
            () => SerialLink.Open(SomeDevice.Serial(path), TimeProvider.System));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, e.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Unplugging_ends_a_read_that_waits()
    {
        Open();
        Task<int> read = _link!.ReadAsync(new byte[16], CancellationToken.None).AsTask();

        _device.Unplug();

        DeviceLinkException e = await Assert.ThrowsAsync<DeviceLinkException>(() => read);
        Assert.Contains("plugged in", e.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_write_after_unplugging_has_sent_not_one_byte()
    {
        Open();
        _device.Unplug();

        LinkWrite write = await _link!.WriteAsync("^XA"u8.ToArray(), Second, CancellationToken.None);

        Assert.Equal(0, write.BytesTaken);
        Assert.False(write.IsComplete);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_write_that_the_device_holds_up_says_exactly_how_many_bytes_left()
    {
        Open();
        byte[] format = Encoding.ASCII.GetBytes(new string('x', 200_000));

        LinkWrite write = await _link!.WriteAsync(format, TimeSpan.FromMilliseconds(200), CancellationToken.None);
        LinkWrite next = await _link.WriteAsync(format, TimeSpan.FromMilliseconds(50), CancellationToken.None);
        byte[] arrived = await _device.ReadAsync(write.BytesTaken + next.BytesTaken);

        Assert.InRange(write.BytesTaken, 1, format.Length - 1);
        Assert.Contains("no more bytes", write.Stopped, StringComparison.Ordinal);
        Assert.Equal(write.BytesTaken + next.BytesTaken, arrived.Length);
        Assert.Empty(_device.ReadWaiting());
    }

    [Fact(Timeout = 20_000)]
    public async Task A_held_up_write_goes_on_when_the_device_reads_again()
    {
        Open();
        byte[] format = Encoding.ASCII.GetBytes(new string('y', 100_000));
        Task<LinkWrite> write = _link!.WriteAsync(format, Within.Deadline, CancellationToken.None).AsTask();

        byte[] arrived = await _device.ReadAsync(format.Length);

        Assert.True((await write).IsComplete);
        Assert.Equal(format, arrived);
    }

    [Fact(Timeout = 20_000)]
    public async Task Closing_never_waits_for_bytes_that_the_device_does_not_take()
    {
        Open();
        Task<int> read = _link!.ReadAsync(new byte[16], CancellationToken.None).AsTask();
        Task<LinkWrite> write = _link.WriteAsync(new byte[200_000], Within.Deadline, CancellationToken.None).AsTask();
        long start = TimeProvider.System.GetTimestamp();

        await _link.DisposeAsync();
        await _link.DisposeAsync();

        await Assert.ThrowsAsync<DeviceLinkException>(() => read);
        Assert.False((await write).IsComplete);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_closed_line_can_be_opened_again_at_once_and_often()
    {
        int before = Directory.GetFiles("/proc/self/fd").Length;
        for (int i = 0; i < 200; i++)
        {
            await using SerialLink link = SerialLink.Open(SomeDevice.Serial(_device.Path), TimeProvider.System);
        }

        // Other tests open files meanwhile, so this only finds a leak per cycle.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 150);
    }

    [Fact(Timeout = 20_000)]
    public async Task Cancelling_ends_the_wait_and_loses_no_byte()
    {
        Open();
        using CancellationTokenSource cancel = new();
        byte[] buffer = new byte[16];
        Task<int> read = _link!.ReadAsync(buffer, cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        _device.Write("abc");

        Assert.Equal("abc"u8.ToArray(), await ReadAsync(3));
    }

    public async ValueTask DisposeAsync()
    {
        if (_link is not null)
        {
            await _link.DisposeAsync();
        }

        _device.Dispose();
    }

    private void Open(string settings = "115200 8N1") =>
        _link = SerialLink.Open(SomeDevice.Serial(_device.Path, settings), TimeProvider.System);

    private async Task<byte[]> ReadAsync(int count)
    {
        byte[] all = new byte[count];
        int at = 0;
        while (at < count)
        {
            at += await _link!.ReadAsync(all.AsMemory(at), CancellationToken.None);
        }

        return all;
    }
}
