using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class TcpLinkTests
{
    [Fact(Timeout = 20_000)]
    public async Task A_write_that_the_device_holds_up_says_exactly_how_many_bytes_left()
    {
        await using TcpPeer peer = new(receiveBuffer: 4096);
        DeviceLink link = await DeviceLink.ConnectAsync(peer.Address, TimeProvider.System, CancellationToken.None);
        using TcpConversation device = await peer.AcceptAsync();
        byte[] format = new byte[32_000_000];

        LinkWrite write = await link.WriteAsync(format, TimeSpan.FromMilliseconds(200), CancellationToken.None);
        Task<long> arrived = device.CountToEndAsync();
        await link.DisposeAsync();

        Assert.InRange(write.BytesTaken, 1, format.Length - 1);
        Assert.Contains("no more bytes", write.Stopped, StringComparison.Ordinal);
        Assert.Equal(write.BytesTaken, await arrived);
    }

    [Fact(Timeout = 20_000)]
    public async Task After_a_reset_a_write_has_sent_not_one_byte()
    {
        await using TcpPeer peer = new();
        await using DeviceLink link =
            await DeviceLink.ConnectAsync(peer.Address, TimeProvider.System, CancellationToken.None);
        TcpConversation device = await peer.AcceptAsync();
        Task<int> read = link.ReadAsync(new byte[16], CancellationToken.None).AsTask();

        device.Reset();
        await Assert.ThrowsAsync<DeviceLinkException>(() => read);
        LinkWrite write = await link.WriteAsync("^XA"u8.ToArray(), TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.Equal(0, write.BytesTaken);
        Assert.False(write.IsComplete);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_reset_in_the_middle_of_a_write_is_a_partial_write()
    {
        await using TcpPeer peer = new(receiveBuffer: 4096);
        await using DeviceLink link =
            await DeviceLink.ConnectAsync(peer.Address, TimeProvider.System, CancellationToken.None);
        TcpConversation device = await peer.AcceptAsync();
        Task<LinkWrite> write = link.WriteAsync(new byte[32_000_000], Within.Deadline, CancellationToken.None).AsTask();

        await device.ReadAsync(1000);
        device.Reset();

        LinkWrite result = await write;
        Assert.InRange(result.BytesTaken, 1000, 31_999_999);
        Assert.Contains("lost", result.Stopped, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_device_that_closes_reads_as_zero_bytes()
    {
        await using TcpPeer peer = new();
        await using DeviceLink link =
            await DeviceLink.ConnectAsync(peer.Address, TimeProvider.System, CancellationToken.None);
        (await peer.AcceptAsync()).Dispose();

        Assert.Equal(0, await link.ReadAsync(new byte[16], CancellationToken.None));
    }

    [Fact(Timeout = 20_000)]
    public async Task Closing_ends_a_read_and_a_write_that_wait()
    {
        await using TcpPeer peer = new(receiveBuffer: 4096);
        DeviceLink link = await DeviceLink.ConnectAsync(peer.Address, TimeProvider.System, CancellationToken.None);
        using TcpConversation device = await peer.AcceptAsync();
        Task<int> read = link.ReadAsync(new byte[16], CancellationToken.None).AsTask();
        Task<LinkWrite> write = link.WriteAsync(new byte[32_000_000], Within.Deadline, CancellationToken.None).AsTask();

        await link.DisposeAsync();

        await Assert.ThrowsAsync<DeviceLinkException>(() => read);
        Assert.Contains("closed", (await write).Stopped, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Nobody_listening_says_what_to_check()
    {
        TcpPeer peer = new();
        await peer.DisposeAsync();

        DeviceLinkException e = await Assert.ThrowsAsync<DeviceLinkException>(
            () => DeviceLink.ConnectAsync(peer.Address, TimeProvider.System, CancellationToken.None));

        Assert.Contains(peer.Address.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Contains("Check the port", e.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task An_address_that_does_not_answer_is_given_up_after_the_limit()
    {
        // A listener whose queue is full answers no connection request on Linux.
        using System.Net.Sockets.Socket full =
            new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        full.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, 0));
        full.Listen(0);
        LinkAddress.Tcp address = new("::1", ((System.Net.IPEndPoint)full.LocalEndPoint!).Port);
        List<TcpLink> queued = [];
        DeviceLinkException? late = null;
        while (late is null)
        {
            try
            {
                queued.Add(await TcpLink.ConnectAsync(
                    address, TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None));
            }
            catch (DeviceLinkException e)
            {
                late = e;
            }
        }

        Assert.Contains("no answer within 0.3 s", late.Message, StringComparison.Ordinal);
        foreach (TcpLink link in queued)
        {
            await link.DisposeAsync();
        }
    }
}
