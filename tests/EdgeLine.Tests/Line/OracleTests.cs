using System.Diagnostics;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Line;

/// <summary>
/// Ten thousand items against an oracle that knows what is physically on each of them. A failure names its seed.
/// </summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    /// <summary>What every line meets on a normal day: 1 % without label, 0.5 % unreadable, 0.1 % swapped.</summary>
    private static readonly LineFaults NormalDay = new() { Unlabelled = 10_000, NoRead = 5_000, SwappedPair = 1_000 };

    private static readonly LineFaults BadDay = NormalDay with
    {
        DoubleFeed = 1_000,
        PrinterRepeat = 500,
        LateTwin = 500,
        ForeignLabel = 300,
        CartonCode = 50_000,
        Crash = 1_000,
        PrinterFault = 500,
        TrackDown = 500,
        SendFails = 500,
        SlowDisk = 2_000,
    };

    private static LineSettings Settings(ulong seed)
    {
        var random = new SeededRandom(seed ^ 0xABCDEF);
        return new LineSettings { Station = Station.Conveyor, SendAhead = 1 + random.Below(3), LabelsToScanner = random.Below(9), GateReports = random.Below(4) > 0, GateCounts = random.Below(4) > 0 };
    }

    public static TheoryData<ulong> Seeds(int first, int count) => [.. Enumerable.Range(first, count).Select(s => (ulong)s)];

    [Theory]
    [MemberData(nameof(Seeds), 1, 16)]
    public void On_a_normal_day_no_read_of_ten_thousand_is_misjudged(ulong seed)
    {
        LineSettings settings = Settings(seed);
        var line = new VirtualLine(seed, NormalDay, settings, target: 9_800);
        line.Run(maxItems: 100_000);
        output.WriteLine($"seed {seed}: {settings.SendAhead}+{settings.LabelsToScanner} labels, {line.ItemsScanned} items, {line.Resumes} resumes, {line.Clearances} clearances");
        Assert.Empty(line.Misjudged);
        Assert.Equal(9_800, line.Passed);
        Assert.Equal(9_800, line.Ledger.Fold.VerifiedInRun);
        Assert.Equal(0, line.VerifiedNotPassed);
        line.Ledger.Demand();
    }

    [Theory]
    [MemberData(nameof(Seeds), 1000, 60)]
    public void On_a_bad_day_nothing_wrong_passes_and_every_code_is_accounted_for(ulong seed)
    {
        LineSettings settings = Settings(seed);
        var line = new VirtualLine(seed, BadDay, settings, target: 2_000);
        line.Run(maxItems: 400_000);
        output.WriteLine(
            $"seed {seed}: {settings.SendAhead}+{settings.LabelsToScanner} labels, {line.ItemsScanned} items, {line.Crashes} crashes, "
            + $"{line.Clearances} clearances, {line.VerifiedNotPassed} verified not passed");
        Assert.Equal(2_000, line.Ledger.Fold.VerifiedInRun);
        Assert.InRange(line.Passed, 2_000 - line.VerifiedNotPassed, 2_000);
        // A gate that reports its items leaves nothing open, whenever the service died.
        Assert.InRange(line.VerifiedNotPassed, 0, settings.GateReports ? 0 : (line.Crashes + 3) * 10);
        line.Ledger.Demand();
    }

    [Theory]
    [MemberData(nameof(Seeds), 3000, 40)]
    public void With_people_at_the_line_no_code_leaves_twice_and_the_bin_is_empty_in_the_end(ulong seed)
    {
        LineSettings settings = Settings(seed);
        LineFaults shift = BadDay with { Rework = 300_000, Impatience = 300_000, TakenBack = 1_000, RollChange = 500, Check = 500 };
        var line = new VirtualLine(seed, shift, settings, target: 1_500);
        line.Run(maxItems: 400_000);
        output.WriteLine(
            $"seed {seed}: {line.Reworked} reworked, {line.ChecksDone} checks, {line.Crashes} crashes, {line.VerifiedNotPassed} verified not passed, "
            + $"{line.AnswersLost} answers lost, {line.Ledger.Fold.Account.Sampled} samples");
        Assert.Equal(1_500, line.Ledger.Fold.VerifiedInRun);
        Assert.All(line.Gone, code => Assert.Equal(CodeState.Verified, line.Ledger.RowOf(code).State));
        Assert.True(line.Reworked > 0);
        Assert.True(!settings.GateReports || line.VerifiedNotPassed <= line.AnswersLost);
        CodeAccountIsClosed(line);
        line.Ledger.Demand();
    }

    [Fact]
    public void Fifty_thousand_items_with_everything_that_happens_to_a_belt_and_not_one_wrong_pass() => ManyItems(50_000, firstSeed: 20_000);

    [Fact]
    [Trait("tier", "full")]
    public void A_million_items_in_under_a_minute_and_not_one_wrong_pass()
    {
        var watch = Stopwatch.StartNew();
        ManyItems(1_000_000, firstSeed: 100_000);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
    }

    // Lines of 2,000 items after one another, each with a seed and a mixture of its own; no seed is tried twice.
    private void ManyItems(long items, ulong firstSeed)
    {
        var watch = Stopwatch.StartNew();
        long scanned = 0, passed = 0, chatter = 0, lost = 0, silences = 0, crashes = 0, clearances = 0;
        ulong seed = firstSeed;
        for (; scanned < items; seed++)
        {
            var random = new SeededRandom(seed);
            bool losesFrames = random.Below(3) == 0, chatters = random.Below(2) == 0;
            // Eight items may be between scanner and gate: only the count tells which frame is whose when one is lost.
            LineSettings settings = Settings(seed) with { MinPitchMs = chatters ? 50 : 0, GateCounts = true };
            int Some(int most) => random.Below(2) * random.Below(most);
            var faults = new LineFaults
            {
                Unlabelled = Some(20_000),
                NoRead = Some(10_000),
                SwappedPair = Some(5_000),
                DoubleFeed = Some(3_000),
                PrinterRepeat = Some(1_500),
                LateTwin = Some(1_500),
                ForeignLabel = Some(1_000),
                CartonCode = Some(100_000),
                Crash = Some(3_000),
                PrinterFault = Some(1_500),
                TrackDown = Some(1_500),
                SendFails = Some(1_500),
                SlowDisk = Some(5_000),
                Rework = 300_000,
                Impatience = 100_000,
                TakenBack = Some(1_000),
                RollChange = Some(1_000),
                Check = Some(500),
                Inserted = Some(5_000),
                Removed = Some(5_000),
                BackUp = Some(5_000),
                Overlooked = Some(300_000),
                Chatter = chatters ? 10_000 : 0,
                FrameLost = losesFrames ? 1_000 : 0,
            };
            try
            {
                var line = new VirtualLine(seed, faults, settings, target: 2_000);
                line.Run(maxItems: 400_000);
                Assert.Equal(2_000, line.Ledger.Fold.VerifiedInRun);
                Assert.All(line.Gone, code => Assert.Equal(CodeState.Verified, line.Ledger.RowOf(code).State));
                line.Ledger.Demand();
                (scanned, passed, crashes, clearances) = (scanned + line.ItemsScanned, passed + line.Gone.Count, crashes + line.Crashes, clearances + line.Clearances);
                (chatter, lost, silences) = (chatter + line.Chattered, lost + line.FramesLost, silences + line.Silences);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, {faults}, {settings}: {e.Message}", e);
            }
        }

        output.WriteLine(
            $"seeds {firstSeed} to {seed - 1}: {scanned} items in {watch.Elapsed.TotalSeconds:0.0} s, {passed} passed, {crashes} crashes, {clearances} clearances, "
            + $"{chatter} further triggers, {lost} frames lost, {silences} times counted anew");
        Assert.True(chatter > 0 && silences > 0 && crashes > 0);
    }

    private static void CodeAccountIsClosed(VirtualLine line) => Assert.Equal(
        (0, 0, 0), (line.Ledger.Fold.Account.Printing, line.Ledger.Fold.Account.InDoubt, line.Ledger.Fold.Account.Rejected));
}
