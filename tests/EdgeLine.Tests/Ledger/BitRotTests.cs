using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Faults;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Tests.Line;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Ledger;

/// <summary>
/// One flipped bit of a ledger at rest (P6, P7): somebody notices, or everything that is read is as it was. SQLite's own check
/// sees half of them, and of the write-ahead log it sees none: it takes the frames before the bad one for all there were.
/// </summary>
public sealed class BitRotTests(ITestOutputHelper output)
{
    private const ulong Seed = 13;

    [Theory(Timeout = 120_000)]
    [InlineData(600)]
    public Task A_flipped_bit_of_the_database_is_found_or_changes_nothing(int flips) => DatabaseAsync(flips, full: false);

    [Theory(Timeout = 1_200_000)]
    [Trait("tier", "full")]
    [InlineData(2_000)]
    public Task So_are_two_thousand(int flips) => DatabaseAsync(flips, full: true);

    [Fact(Timeout = 120_000)]
    public async Task A_flipped_bit_of_the_log_is_found_by_the_mark_or_the_platform()
    {
        using FaultRow row = FaultRow.Begin("F13", "one bit of the write-ahead log flipped, platform in reach", $"{Seed}");
        await using RottenLedger rot = await RottenLedger.MakeAsync(withLog: true);
        var random = new SeededRandom(Seed);
        var found = new SortedDictionary<string, int>();
        for (; row.Cycles < 200; row.Cycles++)
        {
            string how = await rot.FlipAsync("ledger.db-wal", random);
            found[how] = found.GetValueOrDefault(how) + 1;
            row.Violated(how.StartsWith("SILENT", StringComparison.Ordinal) ? 1 : 0);
        }

        output.WriteLine(Show(found));
        Assert.DoesNotContain(found.Keys, k => k.StartsWith("SILENT", StringComparison.Ordinal));
        // The control: neither the opening nor SQLite's own check would have noticed these.
        Assert.True(found["mark"] > 50 && found["platform"] > 5, Show(found));
    }

    /// <summary>With nobody to ask, what is lost unseen is younger than the mark, which is two seconds old at most.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Without_the_platform_only_the_last_two_seconds_can_be_lost_unseen()
    {
        using FaultRow row = FaultRow.Begin("F13", "one bit of the write-ahead log flipped, offline: lost unseen is only what is younger than the mark", $"{Seed + 1}");
        await using RottenLedger rot = await RottenLedger.MakeAsync(withLog: true);
        var random = new SeededRandom(Seed + 1);
        for (; row.Cycles < 100; row.Cycles++)
        {
            string how = await rot.FlipAsync("ledger.db-wal", random, online: false);
            if (how.StartsWith("SILENT", StringComparison.Ordinal) && rot.HeadAfter < rot.Marked)
            {
                row.Violated();
                Assert.Fail($"{how}: ends at {rot.HeadAfter}, the mark says {rot.Marked}");
            }
        }
    }

    private async Task DatabaseAsync(int flips, bool full, [CallerMemberName] string test = "")
    {
        using FaultRow row = FaultRow.Begin("F13", "one bit of the database flipped", $"{Seed}", full, test);
        await using RottenLedger rot = await RottenLedger.MakeAsync(withLog: false);
        var random = new SeededRandom(Seed);
        var found = new SortedDictionary<string, int>();
        for (; row.Cycles < flips; row.Cycles++)
        {
            string how = await rot.FlipAsync("ledger.db", random);
            found[how] = found.GetValueOrDefault(how) + 1;
            row.Violated(how.StartsWith("SILENT", StringComparison.Ordinal) ? 1 : 0);
        }

        output.WriteLine(Show(found));
        Assert.True(!found.Keys.Any(k => k.StartsWith("SILENT", StringComparison.Ordinal)), Show(found));
        Assert.True(found.GetValueOrDefault("start") > flips / 20 && found.GetValueOrDefault("verify") > flips / 10, Show(found));
    }

    private static string Show(SortedDictionary<string, int> found) => string.Join("\n", found.Select(f => $"{f.Value} {f.Key}"));

    /// <summary>A ledger as it lies on the disk of a PC that is off, copied for each flip.</summary>
    private sealed class RottenLedger : IAsyncDisposable
    {
        private static readonly string[] Files = ["ledger.db", "ledger.db-wal", "high-water.json"];
        private readonly string _folder = Directory.CreateTempSubdirectory("edgeline-rot-").FullName;
        private readonly Dictionary<string, byte[]> _sound = [];
        private string _content = "";
        private string _head = "";

        /// <summary>Last entry.</summary>
        public long Head { get; private set; }

        /// <summary>Entry that the high-water mark knows.</summary>
        public long Marked { get; private set; }

        /// <summary>Last entry that a new start found after the last flip.</summary>
        public long HeadAfter { get; private set; }

        public static async Task<RottenLedger> MakeAsync(bool withLog)
        {
            var rot = new RottenLedger();
            using var test = new LedgerUnderTest();
            await test.FillAsync();
            await MoreAsync(test, "lease-2");
            test.Reopen(); // what was written so far is in the database, what comes now in the log
            await test.Ledger.AskAsync(db => LedgerQueries.SetCursor(db, JournalUploader.CursorName, 12)
                + LedgerQueries.SetCursor(db, "mqtt", 12)
                + LedgerQueries.Quarantine(db, [new RefusedEntry(7, "H", "code-unknown", "nobody knows it")]));
            await MoreAsync(test, "lease-3");
            if (!withLog)
            {
                test.Close();
            }

            foreach (string file in Files.Where(f => File.Exists(Path.Combine(test.Folder, f))))
            {
                // The ledger keeps its lock, but everything it has told is in its files.
                using var from = new FileStream(Path.Combine(test.Folder, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                byte[] bytes = new byte[from.Length];
                from.ReadExactly(bytes);
                rot._sound[file] = bytes;
            }

            await rot.LearnAsync();
            return rot;
        }

        /// <summary>Flips one bit of a file and says who notices; what begins with SILENT nobody noticed.</summary>
        public async Task<string> FlipAsync(string file, SeededRandom random, bool online = true)
        {
            Write();
            byte[] bytes = [.. _sound[file]];
            int at = random.Below(bytes.Length);
            int bit = random.Below(8);
            bytes[at] ^= (byte)(1 << bit);
            await File.WriteAllBytesAsync(Path.Combine(_folder, file), bytes);
            bool verified = LedgerVerification.Of(_folder).IsSound;
            try
            {
                using LineLedger ledger = LineLedger.Open(_folder, LedgerUnderTest.LineId, new ManualTime(Some.WallMs), _ => { });
                HeadAfter = ledger.FoldAtOpen.AsOfSeq;
                if (online && await ledger.AskAsync(db => LedgerQueries.HashAt(db, Head)) != _head)
                {
                    return "platform";
                }
            }
            catch (LedgerException e)
            {
                return e.Message.Contains("once", StringComparison.Ordinal) ? "mark" : "start";
            }
            catch (SqliteException)
            {
                return "first question"; // the process ends there, as after every error of the disk
            }

            if (!verified)
            {
                return "verify";
            }

            string now = Content();
            return Difference(now).StartsWith("[schema", StringComparison.Ordinal) && Rows(now) == Rows(_content)
                ? "harmless: the wording of the schema, everything is read as before"
                : now == _content ? "harmless: everything is read as before" : $"SILENT: bit {bit} of byte {at} of {file} changes {Difference(now)}";
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }

        private static async Task MoreAsync(LedgerUnderTest test, string lease)
        {
            foreach (CodeRef code in await test.LeaseAsync(lease, codes: 150))
            {
                test.Time.WallMs += 100; // the mark follows every two seconds
                if (code.Id % 3 != 0)
                {
                    await test.WriteAsync(LedgerUnderTest.Print(code));
                    await test.WriteAsync(LedgerUnderTest.Move(code, CodeState.Printing, JournalKind.Verified) with { Item = code.Id });
                }
            }
        }

        private void Write()
        {
            foreach (string file in Files)
            {
                string path = Path.Combine(_folder, file);
                File.Delete(path);
                if (_sound.TryGetValue(file, out byte[]? bytes))
                {
                    File.WriteAllBytes(path, bytes);
                }
            }
        }

        private async Task LearnAsync()
        {
            Write();
            Assert.Empty(LedgerVerification.Verify(_folder));
            using (LineLedger ledger = LineLedger.Open(_folder, LedgerUnderTest.LineId, new ManualTime(Some.WallMs), _ => { }))
            {
                Head = ledger.FoldAtOpen.AsOfSeq;
                _head = (await ledger.AskAsync(db => LedgerQueries.HashAt(db, Head)))!;
            }

            using var mark = JsonDocument.Parse(_sound["high-water.json"]);
            Marked = mark.RootElement.GetProperty("Seq").GetInt64();
            _content = Content();
        }

        private static string Rows(string content) => content[content.LastIndexOf("schema|", StringComparison.Ordinal)..].Split('\n', 2)[1];

        // Everything that can be read, by plain SQL. Cursors and refusals are copies of what the platform has, and are compared with it.
        private string Content()
        {
            using var db = new SqliteConnection($"Data Source={Path.Combine(_folder, "ledger.db")};Pooling=False");
            db.Open();
            var text = new StringBuilder();
            foreach (string query in (string[])[
                "SELECT 'schema', replace(sql, char(10), ' ') FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name", "SELECT * FROM meta ORDER BY key", "SELECT * FROM lease ORDER BY number", "SELECT * FROM code ORDER BY id",
                "SELECT * FROM journal ORDER BY seq", "SELECT value FROM fold"])
            {
                using SqliteCommand command = db.CreateCommand();
                command.CommandText = query;
                using SqliteDataReader row = command.ExecuteReader();
                while (row.Read())
                {
                    for (int i = 0; i < row.FieldCount; i++)
                    {
                        text.Append(row.GetValue(i) is byte[] bytes ? Hex(bytes) : Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)).Append('|');
                    }

                    text.Append('\n');
                }
            }

            return text.ToString();
        }

        // Of the counts that which is read from them: a flipped bit in the name of their hash leaves them as they are.
        private static string Hex(byte[] bytes) =>
            bytes[0] == '{' ? JsonSerializer.Serialize(JsonSerializer.Deserialize<LineFold>(bytes)) : Convert.ToHexString(bytes);

        private string Difference(string now)
        {
            string[] before = _content.Split('\n'), after = now.Split('\n');
            int at = before.Zip(after).TakeWhile(p => p.First == p.Second).Count();
            string Line(string[] lines) => at < lines.Length ? lines[at] : "(end)";
            string left = Line(before), right = Line(after);
            return $"[{left[..Math.Min(300, left.Length)]}] to [{right[..Math.Min(300, right.Length)]}]";
        }
    }
}
