using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Simulator.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>Every scanner profile in hardware-profiles, found by its file, against its virtual reader.</summary>
public sealed class ShippedScannersTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";
    private const string Other = "https://c.example.cn/C/H0000000000000000";

    public static TheoryData<string> Triggered() => [.. ReaderUnderTest.Names(triggered: true)];

    public static TheoryData<string> ByHand() => [.. ReaderUnderTest.Names(triggered: false).Where(name => ReaderTraits.Of(name).IsHandheld)];

    [Fact]
    public void Every_profile_has_a_virtual_reader_and_nobody_claims_a_test_on_hardware()
    {
        string[] shipped = [.. ReaderUnderTest.Names(true), .. ReaderUnderTest.Names(false)];

        Assert.Equal(ReaderTraits.Known.Select(one => one.Profile).Order(), shipped.Order());
        Assert.True(shipped.Length >= 20);
        Assert.All(shipped, name =>
        {
            ScannerProfile profile = ReaderUnderTest.Load(name);
            Assert.Null(profile.Evidence.TestedOn);
            Assert.NotEmpty(profile.SetUpOnTheReader);
            Assert.NotEmpty(profile.Quirks);
            // Only a fixed reader with a photo-eye may stand at a conveyor.
            Assert.Equal(profile.OneFramePerTrigger, profile is { Device.Kind: "fixed", Trigger.By: "photo-eye" });
        });
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Triggered))]
    public async Task A_triggered_reader_gives_one_event_for_each_trigger_and_is_found_again(string name)
    {
        await using ReaderUnderTest test = new(name);
        await test.UpAsync();
        string noRead = ReaderTraits.Of(name).Commands == ReaderCommands.Omron ? "N NotLocated" : "N";

        test.Reader.Read([Url]);
        test.Reader.Read([]);
        test.Reader.Read([Other]);
        test.Reader.PieceBytes = 1;
        test.Reader.Prefix = "]Q1";
        test.Reader.Read([Url]);

        await test.HeardAsync($"F {Url} +0", noRead, $"F {Other} +0", $"F {Url} +0");
        test.Reader.Cut();
        await test.UpAsync(2);
        test.Reader.Read([Other]);
        await test.Heard.WaitForAsync(e => e is ScannerEvent.Frame { Generation: 2 });
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(ByHand))]
    public async Task A_handheld_reads_what_it_is_pointed_at(string name)
    {
        await using ReaderUnderTest test = new(name);
        await test.UpAsync();

        test.Hand.Scan(Url);
        test.Hand.Scan($"]Q1{Other}");
        test.Hand.Scan("]E04006381333931");
        test.Hand.Scan($"]Q2\\000026{Url}");

        await test.HeardAsync($"F {Url} +0", $"F {Other} +0", "F  +1", $"F {Url} +0");
    }

    [Fact(Timeout = 30_000)]
    public async Task Over_a_table_a_reader_is_kept_reading_and_each_label_is_passed_on_once()
    {
        await using ReaderUnderTest test = new("keyence-sr-1000-table", p => p with { Timings = p.Timings with { DecodeMax = TimeSpan.FromMilliseconds(60) } });
        await test.UpAsync();
        await Within.Async(() => test.Reader.Frames > 2, "looks at an empty table");
        Assert.Single(test.Heard.All);

        test.Reader.InView = [Url];
        await test.Heard.WaitForAsync(e => e is ScannerEvent.Frame);
        long until = test.Reader.Frames + 5;
        await Within.Async(() => test.Reader.Frames > until, "looks at the same label");
        test.Reader.InView = [];
        until = test.Reader.Frames + 2;
        await Within.Async(() => test.Reader.Frames > until, "looks at the empty table");
        test.Reader.InView = [Url];

        await test.HeardAsync($"F {Url} +0", $"F {Url} +0");
    }

    [Fact(Timeout = 30_000)]
    public async Task Results_may_come_on_a_port_of_their_own()
    {
        await using ReaderUnderTest test = new("keyence-sr-1000", results: true);
        await test.UpAsync();

        test.Reader.Read([Url]);
        test.Reader.Read([]);

        await test.HeardAsync($"F {Url} +0", "N");
        test.Reader.Hangs = true; // the results port is open, and nobody answers on the other
        Assert.Contains("silent", ((ScannerEvent.Down)await test.Heard.WaitForAsync(e => e is ScannerEvent.Down)).Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_second_caller_is_sent_away_and_named_and_the_first_goes_on()
    {
        await using ReaderUnderTest test = new("generic-tcp-listener");
        await test.UpAsync();
        await using VirtualScanner intruder = new(ReaderTraits.Of("generic-tcp-listener"));

        intruder.Call(test.CallAt!);
        string named = await test.Refused.WaitForAsync(_ => true);
        intruder.Read([Other]);
        test.Reader.Read([Url]);

        await test.HeardAsync($"F {Url} +0");
        Assert.Contains("127.0.0.1:", named, StringComparison.Ordinal);
        Assert.Contains("one reader at a time", named, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Only_the_address_that_the_site_names_may_call()
    {
        await using ReaderUnderTest test = new("generic-tcp-listener", from: "127.0.0.9");

        string named = await test.Refused.WaitForAsync(_ => true);
        test.Reader.Read([Url]);

        Assert.Contains("only 127.0.0.9 may", named, StringComparison.Ordinal);
        Assert.DoesNotContain(test.Heard.All, e => e is not ScannerEvent.Down);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_port_that_somebody_else_has_is_said_and_not_shared()
    {
        await using ReaderUnderTest first = new("generic-tcp-listener");
        await first.UpAsync();
        EventLog<ScannerEvent> heard = new();
        using CancellationTokenSource stop = new();
        LabelScanner second = new(first.Profile, SomeDevice.At(new LinkAddress.Listen("127.0.0.1", first.CallAt!.Port)), heard.Add, TimeProvider.System);

        Task running = second.RunAsync(stop.Token);
        ScannerEvent.Down down = (ScannerEvent.Down)await heard.WaitForAsync(e => e is ScannerEvent.Down);
        await stop.CancelAsync();
        await running;

        Assert.Contains("belongs to another program", down.Reason, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_heartbeat_keeps_a_quiet_reader_up_and_its_absence_is_seen(bool onlyWhenQuiet)
    {
        await using ReaderUnderTest test = new(
            "datalogic-matrix", p => p with { Liveness = p.Liveness! with { SilentAfter = TimeSpan.FromMilliseconds(600) } });
        await test.UpAsync();
        long start = TimeProvider.System.GetTimestamp();
        await Within.Async(() =>
        {
            test.Reader.Beat(onlyWhenQuiet);
            return TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(1);
        });
        Assert.Single(test.Heard.All);

        ScannerEvent.Down down = (ScannerEvent.Down)await test.Heard.WaitForAsync(e => e is ScannerEvent.Down);

        Assert.Contains("silent", down.Reason, StringComparison.Ordinal);
    }
}
