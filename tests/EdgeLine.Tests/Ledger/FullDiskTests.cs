using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>A write whose outcome nobody knows ends the ledger, whoever asked for it, and the next process has room to go on.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void The_ballast_goes_when_the_disk_is_full_and_comes_back_with_room_to_spare()
    {
        var ballast = new Ballast(_test.Folder);
        const long enough = 256L << 20;
        Assert.False(ballast.Follow(enough, enough));
        Assert.True(ballast.Follow(enough + (3 * Ballast.Bytes), enough));
        Assert.Equal(Ballast.Bytes, new FileInfo(Path.Combine(_test.Folder, "ballast.bin")).Length);
        Assert.False(ballast.Follow(enough * 2, enough));
        Assert.False(ballast.Follow(Ballast.FullBelow, enough));
        Assert.True(ballast.Follow(Ballast.FullBelow - 1, enough));
        Assert.False(ballast.IsThere);
        Assert.False(ballast.Follow(Ballast.FullBelow - 1, enough));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("entries")]
    [InlineData("question")]
    [InlineData("lease")]
    public async Task A_full_disk_ends_the_ledger_and_gives_up_the_ballast(string what)
    {
        IReadOnlyList<CodeRef> codes = await _test.LeaseAsync(codes: 12);
        Assert.True(new Ballast(_test.Folder).Fill());
        await _test.Ledger.AskAsync(db => LedgerFile.Scalar(db, "PRAGMA max_page_count=1"));
        var failed = new List<Exception?>();
        // Enough for a page that is not there.
        for (int i = 0; i < 50 && _test.Fatal.Count == 0; i++)
        {
            failed.Add(await Record.ExceptionAsync(() => what switch
            {
                "entries" => WriteManyAsync(),
                "lease" => _test.LeaseAsync($"lease-{i + 2}", 300),
                _ => _test.Ledger.AskAsync(db => LedgerFile.Scalar(db, $"INSERT INTO meta VALUES ('x{i}', '{new string('x', 3000)}')")),
            }));
        }

        await _test.UntilAsync(() => _test.Fatal.Count > 0);
        Assert.Equal(13, Assert.IsType<SqliteException>(Assert.Single(_test.Fatal)).SqliteErrorCode);
        Assert.False(new Ballast(_test.Folder).IsThere);
        await Assert.ThrowsAnyAsync<Exception>(() => _test.Ledger.AskAsync(_ => 1));
        Assert.True(what == "entries" || failed[^1] is SqliteException);

        // The next process reads what is there, knows that the end was not in order, and writes.
        long told = _test.Committed[^1].Fold.AsOfSeq;
        _test.Reopen();
        Assert.False(_test.Ledger.EndedInOrder);
        Assert.Equal(told, _test.Ledger.FoldAtOpen.AsOfSeq);
        _test.Append(Print(codes[0]));
        await _test.UntilAsync(() => _test.Committed[^1].Fold.AsOfSeq == told + 1);
        _test.Close();
        Assert.Empty(LedgerVerification.Verify(_test.Folder));
    }

    private async Task WriteManyAsync()
    {
        int told = _test.Committed.Count;
        _test.Append([.. Enumerable.Range(0, 40).Select(_ => Entry(JournalKind.ItemRejected, "no-read"))]);
        await _test.UntilAsync(() => _test.Committed.Count > told || _test.Fatal.Count > 0);
    }
}
