using System.Text;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

public sealed class ScanEngineTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";

    [Fact]
    public void However_the_bytes_are_split_the_events_are_the_same()
    {
        string stream = $"{Url}\rERROR\r]Q1{Url},]E04006381333931\rerror\r{new string('x', 600)}\r{Url}\r";
        byte[] bytes = Encoding.ASCII.GetBytes(stream);
        List<string> whole = Hear(SomeDevice.Keyence(), [bytes]);

        Assert.Equal(
            [$"F {Url} +0", "N ERROR", $"F {Url} +1", "N error", "G", $"F {Url} +0"],
            whole);
        for (int at = 1; at < bytes.Length; at++)
        {
            Assert.Equal(whole, Hear(SomeDevice.Keyence(), [bytes[..at], bytes[at..]]));
        }

        Assert.Equal(whole, Hear(SomeDevice.Keyence(), [.. bytes.Select(b => new[] { b })]));
    }

    [Theory]
    [InlineData("abc\r\nabc\r\n")]
    [InlineData("abc\rabc\r")]
    [InlineData("\r\n\r\nabc\n\nabc\r")]
    public void Any_mix_of_line_ends_ends_one_frame(string stream)
    {
        Assert.Equal(["F abc +0", "F abc +0"], Hear(SomeDevice.Handheld(), [Encoding.ASCII.GetBytes(stream)]));
    }

    [Theory]
    [InlineData("optional", "]Q1abc", "F abc +0")]
    [InlineData("optional", "abc", "F abc +0")]
    [InlineData("optional", "]d2abc", "F  +1")]
    [InlineData("optional", "]E04006381333931", "F  +1")]
    [InlineData("optional", "]Q2\\000026abc", "F  +1")]
    [InlineData("optional", "]Q", "F ]Q +0")]
    [InlineData("required", "abc", "F  +1")]
    [InlineData("required", "]Q1abc", "F abc +0")]
    [InlineData("none", "]Q1abc", "F ]Q1abc +0")]
    public void An_AIM_identifier_decides_whether_a_symbol_can_be_ours(string mode, string frame, string heard)
    {
        ScannerProfile profile = SomeDevice.Keyence() with { Prefix = new() { AimId = mode, Allowed = ["]Q1"] } };

        Assert.Equal([heard], Hear(profile, [Encoding.ASCII.GetBytes(frame + "\r")]));
    }

    [Theory]
    [InlineData("a,b", "F a|b +0")]
    [InlineData("a,ERROR", "F a +0")]
    [InlineData("ERROR,ERROR", "N ERROR,ERROR")]
    [InlineData("]Q1a,]E0123,]Q1b", "F a|b +1")]
    [InlineData(",", "N ,")]
    [InlineData("a,", "F a +0")]
    public void Several_codes_of_one_read_come_as_one_event(string frame, string heard)
    {
        Assert.Equal([heard], Hear(SomeDevice.Keyence(), [Encoding.ASCII.GetBytes(frame + "\r")]));
    }

    [Fact]
    public void An_answer_is_an_answer_only_while_a_question_is_open()
    {
        List<string> heard = [];
        ScanEngine engine = new(SomeDevice.Keyence(), 1, e => heard.Add(Show(e)));
        engine.Ask();
        engine.Feed("OK,KEYENCE,SR-1000\r"u8, 2);
        Assert.False(engine.IsAsked);
        engine.Ask();
        engine.Feed("ER,KEYENCE,20\r"u8, 4);

        // A symbol that a joker stuck on an item, or an answer that came twice: one is an item and the other is none.
        DeviceLinkException e = Assert.Throws<DeviceLinkException>(() => engine.Feed("OK,KEYENCE,SR-1000\r"u8, 1));

        Assert.Contains("nobody asked", e.Message, StringComparison.Ordinal);
        Assert.Empty(heard);
    }

    [Fact]
    public void A_read_between_question_and_answer_stays_a_read()
    {
        List<string> heard = [];
        ScanEngine engine = new(SomeDevice.Keyence(), 1, e => heard.Add(Show(e)));
        engine.Ask();
        engine.Feed(Encoding.ASCII.GetBytes($"{Url}\rOK,KEYENCE,SR\r{Url}\r"), 1);

        Assert.Equal([$"F {Url} +0", $"F {Url} +0"], heard);
    }

    [Theory]
    [InlineData(512, "F")]
    [InlineData(513, "G")]
    [InlineData(100_000, "G")]
    public void A_frame_beyond_the_limit_is_one_error_and_the_next_frame_is_whole(int length, string first)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(new string('x', length) + "\rabc\r");

        List<string> heard = Hear(SomeDevice.Keyence(), [bytes]);

        Assert.Equal(2, heard.Count);
        Assert.StartsWith(first, heard[0], StringComparison.Ordinal);
        Assert.Equal("F abc +0", heard[1]);
    }

    [Fact]
    public void The_end_of_a_frame_beyond_the_limit_is_found_wherever_the_limit_falls()
    {
        ScannerProfile profile = SomeDevice.Keyence() with
        {
            Framing = new() { By = "terminators", Ends = ["\r\n", ";"], Idle = TimeSpan.Zero, MaxBytes = 32 },
        };
        for (int length = 28; length < 80; length++)
        {
            foreach (string end in profile.Framing.Ends)
            {
                byte[] bytes = Encoding.ASCII.GetBytes($"{new string('x', length)}{end}abc{end}");
                string[] expected = [length > 32 ? "G" : $"F {new string('x', length)} +0", "F abc +0"];
                Assert.Equal(expected, Hear(profile, [bytes]));
                Assert.Equal(expected, Hear(profile, bytes.Select(b => new[] { b })));
            }
        }
    }

    [Fact]
    public void Silence_ends_a_frame_where_the_profile_knows_no_terminator()
    {
        List<string> heard = [];
        ScanEngine engine = new(SomeDevice.Handheld(end: "", idleMs: 40), 1, e => heard.Add(Show(e)));
        engine.Idle(1);
        engine.Feed("abc"u8, 2);
        Assert.True(engine.IsInFrame);

        engine.Idle(3);

        Assert.Equal(TimeSpan.FromMilliseconds(40), engine.IdleLimit);
        Assert.Equal(["F abc +0"], heard);
        Assert.False(engine.IsInFrame);
    }

    [Fact]
    public void Silence_never_makes_two_items_of_one_frame()
    {
        // A lost packet is sent again after 200 ms: 50 ms of silence in a frame must not end it.
        ScanFraming framing = new() { By = "terminators", Ends = ["\r"], Idle = TimeSpan.FromMilliseconds(50), MaxBytes = 512 };
        ScannerProfile profile = SomeDevice.Keyence() with { Framing = framing };
        List<string> heard = [];
        ScanEngine engine = new(profile, 1, e => heard.Add(Show(e)));
        engine.Feed("ab"u8, 2);

        Assert.Equal(TimeSpan.FromSeconds(1), engine.IdleLimit);
        Assert.Throws<DeviceLinkException>(() => engine.Idle(3));
        Assert.Empty(heard);
    }

    [Fact]
    public void Every_byte_of_a_payload_is_kept()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i).Where(b => b is not ((byte)'\r' or (byte)','))];
        ScannerEvent.Frame? frame = null;
        ScanEngine engine = new(SomeDevice.Keyence(), 7, e => frame = (ScannerEvent.Frame)e);

        engine.Feed([.. all, (byte)'\r'], 99);

        Assert.Equal(all, Encoding.Latin1.GetBytes(Assert.Single(frame!.Payloads)));
        Assert.Equal((99, 7), (frame.Timestamp, frame.Generation));
    }

    [Fact]
    public void Random_bytes_give_exactly_one_event_for_each_frame_that_is_not_empty()
    {
        Random random = new(42);
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = new byte[random.Next(1, 4000)];
            random.NextBytes(bytes);
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(6) == 0 ? (byte)'\r' : random.Next(9) == 0 ? (byte)',' : bytes[i];
            }

            int frames = Encoding.Latin1.GetString(bytes).Split('\r')[..^1].Count(f => f.Length > 0);
            Assert.Equal(frames, Hear(SomeDevice.Keyence(maxBytes: 32) with { Acks = [], Liveness = null }, [bytes]).Count);
        }
    }

    [Fact]
    public void Five_thousand_frames_take_far_less_than_a_second()
    {
        int count = 0;
        ScanEngine engine = new(SomeDevice.Keyence(), 1, _ => count++);
        byte[] frame = Encoding.ASCII.GetBytes($"]Q1{Url}\r");
        engine.Ask();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = TimeProvider.System.GetTimestamp();

        for (int i = 0; i < 5000; i++)
        {
            engine.Feed(frame, i);
        }

        Assert.Equal(5000, count);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 5000, 0, 400);
    }

    private static List<string> Hear(ScannerProfile profile, IEnumerable<byte[]> chunks)
    {
        List<string> heard = [];
        ScanEngine engine = new(profile, 1, e => heard.Add(Show(e)));
        foreach (byte[] chunk in chunks)
        {
            engine.Feed(chunk, 0);
        }

        return heard;
    }

    private static string Show(ScannerEvent e) => e switch
    {
        ScannerEvent.Frame f => $"F {string.Join('|', f.Payloads)} +{f.OtherSymbols}",
        ScannerEvent.NoRead n => $"N {n.Text}",
        ScannerEvent.Garbled => "G",
        _ => e.ToString()!,
    };
}
