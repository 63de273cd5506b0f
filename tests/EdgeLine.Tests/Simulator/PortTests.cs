using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Tests.Simulator;

public sealed class PortTests
{
    private static readonly IPEndPoint Any = new(IPAddress.Loopback, 0);

    [Fact(Timeout = 30_000)]
    public async Task A_host_that_sends_more_than_the_printer_takes_is_stopped_by_TCP_and_nothing_is_lost()
    {
        await using var printer = new VirtualPrinter(
            new Floor(TimeProvider.System), PrinterTraits.Of("generic-zpl-203dpi") with { BufferBytes = 2_000 });
        using var host = new TcpClient { SendBufferSize = 8_192 };
        await host.ConnectAsync(printer.Listen(Any).EndPoint);
        await host.GetStream().WriteAsync("~PP"u8.ToArray());
        byte[] labels = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Range(0, 10_000).Select(i => PrinterUnderTest.Label($"H{i:000000000000000}"))));
        Task sent = host.GetStream().WriteAsync(labels).AsTask();
        await Soon.Is(() => !printer.Idle, "first format arrived");
        Assert.False(sent.IsCompleted);
        printer.Resume();
        await sent;
        await Soon.Is(() => printer.Tape.Count == 10_000, "everything printed", 20_000);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_lost_host_left_in_the_buffer_is_printed_and_its_open_format_stays_open()
    {
        await using var printer = new VirtualPrinter(new Floor(TimeProvider.System), PrinterTraits.Of("generic-zpl-203dpi"));
        TcpPort port = printer.Listen(Any);
        using (var host = new TcpClient())
        {
            await host.ConnectAsync(port.EndPoint);
            string bytes = PrinterUnderTest.Label("H000000000000001") + "^XA^FO0,0^BQN,2,5^FDMA,https://hg.example/C/A^FS";
            await host.GetStream().WriteAsync(Encoding.ASCII.GetBytes(bytes));
        }

        await Soon.Is(() => printer.Tape.Count == 1 && port.Hosts == 0, "first label printed");
        using var next = new TcpClient();
        await next.ConnectAsync(port.EndPoint);
        await next.GetStream().WriteAsync("~HS"u8.ToArray());
        byte[] answer = new byte[40];
        await next.GetStream().ReadExactlyAsync(answer);
        Assert.Equal("\u0002030,0,0,0480,000,0,0,1,"[..23].Replace("0480", "0320", StringComparison.Ordinal), Encoding.ASCII.GetString(answer)[..23]);
        await next.GetStream().WriteAsync("^XZ"u8.ToArray());
        await Soon.Is(() => printer.Tape.Count == 2, "the open format was ended by the next host");
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_takes_a_host_with_it_that_has_just_come(bool off)
    {
        await using TcpPort port = TcpPort.Listen(Any, (_, _, _) => ValueTask.CompletedTask);
        for (int i = 0; i < 300; i++)
        {
            using var host = new Socket(SocketType.Stream, ProtocolType.Tcp);
            host.Connect(port.EndPoint);
            port.Cut(off);
            await Assert.ThrowsAsync<SocketException>(async () => await host.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System));
            port.SwitchOn();
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_power_cut_resets_the_connection_and_the_printer_can_be_reached_again()
    {
        await using var printer = new VirtualPrinter(new Floor(TimeProvider.System), PrinterTraits.Of("generic-zpl-203dpi"));
        TcpPort port = printer.Listen(Any);
        using var host = new TcpClient();
        await host.ConnectAsync(port.EndPoint);
        await Soon.Is(() => port.Hosts == 1, "connected");
        printer.Fail(PrinterFault.PowerCycle);
        await Assert.ThrowsAsync<IOException>(async () => await host.GetStream().ReadExactlyAsync(new byte[1]));
        using var again = new TcpClient();
        await again.ConnectAsync(port.EndPoint);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_printer_on_a_serial_line_takes_bytes_and_answers_unchanged()
    {
        Assert.True(OperatingSystem.IsLinux());
        await using var printer = new VirtualPrinter(new Floor(TimeProvider.System), PrinterTraits.Of("generic-zpl-203dpi"));
        string alias = Path.Combine(Path.GetTempPath(), $"edgeline-pty-{Guid.NewGuid():N}");
        PtyPort port = printer.OpenSerial(alias);
        Assert.Equal($"serial:{alias}", port.Link);
        using FileStream host = new(alias, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        await host.WriteAsync(Encoding.ASCII.GetBytes("~HS" + PrinterUnderTest.Label("H000000000000001")));
        byte[] status = new byte[80];
        await host.ReadExactlyAsync(status.AsMemory(0, 35));
        Assert.Equal("\u0002030,0,0,0320,000,0,0,0,000,0,0,0\u0003\r\n"[..35], Encoding.ASCII.GetString(status, 0, 35));
        await Soon.Is(() => printer.Tape.ReadableCodes == 1, "label printed");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_serial_line_that_nobody_reads_does_not_hang_the_device_nor_its_end()
    {
        var handheld = new VirtualHandheld();
        handheld.OpenSerial();
        for (int i = 0; i < 5_000; i++)
        {
            handheld.Scan("https://hg.example/C/H000000000000001");
        }

        await handheld.DisposeAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_handheld_sends_the_text_and_a_carriage_return_with_the_AIM_prefix_if_set_so()
    {
        await using var handheld = new VirtualHandheld(aimPrefix: true);
        var port = (TcpPort)handheld.Listen(Any);
        using var host = new TcpClient();
        await host.ConnectAsync(port.EndPoint);
        await Soon.Is(() => port.Hosts == 1, "connected");
        handheld.Scan("https://x/1");
        byte[] frame = new byte[15];
        await host.GetStream().ReadExactlyAsync(frame);
        Assert.Equal("]Q1https://x/1\r", Encoding.ASCII.GetString(frame));
    }
}
