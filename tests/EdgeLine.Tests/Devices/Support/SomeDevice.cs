using System.Text.RegularExpressions;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>Profiles that are healthy and quick unless a test says otherwise.</summary>
public static class SomeDevice
{
    private static readonly Evidence NoEvidence = new() { TestedOn = null, Sources = ["test"] };

    public static PrinterProfile Printer(
        string status = "zebra-hs", string identify = "zebra-hi", int dotsPerMm = 12, int sendTimeoutMs = 2000,
            int silentAfterMs = 10_000) => new()
            {
                Id = "test-printer",
                Device = new() { Vendor = "Test", Model = "ZT411", DotsPerMm = dotsPerMm, WidthDots = 1248 },
                Links = new() { Tcp = new() { Port = 9100 }, Serial = null },
                Identify = new() { With = identify, Expect = new Regex("^ZT411") },
                Status = new()
                {
                    With = status,
                    Every = TimeSpan.FromMilliseconds(50),
                    SilentAfter = TimeSpan.FromMilliseconds(silentAfterMs),
                },
                ReprintOff = new() { InFormat = "^JZN" },
                Format = new() { Qr = "native", SendAhead = 2 },
                Timings = new()
                {
                    SendTimeout = TimeSpan.FromMilliseconds(sendTimeoutMs),
                    Reconnect = TimeSpan.FromMilliseconds(100),
                    Boot = TimeSpan.FromSeconds(60),
                },
                AfterHeadClose = new() { BlankLabelsMax = 3 },
                Quirks = new Dictionary<string, string>(),
                OperatorHint = new Dictionary<string, OperatorHint>(),
                Evidence = NoEvidence,
            };

    public static ScannerProfile Keyence(int everyMs = 50, int silentAfterMs = 10_000, int maxBytes = 512) => new()
    {
        Id = "test-keyence",
        Device = new() { Vendor = "Keyence", Model = "SR-1000", Kind = "fixed" },
        Links = new() { Tcp = new() { Port = 9004 }, Serial = null },
        Framing = new() { End = "\r", Idle = TimeSpan.Zero, MaxBytes = maxBytes },
        Trigger = new() { By = "photo-eye" },
        OneFramePerTrigger = true,
        NoRead = ["ERROR"],
        Acks = [new Regex("^OK,"), new Regex("^ER,[A-Z]+,[0-9]{2}$")],
        PayloadSeparator = ",",
        Prefix = new() { AimId = "optional", Allowed = ["]Q1"] },
        Liveness = new()
        {
            Ask = "KEYENCE\r",
            Answer = new Regex("^OK,KEYENCE"),
            Every = TimeSpan.FromMilliseconds(everyMs),
            SilentAfter = TimeSpan.FromMilliseconds(silentAfterMs),
        },
        Timings = new() { DecodeMax = TimeSpan.FromMilliseconds(500), Reconnect = TimeSpan.FromMilliseconds(100) },
        Quirks = new Dictionary<string, string>(),
        SetUpOnTheReader = [],
        Evidence = NoEvidence,
    };

    public static ScannerProfile Handheld(string end = "\r\n", int idleMs = 0) => Keyence() with
    {
        Id = "test-handheld",
        Device = new() { Vendor = "Test", Model = "Handheld", Kind = "handheld" },
        Framing = new() { End = end, Idle = TimeSpan.FromMilliseconds(idleMs), MaxBytes = 512 },
        Trigger = new() { By = "hand" },
        OneFramePerTrigger = false,
        NoRead = [],
        Acks = [],
        PayloadSeparator = null,
        Liveness = null,
    };

    public static GateProfile Gate(int replyTimeoutMs = 10_000, int standstillMs = 60) => new()
    {
        Id = "test-gate",
        Device = new() { Vendor = "Test", Model = "Gate" },
        Links = new() { Tcp = new() { Port = 502 }, Serial = null },
        Modbus = new()
        {
            UnitId = 255,
            StopRequestCoil = 0,
            ResyncCoil = 1,
            ResyncRegister = 10,
            VerdictRegister = 0,
            WatchdogRegister = 100,
            StatusRegister = 0,
            ItemReports = 4,
            RequestsInFlightMax = 32,
        },
        Watchdog = new() { Every = TimeSpan.FromMilliseconds(50), MissingAfter = TimeSpan.FromSeconds(3) },
        Timings = new()
        {
            PollEvery = TimeSpan.FromMilliseconds(20),
            ReplyTimeout = TimeSpan.FromMilliseconds(replyTimeoutMs),
            StandstillAfter = TimeSpan.FromMilliseconds(standstillMs),
            Reconnect = TimeSpan.FromMilliseconds(100),
        },
        Quirks = new Dictionary<string, string>(),
        SetUpOnTheGate = [],
        Evidence = NoEvidence,
    };

    public static LinkAddress.Serial Serial(string path, string settings = "115200 8N1") =>
        SerialSettings.TryParse(settings, out SerialSettings? parsed)
            ? new LinkAddress.Serial(path, parsed)
            : throw new ArgumentException(settings);

    public static Func<CancellationToken, Task<DeviceLink>> At(LinkAddress address) =>
        ct => DeviceLink.ConnectAsync(address, TimeProvider.System, ct);
}
