using System.Text.Json.Nodes;
using EdgeLine.Contracts;

namespace EdgeLine.Tests.Platform;

public sealed class JournalTests : IAsyncLifetime
{
    private PlatformUnderTest _platform = null!;
    private LineUnderTest _line = null!;

    public async Task InitializeAsync()
    {
        _platform = await PlatformUnderTest.StartAsync();
        _line = new LineUnderTest(_platform, "line-1");
    }

    public async Task DisposeAsync() => await _platform.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task Every_way_of_a_code_ends_in_the_account()
    {
        await _line.Lease(100);
        List<string> c = _line.Codes;
        _line.Note(JournalKind.Leased, "");
        foreach (string code in c.Take(9))
        {
            _line.Print(code);
        }

        _line.Note(JournalKind.Verified, c[0]);
        _line.Note(JournalKind.Rejected, c[1], "no-read").Note(JournalKind.Verified, c[1]);
        _line.Note(JournalKind.InDoubt, c[2]).Note(JournalKind.Verified, c[2]);
        _line.Note(JournalKind.InDoubt, c[3]).Note(JournalKind.Void, c[3], "line-clearance");
        _line.Note(JournalKind.Verified, c[4]).Note(JournalKind.Rejected, c[4], "late");
        _line.Note(JournalKind.Verified, c[5]).Note(JournalKind.Sampled, c[5]);
        _line.Note(JournalKind.Verified, c[6]).Note(JournalKind.Void, c[6], "operator");
        _line.Note(JournalKind.InDoubt, c[7]);
        JournalReceipt receipt = (await _line.Send()).Ok().As<JournalReceipt>();
        Assert.Equal(_line.Journal.Seq, receipt.AcceptedThrough);
        Assert.Empty(receipt.Refused);
        Assert.Equal(new BatchStatus(_platform.Work["line-1"].BatchId, "approved"), Assert.Single(receipt.Batches));
        Reconciliation account = await _line.Account();
        Assert.Equal(new Reconciliation(120, 111, 1, 1, 1, 3, 1, 2, 0, 0, 0, 6000), account);
        _line.Journal.Add(JournalKind.Returned, lease: _line.LeaseId, count: 111);
        receipt = (await _line.Send()).Ok().As<JournalReceipt>();
        Assert.Empty(receipt.Refused);
        Assert.Empty(receipt.Batches);
        Assert.Equal(account with { Open = 0, Returned = 111 }, await _line.Account());
        AssertTalliesEqualCodes();
    }

    [Fact(Timeout = 30_000)]
    public async Task The_head_tells_where_the_platform_stands()
    {
        Assert.Equal(new LedgerHead(null, 1, 0, ""), await Head());
        (await _line.Send()).Ok();
        Assert.Equal(
            new LedgerHead(_line.Journal.LedgerId, 1, 1, Convert.ToHexStringLower(JournalLeaf.HashOf(_line.Journal.Leaves[^1]))), await Head());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_gap_is_refused_with_the_expected_number_and_changes_nothing()
    {
        (await _line.Send()).Ok();
        _line.Journal.Add(JournalKind.Restarted);
        _line.Journal.Add(JournalKind.Restarted);
        _line.Journal.Add(JournalKind.Restarted);
        JsonNode problem = (await _platform.Upload("line-1", "line-1", _line.Journal.Leaves[2..])).Problem(409, ProblemTypes.JournalGap);
        Assert.Equal(2, (int)problem["expectedSeq"]!);
        Assert.Equal(1, (await Head()).AcceptedThrough);
        (await _line.Send()).Ok();
        Assert.Equal(4, (await Head()).AcceptedThrough);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_line_that_the_platform_never_heard_of_is_asked_for_its_first_entry()
    {
        _line.Journal.Add(JournalKind.Restarted);
        JsonNode problem = (await _platform.Upload("line-1", "line-1", _line.Journal.Leaves[1..])).Problem(409, ProblemTypes.JournalGap);
        Assert.Equal(1, (int)problem["expectedSeq"]!);
        Assert.Null((await Head()).LedgerId);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_same_bytes_again_are_taken_silently_with_the_same_refusals()
    {
        await _line.Lease(10);
        _line.Print(_line.Codes[0]).Note(JournalKind.Verified, _line.Codes[0]).Note(JournalKind.Verified, _line.Codes[0]);
        JournalReceipt first = (await _line.Send()).Ok().As<JournalReceipt>();
        Reconciliation account = await _line.Account();
        _line.Journal.Add(JournalKind.Restarted);
        // All again, with one entry more at the end: the answer to an upload whose answer was lost.
        JournalReceipt again = (await _platform.Upload("line-1", "line-1", _line.Journal.Leaves)).Ok().As<JournalReceipt>();
        Assert.Equal(first.Refused, again.Refused);
        Assert.Equal(first.AcceptedThrough + 1, again.AcceptedThrough);
        again = (await _platform.Upload("line-1", "line-1", _line.Journal.Leaves[..2])).Ok().As<JournalReceipt>();
        Assert.Equal(first.AcceptedThrough + 1, again.AcceptedThrough);
        Assert.Equal(account, await _line.Account());
    }

    [Fact(Timeout = 30_000)]
    public async Task Other_content_under_a_known_number_is_a_fork_and_locks_the_line()
    {
        await _line.Lease(10);
        _line.Print(_line.Codes[0]);
        (await _line.Send()).Ok();
        var twin = new JournalOfLine("line-1", () => _platform.Clock.NowUnixMs) { LedgerId = _line.Journal.LedgerId };
        twin.Add(JournalKind.LedgerOpened);
        twin.Add(JournalKind.Print, _line.Codes[1], _line.LeaseId);
        JsonNode problem = (await _platform.Upload("line-1", "line-1", twin.Leaves)).Problem(409, ProblemTypes.JournalFork);
        Assert.Equal(2, (int)problem["seq"]!);
        (await _line.Ask(1)).Problem(409, ProblemTypes.JournalFork);
        await _platform.RestartAsync();
        (await _line.Ask(1)).Problem(409, ProblemTypes.JournalFork);
        // The history that the platform knows may still be completed: nothing of it is lost.
        _line.Note(JournalKind.Verified, _line.Codes[0]);
        (await _line.Send()).Ok();
        Assert.Equal(1, (await _line.Account()).Active);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_entry_that_continues_another_past_is_a_fork()
    {
        _line.Journal.Add(JournalKind.Restarted);
        (await _line.Send()).Ok();
        var twin = new JournalOfLine("line-1", () => _platform.Clock.NowUnixMs + 5) { LedgerId = _line.Journal.LedgerId };
        twin.Add(JournalKind.LedgerOpened);
        twin.Add(JournalKind.Restarted);
        twin.Add(JournalKind.Restarted);
        JsonNode problem = (await _platform.Upload("line-1", "line-1", twin.Leaves[2..])).Problem(409, ProblemTypes.JournalFork);
        Assert.Equal(3, (int)problem["seq"]!);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_fresh_ledger_another_epoch_and_a_borrowed_ledger_are_not_current()
    {
        (await _line.Send()).Ok();
        var fresh = JournalOfLine.Opened("line-1", () => _platform.Clock.NowUnixMs);
        (await _platform.Upload("line-1", "line-1", fresh.Leaves)).Problem(409, ProblemTypes.LedgerNotCurrent);
        (await _platform.Upload("line-2", "line-2", _line.Journal.Leaves)).Problem(409, ProblemTypes.LedgerNotCurrent);
        var later = new JournalOfLine("line-2", () => 0) { Epoch = 2 };
        later.Add(JournalKind.LedgerOpened);
        (await _platform.Upload("line-2", "line-2", later.Leaves)).Problem(409, ProblemTypes.LedgerNotCurrent);
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_entry_is_refused_by_itself_for_its_own_reason()
    {
        var other = new LineUnderTest(_platform, "line-2");
        await other.Lease(10);
        other.Print(other.Codes[1]).Note(JournalKind.Verified, other.Codes[1]);
        (await other.Send()).Ok();
        await _line.Lease(10);
        string mine = _line.Codes[0];
        _line.Print(mine).Note(JournalKind.Verified, mine); // 2, 3
        _line.Note(JournalKind.Verified, mine); // 4: again
        _line.Note(JournalKind.Verified, CertificateCode.Draw().Value); // 5: never issued
        _line.Note(JournalKind.Verified, "<script>"); // 6: no code at all
        _line.Note(JournalKind.Print, other.Codes[0]); // 7: of another line
        _line.Note(JournalKind.Verified, other.Codes[1]); // 8: active on another line
        _line.Note(JournalKind.Verified, _line.Codes[2]); // 9: never printed
        _line.Note(JournalKind.Verified, CertificateCode.Draw('T').Value); // 10: a test label
        _line.Note(JournalKind.Print, CertificateCode.Draw('T').Value); // 11: fine
        _line.Print(_line.Codes[3]).Note(JournalKind.Void, _line.Codes[3]).Note(JournalKind.Verified, _line.Codes[3]); // 12, 13, 14: withdrawn
        _line.Note(JournalKind.Intruder, CertificateCode.Draw().Value); // 15: fine
        JournalReceipt receipt = (await _line.Send()).Ok().As<JournalReceipt>();
        Assert.Equal(15, receipt.AcceptedThrough);
        Assert.Equal(
            ["4 already-active", "5 code-unknown", "6 code-unknown", "7 code-not-in-lease", "8 already-active", "9 code-not-in-lease",
                "10 code-unknown", "14 code-not-in-lease"],
            receipt.Refused.Select(r => $"{r.Seq} {r.Type}"));
        Reconciliation account = await _line.Account();
        Assert.Equal((1, 1, 7), (account.Active, account.Void, account.Refused));
        AssertTalliesEqualCodes();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_code_of_another_line_stays_untouched_whatever_lease_the_entry_names()
    {
        var other = new LineUnderTest(_platform, "line-2");
        await other.Lease(10);
        other.Print(other.Codes[0]).Print(other.Codes[1]);
        (await other.Send()).Ok();
        await _line.Lease(10);
        _line.Journal.Add(JournalKind.Verified, other.Codes[0], other.LeaseId);
        _line.Journal.Add(JournalKind.Void, other.Codes[1], "");
        _line.Journal.Add(JournalKind.Returned, lease: other.LeaseId, count: 28);
        JournalReceipt receipt = (await _line.Send()).Ok().As<JournalReceipt>();
        Assert.Equal(["2 code-not-in-lease", "3 code-not-in-lease", "4 code-not-in-lease"], receipt.Refused.Select(r => $"{r.Seq} {r.Type}"));
        Reconciliation account = await other.Account();
        Assert.Equal((2, 28, 0, 0), (account.Printing, account.Open, account.Active, account.Void));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_printed_in_time_is_confirmed_weeks_later()
    {
        await _line.Lease(10);
        _line.Print(_line.Codes[0]);
        _platform.Clock.Advance(TimeSpan.FromDays(30));
        _line.Note(JournalKind.Verified, _line.Codes[0]);
        Assert.Empty((await _line.Send()).Ok().As<JournalReceipt>().Refused);
        Assert.Equal(1, (await _line.Account()).Active);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_printed_after_the_lease_is_never_confirmed()
    {
        LeaseGrant grant = await _line.Lease(10);
        _line.Journal.Add(JournalKind.Print, _line.Codes[0], _line.LeaseId, at: grant.ExpiresAtUnixMs - 1);
        _line.Journal.Add(JournalKind.Print, _line.Codes[1], _line.LeaseId, at: grant.ExpiresAtUnixMs);
        _line.Note(JournalKind.Verified, _line.Codes[0]).Note(JournalKind.Verified, _line.Codes[1]);
        JournalReceipt receipt = (await _line.Send()).Ok().As<JournalReceipt>();
        Assert.Equal(["3 code-not-in-lease", "5 code-not-in-lease"], receipt.Refused.Select(r => $"{r.Seq} {r.Type}"));
        Assert.Equal((1, 1), ((await _line.Account()).Active, (await _line.Account()).Printing));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_line_that_cannot_count_does_not_get_past_the_approved_quantity()
    {
        await _line.Lease(5);
        foreach (string code in _line.Codes.Take(7))
        {
            _line.Print(code).Note(JournalKind.Verified, code);
        }

        JournalReceipt receipt = (await _line.Send()).Ok().As<JournalReceipt>();
        Assert.Equal(2, receipt.Refused.Count);
        Assert.Equal(5, (await _line.Account()).Active);
    }

    [Fact(Timeout = 30_000)]
    public async Task Codes_that_came_back_are_dead_and_a_wrong_count_is_told()
    {
        await _line.Lease(10);
        _line.Print(_line.Codes[0]);
        _line.Journal.Add(JournalKind.Expired, lease: _line.LeaseId, count: 28);
        _line.Note(JournalKind.Print, _line.Codes[1]).Note(JournalKind.Verified, _line.Codes[0]);
        JournalReceipt receipt = (await _line.Send()).Ok().As<JournalReceipt>();
        Assert.Equal([3L, 4L], receipt.Refused.Select(r => r.Seq));
        Assert.Contains("28 codes", receipt.Refused[0].Detail, StringComparison.Ordinal);
        Reconciliation account = await _line.Account();
        Assert.Equal((29, 1, 0), (account.Expired, account.Active, account.Open));
        AssertTalliesEqualCodes();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_suspension_rides_in_the_answer_and_does_not_refuse_what_was_made_before()
    {
        await _line.Lease(10);
        _line.Print(_line.Codes[0]).Note(JournalKind.Verified, _line.Codes[0]);
        (await _platform.Post("regulator", $"/api/v1/batches/{_platform.Work["line-1"].BatchId}/suspend", new { why = "召回" })).Ok();
        JournalReceipt receipt = (await _line.Send()).Ok().As<JournalReceipt>();
        Assert.Empty(receipt.Refused);
        Assert.Equal("suspended", Assert.Single(receipt.Batches).State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_batch_closes_only_when_every_code_has_come_to_its_end()
    {
        string batch = _platform.Work["line-1"].BatchId;
        await _line.Lease(2);
        _line.Print(_line.Codes[0]).Note(JournalKind.Verified, _line.Codes[0]);
        _line.Print(_line.Codes[1]).Note(JournalKind.Rejected, _line.Codes[1], "no-read");
        _line.Note(JournalKind.Verified, _line.Codes[0]);
        _line.Journal.Add(JournalKind.Returned, lease: _line.LeaseId, count: 20);
        (await _line.Send()).Ok();
        JsonNode problem = (await Close(batch)).Problem(409, ProblemTypes.ReconciliationOpen);
        Assert.Equal(1, (int)problem["outstanding"]!);
        Assert.Equal(_line.Codes[1], (string?)problem["examples"]![0]);
        _line.Note(JournalKind.Void, _line.Codes[1], "label-destroyed");
        (await _line.Send()).Ok();
        Assert.Equal(1, (int)(await Close(batch)).Problem(409, ProblemTypes.ReconciliationOpen)["refused"]!);
        Assert.Equal("closed", (string?)(await Close(batch, "第二张标签已找到并销毁")).Ok().Json["state"]);
        (await _line.Ask(1)).Problem(409, ProblemTypes.BatchNotApproved);
        Assert.Empty((await _platform.Get("line-1", "/api/v1/lines/line-1/work")).Ok().As<LineWork>().Orders);
        Assert.Equal(1, (await _platform.Get("regulator", $"/api/v1/batches/{batch}/reconciliation")).Ok().As<Reconciliation>().Active);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_real_batch_goes_through_and_every_byte_is_kept()
    {
        await _line.Lease(6000);
        foreach (string code in _line.Codes.Take(6000))
        {
            _line.Print(code).Note(JournalKind.Verified, code);
        }

        _line.Journal.Add(JournalKind.Returned, lease: _line.LeaseId, count: 180);
        for (int at = 0; at < _line.Journal.Leaves.Count; at += JournalUpload.MaxEntries)
        {
            byte[][] chunk = [.. _line.Journal.Leaves.Skip(at).Take(JournalUpload.MaxEntries)];
            JournalReceipt receipt = (await _platform.Upload("line-1", "line-1", chunk)).Ok().As<JournalReceipt>();
            Assert.Equal(at + chunk.Length, receipt.AcceptedThrough);
            Assert.Empty(receipt.Refused);
        }

        Assert.Equal(new Reconciliation(6180, 0, 0, 0, 0, 6000, 0, 0, 180, 0, 0, 6000), await _line.Account());
        List<byte[]> stored = _platform.Database.Read(s => s.All("SELECT leaf FROM journal ORDER BY seq", r => (byte[])r.GetValue(0)));
        Assert.Equal(_line.Journal.Leaves, stored);
        AssertTalliesEqualCodes();
        Assert.Empty((await _platform.Get("line-1", "/api/v1/lines/line-1/work")).Ok().As<LineWork>().Orders);
    }

    private async Task<LedgerHead> Head() => (await _platform.Get("line-1", "/api/v1/lines/line-1/journal")).Ok().As<LedgerHead>();

    private Task<Reply> Close(string batch, string? settled = null) =>
        _platform.Post("qa", $"/api/v1/batches/{batch}/close", new { refusedSettled = settled });

    private void AssertTalliesEqualCodes() => Assert.Equal(
        _platform.Database.Read(s => s.All("SELECT lease, state, count(*) FROM code GROUP BY lease, state ORDER BY lease, state", Row)),
        _platform.Database.Read(s => s.All("SELECT lease, state, codes FROM tally WHERE codes > 0 ORDER BY lease, state", Row)));

    private static (long, long, long) Row(Microsoft.Data.Sqlite.SqliteDataReader r) => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2));
}
