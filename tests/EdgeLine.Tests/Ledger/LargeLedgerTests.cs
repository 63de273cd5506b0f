using System.Diagnostics;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>A million entries: how long a start takes, and how long anything else keeps the ledger's thread.</summary>
public sealed class LargeLedgerTests(ITestOutputHelper output) : IDisposable
{
    private const int Codes = 500_000;
    private const int AtOnce = 5000;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    [Trait("tier", "full")]
    public async Task A_million_entries_are_opened_read_and_sealed_without_keeping_the_line_waiting()
    {
        IReadOnlyList<CodeRef> codes = [];
        for (int done = 0; done < Codes; done += AtOnce)
        {
            codes = await _test.LeaseAsync($"lease-{done}", AtOnce);
            await _test.WriteAsync([.. codes.Select(Print)]);
            await _test.WriteAsync([.. codes.Select(c => Move(c, CodeState.Printing, JournalKind.Verified))]);
        }

        _test.Time.WallMs += 31 * 24 * 3_600_000L;
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        long head = _test.Committed[^1].Fold.AsOfSeq;
        await _test.Ledger.AskAsync(db => LedgerQueries.SetCursor(db, JournalUploader.CursorName, head));
        Say("file", new FileInfo(_test.File).Length >> 20, "MB");
        await TimeAsync("open after an orderly end", () => Task.Run(_test.Reopen));
        _test.Close();
        _test.ByHand("DELETE FROM meta WHERE key = 'closed'");
        await TimeAsync("open after another end", () => Task.Run(_test.Reopen));
        Assert.False(_test.Ledger.EndedInOrder);

        long before = GC.GetTotalMemory(forceFullCollection: true);
        await BesideAsync("patrol", async () => Assert.Null(
            await new LedgerPatrol(_test.Ledger, _test.Folder, TimeProvider.System, NullLogger.Instance).CheckAsync(CancellationToken.None)));
        Say("memory after the patrol", (GC.GetTotalMemory(forceFullCollection: true) - before) >> 20, "MB more");
        var sealer = new JournalSealer(_test.Ledger, _test.Folder, 90, _test.Time, NullLogger.Instance);
        await BesideAsync("seal", async () =>
        {
            while (await sealer.SealNextAsync(CancellationToken.None))
            {
                // Each at most a million.
            }
        });
        _test.Time.WallMs += 91 * 24 * 3_600_000L;
        await BesideAsync("give away", () => sealer.GiveAwayAsync(CancellationToken.None));
        Assert.True(await _test.Ledger.AskAsync(LedgerQueries.FirstKept) > 800_000);
        await BesideAsync("patrol over segments", async () => Assert.Null(
            await new LedgerPatrol(_test.Ledger, _test.Folder, TimeProvider.System, NullLogger.Instance).CheckAsync(CancellationToken.None)));
        _test.Close();
        await TimeAsync("ledger verify", () => Task.Run(() => Assert.Empty(LedgerVerification.Verify(_test.Folder))));
    }

    // While something runs, one small entry after the other, each waiting for the one before: what a verdict would wait.
    private async Task BesideAsync(string what, Func<Task> work)
    {
        var waits = new List<double>();
        long began = Stopwatch.GetTimestamp();
        Task working = Task.Run(work);
        while (!working.IsCompleted)
        {
            long at = Stopwatch.GetTimestamp();
            await _test.Ledger.AskAsync(db => LedgerQueries.SetCursor(db, "probe", at));
            waits.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        await working;
        waits.Sort();
        Say(what, Stopwatch.GetElapsedTime(began).TotalSeconds, $"s; a write beside it waits {waits[waits.Count / 2]:0.0} ms in the middle, {waits[(int)(waits.Count * 0.99)]:0.0} ms at p99, {waits[^1]:0.0} ms at most");
    }

    private async Task TimeAsync(string what, Func<Task> work)
    {
        long began = Stopwatch.GetTimestamp();
        await work();
        Say(what, Stopwatch.GetElapsedTime(began).TotalSeconds, "s");
    }

    private void Say(string what, double figure, string unit) => output.WriteLine($"{what}: {figure:0.00} {unit}");
}
