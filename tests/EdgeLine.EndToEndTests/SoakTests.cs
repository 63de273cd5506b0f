using System.Globalization;
using System.Text.Json;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// The service after a million labels is the one that it was after the first ten thousand. It has the PC for itself: what
/// another test takes from it would show in its memory, and in a printer that did not answer in time.
/// </summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
[Collection(nameof(SoakTests))]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Labels = 1_000_000;
    private const string Memory = "/dev/shm";
    private const long MirrorBytes = 2L << 30;

    private const int BlanksMax = 6;
    private const int EntriesOfAPart = 250_000;

    // Early, so that a part of the next month is full and sealed too, on a PC that is three times as fast or as slow.
    private static readonly TimeSpan MonthEndsAfter = TimeSpan.FromSeconds(75);

    private static readonly string[] All = ["verified", "passed_items", "platform_confirmed", "tape_codes"];
    private static readonly string[] None =
        ["remainder", "passed_codes_twice", "passed_not_verified", "tape_codes_twice", "platform_refused", "in_doubt", "printing", "rejected"];

    [Fact(Timeout = 2_400_000)]
    [Trait("tier", "full")]
    public async Task A_million_labels_on_two_lines_in_one_process_leave_nothing_behind_but_the_account()
    {
        using FaultRow row = FaultRow.Begin("F18", "1,000,000 labels on two lines in one process: memory, handles, threads, files flat; sealed and pruned; counts equal", full: true);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("edgeline-soak-");
        DirectoryInfo? mirror = Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > MirrorBytes
            ? Directory.CreateDirectory(Path.Combine(Memory, folder.Name))
            : null;
        output.WriteLine(mirror is null ? "no other disk for a second copy" : $"second copy in {mirror}");
        try
        {
            string file = Path.Combine(folder.FullName, "report.json");
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            DateTimeOffset monthEnds = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
            OtherClock clock = await OtherClock.MakeAsync(folder.FullName);
            clock.Set(monthEnds - MonthEndsAfter - now);
            (int code, string said) = await RunningProgram.StartUnder(
                clock.Environment,
                "edgeline-sim",
                [
                    "soak", "--labels", $"{Labels}", "--folder", Path.Combine(folder.FullName, "site"), "--programs", AppContext.BaseDirectory, "--report", file,
                    .. mirror is null ? Array.Empty<string>() : ["--mirror", mirror.FullName],
                ]).RunAsync(TimeSpan.FromMinutes(38));
            output.WriteLine(said);
            Assert.True(File.Exists(file), said);
            JsonElement report = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
            row.Cycles = report.GetProperty("verified").GetInt64();
            row.Violated(report.GetProperty("problems").GetArrayLength());
            Assert.True(code == 0, report.GetProperty("problems").ToString());
            Assert.All(All, name => Assert.Equal(Labels, report.GetProperty(name).GetInt64()));
            // The web pushes its last labels past the scanner with blank ones.
            long blanks = report.GetProperty("tape_blanks").GetInt64();
            Assert.InRange(blanks, 1, BlanksMax);
            Assert.Equal(Labels + blanks, report.GetProperty("tape_labels").GetInt64());
            Assert.All(None, name => Assert.Equal(0, report.GetProperty(name).GetInt64()));
            Assert.True(report.GetProperty("mqtt_counts_agree").GetBoolean());
            AssertFlat(report.GetProperty("soak"), "managed heap, bytes", "working set, bytes", "threads", "open handles");
            Assert.All((string[])["line-1", "line-3"], line => AssertMonthSealed(
                Directory.GetFiles(Path.Combine(folder.FullName, "site", "data", line, "segments")), now, monthEnds));
        }
        finally
        {
            folder.Delete(recursive: true);
            mirror?.Delete(recursive: true);
        }
    }

    // Parts are named by the month and the number of their first entry. The last one of a month ends with it, however long it is.
    private static void AssertMonthSealed(string[] parts, DateTimeOffset began, DateTimeOffset ended)
    {
        long[] FirstOf(DateTimeOffset month) =>
        [
            .. parts.Select(p => Path.GetFileNameWithoutExtension(p)!).Where(p => p.StartsWith($"{month:yyyy-MM}-", StringComparison.Ordinal))
                .Select(p => long.Parse(p[8..], CultureInfo.InvariantCulture)).Order(),
        ];
        long[] before = FirstOf(began), after = FirstOf(ended);
        Assert.True(before.Length >= 1 && after.Length >= 1 && parts.Length >= 3, string.Join(", ", parts));
        Assert.InRange(after[0] - before[^1], 1, EntriesOfAPart - 1);
    }

    // Counted again here: the command must not be the judge of its own samples.
    private static void AssertFlat(JsonElement figures, params string[] names) => Assert.All(names, name =>
    {
        double[] tenths = [.. figures.GetProperty(name).EnumerateArray().Select(t => t.GetDouble())];
        Assert.Equal(10, tenths.Length);
        Assert.True(tenths.Min() > 0 && Math.Max(tenths[8], tenths[9]) <= 1.1 * tenths.Take(3).Max(), $"{name}: {string.Join(", ", tenths)}");
    });
}
