using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>A file that cannot be the line's one and only past is refused, with a message, and kept.</summary>
public sealed class LedgerRefusalTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task An_older_copy_put_back_is_refused()
    {
        await _test.LeaseAsync();
        _test.Close();
        File.Copy(_test.File, _test.File + ".backup");
        LineLedger ledger = _test.Open();
        ledger.Append(1, [Entry(JournalKind.ItemRejected, "no-read")]);
        await _test.UntilAsync(() => _test.Committed.Count == 2);
        ledger.Dispose();
        File.Copy(_test.File + ".backup", _test.File, overwrite: true);
        Assert.Contains("once reached", Assert.Throws<LedgerException>(() => _test.Open()).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task An_older_copy_that_was_carried_on_elsewhere_is_refused()
    {
        await _test.LeaseAsync();
        _test.Close();
        string mark = await File.ReadAllTextAsync(_test.Mark);
        File.Copy(_test.File, _test.File + ".backup");
        await AppendOneAsync("no-read");
        string newMark = await File.ReadAllTextAsync(_test.Mark);
        File.Copy(_test.File + ".backup", _test.File, overwrite: true);
        await File.WriteAllTextAsync(_test.Mark, mark);
        await AppendOneAsync("other-symbol");
        await File.WriteAllTextAsync(_test.Mark, newMark);
        Assert.Contains("not the one", Assert.Throws<LedgerException>(() => _test.Open()).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_deleted_ledger_is_refused_while_its_mark_is_there()
    {
        await _test.LeaseAsync();
        _test.Close();
        File.Delete(_test.File);
        Assert.Throws<LedgerException>(() => _test.Open());
        Assert.Throws<LedgerException>(() => _test.Open());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_torn_mark_does_not_lock_the_line_out()
    {
        await _test.LeaseAsync();
        _test.Close();
        await File.WriteAllTextAsync(_test.Mark, "{\"Led");
        _test.Open().Dispose();
    }

    [Theory(Timeout = Timeout)]
    [InlineData(0, 100)]
    [InlineData(4096, 4096)]
    [InlineData(8192, 2000)]
    public async Task A_damaged_file_is_refused_with_a_message_and_kept(int at, int count)
    {
        await _test.FillAsync();
        _test.Close();
        byte[] bytes = await File.ReadAllBytesAsync(_test.File);
        bytes.AsSpan(at, count).Fill(0xA5);
        await File.WriteAllBytesAsync(_test.File, bytes);
        LedgerException refused = Assert.Throws<LedgerException>(() => _test.Open());
        Assert.Contains(_test.Folder, refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_test.File));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("UPDATE fold SET value = x'7B'")]
    [InlineData("UPDATE fold SET value = CAST('{\"AsOfSeq\":3}' AS BLOB)")]
    [InlineData("UPDATE meta SET value = 'x' WHERE key = 'ledger_id'")]
    [InlineData("PRAGMA user_version=7")]
    public async Task A_file_that_contradicts_itself_is_refused(string sql)
    {
        await _test.FillAsync();
        _test.Close();
        _test.ByHand(sql);
        Assert.Throws<LedgerException>(() => _test.Open());
    }

    private async Task AppendOneAsync(string reason)
    {
        int before = _test.Committed.Count;
        using LineLedger ledger = _test.Open();
        ledger.Append(1, [Entry(JournalKind.ItemRejected, reason)]);
        await _test.UntilAsync(() => _test.Committed.Count > before);
    }
}
