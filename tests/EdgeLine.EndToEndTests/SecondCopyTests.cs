using EdgeLine.Contracts;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>What only the line PC knows: copied to another disk, counted, bounded, and never a reason to stop deciding.</summary>
public sealed class SecondCopyTests(ITestOutputHelper output)
{
    private const string Line = "line-1";
    private const int Most = 40;

    [Fact(Timeout = 300_000)]
    public async Task Without_platform_and_second_copy_printing_stops_and_goes_on_with_either()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 });
        await using Site site = Site.New(output);
        site.Line(Line, line.Config);
        await site.StartPlatformAsync(5000);
        // A disk of its own wherever these tests run: memory.
        using var shared = new OtherDisk();
        string disk = shared.Folder;
        site.WriteConfig(text => text.Replace(
            "\"dataPath\"", $"\"mirrorPath\": \"{disk}\",\n  \"maxUnconfirmed\": {Most},\n  \"dataPath\"", StringComparison.Ordinal));
        await site.StartServiceAsync();
        await site.ReadyAsync(Line);
        await site.MustActAsync(Line, "start", new { who = "anna" });
        await site.PictureAsync(Line, p => p is { MirroredSeq: > 20, Mirror.State: "up", OnlyHere.Codes: < Most }, "copied");

        // The platform goes; the copy alone keeps the line printing for longer than the limit allows without it.
        await site.Platform.KillAsync();
        LineSnapshot down = await site.PictureAsync(Line, p => p.Platform.State == "down", "platform down");
        await site.PictureAsync(
            Line, p => p.Account.Verified > down.Account.Verified + Most + 20 && p is { State: PackMlState.Execute, OnlyHere.Codes: < Most }, "prints on");

        // Now the other disk goes too.
        Directory.Move(disk, disk + "-pulled");
        await File.WriteAllTextAsync(disk, "no folder");
        LineSnapshot stopped = await site.PictureAsync(Line, p => p is { State: PackMlState.Suspended, StopReason.Key: "unconfirmed-limit" }, "stops");
        Assert.Equal("down", stopped.Mirror?.State);
        Assert.InRange(stopped.OnlyHere.Codes, Most, Most + 20);
        Assert.True(stopped.OnlyHere.OldestUnixMs > 0);
        // What was on the belt is still judged.
        await site.PictureAsync(Line, p => p.InFlight == 0 && p.Alarms.Any(a => a.Key == "unconfirmed-limit"), "belt read out");

        File.Delete(disk);
        Directory.Move(disk + "-pulled", disk);
        await site.PictureAsync(
            Line, p => p is { State: PackMlState.Execute, Mirror.State: "up" } && p.Account.Verified > stopped.Account.Verified + Most, "goes on with the copy");
        await site.StartPlatformAgainAsync();
        await site.PictureAsync(Line, p => p.Platform.State == "up" && p.OnlyHere.Codes < Most, "everything sent");

        await site.Service.KillAsync();
        StoppedLedger ledger = StoppedLedger.Read(site, Line);
        List<byte[]> copied = Copied(disk);
        Assert.InRange(copied.Count, stopped.AsOfSeq, ledger.Journal.Count);
        Assert.Equal(ledger.Journal.Take(copied.Count).Select(e => (e.Seq, e.Kind, e.Code)), copied.Select(l => JournalLeaf.Decode(l)).Select(e => (e.Seq, e.Kind, e.Code)));
    }

    private sealed class OtherDisk : IDisposable
    {
        public string Folder { get; } = Directory.CreateDirectory($"/dev/shm/edgeline-{Guid.NewGuid():N}").FullName;

        public void Dispose()
        {
            foreach (string left in (string[])[Folder, Folder + "-pulled"])
            {
                if (Directory.Exists(left))
                {
                    Directory.Delete(left, recursive: true);
                }
                else
                {
                    File.Delete(left);
                }
            }
        }
    }

    // By the layout of the file alone.
    private static List<byte[]> Copied(string disk)
    {
        var leaves = new List<byte[]>();
        foreach (string path in Directory.GetFiles(disk, "*.eljs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(path);
            for (int at = 8; at + 2 <= bytes.Length && at + 2 + ((bytes[at] << 8) | bytes[at + 1]) is int end && end <= bytes.Length; at = end)
            {
                leaves.Add(bytes[(at + 2)..end]);
            }
        }

        return leaves;
    }
}
