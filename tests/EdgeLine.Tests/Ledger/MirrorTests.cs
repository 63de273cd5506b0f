using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>The second copy has the same bytes, outlives its own faults, and knows when the ledger is not the one it copied.</summary>
public sealed class MirrorTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();
    private readonly HandClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-mirror-").FullName;

    public void Dispose()
    {
        _test.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = Timeout)]
    public async Task It_has_every_stored_byte_and_goes_on_after_a_restart()
    {
        await _test.FillAsync();
        await MirrorAsync(upTo: 22);
        _test.Reopen();
        await _test.WriteAsync([.. Enumerable.Range(0, 700).Select(_ => Entry(JournalKind.ItemRejected, "no-read"))]);
        await MirrorAsync(upTo: 722);
        IReadOnlyList<byte[]> stored = await _test.Ledger.AskAsync(db => LedgerQueries.Leaves(db, 0, 10_000));
        Assert.Equal(stored, Copied());
    }

    [Fact(Timeout = Timeout)]
    public async Task What_is_torn_or_damaged_in_the_copy_is_written_anew()
    {
        await _test.FillAsync();
        await MirrorAsync(upTo: 22);
        string file = Files().Single();
        byte[] whole = await File.ReadAllBytesAsync(file);
        // A power cut of the other disk after any byte, and one changed byte anywhere.
        for (int at = 0; at < whole.Length; at += 97)
        {
            await File.WriteAllBytesAsync(file, whole[..at]);
            await MirrorAsync(upTo: 22);
            Assert.Equal(whole, await File.ReadAllBytesAsync(file));
            byte[] changed = [.. whole];
            changed[at] ^= 0x20;
            await File.WriteAllBytesAsync(file, changed);
            // The last entry tells only by the ledger that it was changed.
            if ((await MirrorAsync(upTo: 22)).Locked.Length == 0)
            {
                Assert.Equal(whole, await File.ReadAllBytesAsync(file));
            }

            await File.WriteAllBytesAsync(file, whole);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_ledger_that_is_behind_its_copy_or_differs_from_it_is_locked()
    {
        await _test.LeaseAsync();
        _test.Close();
        byte[] backup = await File.ReadAllBytesAsync(_test.File);
        _test.Reopen();
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        await MirrorAsync(upTo: 3);
        _test.Close();
        await File.WriteAllBytesAsync(_test.File, backup);
        File.Delete(_test.Mark);
        _test.Reopen();
        Assert.Contains("ends before it", (await MirrorAsync(upTo: 3)).Locked, StringComparison.Ordinal);
        // A start while neither copy nor platform is there still knows it.
        Assert.Equal(SecondPast.BehindCopy, SecondPast.ReasonOf(_test.Ledger.SecondPast.Noted ?? ""));
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "other-symbol"));
        Assert.Contains("is not the one", (await MirrorAsync(upTo: 3)).Locked, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_disk_that_is_gone_is_told_and_taken_up_again_when_it_is_back()
    {
        await _test.FillAsync();
        string blocked = Path.Combine(_folder, "line-1");
        await File.WriteAllTextAsync(blocked, "no folder");
        var news = new List<MirrorNews>();
        using var stop = new CancellationTokenSource();
        string none = "on the disk of the ledger";
        using var mirror = new JournalMirror(_test.Ledger, blocked, () => 22, _clock, NullLogger.Instance) { WhyNone = () => none };
        Task running = mirror.RunAsync(one => { lock (news) { news.Add(one); } }, stop.Token);
        await _clock.AdvanceUntil(() => Last(news) is { Problem.Length: > 0 } why && why.Problem == none, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(9));
        none = "";
        await _clock.AdvanceUntil(() => Last(news) is { Problem.Length: > 0 } why && why.Problem.Contains(_folder, StringComparison.Ordinal), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(9));
        File.Delete(blocked);
        await _clock.AdvanceUntil(() => Last(news) is { Problem: "", Through: 22 }, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(9));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Single(Directory.GetFiles(blocked, "*.eljs", SearchOption.AllDirectories));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_copy_that_was_taken_away_under_its_hand_is_made_anew()
    {
        await _test.FillAsync();
        var folder = new MirrorFolder(Path.Combine(_folder, "line-1"), _test.Ledger.LedgerId, 1);
        IReadOnlyList<byte[]> stored = await _test.Ledger.AskAsync(db => LedgerQueries.Leaves(db, 0, 100));
        folder.Open(0);
        folder.Append([.. stored.Take(10)]);
        Directory.Delete(Path.Combine(_folder, "line-1"), recursive: true);
        Assert.Throws<FileNotFoundException>(() => folder.Append([.. stored.Skip(10)]));
        folder.Open(0);
        Assert.Equal(0, folder.Through);
        folder.Append(stored);
        folder.Dispose();
        Assert.Equal(stored, Copied());
    }

    [Fact(Timeout = Timeout)]
    public async Task Exposure_counts_what_is_neither_confirmed_nor_copied_whoever_moves_first()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync(codes: 30);
        (long head, long safe) = (2, 0);
        var watch = new ExposureWatch(_test.Ledger, () => (head, safe), _clock);
        Assert.Equal(new Exposure(0, 0, 2), await watch.LookAsync(CancellationToken.None));
        await _test.WriteAsync([.. codes.Select(Print)]);
        foreach (CodeRef code in codes)
        {
            _test.Time.WallMs += 1000;
            await _test.WriteAsync(Move(code, CodeState.Printing, JournalKind.Verified));
        }

        long firstMs = _test.Time.WallMs - 29_000;
        head = 62;
        Assert.Equal(new Exposure(30, firstMs, 62), await watch.LookAsync(CancellationToken.None));
        safe = 42;
        Assert.Equal(new Exposure(20, firstMs + 10_000, 62), await watch.LookAsync(CancellationToken.None));
        // The platform was set back; later everything is there.
        safe = 33;
        Assert.Equal(new Exposure(29, firstMs + 1000, 62), await watch.LookAsync(CancellationToken.None));
        safe = 99;
        Assert.Equal(new Exposure(0, 0, 62), await watch.LookAsync(CancellationToken.None));
        // And what a start finds.
        safe = 50;
        Assert.Equal(new Exposure(12, firstMs + 18_000, 62), await new ExposureWatch(_test.Ledger, () => (head, safe), _clock).LookAsync(CancellationToken.None));
    }

    private async Task<MirrorNews> MirrorAsync(long upTo)
    {
        var done = new TaskCompletionSource<MirrorNews>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        using var mirror = new JournalMirror(_test.Ledger, Path.Combine(_folder, "line-1"), () => upTo, _clock, NullLogger.Instance);
        Task running = mirror.RunAsync(
            news =>
            {
                if (news.Through >= upTo || news.Problem.Length > 0 || news.Locked.Length > 0)
                {
                    done.TrySetResult(news);
                }
            },
            stop.Token);
        MirrorNews last = await done.Task;
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Empty(last.Problem);
        return last;
    }

    private static MirrorNews? Last(List<MirrorNews> news)
    {
        lock (news)
        {
            return news.LastOrDefault();
        }
    }

    private string[] Files() => Directory.GetFiles(_folder, "*.eljs", SearchOption.AllDirectories);

    private List<byte[]> Copied()
    {
        var leaves = new List<byte[]>();
        foreach (string file in Files().Order(StringComparer.Ordinal))
        {
            using FileStream stream = File.OpenRead(file);
            Assert.True(SegmentFile.TryReadHead(stream));
            while (SegmentFile.Read(stream) is { } leaf)
            {
                leaves.Add(leaf);
            }
        }

        return leaves;
    }
}
