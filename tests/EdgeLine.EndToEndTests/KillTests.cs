using System.Runtime.CompilerServices;
using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using EdgeLine.Simulator;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// kill -9 at any moment (P1, P4, P6): ledger, loop and core of a real line in a process of their own, so that a thousand
/// deaths take minutes. The whole service with platform, broker and devices is killed in <see cref="DemonstrationTests"/>.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact(Timeout = 240_000)]
    public Task Thirty_deaths_lose_nothing_and_print_no_code_twice() => KillAsync(5, 30, full: false);

    [Theory(Timeout = 1_800_000)]
    [Trait("tier", "full")]
    [InlineData(51)]
    [InlineData(52)]
    public Task Twice_five_hundred_do_not_either(int seed) => KillAsync(seed, 500, full: true);

    private async Task KillAsync(int seed, int kills, bool full, [CallerMemberName] string test = "")
    {
        string folder = Directory.CreateTempSubdirectory("edgeline-kill-").FullName;
        using FaultRow row = FaultRow.Begin("F5", "kill -9 while labels are printed and read; ledger, loop and core", $"{seed}", full, test);
        await using var rig = new CrashRig(folder);
        var random = new SeededRandom((ulong)seed);
        try
        {
            for (; row.Cycles < kills; row.Cycles++)
            {
                // From before the ledger is open to the middle of a hurry.
                await rig.KillAsync(random.Below(124) - 4);
                if (row.Cycles % 2 == 0)
                {
                    rig.Check(everything: row.Cycles % 100 == 0); // else the next line is the first to see what the dead one left
                }
            }

            await rig.KillAsync(60);
            rig.Check(everything: true);
        }
        finally
        {
            row.Violated(rig.Violations.Count);
            output.WriteLine($"{row.Cycles} kills, {rig.Labels} labels, {rig.Passed} passed, {rig.InDoubt} codes in doubt");
            Directory.Delete(folder, recursive: true);
        }

        Assert.True(rig.Violations.Count == 0, string.Join('\n', rig.Violations.Take(20)));
        // Half of the deaths have to hit a line in the middle of its work, else they prove little.
        Assert.True(rig.InDoubt >= kills / 2 && rig.Passed > 10 * kills, $"{rig.InDoubt} in doubt, {rig.Passed} passed");
    }
}
