using System.Runtime.CompilerServices;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using EdgeLine.Simulator;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// Power cuts of a real ext4 under a real line: what was not forced to the disk is gone (P1, P4, P6). The control shows that the
/// same cuts find a build that forces less.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    [RootFact(Timeout = 240_000)]
    public async Task Twenty_cuts_lose_nothing_that_was_told_and_print_no_code_twice() =>
        Assert.Empty(await CutAsync("F6", "power cut of an ext4 under ledger, loop and core", 6, 20, full: false));

    [RootTheory(Timeout = 1_800_000)]
    [Trait("tier", "full")]
    [InlineData(61)]
    [InlineData(62)]
    public async Task Twice_five_hundred_do_not_either(int seed) =>
        Assert.Empty(await CutAsync("F6", "power cut of an ext4 under ledger, loop and core", seed, 500, full: true));

    [RootFact(Timeout = 240_000)]
    public async Task A_build_with_normal_sync_is_found_out() =>
        Assert.Contains(await CutAsync("C1", "the same cuts with synchronous=NORMAL: lost entries, codes printed again", 6, 5, full: false, ["--normal-sync"]), IsLoss);

    // Labels or passed items that the ledger does not know, or that come again; that a line refuses to start is not what is looked for.
    private static bool IsLoss(string violation) => violation.Contains("print entries", StringComparison.Ordinal)
        || violation.Contains("printer twice", StringComparison.Ordinal) || violation.Contains("has left with its item", StringComparison.Ordinal);

    private async Task<IReadOnlyList<string>> CutAsync(string row, string what, int seed, int cuts, bool full, string[]? options = null, [CallerMemberName] string test = "")
    {
        using FaultRow record = FaultRow.Begin(row, what, $"{seed}", full, test);
        await using OwnDisk disk = await OwnDisk.Ext4Async();
        await using var rig = new CrashRig(Path.Combine(disk.Folder, "line-1"), options ?? []);
        var random = new SeededRandom((ulong)seed);
        try
        {
            for (; record.Cycles < cuts; record.Cycles++)
            {
                await rig.KillAsync(random.Below(120) - 2, disk.Cut);
                await disk.PowerUpAsync();
                if (record.Cycles % 2 == 0)
                {
                    rig.Check(everything: record.Cycles % 100 == 0); // else the next line is the first to see what is left
                }
            }

            rig.Check(everything: true);
        }
        finally
        {
            record.Violated(rig.Violations.Count);
            output.WriteLine($"{record.Cycles} cuts, {rig.Labels} labels, {rig.Passed} passed, {rig.InDoubt} in doubt; {rig.Violations.Count} violations: {string.Join("; ", rig.Violations.Take(5))}");
        }

        Assert.True(rig.Labels > 10 * cuts, $"{rig.Labels} labels in {cuts} cuts");
        return rig.Violations;
    }
}
