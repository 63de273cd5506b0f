using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Ledger;

/// <summary>Whatever is changed in a ledger file by hand is found, and the finding names the place.</summary>
public sealed class LedgerVerificationTests : IDisposable
{
    private const int Timeout = 60_000;
    private const string Unguard = "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete; DROP INDEX journal_one_print;";
    private const string Guard =
        "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, ''); END;"
        + "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, ''); END;"
        + "CREATE INDEX journal_one_print ON journal (code_id) WHERE kind = 4;";

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task A_sound_ledger_has_no_findings()
    {
        await _test.FillAsync();
        await _test.WriteAsync(LedgerUnderTest.Entry(JournalKind.Expired, "lease-expired") with { LeaseId = "lease-1" });
        _test.Close();
        LedgerVerification verification = LedgerVerification.Of(_test.Folder);
        Assert.Equal([$"{_test.Folder}: {verification.Entries} entries, sound"], verification.Report());
        Assert.True(verification.Entries > 20);
    }

    [Fact]
    public void An_empty_ledger_is_sound()
    {
        _test.Close();
        Assert.Empty(LedgerVerification.Of(_test.Folder).Findings);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_ledger_in_use_is_not_touched()
    {
        await _test.FillAsync();
        Assert.Contains("in use", LedgerVerification.Of(_test.Folder).Findings.Single().What, StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("a state was changed", "UPDATE code SET state = 'verified' WHERE id = 6", "code row 6")]
    [InlineData("a code was made available again", "UPDATE code SET state = 'available' WHERE id = 5", "code row 5")]
    [InlineData("a code was added", "INSERT INTO code (id, value, lease) VALUES (13, 'H000000000000000', 1)", "lease lease-1")]
    [InlineData("a code was taken away", "DELETE FROM code WHERE id = 12", "lease lease-1")]
    [InlineData("a rejection was made up", "UPDATE code SET rejected = 1 WHERE id = 1", "code row 1")]
    [InlineData("a code was exchanged", "UPDATE code SET value = 'H000000000000000' WHERE id = 1", "code row 1")]
    [InlineData("a lease was closed", "UPDATE lease SET ended = 1", "lease lease-1")]
    [InlineData("the last entry was deleted", "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", "fold AsOfSeq")]
    [InlineData("an entry was deleted", "DELETE FROM journal WHERE seq = 7", "entry 8")]
    [InlineData("the first entry was deleted", "DELETE FROM journal WHERE seq = 1", "entry 2")]
    [InlineData("two entries changed places", "UPDATE journal SET seq = -1 WHERE seq = 4; UPDATE journal SET seq = 4 WHERE seq = 5; UPDATE journal SET seq = 5 WHERE seq = -1", "entry 4")]
    [InlineData("an entry was filed as another kind", "UPDATE journal SET kind = 6 WHERE kind = 5", "entry 12")]
    [InlineData("an entry was filed under another code", "UPDATE journal SET code_id = 2 WHERE seq = 4", "entry 4")]
    [InlineData("an entry was repeated", "INSERT INTO journal SELECT (SELECT max(seq) + 1 FROM journal), kind, code_id, leaf FROM journal WHERE seq = 4", "entry 23")]
    [InlineData("a leaf lost its end", "UPDATE journal SET leaf = substr(leaf, 1, length(leaf) - 1) WHERE seq = 9", "entry 9")]
    [InlineData("a leaf got longer", "UPDATE journal SET leaf = CAST(leaf || x'00' AS BLOB) WHERE seq = 9", "entry 9")]
    [InlineData("a count was changed", "UPDATE fold SET value = CAST(replace(CAST(value AS TEXT), '\"Printed\":8', '\"Printed\":7') AS BLOB)", "fold Totals.Printed")]
    [InlineData("the counts were lost", "UPDATE fold SET value = x'00'", "fold")]
    [InlineData("another identity", "UPDATE meta SET value = '00000000-0000-0000-0000-000000000001' WHERE key = 'ledger_id'", "entry 1")]
    [InlineData("another epoch", "UPDATE meta SET value = '2' WHERE key = 'epoch'", "entry 1")]
    public async Task It_finds_that(string what, string sql, string place)
    {
        await _test.FillAsync();
        _test.Close();
        _test.ByHand($"PRAGMA foreign_keys=OFF; {Unguard} {sql}; {Guard}");
        LedgerVerification found = LedgerVerification.Of(_test.Folder);
        Assert.True(found.Findings.Any(f => f.Place == place || f.Place.StartsWith(place + " (", StringComparison.Ordinal)), $"{what}: {string.Join(" | ", found.Report())}");
    }

    [Fact(Timeout = Timeout)]
    public async Task It_finds_every_single_changed_byte_of_every_leaf()
    {
        await _test.FillAsync();
        _test.Close();
        int entries = int.Parse(_test.ByHand("SELECT count(*) FROM journal")!, System.Globalization.CultureInfo.InvariantCulture);
        byte[] sound = await File.ReadAllBytesAsync(_test.File);
        for (int seq = 1; seq <= entries; seq++)
        {
            byte[] leaf = Convert.FromHexString(_test.ByHand($"SELECT hex(leaf) FROM journal WHERE seq = {seq}")!);
            // Every byte of three entries, some bytes of the others.
            for (int at = seq % 7; at < leaf.Length; at += seq is 1 or 5 or 22 ? 1 : 29)
            {
                int place = sound.AsSpan().IndexOf(leaf);
                byte[] changed = [.. sound];
                changed[place + at] ^= 0x04;
                await File.WriteAllBytesAsync(_test.File, changed);
                Assert.False(LedgerVerification.Of(_test.Folder).IsSound, $"Byte {at} of entry {seq}.");
            }
        }
    }

    [Theory(Timeout = Timeout)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.999)]
    public async Task It_finds_that_the_file_was_cut_off(double part)
    {
        await _test.FillAsync();
        _test.Close();
        using (FileStream file = File.Open(_test.File, FileMode.Open))
        {
            file.SetLength((long)(file.Length * part));
        }

        Assert.False(LedgerVerification.Of(_test.Folder).IsSound);
    }

    [Fact(Timeout = Timeout)]
    public async Task It_finds_that_an_older_copy_was_put_back()
    {
        await _test.LeaseAsync();
        _test.Close();
        byte[] old = await File.ReadAllBytesAsync(_test.File);
        using (LineLedger ledger = _test.Open())
        {
            ledger.Append(1, [LedgerUnderTest.Entry(JournalKind.ItemRejected, "no-read")]);
            await _test.UntilAsync(() => _test.Committed.Count == 2);
        }

        await File.WriteAllBytesAsync(_test.File, old);
        Assert.Equal(_test.Mark, LedgerVerification.Of(_test.Folder).Findings.Single().Place);
    }

    [Fact]
    public void It_finds_missing_guards_a_wrong_mark_and_a_missing_file()
    {
        _test.Close();
        _test.ByHand(Unguard);
        Assert.Equal(3, LedgerVerification.Of(_test.Folder).Findings.Count(f => f.Place == "journal"));
        File.WriteAllText(_test.Mark, "{\"LedgerId\":\"00000000-0000-0000-0000-000000000001\",\"Seq\":0,\"Hash\":\"\"}");
        Assert.Contains(LedgerVerification.Of(_test.Folder).Findings, f => f.Place == _test.Mark);
        File.Delete(_test.File);
        Assert.Contains("is missing", LedgerVerification.Of(_test.Folder).Findings.Single().What, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task What_the_line_really_writes_is_sound()
    {
        // The core's own entries through the real writer: fold and recount are two programs that must agree.
        var line = new LineUnderTestOverFile(_test);
        await line.RunAsync();
        _test.Close();
        Assert.Empty(LedgerVerification.Of(_test.Folder).Report().SkipLast(1));
    }
}
