using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Line;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>What leaves the ledger was accepted, is whole in a file, and is still found, sent and counted from there.</summary>
public sealed class SegmentTests : IDisposable
{
    private const int Timeout = 60_000;
    private const long Day = 24 * 3_600_000L;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task A_month_is_sealed_when_it_is_over_and_accepted()
    {
        await _test.FillAsync();
        Assert.False(await Sealer().SealNextAsync(CancellationToken.None));
        await AcceptAsync(22);
        Assert.False(await Sealer().SealNextAsync(CancellationToken.None));
        await NextMonthAsync();
        await AcceptAsync(21);
        Assert.False(await Sealer().SealNextAsync(CancellationToken.None));
        await AcceptAsync(23);
        Assert.True(await Sealer().SealNextAsync(CancellationToken.None));
        Assert.False(await Sealer().SealNextAsync(CancellationToken.None));

        Segment segment = Assert.Single(await _test.Ledger.AskAsync(Segment.All));
        Assert.Equal((1, 22, "2026-09-000000000001.eljs"), (segment.FirstSeq, segment.LastSeq, segment.Name));
        Assert.Equal(segment.Sha256, SealedEntries.HashOf(segment.PathIn(_test.Folder)));
        Assert.Equal(segment.Head, await _test.Ledger.HashAtAsync(22));
        // Sealed is not given away: that takes 90 days more.
        await Sealer().GiveAwayAsync(CancellationToken.None);
        Assert.Equal(1, await _test.Ledger.AskAsync(LedgerQueries.FirstKept));
        _test.Close();
        Assert.Empty(LedgerVerification.Verify(_test.Folder));
    }

    [Fact(Timeout = Timeout)]
    public async Task Given_away_entries_are_told_counted_and_sent_from_their_segments()
    {
        IReadOnlyList<CodeRef> codes = await SealTwoMonthsAsync();
        IReadOnlyList<byte[]> all = await _test.Ledger.LeavesAsync(0, 10_000);
        long verified = await _test.Ledger.VerifiedBetweenAsync(0, all.Count);
        _test.Time.WallMs += 91 * Day;
        await Sealer(keepEntries: 5).GiveAwayAsync(CancellationToken.None);
        long kept = await _test.Ledger.AskAsync(LedgerQueries.FirstKept);
        Assert.InRange(kept, 24, all.Count - 5);

        // The platform was set back: it gets the same bytes again, from wherever it asks.
        for (int after = 0; after < all.Count; after++)
        {
            Assert.Equal(all[after], (await _test.Ledger.LeavesAsync(after, 1))[0]);
            Assert.Equal(Convert.ToHexStringLower(JournalLeaf.HashOf(all[after])), await _test.Ledger.HashAtAsync(after + 1));
        }

        var sent = new List<byte[]>();
        while (await _test.Ledger.LeavesAsync(sent.Count, 7) is { Count: > 0 } next)
        {
            sent.AddRange(next);
        }

        Assert.Equal(all, sent);
        Assert.Equal(verified, await _test.Ledger.VerifiedBetweenAsync(0, all.Count));
        Assert.True(verified > 3);
        // Rework still knows which label may have a twin, and no code can be printed twice.
        Assert.True(await _test.Ledger.AskAsync(db => LedgerQueries.WasRejected(db, codes[1].Code)));
        Assert.False(await _test.Ledger.AskAsync(db => LedgerQueries.WasRejected(db, codes[0].Code)));
        Assert.Null(await new LedgerPatrol(_test.Ledger, _test.Folder, TimeProvider.System, NullLogger.Instance).CheckAsync(CancellationToken.None));

        LineFold before = _test.Committed[^1].Fold;
        _test.Reopen();
        Assert.Equal(before, _test.Ledger.FoldAtOpen);
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        _test.Append(Print(codes[0]));
        await _test.UntilAsync(() => _test.Fatal.Count > 0);
        _test.Close();
        LedgerVerification verification = LedgerVerification.Of(_test.Folder);
        Assert.Empty(verification.Findings);
        Assert.Equal(all.Count + 1, verification.Entries);
        _test.ByHand($"UPDATE code SET rejected = 0 WHERE id = {codes[1].Id}");
        Assert.Contains($"code row {codes[1].Id}", Assert.Single(LedgerVerification.Verify(_test.Folder).SkipLast(1)), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Nothing_but_sealed_entries_can_leave()
    {
        await SealTwoMonthsAsync();
        long through = (await _test.Ledger.AskAsync(Segment.All))[^1].LastSeq;
        _test.Close();
        Assert.Throws<SqliteException>(() => _test.ByHand($"DELETE FROM journal WHERE seq = {through + 1}"));
        Assert.Throws<SqliteException>(() => _test.ByHand("DELETE FROM journal"));
        Assert.Throws<SqliteException>(() => _test.ByHand("DELETE FROM segment"));
        Assert.Throws<SqliteException>(() => _test.ByHand("UPDATE segment SET last_seq = 99999"));
        Assert.Empty(LedgerVerification.Verify(_test.Folder));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_segment_that_is_damaged_or_gone_keeps_its_entries_in_the_ledger_and_is_a_finding()
    {
        await SealTwoMonthsAsync();
        _test.Time.WallMs += 91 * Day;
        string path = (await _test.Ledger.AskAsync(Segment.All))[0].PathIn(_test.Folder);
        byte[] whole = await File.ReadAllBytesAsync(path);
        byte[] changed = [.. whole];
        changed[whole.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, changed);
        await Assert.ThrowsAsync<LedgerException>(() => Sealer(keepEntries: 5).GiveAwayAsync(CancellationToken.None));
        Assert.Equal(1, await _test.Ledger.AskAsync(LedgerQueries.FirstKept));
        await File.WriteAllBytesAsync(path, whole);
        await Sealer(keepEntries: 5).GiveAwayAsync(CancellationToken.None);
        File.Delete(path);
        LedgerException missing = await Assert.ThrowsAsync<LedgerException>(() => _test.Ledger.LeavesAsync(0, 10));
        Assert.Contains(path, missing.Message, StringComparison.Ordinal);
        _test.Close();
        Assert.Contains(LedgerVerification.Of(_test.Folder).Findings, f => f.Place == path && f.What.StartsWith("is missing", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(path, changed);
        Assert.Contains(LedgerVerification.Of(_test.Folder).Findings, f => f.Place == path);
        await File.WriteAllBytesAsync(path, whole);
        Assert.Empty(LedgerVerification.Verify(_test.Folder));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_kill_while_it_is_sealed_or_given_away_does_no_harm()
    {
        await _test.FillAsync();
        await NextMonthAsync();
        await AcceptAsync(23);
        Directory.CreateDirectory(Path.Combine(_test.Folder, Segment.Folder));
        foreach (string left in (string[])["2026-09-000000000001.eljs", "2026-09-000000000001.eljs.unfinished"])
        {
            await File.WriteAllTextAsync(Path.Combine(_test.Folder, Segment.Folder, left), "left by a kill");
        }

        Assert.True(await Sealer().SealNextAsync(CancellationToken.None));
        // Half of it is gone when the kill comes.
        await _test.Ledger.AskAsync(db => Segment.GiveAway(db, 1, 11));
        _test.Reopen();
        Assert.Equal(12, await _test.Ledger.AskAsync(LedgerQueries.FirstKept));
        _test.Time.WallMs += 91 * Day;
        await Sealer(keepEntries: 1).GiveAwayAsync(CancellationToken.None);
        Assert.Equal(23, await _test.Ledger.AskAsync(LedgerQueries.FirstKept));
        _test.Reopen();
        _test.Close();
        Assert.Empty(LedgerVerification.Verify(_test.Folder));
    }

    private JournalSealer Sealer(long keepEntries = 100_000) =>
        new(_test.Ledger, _test.Folder, 90, _test.Time, NullLogger.Instance) { KeepEntries = keepEntries };

    private Task<int> AcceptAsync(long through) => _test.Ledger.AskAsync(db => LedgerQueries.SetCursor(db, JournalUploader.CursorName, through));

    private async Task NextMonthAsync()
    {
        _test.Time.WallMs += 31 * Day;
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
    }

    private async Task<IReadOnlyList<CodeRef>> SealTwoMonthsAsync()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        await NextMonthAsync();
        foreach (CodeRef code in await _test.LeaseAsync("lease-2", 15))
        {
            await _test.WriteAsync(Print(code), Move(code, CodeState.Printing, JournalKind.Verified));
        }

        await NextMonthAsync();
        await _test.WriteAsync([.. Enumerable.Range(0, 9).Select(_ => Entry(JournalKind.ItemRejected, "other-symbol"))]);
        await AcceptAsync(_test.Committed[^1].Fold.AsOfSeq);
        Assert.True(await Sealer().SealNextAsync(CancellationToken.None));
        Assert.True(await Sealer().SealNextAsync(CancellationToken.None));
        Assert.False(await Sealer().SealNextAsync(CancellationToken.None));
        return codes;
    }
}
