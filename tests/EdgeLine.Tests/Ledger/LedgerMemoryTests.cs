using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Line;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>What people at a line must not be asked again after a restart, and what is asked of the file about one code.</summary>
public sealed class LedgerMemoryTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    private static LineEntry Started(int target = 9) =>
        Entry(JournalKind.RunStarted, count: target) with { Who = "Li", Detail = RunDetail.Of(Some.Order(target)) };

    [Fact(Timeout = Timeout)]
    public async Task A_label_at_rework_is_told_from_a_second_one_by_the_file()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        Assert.False(await _test.Ledger.AskAsync(db => LedgerQueries.WasRejected(db, codes[0].Code)));
        Assert.True(await _test.Ledger.AskAsync(db => LedgerQueries.WasRejected(db, codes[1].Code)));
        Assert.False(await _test.Ledger.AskAsync(db => LedgerQueries.WasRejected(db, Some.ForeignCode())));
    }

    [Fact(Timeout = Timeout)]
    public async Task Codes_since_the_last_good_check_are_listed_by_name()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync();
        await _test.WriteAsync(Started());
        await _test.WriteAsync([.. codes.Take(5).Select(Print)]);
        await _test.WriteAsync(Move(codes[0], CodeState.Printing, JournalKind.Verified));
        await _test.WriteAsync(Entry(JournalKind.ScannerCheck, "failed"));
        await _test.WriteAsync(Entry(JournalKind.ScannerCheck, "passed"));
        await _test.WriteAsync(Move(codes[1], CodeState.Printing, JournalKind.Verified));
        await _test.WriteAsync(Move(codes[2], CodeState.Printing, JournalKind.Rejected, "no-read"), Move(codes[2], CodeState.Rejected, JournalKind.Verified, "rework"));
        await _test.WriteAsync(Move(codes[3], CodeState.Printing, JournalKind.Verified));
        CommittedEntries failed = await _test.WriteAsync(Entry(JournalKind.ScannerCheck, "failed", 2));
        await _test.WriteAsync(Move(codes[4], CodeState.Printing, JournalKind.Verified));

        IReadOnlyList<JournalEntry> suspects = await _test.Ledger.AskAsync(db => LedgerQueries.Suspects(db, failed.Fold.AsOfSeq));
        Assert.Equal([codes[1].Code.Value, codes[3].Code.Value], suspects.Select(e => e.Code));
        Assert.Equal((2, true), (failed.Fold.Checks.VerifiedSince, failed.Fold.Checks.Failed));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_restart_remembers_the_items_that_were_verified_last_and_that_nothing_became_of_since()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync();
        await _test.WriteAsync(Started());
        await _test.WriteAsync([.. codes.Take(4).Select(Print)]);
        await _test.WriteAsync([.. codes.Take(4).Select((c, i) => Move(c, CodeState.Printing, JournalKind.Verified) with { Item = 41 + i })]);
        await _test.WriteAsync(Move(codes[1], CodeState.Verified, JournalKind.Rejected, "gate-rejected"));
        await _test.WriteAsync(Move(codes[2], CodeState.Verified, JournalKind.Rejected, "gate-rejected"));
        await _test.WriteAsync(Move(codes[2], CodeState.Rejected, JournalKind.Verified, "rework"));
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read") with { Item = 45 });
        _test.Reopen();
        LineMemory memory = _test.Ledger.Memory;
        Assert.Equal(45, memory.LastItem);
        Assert.Equal([(41, codes[0]), (44, codes[3])], memory.LastPassed);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_restart_remembers_check_rolls_first_article_and_clearance()
    {
        await _test.LeaseAsync();
        await _test.WriteAsync(Entry(JournalKind.ScannerCheck, "passed"));
        await _test.WriteAsync(Started());
        await _test.WriteAsync(Entry(JournalKind.MediaChanged, "ribbon") with { Detail = "R-7" });
        await _test.WriteAsync(Entry(JournalKind.FirstArticle, "approved"));
        _test.Reopen();
        LineMemory memory = _test.Ledger.Memory;
        Assert.Equal(("R-7", "approved", true, false), (memory.Media.RibbonLot, memory.FirstArticle, memory.Checks.SinceRun, memory.Cleared));
        Assert.Equal(Some.WallMs, memory.Checks.GoodMs);
        await _test.WriteAsync(Entry(JournalKind.RunEnded, "ended"));
        await _test.WriteAsync(Entry(JournalKind.Cleared, "changeover"));
        _test.Reopen();
        memory = _test.Ledger.Memory;
        Assert.Equal((true, false, "run-1"), (memory.Cleared, memory.Checks.SinceRun, memory.LastRun!.RunId));
        Assert.Null(memory.Run);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_sample_keeps_its_place_in_the_lease_and_a_withdrawn_code_gives_it_back()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync();
        await _test.WriteAsync(Started());
        await _test.WriteAsync([.. codes.Take(4).Select(Print)]);
        await _test.WriteAsync([.. codes.Take(4).Select(c => Move(c, CodeState.Printing, JournalKind.Verified))]);
        await _test.WriteAsync(Move(codes[0], CodeState.Verified, JournalKind.Sampled) with { Count = 1 });
        CommittedEntries last = await _test.WriteAsync(
            Move(codes[1], CodeState.Verified, JournalKind.Sampled),
            Move(codes[2], CodeState.Verified, JournalKind.Void, "recalled") with { Count = 1 });
        Assert.Equal((2, 1), (last.Fold.VerifiedInRun, last.Fold.Replaceable));
        _test.Reopen();
        Assert.Equal(10 - 3, _test.Ledger.Memory.Leases.Single().MayVerifyLeft);
        Assert.Equal(3, await _test.Ledger.AskAsync(db => LedgerQueries.VerifiedOf(db, "order-1")));
        _test.Close();
        Assert.Empty(LedgerVerification.Verify(_test.Folder));
    }

    [Fact(Timeout = Timeout)]
    public async Task Leases_of_the_last_order_are_known_after_their_end()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync();
        await _test.LeaseAsync("lease-2", order: "order-2");
        await _test.WriteAsync(Started());
        await _test.WriteAsync(Print(codes[0]));
        await _test.WriteAsync(Move(codes[0], CodeState.Printing, JournalKind.Verified));
        await _test.WriteAsync(Entry(JournalKind.Returned, "run-ended") with { LeaseId = "lease-1" }, Entry(JournalKind.RunEnded, "ended"));
        _test.Reopen();
        LineMemory memory = _test.Ledger.Memory;
        Assert.Equal(("lease-1", 9), (memory.ClosedLeases.Single().LeaseId, memory.ClosedLeases.Single().MayVerifyLeft));
        Assert.Equal("lease-2", memory.Leases.Single().LeaseId);
    }

    [Fact(Timeout = Timeout)]
    public async Task Second_labels_and_labels_taken_to_the_table_are_counted_alike_by_ledger_and_verification()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        await _test.WriteAsync(Entry(JournalKind.Intruder, "second-label") with { Code = codes[0] });
        await _test.WriteAsync(Move(codes[5], CodeState.Printing, JournalKind.Rejected, "rework"), Move(codes[5], CodeState.Rejected, JournalKind.Verified, "rework"));
        await _test.WriteAsync(Entry(JournalKind.FirstArticle, "printed") with { Code = new CodeRef(0, Some.Code(3, CertificateCode.TestPool)) });
        _test.Close();
        Assert.Empty(LedgerVerification.Verify(_test.Folder));
    }
}
