using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Simulator;

/// <summary>Who is heard at the sockets of a virtual printer, and for how long.</summary>
public sealed class PrinterPortTests
{
    private static readonly IPEndPoint Any = new(IPAddress.Loopback, 0);
    private static readonly TimeSpan Evict = TimeSpan.FromSeconds(180);

    [Fact(Timeout = 30_000)]
    public async Task A_second_host_is_starved_until_the_first_one_closes()
    {
        await using var p = new PrinterUnderTest(t => t with { HearsOneHost = true });
        TcpPort port = p.Printer.Listen(Any);
        using TcpClient first = await ConnectAsync(port);
        await SendAsync(first, "~HI");
        await AnswerAsync(first);
        using TcpClient second = await ConnectAsync(port);
        await SendAsync(second, "~HI");
        await SendAsync(first, "~HS");
        await AnswerAsync(first);
        Assert.Equal(0, second.Available);

        first.Close();
        Assert.StartsWith("\u0002ZT411", await AnswerAsync(second), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_status_port_answers_while_another_host_prints()
    {
        await using var p = new PrinterUnderTest(t => t with { HearsOneHost = true, SpeedMmPerSecond = 10 });
        using TcpClient first = await ConnectAsync(p.Printer.Listen(Any));
        await SendAsync(first, PrinterUnderTest.Label("H000000000000001"));
        await Soon.Is(() => !p.Printer.Idle, "it prints");
        using TcpClient status = await ConnectAsync(p.Printer.ListenForStatus(Any));
        await SendAsync(status, "{}{\"odometer.total_label_count\":null}");
        Assert.Equal("{\"odometer.total_label_count\":\"0\"}", await AnswerAsync(status));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_status_port_answers_eight_hosts_and_sends_a_ninth_away()
    {
        await using var p = new PrinterUnderTest();
        TcpPort port = p.Printer.ListenForStatus(Any);
        List<TcpClient> hosts = [];
        for (int i = 0; i < 8; i++)
        {
            hosts.Add(await ConnectAsync(port));
            await SendAsync(hosts[i], "{}{\"head.latch\":null}");
            Assert.Equal("{\"head.latch\":\"ok\"}", await AnswerAsync(hosts[i]));
        }

        using (TcpClient ninth = await ConnectAsync(port))
        {
            Assert.True(await ClosedAsync(ninth));
        }

        hosts[0].Close();
        await Soon.Is(() => port.Hosts == 7, "one is gone");
        using TcpClient next = await ConnectAsync(port);
        await SendAsync(next, "{}{\"head.latch\":null}");
        Assert.Equal("{\"head.latch\":\"ok\"}", await AnswerAsync(next));
        hosts.ForEach(h => h.Dispose());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_single_connection_port_refuses_a_second_host_until_the_first_was_silent_for_long()
    {
        await using var p = new PrinterUnderTest();
        TcpPort port = p.Printer.ListenAlone(Any, Evict);
        using TcpClient first = await ConnectAsync(port);
        await SendAsync(first, "~HI");
        await AnswerAsync(first);
        using (TcpClient refused = new())
        {
            await refused.ConnectAsync(port.EndPoint);
            Assert.True(await ClosedAsync(refused));
        }

        p.Time.Advance(Evict + TimeSpan.FromSeconds(1));
        using TcpClient second = await ConnectAsync(port);
        await SendAsync(second, "~HI");
        Assert.StartsWith("\u0002ZT411", await AnswerAsync(second), StringComparison.Ordinal);
        Assert.True(await ClosedAsync(first));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_that_is_silent_for_five_minutes_is_closed()
    {
        await using var p = new PrinterUnderTest();
        TcpPort port = p.Printer.Listen(Any);
        using TcpClient host = await ConnectAsync(port);
        p.Time.Advance(TimeSpan.FromSeconds(200));
        await SendAsync(host, "~HI");
        await AnswerAsync(host);
        p.Time.Advance(TimeSpan.FromSeconds(250));
        Assert.Equal(1, port.Hosts);
        p.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.True(await ClosedAsync(host));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_serial_host_is_told_to_wait_before_the_buffer_is_full_and_to_go_on_when_there_is_room()
    {
        await using var p = new PrinterUnderTest(t => t with { BufferBytes = 4_000 });
        PtyPort port = p.Printer.OpenSerial();
        // A host that does not obey XOFF sees it.
        await using DeviceLink host = await DeviceLink.ConnectAsync(SomeDevice.Serial(port.Path), TimeProvider.System, CancellationToken.None);
        p.Printer.Fail(PrinterFault.MediaOut);
        string labels = string.Concat(Enumerable.Range(0, 20).Select(i => PrinterUnderTest.Label($"H{i:000000000000000}")));
        Assert.True((await host.WriteAsync(Encoding.ASCII.GetBytes(labels), TimeSpan.FromSeconds(10), CancellationToken.None)).IsComplete);
        Assert.Equal(0x13, await ByteAsync(host));
        p.Printer.Repair();
        Assert.Equal(0x11, await ByteAsync(host));
        await Soon.Is(() => p.Out.Count == 20, "every label");
    }

    private static async Task<TcpClient> ConnectAsync(TcpPort port)
    {
        TcpClient client = new();
        await client.ConnectAsync(port.EndPoint);
        await Soon.Is(() => port.Hosts > 0, "connected");
        return client;
    }

    private static async Task SendAsync(TcpClient client, string text) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> AnswerAsync(TcpClient client)
    {
        byte[] buffer = new byte[1024];
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(10));
        int count = await client.GetStream().ReadAsync(buffer, late.Token);
        Assert.NotEqual(0, count);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    private static async Task<int> ByteAsync(DeviceLink link)
    {
        byte[] one = new byte[1];
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await link.ReadAsync(one, late.Token));
        return one[0];
    }

    private static async Task<bool> ClosedAsync(TcpClient client)
    {
        try
        {
            using CancellationTokenSource late = new(TimeSpan.FromSeconds(10));
            byte[] buffer = new byte[1024];
            while (await client.GetStream().ReadAsync(buffer, late.Token) > 0)
            {
                // What was answered before.
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
