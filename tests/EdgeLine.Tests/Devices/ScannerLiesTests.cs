using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Faults;
using EdgeLine.Simulator.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>What a reader of any make may do wrong: never an event that could be taken for the read of a label that was not read.</summary>
public sealed class ScannerLiesTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";
    private const string Other = "https://c.example.cn/C/H0000000000000000";
    private const string Ean = "6901234567892";

    public static TheoryData<string> All() => [.. ReaderTraits.Known.Select(one => one.Profile)];

    public static TheoryData<string> Triggered() => [.. ReaderUnderTest.Names(triggered: true)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_megabyte_of_noise_reads_nothing_of_ours_and_keeps_no_memory(string name)
    {
        using FaultRow row = FaultRow.Begin("F10", "a thousand bytes of noise, again and again, and a frame without end", "7");
        ScannerProfile profile = ReaderUnderTest.Load(name);
        byte[] noise = new byte[1_000_000];
        new Random(7).NextBytes(noise);
        ScanEngine? engine = null;
        int frames = 0;
        List<string> ours = [];
        void Heard(ScannerEvent e)
        {
            frames++;
            if (e is ScannerEvent.Frame { Payloads: var payloads } && payloads.Any(p => p.Contains("example", StringComparison.Ordinal)))
            {
                ours.Add(ReaderUnderTest.Show(e));
            }
        }

        int connections = 0;
        for (int at = 0; at < noise.Length; at += 1000)
        {
            try
            {
                engine ??= NewEngine();
                row.Cycles++;
                engine.Feed(noise.AsSpan(at, 1000), at);
            }
            catch (DeviceLinkException)
            {
                engine = null; // as the session does: the next bytes come over another connection
            }
        }

        row.Demand(() => Assert.Empty(ours));
        Assert.InRange(frames, 0, 20_000);
        engine = NewEngine();
        byte[] endless = new byte[1_000_000];
        Array.Fill(endless, (byte)'x');
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            engine.Feed(endless, 0);
        }
        catch (DeviceLinkException)
        {
            // Outside of frames.
        }

        // A frame that never ends takes no more than the engine had from the start; answers to packets are few.
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        row.Cycles++;
        row.Demand(() => Assert.InRange(allocated, 0, 2_000_000 / 4));
        Assert.True(connections > 0);

        ScanEngine NewEngine()
        {
            connections++;
            return new ScanEngine(profile, 1, Heard);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_was_kept_for_a_host_that_was_away_is_no_read(string name)
    {
        using FaultRow row = FaultRow.Begin("F10", "frames kept for a host that was away, whole and from each byte on");
        ReaderTraits traits = ReaderTraits.Of(name);
        byte[] kept = Bytes(traits, Other);
        byte[] fresh = Bytes(traits, Url);
        for (int half = 0; half < kept.Length; half++)
        {
            List<string> heard = [];
            ScanEngine engine = new(ReaderUnderTest.Load(name), 2, e => heard.Add(ReaderUnderTest.Show(e)));
            engine.HoldBack();
            engine.Feed(kept, 0);
            engine.Feed(kept.AsSpan(0, half), 0);
            engine.Begin();
            engine.Feed(kept.AsSpan(half), 0);
            engine.Feed(fresh, 0);

            // A frame of which a part came too early is too old as a whole.
            row.Cycles++;
            row.Demand(() => Assert.Equal(half == 0 ? [$"F {Other} +0", $"F {Url} +0"] : [$"F {Url} +0"], heard));
        }
    }

    [Theory]
    [MemberData(nameof(Triggered))]
    public void An_answer_that_comes_twice_is_never_an_item(string name)
    {
        ScannerProfile profile = ReaderUnderTest.Load(name);
        if (profile.Liveness is not { By: "query" } liveness)
        {
            Assert.NotEqual("query", profile.Liveness?.By); // nothing is asked, so nothing answers
            return;
        }

        using FaultRow row = FaultRow.Begin("F10", "an answer to our question that comes twice");
        row.Cycles = 1;
        List<ScannerEvent> heard = [];
        ScanEngine engine = new(profile, 1, heard.Add);
        byte[] answer = AnswerOf(name, liveness.Ask);
        engine.Ask();
        engine.Feed(answer, 0);
        Assert.False(engine.IsAsked);

        Exception? twice = Record.Exception(() => engine.Feed(answer, 0));

        Assert.True(twice is null or DeviceLinkException);
        row.Demand(() => Assert.Empty(heard));
    }

    [Fact]
    public void An_echo_of_our_question_is_no_item_and_no_answer()
    {
        using FaultRow row = FaultRow.Begin("F10", "echoes of our own question");
        row.Cycles = 2;
        List<string> heard = [];
        ScanEngine engine = new(ReaderUnderTest.Load("keyence-sr-1000"), 1, e => heard.Add(ReaderUnderTest.Show(e)));
        engine.Ask();

        engine.Feed("KEYENCE\r"u8, 0);
        Assert.True(engine.IsAsked);
        engine.Feed("OK,KEYENCE,SR\r"u8, 0);

        Assert.Empty(heard);
        Assert.Throws<DeviceLinkException>(() => engine.Feed("KEYENCE\r"u8, 0));
        row.Demand(() => Assert.Empty(heard));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Triggered))]
    public async Task Merged_late_twice_stale_foreign_and_silent_each_say_what_was_on_the_wire(string name)
    {
        using FaultRow row = FaultRow.Begin("F10", "frames merged, late, twice, stale, foreign, with a neighbour's symbol, undecoded; a silent reader; over a socket");
        ReaderTraits traits = ReaderTraits.Of(name);
        await using ReaderUnderTest test = new(name);
        await test.UpAsync();
        string beside = traits.Separator is null ? "" : $"|{Ean}";
        string undecoded = traits.Commands == ReaderCommands.Omron ? "N NotDecoded" : "N";

        test.Reader.Fail(
            ReaderFault.Joined, ReaderFault.None, ReaderFault.Late, ReaderFault.None, ReaderFault.Twice, ReaderFault.Stale,
            ReaderFault.Foreign, ReaderFault.Silent, ReaderFault.Beside, ReaderFault.Undecoded);
        foreach (string symbol in (string[])["A1", "A2", "B1", "B2", "C1", "D1", "E1", "F1", "G1", "H1"])
        {
            test.Reader.Read([Url + symbol]);
        }

        row.Cycles = 8;
        await row.DemandAsync(() => test.HeardAsync(
            $"F {Url}A1 +0", $"F {Url}A2 +0", $"F {Url}B2 +0", $"F {Url}B1 +0", $"F {Url}C1 +0", $"F {Url}C1 +0", $"F {Url}C1 +0",
            $"F {Ean} +0", $"F {Url}G1{beside} +0", undecoded));
    }

    [Theory]
    [MemberData(nameof(Triggered))]
    public void Half_a_frame_ends_the_connection_and_is_no_item(string name)
    {
        using FaultRow row = FaultRow.Begin("F10", "a frame that stops after each of its bytes");
        byte[] frame = Bytes(ReaderTraits.Of(name), Url);
        ScannerProfile profile = ReaderUnderTest.Load(name);
        int whole = profile.Framing.Ends.Contains("\r") && ReaderTraits.Of(name).End == "\r\n" ? frame.Length - 1 : frame.Length;
        for (int half = 1; half < whole; half++)
        {
            List<string> heard = [];
            ScanEngine engine = new(profile, 1, e => heard.Add(ReaderUnderTest.Show(e)));
            engine.Feed(frame.AsSpan(0, half), 0);

            Assert.InRange(engine.IdleLimit, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
            row.Cycles++;
            row.Demand(() =>
            {
                Assert.Throws<DeviceLinkException>(() => engine.Idle(0));
                Assert.Empty(heard);
            });
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("keyence-sr-1000")]
    [InlineData("cognex-dataman-extended")]
    [InlineData("datalogic-matrix")]
    [InlineData("sick-lector")]
    [InlineData("leuze-dcr")]
    public async Task A_reader_that_hangs_is_down_and_what_comes_late_is_no_read(string name)
    {
        using FaultRow row = FaultRow.Begin("F10", "a reader that hangs, and a frame from before when it is back");
        row.Cycles = 1;
        await using ReaderUnderTest test = new(name, p => p with
        {
            Liveness = p.Liveness! with { Every = TimeSpan.FromMilliseconds(p.Liveness.By == "query" ? 100 : 0), SilentAfter = TimeSpan.FromMilliseconds(600) },
        });
        await test.UpAsync();
        test.Reader.Hangs = true;

        await test.Heard.WaitForAsync(e => e is ScannerEvent.Down);
        await Within.Async(() => test.Scanner.Generation > 1, "another connection");
        test.Reader.Write(test.Reader.Frame([Other])); // from before, and nothing shows that it is alive
        test.Reader.Hangs = false;
        await Within.Async(() =>
        {
            test.Reader.Beat();
            return test.Heard.All.Any(e => e is ScannerEvent.Up { Generation: > 1 });
        });

        row.Demand(() => Assert.DoesNotContain(test.Heard.All, e => e is ScannerEvent.Frame));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_comes_right_after_the_connect_of_a_reader_that_cannot_be_asked_is_too_old()
    {
        using FaultRow row = FaultRow.Begin("F10", "a frame right after the connect of a reader that cannot be asked");
        row.Cycles = 1;
        await using TcpPeer peer = new();
        EventLog<ScannerEvent> heard = new();
        using CancellationTokenSource stop = new();
        LabelScanner scanner = new(ReaderUnderTest.Load("cognex-dataman"), SomeDevice.At(peer.Address), heard.Add, TimeProvider.System);
        Task running = scanner.RunAsync(stop.Token);
        using TcpConversation reader = await peer.AcceptAsync();
        await reader.SendAsync($"{Other}\r\n");
        await heard.WaitForAsync(e => e is ScannerEvent.Up);

        await reader.SendAsync($"{Url}\r\n");
        await heard.WaitForAsync(e => e is ScannerEvent.Frame);
        await stop.CancelAsync();
        await running;

        row.Demand(() => Assert.Equal([Url], heard.All.OfType<ScannerEvent.Frame>().SelectMany(f => f.Payloads)));
    }

    private static byte[] AnswerOf(string name, string question)
    {
        var dialect = new ReaderDialect(ReaderTraits.Of(name));
        foreach (char c in question)
        {
            if (dialect.Take((byte)c, out string answer, out _, out _))
            {
                return Encoding.Latin1.GetBytes(answer);
            }
        }

        throw new InvalidOperationException($"{name} does not answer {question}");
    }

    private static byte[] Bytes(ReaderTraits traits, string text)
    {
        if (!traits.Ssi)
        {
            return new VirtualScanner(traits).Frame([text]);
        }

        List<byte> bytes = [];
        using SsiSender sender = new(bytes.AddRange, TimeProvider.System);
        sender.Send(Encoding.ASCII.GetBytes(text));
        return [.. bytes];
    }
}
