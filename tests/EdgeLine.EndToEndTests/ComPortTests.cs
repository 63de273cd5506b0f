using System.Globalization;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.EndToEndTests;

/// <summary>Links and drivers as a Windows program under Wine, whose COM ports are pseudo-terminals.</summary>
public sealed class ComPortTests
{
    private static readonly string Profiles = Path.Combine(Site.Root, "hardware-profiles");

    [WineFact(Timeout = 400_000)]
    [Trait("tier", "full")]
    public async Task Printer_and_scanner_work_over_COM_ports_and_come_back_after_unplugging()
    {
        await using WindowsPublish windows = await WindowsPublish.MakeAsync("tests/EdgeLine.ComPorts", "edgeline-com-ports");
        await using (var printer = new VirtualPrinter(new Floor(TimeProvider.System), PrinterTraits.Of("zebra-zt411-203dpi")))
        await using (var handheld = new VirtualHandheld())
        await using (LedProgram program = windows.Lead())
        {
            PtyPort port = printer.OpenSerial(WindowsPublish.Port(5));
            DevicePort hand = handheld.OpenSerial(WindowsPublish.Port(6));
            program.Say($"printer|{Profiles}|zebra-zt411-203dpi|COM5|115200 8N1");
            await program.HearAsync("printer|ready");
            program.Say($"scanner|{Profiles}|generic-serial-handheld|COM6|9600 8N1");
            await program.HearAsync("scanner|Up");
            await PrintAndScanAsync(program, printer, handheld, 1);

            await port.DisposeAsync();
            Assert.Contains("plugged in", await program.HearAsync("printer|down"), StringComparison.Ordinal);
            program.Say("print|^XA^XZ");
            Assert.Contains("NotOneByte", await program.HearAsync("sent|"), StringComparison.Ordinal);
            printer.OpenSerial(WindowsPublish.Port(5));
            await program.HearAsync("printer|ready");
            await hand.DisposeAsync();
            await program.HearAsync("scanner|Down");
            handheld.OpenSerial(WindowsPublish.Port(6));
            await program.HearAsync("scanner|Up");
            await PrintAndScanAsync(program, printer, handheld, 2);

            Assert.Empty(printer.Tape.Twins);
            Assert.Equal(0, await program.EndAsync());
        }

        await AWriteSaysWhatLeftAndACloseEndsAsync(windows);
    }

    private static async Task PrintAndScanAsync(LedProgram program, VirtualPrinter printer, VirtualHandheld handheld, int label)
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"https://hg.example/C/H{label:000000000000000}");
        program.Say($"print|^XA^JZN^FO40,40^BQN,2,5^FDMA,{url}^FS^XZ");
        Assert.Contains("Written", await program.HearAsync("sent|"), StringComparison.Ordinal);
        await Soon.IsAsync(() => Task.FromResult(printer.Tape.ReadableCodes == label), "label on the tape");
        handheld.Scan(printer.Tape.Labels()[^1].Readable!);
        Assert.Equal($"frame|{url}", await program.HearAsync("frame|"));
    }

    private static async Task AWriteSaysWhatLeftAndACloseEndsAsync(WindowsPublish windows)
    {
        await using LedProgram program = windows.Lead();
        program.Say("open|COM9|9600 8N1");
        Assert.Contains("no such port", await program.HearAsync("refused|"), StringComparison.Ordinal);

        // A device on a wire of 1200 baud holds up what comes faster.
        PtyPort port = PtyPort.Open((_, _, _) => ValueTask.CompletedTask, WindowsPublish.Port(7), baud: 1200);
        program.Say("open|COM7|9600 7E1");
        Assert.Contains("9600 7E1", await program.HearAsync("refused|"), StringComparison.Ordinal);
        program.Say("open|COM7|9600 8N1 xon-xoff");
        Assert.Equal("open|ComPortLink", await program.HearAsync("open|"));
        port.WriteToAll("hello"u8);
        string heard = "";
        while (heard.Length < 5)
        {
            program.Say("read");
            heard += (await program.HearAsync("read|"))[5..];
        }

        Assert.Equal("hello", heard);
        program.Say("write|100|5000");
        Assert.Equal("wrote|100|", await program.HearAsync("wrote|"));

        program.Say("write|1000000|300");
        Assert.InRange(Taken(await program.HearAsync("wrote|")), 1, 999_999);

        // Closed while it is held up.
        program.Say("write|1000000|600000");
        program.Say("read");
        program.Say("close");
        Assert.InRange(int.Parse((await program.HearAsync("closed|"))[7..], CultureInfo.InvariantCulture), 0, 2_500);

        // Unplugged while it is held up, and used afterwards.
        program.Say("open|COM7|9600 8N1");
        await program.HearAsync("open|");
        program.Say("write|1000000|600000");
        await port.DisposeAsync();
        string cut = await program.HearAsync("wrote|");
        Assert.Contains("line is gone", cut, StringComparison.Ordinal);
        program.Say("write|6|1000");
        Assert.Equal(0, Taken(await program.HearAsync("wrote|")));
        program.Say("close");
        await program.HearAsync("closed|");
        Assert.Equal(0, await program.EndAsync());
    }

    private static int Taken(string wrote) => int.Parse(wrote.Split('|')[1], CultureInfo.InvariantCulture);
}
