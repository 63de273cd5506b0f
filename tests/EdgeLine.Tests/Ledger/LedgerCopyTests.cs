using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>A copy is taken from the running ledger, is whole, and is of no use as a ledger.</summary>
public sealed class LedgerCopyTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task It_holds_everything_up_to_its_moment_and_the_line_goes_on()
    {
        IReadOnlyList<CodeRef> codes = await _test.FillAsync();
        string into = Directory.CreateDirectory(Path.Combine(_test.Folder, "copy")).FullName;
        _test.Append(Entry(JournalKind.ItemRejected, "no-read"));
        Task copied = _test.Ledger.CopyAsync(Path.Combine(into, "ledger.db"));
        _test.Append(Move(codes[5], CodeState.Printing, JournalKind.Verified));
        await copied;
        await _test.UntilAsync(() => _test.Committed[^1].Fold.AsOfSeq == 24);
        LedgerVerification copy = LedgerVerification.Of(into);
        Assert.Empty(copy.Findings);
        Assert.Equal(23, copy.Entries);
        Assert.Empty(_test.Fatal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_path_that_does_not_do_is_refused_and_harms_nothing()
    {
        await _test.FillAsync();
        string there = Path.Combine(_test.Folder, "there.db");
        await File.WriteAllTextAsync(there, "mine");
        await Assert.ThrowsAsync<IOException>(() => _test.Ledger.CopyAsync(there));
        await Assert.ThrowsAnyAsync<Exception>(() => _test.Ledger.CopyAsync(Path.Combine(_test.Folder, "no", "such", "folder.db")));
        Assert.Equal("mine", await File.ReadAllTextAsync(there));
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        Assert.Empty(_test.Fatal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Put_back_it_locks_the_line()
    {
        await _test.FillAsync();
        string copy = Path.Combine(_test.Folder, "copy.db");
        await _test.Ledger.CopyAsync(copy);
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        _test.Close();
        File.Move(copy, _test.File, overwrite: true);
        Assert.Contains("once reached", Assert.Throws<LedgerException>(() => _test.Open()).Message, StringComparison.Ordinal);
    }
}
