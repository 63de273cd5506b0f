using EdgeLine.Faults;
using EdgeLine.Simulator.Faults.Disk;
using EdgeLine.Tests.Line;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Faults;

/// <summary>
/// Power cuts, I/O errors and a full disk under the real ledger, at every place of its work: all that was told is there
/// afterwards, nothing that was not asked for, each transaction whole or not at all.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    private const int CutsOfSeed = 50;

    // A ledger that has grown takes longer to open, and finds nothing new.
    private const int FailuresOfLedger = 40;

    [Fact]
    public void A_thousand_power_cuts_and_not_one_told_entry_is_lost() => Cuts(firstSeed: 1, seeds: 20, full: false);

    [Fact]
    [Trait("tier", "full")]
    public void Five_thousand_power_cuts_and_not_one_told_entry_is_lost() => Cuts(firstSeed: 1_000, seeds: 100, full: true);

    [Theory]
    [InlineData("write", 400)]
    [InlineData("sync", 100)]
    [InlineData("full", 400)]
    public void The_disk_fails_at_each_write_and_sync_in_turn(string what, int through) => Failures(what, 1, through, full: false);

    [Theory]
    [Trait("tier", "full")]
    [InlineData("write", 1_000)]
    [InlineData("sync", 400)]
    [InlineData("full", 1_000)]
    public void The_disk_fails_at_each_of_many_writes_and_syncs_in_turn(string what, int through) => Failures(what, 2, through, full: true);

    /// <summary>Control: what synchronous=NORMAL would lose is found.</summary>
    [Fact]
    public void A_ledger_that_syncs_like_NORMAL_is_found_out()
    {
        using FaultRow row = FaultRow.Begin("C1", "the log is synced only before a checkpoint, simulated disk", "1..10");
        int red = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using var ledger = new LedgerOnDisk(seed, syncsLikeNormal: true);
            CutOften(ledger, seed);
            row.Cycles += ledger.Disk.FaultsMet;
            row.Violated(ledger.Violations.Count);
            red += ledger.Violations.Count > 0 ? 1 : 0;
        }

        output.WriteLine($"{red} of 10 seeds red");
        Assert.Equal(10, red);
    }

    /// <summary>Control: entries of a failed COMMIT that are asked for once more are on disk twice.</summary>
    [Fact]
    public void A_ledger_that_tries_again_after_a_failed_commit_is_found_out()
    {
        using FaultRow row = FaultRow.Begin("C6", "the entries of a failed COMMIT are asked for once more", "1");
        using var ledger = new LedgerOnDisk(1) { RetriesAfterFailure = true };
        Assert.True(ledger.Start());
        for (int n = 1; n <= 30 && ledger.Violations.Count == 0; n++)
        {
            ledger.Disk.SyncFailsAt = ledger.Disk.Syncs + n;
            UntilItEnds(ledger);
            ledger.Stop(power: null);
            Assert.True(ledger.Start());
        }

        row.Cycles = ledger.Disk.FaultsMet;
        row.Violated(ledger.Violations.Count);
        output.WriteLine(string.Join('\n', ledger.Violations));
        Assert.NotEmpty(ledger.Violations);
    }

    // A checkpoint that failed is made again after the next entries, so that not every fault ends the program.
    private static void UntilItEnds(LedgerOnDisk ledger)
    {
        int met = ledger.Disk.FaultsMet;
        for (int after = 0; after < 3 && ledger.Work();)
        {
            after += ledger.Disk.FaultsMet > met ? 1 : 0;
        }
    }

    private static void CutOften(LedgerOnDisk ledger, ulong seed)
    {
        var random = new SeededRandom(seed * 7919);
        CutKind Kind() => (CutKind)random.Below(3);
        for (int cut = 0; cut <= CutsOfSeed && ledger.Violations.Count == 0; cut++)
        {
            // Most come soon, some only after the log was written back into the database.
            ledger.Disk.CutAt = ledger.Disk.Operations + 1 + random.Below(random.Below(25) == 0 ? 4_000 : 90);
            if (ledger.Start())
            {
                UntilItEnds(ledger);
            }

            ledger.Stop(Kind());
        }

        if (ledger.Violations.Count == 0 && ledger.Start())
        {
            ledger.Work();
            ledger.Verify();
        }
    }

    private void Cuts(ulong firstSeed, int seeds, bool full)
    {
        using FaultRow row = FaultRow.Begin(
            "F3", "power cut under the ledger: unsynced writes lost, kept or torn at 512 B", $"{firstSeed}..{firstSeed + (ulong)seeds - 1}", full);
        long entries = 0, operations = 0;
        for (ulong seed = firstSeed; seed < firstSeed + (ulong)seeds; seed++)
        {
            using var ledger = new LedgerOnDisk(seed);
            CutOften(ledger, seed);
            row.Cycles += ledger.Disk.FaultsMet;
            row.Violated(ledger.Violations.Count);
            Assert.True(ledger.Violations.Count == 0, $"seed {seed}: {string.Join("; ", ledger.Violations)}");
            Assert.True(ledger.Disk.FaultsMet >= CutsOfSeed, $"seed {seed}: only {ledger.Disk.FaultsMet} cuts");
            (entries, operations) = (entries + ledger.Entries, operations + ledger.Disk.Operations);
        }

        output.WriteLine($"{seeds * (CutsOfSeed + 1)} cuts, {entries} entries, {operations} writes and syncs");
    }

    // The n-th operation from a start fails, the program ends, with the power or without, and starts again.
    private void Failures(string what, ulong seed, int through, bool full)
    {
        using FaultRow row = FaultRow.Begin("F4", $"each of the next {through}: {what}", $"{seed}..{seed + (ulong)(through / FailuresOfLedger)}", full);
        (long entries, long operations) = (0, 0);
        for (int first = 1; first <= through; first += FailuresOfLedger, seed++)
        {
            using var ledger = new LedgerOnDisk(seed);
            for (int n = first; n < first + FailuresOfLedger && n <= through; n++)
            {
                FailOnce(ledger, what, n);
                row.Cycles++;
                row.Violated(ledger.Violations.Count);
                Assert.True(ledger.Violations.Count == 0, $"{what} {n}, seed {seed}: {string.Join("; ", ledger.Violations)}");
            }

            Assert.True(ledger.Start());
            ledger.Verify();
            Assert.Empty(ledger.Violations);
            (entries, operations) = (entries + ledger.Entries, operations + ledger.Disk.Operations);
        }

        output.WriteLine($"{through} failures, {entries} entries, {operations} writes and syncs");
    }

    private static void FailOnce(LedgerOnDisk ledger, string what, int n)
    {
        int met = ledger.Disk.FaultsMet;
        switch (what)
        {
            case "write": ledger.Disk.WriteFailsAt = ledger.Disk.Writes + n; break;
            case "sync": ledger.Disk.SyncFailsAt = ledger.Disk.Syncs + n; break;
            default: ledger.Disk.FullAt = ledger.Disk.Writes + n; break;
        }

        if (ledger.Start() && ledger.Disk.FaultsMet == met)
        {
            UntilItEnds(ledger);
        }

        Assert.Equal(met + 1, ledger.Disk.FaultsMet);
        ledger.Stop(n % 2 == 0 ? null : CutKind.Mixed);
    }
}
