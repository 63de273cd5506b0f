using System.Text;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Faults;
using EdgeLine.Simulator.Scanning;
using EdgeLine.Tests.Devices.Support;

namespace EdgeLine.Tests.Devices;

/// <summary>TCP has no message borders: every frame of every model, split at every byte and joined with its neighbour.</summary>
public sealed class SplitAndJoinedFramesTests
{
    private const string Url = "https://c.example.cn/C/H123456789ABCDEF";
    private const string Other = "https://c.example.cn/C/H0000000000000000";

    public static TheoryData<string> All() => [.. ReaderTraits.Known.Select(one => one.Profile)];

    public static TheoryData<string> Triggered() => [.. ReaderUnderTest.Names(triggered: true)];

    [Theory]
    [MemberData(nameof(All))]
    public void Any_cut_of_any_two_frames_gives_the_same_events(string name)
    {
        using FaultRow row = FaultRow.Begin("F10", "two frames joined, and cut at each of their bytes");
        ScannerProfile profile = ReaderUnderTest.Load(name);
        List<byte[]> frames = FramesOf(name);
        foreach (byte[] first in frames)
        {
            foreach (byte[] second in frames)
            {
                byte[] joined = [.. first, .. second];
                List<string> apart = Hear(profile, first, second);
                row.Cycles += 1 + joined.Length;
                row.Demand(() =>
                {
                    Assert.Equal(apart, Hear(profile, joined));
                    Assert.Equal(apart, Hear(profile, [.. joined.Select(b => new[] { b })], silence: false));
                    for (int at = 1; at < joined.Length; at++)
                    {
                        Assert.Equal(apart, Hear(profile, [joined[..at], joined[at..]], silence: false));
                    }
                });
            }
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Triggered))]
    public async Task A_virtual_reader_may_split_and_join_as_it_likes(string name)
    {
        await using ReaderUnderTest test = new(name);
        await test.UpAsync();
        byte[] frame = test.Reader.Frame([Url]);
        byte[] joined = [.. test.Reader.Frame([]), .. frame];
        List<string> expected = [];
        string noRead = ReaderTraits.Of(name).Commands == ReaderCommands.Omron ? "N NotLocated" : "N";

        for (int at = 1; at < joined.Length; at++)
        {
            test.Reader.Write(joined.AsSpan(0, at));
            test.Reader.Write(joined.AsSpan(at));
            expected.AddRange([noRead, $"F {Url} +0"]);
        }

        test.Reader.Fail(ReaderFault.Joined, ReaderFault.None);
        test.Reader.Read([Url]);
        test.Reader.Read([Other]);
        expected.AddRange([$"F {Url} +0", $"F {Other} +0"]);

        await test.HeardAsync([.. expected]);
    }

    internal static List<byte[]> FramesOf(string name)
    {
        ReaderTraits traits = ReaderTraits.Of(name);
        if (traits.Ssi)
        {
            return [Packet(Url), Packet($"]Q1{Other}"), Packet($"]Q2\\000026{Url}"), Packet(new string('x', 300))];
        }

        var reader = new VirtualScanner(traits);
        List<byte[]> frames = [reader.Frame([Url]), reader.Frame([$"]Q1{Other}"]), reader.Frame([$"]Q2\\000026{Url}"])];
        if (!traits.IsHandheld)
        {
            frames.AddRange([reader.Frame([]), reader.Frame([], undecoded: true)]);
        }

        if (traits.Separator is not null)
        {
            frames.AddRange([reader.Frame([Url, "6901234567892"]), reader.Frame([Url, Other])]);
        }

        if (traits.Heartbeat.Length > 0)
        {
            frames.Add(Encoding.ASCII.GetBytes(traits.Heartbeat));
        }

        return frames;
    }

    // All packets of a symbol, as a host that acknowledges each gets them.
    private static byte[] Packet(string text)
    {
        List<byte> bytes = [];
        using SsiSender sender = new(bytes.AddRange, TimeProvider.System);
        sender.Send(Encoding.ASCII.GetBytes(text));
        while (!sender.IsIdle)
        {
            sender.Receive([0x04, 0xD0, 0x04, 0x00, 0xFF, 0x28]);
        }

        return [.. bytes];
    }

    private static List<string> Hear(ScannerProfile profile, params byte[][] chunks) => Hear(profile, chunks, silence: true);

    // Silence comes after each chunk that leaves a frame open, or at the end only.
    private static List<string> Hear(ScannerProfile profile, byte[][] chunks, bool silence)
    {
        List<string> heard = [];
        ScanEngine engine = new(profile, 1, e => heard.Add(ReaderUnderTest.Show(e)));
        foreach (byte[] chunk in chunks)
        {
            engine.Feed(chunk, 0);
            if (silence)
            {
                engine.Idle(0);
            }
        }

        engine.Idle(0);
        return heard;
    }
}
