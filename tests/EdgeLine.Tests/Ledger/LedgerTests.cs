using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Line;
using Microsoft.Data.Sqlite;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>Real files: what is acknowledged stays, what is wrong is refused, and the same past gives the same numbers.</summary>
public sealed class LedgerTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Theory(Timeout = Timeout)]
    [InlineData("locking_mode", "exclusive")]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    [InlineData("trusted_schema", "0")]
    [InlineData("cell_size_check", "1")]
    public async Task Its_connection_has_the_settings_under_which_an_acknowledged_row_survives(string pragma, string expected)
    {
        Assert.Equal(expected, await _test.Ledger.AskAsync(db => LedgerFile.Scalar(db, $"PRAGMA {pragma}")));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_second_one_over_the_same_file_is_refused_soon_and_with_the_reason()
    {
        await _test.FillAsync();
        LedgerException refused = Assert.Throws<LedgerException>(() => _test.Open());
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.Throws<SqliteException>(() => _test.ByHand("SELECT count(*) FROM journal"));
    }

    [Fact]
    public void The_folder_of_another_line_is_refused()
    {
        _test.Close();
        LedgerException refused = Assert.Throws<LedgerException>(() => _test.Open("line-2"));
        Assert.Contains("'line-1'", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Entries_are_told_in_order_and_only_with_the_numbers_after_them()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync(codes: 300);
        foreach (CodeRef code in codes)
        {
            _test.Append(Print(code));
        }

        await _test.UntilAsync(() => _test.Committed.Count == 301);
        CommittedEntries[] appended = [.. _test.Committed.Skip(1)];
        Assert.Equal(Enumerable.Range(1, 300).Select(n => (long)n), appended.Select(c => c.Ticket));
        Assert.Equal(Enumerable.Range(3, 300).Select(n => (long)n), appended.Select(c => c.Fold.AsOfSeq));
        Assert.Equal(Enumerable.Range(1, 300).Select(n => (long)n), appended.Select(c => c.Fold.Totals.Printed));
    }

    [Fact(Timeout = Timeout)]
    public async Task When_entries_are_told_they_are_in_the_file()
    {
        await _test.LeaseAsync();
        string copy = Directory.CreateDirectory(Path.Combine(_test.Folder, "copy")).FullName;
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _test.Ledger.Committed = _ =>
        {
            // What a power cut at this moment would leave.
            File.Copy(_test.File, Path.Combine(copy, "ledger.db"));
            File.Copy(_test.File + "-wal", Path.Combine(copy, "ledger.db-wal"));
            told.SetResult();
        };
        _test.Ledger.Append(1, [Entry(JournalKind.ItemRejected, "no-read")]);
        await told.Task;
        using var db = new SqliteConnection($"Data Source={Path.Combine(copy, "ledger.db")};Pooling=False");
        db.Open();
        Assert.Equal("3", LedgerFile.Scalar(db, "SELECT max(seq) FROM journal"));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_waits_while_the_disk_is_busy_goes_into_one_transaction()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync(codes: 40);
        // The counts are stored once for each transaction: this counts them.
        await _test.Ledger.AskAsync(db => LedgerFile.Scalar(
            db, "CREATE TEMP TABLE stored (n); CREATE TEMP TRIGGER count_them AFTER UPDATE ON main.fold BEGIN INSERT INTO stored VALUES (1); END"));
        using var busy = new ManualResetEventSlim();
        Task<int> holding = _test.Ledger.AskAsync(_ =>
        {
            busy.Wait(Timeout);
            return 0;
        });
        foreach (CodeRef code in codes)
        {
            _test.Append(Print(code));
        }

        busy.Set();
        await holding;
        await _test.UntilAsync(() => _test.Committed.Count == 41);
        Assert.Equal(40, _test.Committed[^1].Fold.Totals.Printed);
        // One, or two when the first of them got in before the disk was busy.
        Assert.InRange(int.Parse((await _test.Ledger.AskAsync(db => LedgerFile.Scalar(db, "SELECT count(*) FROM stored")))!, System.Globalization.CultureInfo.InvariantCulture), 1, 2);
    }

    [Fact(Timeout = Timeout)]
    public async Task Stored_counts_that_are_asked_for_belong_to_the_last_entry_of_the_same_look()
    {
        await _test.LeaseAsync();
        using var busy = new ManualResetEventSlim();
        Task<int> holding = _test.Ledger.AskAsync(_ =>
        {
            busy.Wait(Timeout);
            return 0;
        });
        // In one transaction: entries, then the question.
        _test.Append(Entry(JournalKind.ItemRejected, "no-read"));
        Task<string?> look = _test.Ledger.AskAsync(
            db => LedgerFile.Scalar(db, "SELECT (SELECT max(seq) FROM journal) || ' ' || json_extract(CAST(value AS TEXT), '$.AsOfSeq') FROM fold"), withCounts: true);
        busy.Set();
        await holding;
        Assert.Equal("3 3", await look);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_second_print_entry_is_refused_by_the_database_itself()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync();
        await _test.WriteAsync(Print(codes[0]));
        _test.Close();
        Assert.Throws<SqliteException>(() => _test.ByHand("INSERT INTO journal (seq, kind, code_id, leaf) SELECT 99, kind, code_id, leaf FROM journal WHERE kind = 4"));
        Assert.Throws<SqliteException>(() => _test.ByHand("UPDATE journal SET leaf = x'00'"));
        Assert.Throws<SqliteException>(() => _test.ByHand("DELETE FROM journal"));
        Assert.Equal("3", _test.ByHand("SELECT count(*) FROM journal"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_step_from_a_wrong_state_stops_the_ledger_and_nothing_of_its_group_is_kept()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync();
        await _test.WriteAsync(Print(codes[0]));
        using var busy = new ManualResetEventSlim();
        Task<int> holding = _test.Ledger.AskAsync(_ =>
        {
            busy.Wait(Timeout);
            return 0;
        });
        _test.Append(Move(codes[0], CodeState.Printing, JournalKind.Verified));
        _test.Append(Move(codes[1], CodeState.Printing, JournalKind.Verified));
        Task<int> after = _test.Ledger.AskAsync(_ => 1);
        busy.Set();
        await _test.UntilAsync(() => _test.Fatal.Count == 1);
        await Assert.ThrowsAnyAsync<Exception>(() => after);
        await Assert.ThrowsAnyAsync<Exception>(() => _test.Ledger.AskAsync(_ => 1));
        Assert.DoesNotContain(_test.Committed, c => c.Entries.Any(e => e.Kind == JournalKind.Verified));

        // The next process finds the last good state, and no mark that is ahead of it.
        _test.Reopen();
        Assert.Equal(3, _test.Ledger.FoldAtOpen.AsOfSeq);
        Assert.Equal(CodeState.Printing, (await _test.Ledger.AskAsync(db => LedgerQueries.Find(db, codes[0].Code)))!.State);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_lease_is_taken_whole_or_not_at_all()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync();
        LeaseManifest second = Manifest("lease-2", 3);
        ManifestRefusedException known = await Assert.ThrowsAsync<ManifestRefusedException>(() =>
            _test.Ledger.TakeLeaseAsync(second, Jws(second), [Some.ForeignCode(1), codes[4].Code, Some.ForeignCode(2)]));
        Assert.Equal("code-known", known.Key);
        Assert.Null(await _test.Ledger.AskAsync(db => LedgerQueries.Find(db, Some.ForeignCode(1))));

        LeaseManifest again = Manifest("lease-1", 1);
        ManifestRefusedException replayed = await Assert.ThrowsAsync<ManifestRefusedException>(() =>
            _test.Ledger.TakeLeaseAsync(again, Jws(again), [Some.ForeignCode(3)]));
        Assert.Equal("manifest-replayed", replayed.Key);

        Assert.Single(await _test.Ledger.AskAsync(db => LedgerQueries.OpenLeases(db, null)));
        _test.Reopen();
        Assert.Equal(10, _test.Ledger.FoldAtOpen.Account.Leased);
        Assert.Empty(_test.Fatal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Leases_hand_out_their_codes_in_order_and_count_what_they_still_allow()
    {
        IReadOnlyList<CodeRef> first = await _test.LeaseAsync("lease-1", 4);
        await _test.LeaseAsync("lease-x", 4, order: "order-2");
        IReadOnlyList<CodeRef> second = await _test.LeaseAsync("lease-2", 4);
        await _test.WriteAsync(Print(first[0]));
        await _test.WriteAsync(Move(first[0], CodeState.Printing, JournalKind.Verified));

        IReadOnlyList<SuppliedCode> next = await _test.Ledger.AskAsync(db => LedgerQueries.NextCodes(db, "order-1", first[1].Id, 4));
        Assert.Equal([first[2], first[3], second[0], second[1]], next.Select(n => n.Code));
        IReadOnlyList<LeaseTerms> terms = await _test.Ledger.AskAsync(db => LedgerQueries.OpenLeases(db, "order-1"));
        Assert.Equal([("lease-1", 3), ("lease-2", 4)], terms.Select(t => (t.LeaseId, t.MayVerifyLeft)));
        IReadOnlyList<LeaseTerms> newer = await _test.Ledger.AskAsync(db => LedgerQueries.OpenLeases(db, "order-1", first[1].Id));
        Assert.Equal([("lease-2", 4)], newer.Select(t => (t.LeaseId, t.MayVerifyLeft)));
        Assert.True(terms[1].Holds(second[3].Id) && !terms[1].Holds(second[0].Id - 1));

        await _test.WriteAsync(Entry(JournalKind.Returned) with { LeaseId = "lease-1" });
        Assert.Equal(3, _test.Committed[^1].Fold.Account.Returned);
        next = await _test.Ledger.AskAsync(db => LedgerQueries.NextCodes(db, "order-1", 0, 9));
        Assert.Equal(second, next.Select(n => n.Code));
        Assert.Equal(1, await _test.Ledger.AskAsync(db => LedgerQueries.VerifiedOf(db, "order-1")));
    }

    [Fact(Timeout = Timeout)]
    public async Task After_reopening_the_numbers_are_the_same()
    {
        await _test.FillAsync();
        LineFold before = _test.Committed[^1].Fold;
        _test.Reopen();
        Assert.Equal(before, _test.Ledger.FoldAtOpen);
        Assert.Equal((1, 1, 1, 1, 3, 4), (
            before.Account.Rejected, before.Account.InDoubt, before.Account.Void, before.Totals.Reworked, before.Account.Printing, before.Account.Available));
        Assert.Equal((2, 2, 0), (before.VerifiedInRun, before.Account.Verified, before.Account.Remainder));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_restart_remembers_the_run_its_open_codes_and_its_hold()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        await _test.WriteAsync(Entry(JournalKind.Held, "foreign", 1), Entry(JournalKind.RunEnding, "ended"));
        _test.Time.WallMs += 5000;
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        _test.Reopen();
        LineMemory memory = _test.Ledger.Memory;
        Assert.Equal(Some.Order(9), memory.Run);
        Assert.Equal([codes[5], codes[6], codes[7]], memory.Printing);
        Assert.Equal([codes[3]], memory.InDoubt);
        Assert.Equal(codes[1], memory.LastVerified);
        Assert.Equal((2, "foreign", true, "ended", true), (
            memory.VerifiedInRun, memory.HeldFor, memory.NeedsClearance, memory.EndReason, memory.HasHistory));
        Assert.Equal(Some.WallMs + 5000, memory.LastEntryMs);
        Assert.Equal(10, memory.Leases.Single().MayVerifyLeft);
    }

    [Fact(Timeout = Timeout)]
    public async Task Journal_times_do_not_run_backwards_when_the_clock_does()
    {
        await _test.LeaseAsync();
        _test.Time.WallMs -= 1_000_000;
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        Assert.Equal(Some.WallMs, _test.Committed[^1].Fold.AsOfMs);
    }

    [Fact(Timeout = Timeout)]
    public async Task Each_leaf_carries_the_hash_of_the_one_before_also_over_a_restart()
    {
        await _test.FillAsync();
        _test.Reopen();
        await _test.WriteAsync(Entry(JournalKind.Restarted));
        IReadOnlyList<byte[]> leaves = await _test.Ledger.AskAsync(db => LedgerQueries.Leaves(db, 0, 1000));
        byte[] previous = JournalEntry.Genesis;
        for (int i = 0; i < leaves.Count; i++)
        {
            JournalEntry entry = JournalLeaf.Decode(leaves[i]);
            Assert.Equal((i + 1, _test.Ledger.LedgerId), (entry.Seq, entry.LedgerId));
            Assert.Equal(previous, entry.Previous);
            previous = JournalLeaf.HashOf(leaves[i]);
        }

        Assert.Equal(JournalKind.Restarted, JournalLeaf.Decode(leaves[^1]).Kind);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_text_that_no_leaf_can_hold_stops_the_ledger_instead_of_the_process()
    {
        await _test.LeaseAsync();
        _test.Append(Entry(JournalKind.ItemRejected, new string('x', 500)));
        await _test.UntilAsync(() => _test.Fatal.Count == 1);
        Assert.IsType<FormatException>(_test.Fatal.Single());
    }

    [Fact(Timeout = Timeout)]
    public async Task Readers_have_cursors_and_refused_entries_stay_on_the_list()
    {
        await _test.FillAsync();
        await _test.Ledger.AskAsync(db => LedgerQueries.SetCursor(db, "platform", 7));
        await _test.Ledger.AskAsync(db => LedgerQueries.Quarantine(db, [new RefusedEntry(3, "code", "code-unknown", "why")]));
        await _test.Ledger.AskAsync(db => LedgerQueries.Quarantine(db, [new RefusedEntry(3, "code", "code-unknown", "why")]));
        _test.Reopen();
        Assert.Equal(7, await _test.Ledger.AskAsync(db => LedgerQueries.Cursor(db, "platform")));
        Assert.Equal(1, await _test.Ledger.AskAsync(db => LedgerQueries.Quarantined(db)));
        Assert.Equal(0, await _test.Ledger.AskAsync(db => LedgerQueries.Cursor(db, "nobody")));
    }
}
