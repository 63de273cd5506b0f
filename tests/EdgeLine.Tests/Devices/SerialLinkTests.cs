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
    public async Task Unplugging_ends_a_held_up_write_at_once_and_says_how_much_had_left()
    {
        Open();
        byte[] format = new byte[200_000];
        Task<LinkWrite> write = _link!.WriteAsync(format, TimeSpan.FromMinutes(10), CancellationToken.None).AsTask();
        Assert.False(write.IsCompleted);

        _device.Unplug();

        LinkWrite stopped = await write.WaitAsync(Within.Deadline);
        Assert.InRange(stopped.BytesTaken, 1, format.Length - 1);
        Assert.Contains("line is gone", stopped.Stopped, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_device_that_says_XOFF_gets_not_one_byte_until_it_says_XON()
    {
        Open("9600 8N1 xon-xoff");
        byte[] format = "^XA^XZ"u8.ToArray();
        await HoldOffAsync();

        LinkWrite held = await _link!.WriteAsync(format, TimeSpan.FromMilliseconds(100), CancellationToken.None);
        Assert.Equal(0, held.BytesTaken);
        Assert.Contains("handshake", held.Stopped, StringComparison.Ordinal);
        Task<LinkWrite> write = _link.WriteAsync(format, Within.Deadline, CancellationToken.None).AsTask();
        Assert.Empty(_device.ReadWaiting());
        _device.Write("\u0011");

        Assert.True((await write).IsComplete);
        Assert.Equal(format, await _device.ReadAsync(format.Length));
    }

    [Fact(Timeout = 20_000)]
    public async Task Without_handshake_XOFF_is_a_byte_like_any_other()
    {
        Open("9600 8N1");
        _device.Write("\u0013");

        Assert.Equal(Termios.Xoff, (await ReadAsync(1))[0]);
        Assert.True((await _link!.WriteAsync("^XA"u8.ToArray(), Second, CancellationToken.None)).IsComplete);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("115200 8N1", false)]
    [InlineData("9600 8N1 xon-xoff", true)]
    public async Task Closing_never_waits_for_bytes_that_the_device_does_not_take(string settings, bool xoff)
    {
        Open(settings);
        Task<LinkWrite> write = _link!.WriteAsync(new byte[200_000], Within.Deadline, CancellationToken.None).AsTask();
        if (xoff)
        {
            await HoldOffAsync();
        }

        Task<int> read = _link.ReadAsync(new byte[16], CancellationToken.None).AsTask();
        long start = TimeProvider.System.GetTimestamp();
        await _link.DisposeAsync();
        await _link.DisposeAsync();

        await Assert.ThrowsAsync<DeviceLinkException>(() => read);
        LinkWrite cut = await write;
        Assert.False(cut.IsComplete);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        Open(settings); // and the line is free
    }

    [Fact(Timeout = 20_000)]
    public async Task What_was_unsent_when_the_line_was_closed_never_reaches_the_device()
    {
        Open();
        LinkWrite old = await _link!.WriteAsync(new byte[200_000], TimeSpan.FromMilliseconds(50), CancellationToken.None);
        Task<LinkWrite> held = _link.WriteAsync(new byte[200_000], Within.Deadline, CancellationToken.None).AsTask();

        await _link.DisposeAsync();

        // The other end of a pseudo-terminal has got a page already; more than that was on its way.
        Assert.InRange(_device.ReadWaiting().Length, 0, 4096);
        Assert.InRange(old.BytesTaken, 4097, int.MaxValue);
        Assert.False((await held).IsComplete);
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

    // What comes behind it is read only after the line has taken it.
    private async Task HoldOffAsync()
    {
        _device.Write("\u0013x");
        Assert.Equal("x"u8.ToArray(), await ReadAsync(1));
    }

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
