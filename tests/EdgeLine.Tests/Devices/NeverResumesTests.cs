using System.Net;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Simulator;
using EdgeLine.Simulator.Printing;
using EdgeLine.Tests.Configuration;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>A person resumes a printer, never software (P8): of each shipped model, all bytes of a bad day are heard.</summary>
public sealed class NeverResumesTests : IAsyncDisposable
{
    // What makes a printer go on, start anew, feed or print again; ^PS and ^PH do not exist and are as bad.
    private static readonly string[] Forbidden =
    [
        "~PS", "^PS", "~PR", "~PH", "^PH", "~JR", "^JZY", "~JD", "unpause", "device.reset", "device.restore", "reprint_mode\" \"on",
        "device.pause",
    ];

    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly PrinterFault[] Faults = [PrinterFault.HeadOpen, PrinterFault.MediaOut, PrinterFault.RibbonOut];
    private static readonly byte[] Format = "^XA^JZN^FO1,1^A0N,20,20^FDx^FS^PQ1,0,0,N^XZ\r\n"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private readonly EventLog<PrinterReport> _reports = new();
    private readonly HeardBytes _heard = new();
    private VirtualPrinter? _device;
    private Task _running = Task.CompletedTask;

    public static TheoryData<string> Printers() => [.. new ProfileFolder(SiteFolder.Profiles).Names("printers")];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Printers))]
    public async Task Nothing_that_is_ever_sent_makes_a_printer_go_on(string name)
    {
        List<SettingsProblem> wrong = [];
        PrinterProfile profile = new ProfileFolder(SiteFolder.Profiles).Printer(name, wrong)!;
        _device = new VirtualPrinter(new Floor(TimeProvider.System), PrinterTraits.Of(name)) { Heard = _heard.Hear };
        int port = _device.Listen(AnyPort).EndPoint.Port;
        bool asked = profile.Status.With != "none";
        profile = profile with
        {
            Status = profile.Status with
            {
                Every = TimeSpan.FromMilliseconds(50),
                SilentAfter = TimeSpan.FromSeconds(10),
                Port = profile.Status.Port is null ? null : _device.ListenForStatus(AnyPort).EndPoint.Port,
            },
            Timings = profile.Timings with { Reconnect = TimeSpan.FromMilliseconds(100) },
        };
        LabelPrinter printer = new(profile, SomeDevice.At(new LinkAddress.Tcp("127.0.0.1", port)), _reports.Add, TimeProvider.System);
        _running = printer.RunAsync(_stop.Token);
        await ReadyAsync(0);

        foreach (PrinterFault fault in Faults)
        {
            await printer.SendAsync(Format, CancellationToken.None);
            int told = _reports.All.Count;
            _device.Fail(fault);
            if (asked)
            {
                await _reports.WaitForAsync(r => !r.IsReady, from: told);
                Assert.IsType<SendOutcome.NotOneByte>(await printer.SendAsync(Format, CancellationToken.None));
            }

            await printer.CancelAsync(CancellationToken.None);
            _device.Repair();
            await ReadyAsync(asked ? told : 0);
        }

        await PauseAsync(printer, asked);
        int before = _reports.All.Count;
        _device.Fail(PrinterFault.PowerCycle);
        await _reports.WaitForAsync(r => r.IsReady && r.BootEpoch > 1, from: before);

        Assert.Contains("~JA", _heard.All, StringComparison.Ordinal);
        Assert.All(Forbidden, word => Assert.DoesNotContain(word, _heard.All, StringComparison.OrdinalIgnoreCase));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_device is not null)
        {
            await _device.DisposeAsync();
        }

        _stop.Dispose();
    }

    // A label that was taken before the pause comes out when a person presses the key again, and not before.
    private async Task PauseAsync(LabelPrinter printer, bool asked)
    {
        await Within.Async(() => _device!.Idle);
        int told = _reports.All.Count;
        _device!.Pause();
        if (asked)
        {
            await _reports.WaitForAsync(r => r.Condition == new PrinterCondition.Fault(PrinterFaultKind.Paused), from: told);
            Assert.IsType<SendOutcome.NotOneByte>(await printer.SendAsync(Format, CancellationToken.None));
        }

        await printer.CancelAsync(CancellationToken.None);
        int polls = _heard.All.Length;
        await Within.Async(() => !asked || _heard.All.Length > polls + 500, "it is asked a few times more");
        Assert.True(_device.Paused);
        _device.Resume();
        await ReadyAsync(asked ? told : 0);
    }

    private Task<PrinterReport> ReadyAsync(int from) => _reports.WaitForAsync(r => r.IsReady, from);
}
