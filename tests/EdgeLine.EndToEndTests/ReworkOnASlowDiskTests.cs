using System.Collections.Concurrent;
using System.Net;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>The rework table of a PC whose disk takes seconds: whoever scans a second time out of impatience destroys no good item.</summary>
public sealed class ReworkOnASlowDiskTests(ITestOutputHelper output)
{
    [Fact(Timeout = 150_000)]
    public async Task A_label_scanned_again_while_the_disk_writes_is_accepted_once_and_is_never_its_own_twin()
    {
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 300 }, new FaultPlan(1).At(8, ItemFault.NoRead));
        await using Site site = Site.New(output);
        site.Line("line-1", line.Config);
        await site.StartPlatformAsync(quantity: 60);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync("line-1");
        await site.MustActAsync("line-1", "start", new { who = "anna" });
        // Its code is entered as rejected when the item after it was read.
        await Soon.IsAsync(() => Task.FromResult(line.Gate.Rejected >= 1), "the item is in the bin", 30);
        await site.PictureAsync("line-1", p => p.Account.Rejected == 1, "rejected the code");
        await site.MustActAsync("line-1", "pause", new { who = "anna" });
        await site.PictureAsync("line-1", p => p.State == PackMlState.Held, "stands");
        string payload = line.Belt.TakeBin().SelectMany(i => i.Labels).Select(l => l.Readable).OfType<string>().Single();

        RunningProgram slow = RunningProgram.StartOther(
            "strace", "-f", "-p", $"{site.Service.Id}", "-o", Path.Combine(site.Folder, "strace.txt"), "-e", "trace=fsync,fdatasync",
            "-e", "inject=fsync,fdatasync:delay_enter=3000000");
        ConcurrentQueue<string> cards = [];
        try
        {
            await Soon.IsAsync(() => Task.FromResult(File.Exists(Path.Combine(site.Folder, "strace.txt"))), "the disk is slow", 10);
            Task<HttpResponseMessage> first = site.ActAsync("line-1", "rework", new { payload, who = "anna" });
            await site.PictureAsync("line-1", p => Seen(p.Rework) is "looking", "looks for the answer");
            Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
            // Heard while the entry of the first scan is on its way to the disk; the ledger can tell of it only afterwards.
            Task<HttpResponseMessage> second = site.ActAsync("line-1", "rework", new { payload, who = "anna" });
            await site.PictureAsync("line-1", p => Seen(p.Rework) is "accept", "accepts the item");
            Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
        }
        finally
        {
            await slow.DisposeAsync();
        }

        LineSnapshot end = await site.PictureAsync("line-1", p => Seen(p.Rework) is not "looking" && p.Account.Rejected == 0, "has an answer");
        output.WriteLine(string.Join(", ", cards));
        Assert.Equal(("accept", payload[^4..]), (end.Rework!.Answer, end.Rework.CodeTail));
        Assert.DoesNotContain("find-the-twin", cards);
        Assert.Equal(1, end.RunCounts.Reworked);

        // Only now it is shown by somebody who has seen the answer.
        await Soon.IsAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - end.Rework.AtUnixMs > 1_500), "a while later", 10);
        await site.MustActAsync("line-1", "rework", new { payload, who = "anna" });
        await site.PictureAsync("line-1", p => p.Rework is { Answer: "find-the-twin", Reason: "accepted-before" }, "knows it from before");

        string? Seen(ReworkCard? card)
        {
            if (card is not null && (cards.IsEmpty || cards.Last() != card.Answer))
            {
                cards.Enqueue(card.Answer);
            }

            return card?.Answer;
        }
    }
}
