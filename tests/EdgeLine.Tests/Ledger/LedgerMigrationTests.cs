using System.Globalization;
using EdgeLine.Contracts;
using EdgeLine.Faults;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;
using static EdgeLine.Tests.Ledger.LedgerUnderTest;

namespace EdgeLine.Tests.Ledger;

/// <summary>A ledger of an older EdgeLine goes on where it was, whatever statement of its upgrade the power cut comes after.</summary>
public sealed class LedgerMigrationTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly LedgerUnderTest _test = new();

    public LedgerMigrationTests()
    {
        _test.Close();
        MakeVersionOne(_test.Folder);
    }

    public void Dispose() => _test.Dispose();

    [Theory(Timeout = Timeout)]
    [InlineData("")]
    [InlineData("DROP INDEX journal_rejected")] // as 0.1.0 left it
    public async Task A_file_of_version_1_goes_on_and_a_copy_of_it_stays(string older)
    {
        _test.ByHand(older + ";");
        string before = Leaves(_test.File);
        _test.Reopen();
        Assert.Equal((22, 8, 0), (_test.Ledger.FoldAtOpen.AsOfSeq, _test.Ledger.FoldAtOpen.Totals.Printed, _test.Ledger.FoldAtOpen.Account.Remainder));
        await _test.WriteAsync(Entry(JournalKind.ItemRejected, "no-read"));
        _test.Close();
        Assert.Equal("2", _test.ByHand("PRAGMA user_version"));
        Assert.StartsWith(before, Leaves(_test.File), StringComparison.Ordinal);
        Assert.Equal("journal_rejected", _test.ByHand("SELECT name FROM sqlite_schema WHERE name = 'journal_rejected'"));
        Assert.Empty(LedgerVerification.Verify(_test.Folder));
        string copy = _test.File + ".before-version-2";
        Assert.Equal(("1", before), (Ask(copy, "PRAGMA user_version"), Leaves(copy)));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_file_of_version_1_is_sound_before_it_is_brought_up()
    {
        await Task.Run(() => Assert.Empty(LedgerVerification.Verify(_test.Folder)));
        Assert.Equal("1", _test.ByHand("PRAGMA user_version"));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(2)]
    public async Task A_power_cut_after_any_statement_loses_nothing(int version)
    {
        string[] statements = [.. LedgerMigrations.StatementsTo(version)];
        Assert.True(statements.Length > 3);
        using var row = FaultRow.Begin("F16", $"killed after each statement of the upgrade to ledger version {version}, then opened and verified");
        string before = Leaves(_test.File);
        for (int done = 0; done <= statements.Length; done++)
        {
            string cut = Directory.CreateTempSubdirectory("edgeline-cut-").FullName;
            string worked = Directory.CreateTempSubdirectory("edgeline-upgrade-").FullName;
            MakeVersionOne(worked);
            using (var db = new SqliteConnection($"Data Source={Path.Combine(worked, "ledger.db")};Pooling=False"))
            {
                db.Open();
                foreach (string statement in (string[])["PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", .. statements.Take(done)])
                {
                    LedgerFile.Scalar(db, statement);
                }

                // What is on the disk now.
                foreach (string name in Directory.GetFiles(worked))
                {
                    File.Copy(name, Path.Combine(cut, Path.GetFileName(name)));
                }
            }

            // A copy that was being made then is not in the way either.
            await File.WriteAllTextAsync(Path.Combine(cut, "ledger.db.before-version-2.unfinished"), "torn");
            row.Demand(() => LineLedger.Open(cut, LineId, _test.Time, e => Assert.Fail(e.Message)).Dispose());
            Assert.Equal(LedgerMigrations.Current.ToString(CultureInfo.InvariantCulture), Ask(Path.Combine(cut, "ledger.db"), "PRAGMA user_version"));
            row.Demand(() => Assert.Equal(before, Leaves(Path.Combine(cut, "ledger.db"))));
            row.Demand(() => Assert.Empty(LedgerVerification.Verify(cut)));
            row.Cycles++;
            Directory.Delete(cut, recursive: true);
            Directory.Delete(worked, recursive: true);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_file_that_was_brought_up_is_like_a_new_one()
    {
        _test.Reopen();
        _test.Close();
        using var fresh = new LedgerUnderTest();
        fresh.Close();
        await Task.Run(() => Assert.Equal(Shape(fresh.File), Shape(_test.File)));
    }

    private static string Shape(string file)
    {
        var parts = new List<string>();
        foreach (string name in Ask(file, "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)").Split(' '))
        {
            parts.Add(name + ": " + Ask(file, $"SELECT group_concat(name || ' ' || type || ' ' || \"notnull\" || ' ' || coalesce(dflt_value, ''), ', ') FROM pragma_table_info('{name}')"));
        }

        parts.AddRange(Ask(file, "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY name)").Split('\n'));
        return string.Join('\n', parts.Select(p => string.Join(' ', p.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("IF NOT EXISTS ", "", StringComparison.Ordinal)));
    }

    private static void MakeVersionOne(string folder)
    {
        foreach (string name in Directory.GetFiles(folder))
        {
            File.Delete(name);
        }

        using Stream stored = typeof(LedgerMigrationTests).Assembly.GetManifestResourceStream("ledger-version-1.sql")!;
        using var text = new StreamReader(stored);
        using var db = new SqliteConnection($"Data Source={Path.Combine(folder, "ledger.db")};Pooling=False;Foreign Keys=False");
        db.Open();
        LedgerFile.Scalar(db, text.ReadToEnd());
        LedgerFile.Scalar(db, "PRAGMA user_version=1");
    }

    private static string Leaves(string file) => Ask(file, "SELECT group_concat(hex(leaf), ' ') FROM (SELECT leaf FROM journal ORDER BY seq)");

    private static string Ask(string file, string sql)
    {
        using var db = new SqliteConnection($"Data Source={file};Pooling=False");
        db.Open();
        return LedgerFile.Scalar(db, sql) ?? "";
    }
}
