using System.Diagnostics;
using EdgeLine.Contracts;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Platform;

[Collection(nameof(AloneOnTheMachine))]
public sealed class IntakePaceTests(ITestOutputHelper output)
{
    [Fact(Timeout = 120_000)]
    public async Task The_journal_of_a_line_at_full_speed_is_taken_as_fast_as_it_comes()
    {
        await using PlatformUnderTest platform = await PlatformUnderTest.StartAsync(quantity: 20_000);
        var line = new LineUnderTest(platform, "line-1");
        await line.Lease(20_000);
        foreach (string code in line.Codes.Take(20_000))
        {
            line.Print(code).Note(JournalKind.Verified, code);
        }

        List<byte[][]> uploads = [.. line.Journal.Leaves.Chunk(JournalUpload.MaxEntries)];
        var rates = new List<double>();
        foreach (byte[][] upload in uploads)
        {
            var watch = Stopwatch.StartNew();
            (await platform.Upload("line-1", "line-1", upload)).Ok();
            rates.Add(upload.Length / watch.Elapsed.TotalSeconds);
        }

        // The better quarter says what the program can do, the rest what other programs left of the machine.
        double rate = rates.Order().ElementAt(rates.Count * 3 / 4);
        output.WriteLine($"{rate:F0} entries/s over HTTP, each upload one synced transaction");
        Assert.Equal(20_000, (await line.Account()).Active);
        // 3,000 labels a second write two entries each; the floor leaves room for a busy machine.
        Assert.True(rate > 6_000, $"{rate:F0} entries/s");
    }
}

/// <summary>Tests that measure time run by themselves, after the others.</summary>
[CollectionDefinition(nameof(AloneOnTheMachine), DisableParallelization = true)]
public sealed class AloneOnTheMachine;
