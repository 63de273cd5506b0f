using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Line;
using Microsoft.Extensions.Logging.Abstractions;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>Damage is found when the ledger is opened or soon after, locks the line for good, and the evidence stays.</summary>
public sealed class LedgerIntegrityTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task An_end_is_in_order_only_when_the_last_process_closed_the_ledger()
    {
        await _test.FillAsync();
        await LeaveAsAfterAPowerCutAsync();
        Assert.False(_test.Ledger.EndedInOrder);
        Assert.Equal(22, _test.Ledger.FoldAtOpen.AsOfSeq);
        _test.Reopen();
        Assert.True(_test.Ledger.EndedInOrder);
        _test.Reopen();
        Assert.True(_test.Ledger.EndedInOrder);
        await LeaveAsAfterAPowerCutAsync();
        Assert.False(_test.Ledger.EndedInOrder);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("journal_rejected", "INDEX", 6)]
    [InlineData("journal_one_print", "UNIQUE INDEX", 4)]
    public async Task An_index_that_lost_its_rows_is_found_by_the_patrol_and_after_an_end_that_was_not_in_order(string name, string kind, int of)
    {
        await _test.FillAsync();
        _test.Close();
        // The quick check of a start after an orderly end does not look there.
        _test.ByHand(
            $"DROP INDEX {name}; CREATE {kind} {name} ON journal (code_id) WHERE kind = 99; PRAGMA writable_schema=ON;"
            + $"UPDATE sqlite_schema SET sql = 'CREATE {kind} {name} ON journal (code_id) WHERE kind = {of}' WHERE name = '{name}'");
        using (LineLedger ledger = _test.Open())
        {
            LedgerFinding? found = await new LedgerPatrol(ledger, _test.Folder, TimeProvider.System, NullLogger.Instance).CheckAsync(CancellationToken.None);
            Assert.Equal($"index {name}", found?.Place);
        }

        _test.ByHand("DELETE FROM meta WHERE key = 'closed'");
        LedgerException refused = Assert.Throws<LedgerException>(() => _test.Open());
        Assert.True(refused.IsDamage);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("journal_one_print")]
    [InlineData("code_open")]
    public async Task An_index_that_somebody_dropped_is_a_finding_and_not_the_end_of_the_process(string name)
    {
        await _test.FillAsync();
        _test.Close();
        _test.ByHand($"DROP INDEX {name}");
        using LineLedger ledger = _test.Open();
        LedgerFinding? found = await new LedgerPatrol(ledger, _test.Folder, TimeProvider.System, NullLogger.Instance).CheckAsync(CancellationToken.None);
        Assert.Equal($"index {name}", found?.Place);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_start_sees_counts_that_are_not_the_ones_that_were_written()
    {
        await _test.FillAsync();
        _test.Close();
        _test.ByHand("UPDATE fold SET value = CAST(replace(CAST(value AS TEXT), '\"Printed\":8', '\"Printed\":7') AS BLOB)");
        LedgerException refused = Assert.Throws<LedgerException>(() => _test.Open());
        Assert.True(refused.IsDamage);
        Assert.Contains("counts", refused.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("UPDATE code SET state = 'available' WHERE id = 1", "code row 1")]
    [InlineData("UPDATE lease SET ended = 1", "lease lease-1")]
    [InlineData("INSERT INTO code (id, value, lease) VALUES (13, 'H000000000000000', 1)", "code row 13")]
    // Without their hash, as a version before 0.3.0 wrote them.
    [InlineData(
        "UPDATE fold SET value = CAST(json_remove(replace(CAST(value AS TEXT), '\"Printed\":8', '\"Printed\":7'), '$.Sha256') AS BLOB)",
        "fold Totals.Printed")]
    public async Task What_a_start_does_not_see_the_patrol_finds_and_the_line_stays_locked(string sql, string place)
    {
        await _test.FillAsync();
        _test.Close();
        _test.ByHand(sql);
        LineLedger ledger = _test.Open();
        // A day later, by the ledger's own account of an orderly end; here at once.
        var patrol = new LedgerPatrol(ledger, _test.Folder, TimeProvider.System, NullLogger.Instance);
        LedgerFinding? found = await patrol.CheckAsync(CancellationToken.None);
        Assert.StartsWith(place, found?.Place, StringComparison.Ordinal);
        ledger.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_finding_of_the_patrol_locks_every_later_start_and_is_copied_once()
    {
        await _test.FillAsync();
        _test.Close();
        _test.ByHand("UPDATE code SET state = 'available' WHERE id = 1; DELETE FROM meta WHERE key = 'closed'");
        LedgerFinding? told = null;
        using (LineLedger ledger = _test.Open())
        {
            // After an end that was not in order it does not wait for the next day.
            await new LedgerPatrol(ledger, _test.Folder, TimeProvider.System, NullLogger.Instance).RunAsync(f => told = f, CancellationToken.None);
        }

        Assert.StartsWith("code row 1", told?.Place, StringComparison.Ordinal);
        (byte[] asItWas, byte[] log) = (await File.ReadAllBytesAsync(_test.File), await File.ReadAllBytesAsync(_test.File + "-wal"));
        Assert.NotEmpty(log);
        for (int start = 0; start < 3; start++)
        {
            LedgerException refused = Assert.Throws<LedgerException>(() => _test.Open());
            Assert.True(refused.IsDamage);
            Assert.Contains("code row 1", refused.Message, StringComparison.Ordinal);
            Assert.Contains("RECOVERY.md", refused.Message, StringComparison.Ordinal);
        }

        string copy = Assert.Single(Directory.GetDirectories(_test.Folder, "damaged-*"));
        Assert.Equal(asItWas, await File.ReadAllBytesAsync(Path.Combine(copy, "ledger.db")));
        Assert.Equal(log, await File.ReadAllBytesAsync(Path.Combine(copy, "ledger.db-wal")));
        Assert.Equal(asItWas, await File.ReadAllBytesAsync(_test.File));
        Assert.True(File.Exists(Path.Combine(copy, "high-water.json")));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_damaged_entry_among_the_last_ones_is_found_at_the_start_and_one_before_by_the_patrol()
    {
        await _test.FillAsync();
        await _test.WriteAsync([.. Enumerable.Range(0, LedgerTail.Entries + 50).Select(_ => Entry(JournalKind.ItemRejected, "no-read"))]);
        _test.Close();
        byte[] sound = await File.ReadAllBytesAsync(_test.File);
        await DamageAsync(sound, 40);
        using (LineLedger ledger = _test.Open())
        {
            LedgerFinding? found = await new LedgerPatrol(ledger, _test.Folder, TimeProvider.System, NullLogger.Instance).CheckAsync(CancellationToken.None);
            // The changed bytes are still a leaf; the next one knows better.
            Assert.Equal("entry 41", found?.Place);
        }

        await DamageAsync(sound, 1000);
        Assert.Contains("entry 1001", Assert.Throws<LedgerException>(() => _test.Open()).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_patrol_reads_a_ledger_that_goes_on_meanwhile_and_finds_nothing()
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync(codes: 5000);
        await _test.WriteAsync(Entry(JournalKind.RunStarted, count: 9000) with { Who = "Li", Detail = RunDetail.Of(Some.Order(9000)) });
        await _test.WriteAsync([.. codes.Take(3000).Select(Print)]);
        var patrol = new LedgerPatrol(_test.Ledger, _test.Folder, TimeProvider.System, NullLogger.Instance);
        Task<LedgerFinding?> reading = patrol.CheckAsync(CancellationToken.None);
        int at = 0;
        while (!reading.IsCompleted && at < 3000)
        {
            // In one group with the patrol's look, before and after it.
            _test.Append(Move(codes[at++], CodeState.Printing, JournalKind.Verified));
            await _test.WriteAsync(Move(codes[at++], CodeState.Printing, JournalKind.Rejected, "foreign"));
        }

        Assert.Null(await reading);
        Assert.StartsWith("sound", patrol.Result, StringComparison.Ordinal);
        Assert.True(at > 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_refused_file_and_its_log_are_left_as_they_were()
    {
        await _test.FillAsync();
        _test.Reopen();
        await LeaveAsAfterAPowerCutAsync(reopen: false);
        using (FileStream file = File.Open(_test.File, FileMode.Open))
        {
            file.Position = 8192;
            file.Write(new byte[4096]);
        }

        byte[][] before = [await File.ReadAllBytesAsync(_test.File), await File.ReadAllBytesAsync(_test.File + "-wal")];
        Assert.True(Assert.Throws<LedgerException>(() => _test.Open()).IsDamage);
        Assert.Equal(before[0], await File.ReadAllBytesAsync(_test.File));
        Assert.Equal(before[1], await File.ReadAllBytesAsync(_test.File + "-wal"));
        string copy = Assert.Single(Directory.GetDirectories(_test.Folder, "damaged-*"));
        Assert.Equal(before[1], await File.ReadAllBytesAsync(Path.Combine(copy, "ledger.db-wal")));
    }

    private async Task LeaveAsAfterAPowerCutAsync(bool reopen = true)
    {
        // What is on the disk while the ledger is open is what a power cut leaves.
        byte[] file = await File.ReadAllBytesAsync(_test.File);
        byte[] log = await File.ReadAllBytesAsync(_test.File + "-wal");
        _test.Close();
        await File.WriteAllBytesAsync(_test.File, file);
        await File.WriteAllBytesAsync(_test.File + "-wal", log);
        if (reopen)
        {
            _test.Reopen();
        }
    }

    private async Task DamageAsync(byte[] sound, int seq)
    {
        await File.WriteAllBytesAsync(_test.File, sound);
        byte[] leaf = Convert.FromHexString(_test.ByHand($"SELECT hex(leaf) FROM journal WHERE seq = {seq}")!);
        byte[] changed = [.. await File.ReadAllBytesAsync(_test.File)];
        changed[changed.AsSpan().IndexOf(leaf) + 100] ^= 0x10;
        await File.WriteAllBytesAsync(_test.File, changed);
    }
}
