using System.Runtime.CompilerServices;
using EdgeLine.Faults;
using EdgeLine.Simulator.Faults;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Faults;

/// <summary>The whole line in one process under one seed: everything goes wrong, then it stops, and the order is done.</summary>
public sealed class FaultDayTests(ITestOutputHelper output)
{
    [Fact]
    public void On_eight_bad_days_no_promise_is_broken_and_every_order_is_done() => Days(1, 8, full: false);

    [Fact]
    [Trait("tier", "full")]
    public void On_two_hundred_and_fifty_bad_days_no_promise_is_broken_and_every_order_is_done() => Days(10_000, 250, full: true);

    [Fact]
    public void The_same_seed_gives_the_same_day()
    {
        string first = DigestOf(7), second = DigestOf(7);
        Assert.Equal(first, second);
        Assert.NotEqual(first, DigestOf(8));
    }

    [Fact]
    public void Offline_for_six_hours_with_the_lease_ending_in_the_middle() => Offline(hours: 6, pitchMs: 5_000, full: false);

    [Fact]
    [Trait("tier", "full")]
    public void Offline_for_a_week_with_the_lease_ending_in_the_middle() => Offline(hours: 168, pitchMs: 60_000, full: true);

    [Fact]
    public void A_line_PC_that_was_set_back_locks_itself_before_its_next_label() => SetBack("F14", Mutation.None, 1, 20, full: false);

    [Fact]
    [Trait("tier", "full")]
    public void A_hundred_line_PCs_that_were_set_back_lock_themselves() => SetBack("F14", Mutation.None, 1_000, 100, full: true);

    /// <summary>The control of it: codes of the lost past go out a second time.</summary>
    [Fact]
    public void A_platform_that_fences_nothing_is_found_out()
    {
        List<string> found = SetBack("C8", Mutation.NoFencing, 1, 20, full: false);
        Assert.Contains(found, v => v.Contains("I1: code", StringComparison.Ordinal) && v.Contains("was sent a second time", StringComparison.Ordinal));
    }

    [Fact]
    public void A_red_day_ends_with_the_command_that_repeats_it()
    {
        var said = new StringWriter();
        Assert.Equal(3, new FaultDays(said, TimeProvider.System, trace: false) { Mutation = Mutation.NormalSync }.Run(1, 20, 200, TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Matches("seed [0-9]+, .*I[0-9]", said.ToString());
        Assert.Matches("again:  edgeline-sim faults --seeds ([0-9]+)\\.\\.\\1 --labels 200", said.ToString());
    }

    /// <summary>Controls: a mistake that somebody might build in is found within a few days, by the promise that it breaks.</summary>
    [Theory]
    [InlineData("C1", nameof(Mutation.NormalSync), "I7")]
    [InlineData("C2", nameof(Mutation.SendBeforeCommit), "I4")]
    [InlineData("C3", nameof(Mutation.ReprintInDoubt), "I1")]
    [InlineData("C5", nameof(Mutation.VerifyWithoutRead), "I2")]
    [InlineData("C7", nameof(Mutation.UploadEncodedAnew), "I9")]
    [InlineData("C9", nameof(Mutation.PassBeforeCommit), "I4")]
    public void A_build_with_this_mistake_is_found_out(string control, string mistake, string promise)
    {
        using FaultRow row = FaultRow.Begin(control, "whole line in one process, " + mistake, "1..10");
        // Many power cuts and lost answers: what the mistake needs to do harm.
        FaultMix mix = new() { PowerCut = 15_000, Kill = 3_000, Network = 60_000, NoRead = 30_000, Unlabelled = 10_000 };
        var found = new List<string>();
        for (ulong seed = 1; seed <= 10 && found.Count == 0; seed++)
        {
            using var day = new FaultDay(new FaultPlanOfDay { Seed = seed, Mix = mix, Mutation = Enum.Parse<Mutation>(mistake), FaultSeconds = 120 });
            day.Run();
            row.Cycles += day.PowerCuts + day.Kills;
            found.AddRange(day.Oracle.Violations.Select(v => $"seed {seed}: {v}"));
        }

        row.Violated(found.Count);
        output.WriteLine(string.Join('\n', found));
        Assert.Contains(found, v => v.Contains($": {promise}: ", StringComparison.Ordinal));
    }

    // Printing ends with the lease; what was printed before arrives afterwards, once, and nothing is refused for being late.
    private void Offline(int hours, int pitchMs, bool full)
    {
        using FaultRow row = FaultRow.Begin("F11", $"platform away for {hours} h, the lease ends in the middle", "1", full);
        using var day = new FaultDay(new FaultPlanOfDay
        {
            Seed = 1,
            // In the week the service dies now and then, and on the way back answers of the platform are lost: nothing may arrive twice.
            Mix = full ? new FaultMix { Kill = 100, Network = 60_000 } : new FaultMix(),
            FaultSeconds = hours * 3_600,
            // With work begun: a person looks at the line once in a pitch.
            OfflineFromSecond = 120 * pitchMs / 1_000,
            LeaseMinutes = hours * 30,
            LeaseCodes = 20_000,
            PitchMs = pitchMs,
            // Codes that ran out free their places only when their entries have arrived, and the upload tries every 30 s at the latest.
            ResumeWithinMs = 45_000,
            Target = hours * 2_400_000 / pitchMs,
        });
        day.Run();
        row.Cycles = 1;
        row.Violated(day.Oracle.Violations.Count);
        long before = day.FirstLeaseEndsMs - day.LastSentInFaultsMs;
        output.WriteLine($"{day.Oracle.Labels} labels, the last one offline {before} ms before the lease ended, {day.SimulatedMs / 3_600_000.0:0.0} h");
        Assert.True(day.Oracle.Violations.Count == 0, string.Join("; ", day.Oracle.Violations));
        Assert.InRange(before, 0, 2 * pitchMs);
    }

    // The whole disk, high-water file included: only the platform can know.
    private List<string> SetBack(string name, Mutation mutation, ulong first, int count, bool full, [CallerMemberName] string test = "")
    {
        string seeds = $"{first}..{first + (ulong)count - 1}";
        using FaultRow row = FaultRow.Begin(name, "the whole disk of the line PC set back by 10 s, platform in reach" + (mutation == Mutation.None ? "" : ", " + mutation), seeds, full, test);
        FaultMix mix = new() { Kill = 3_000, NoRead = 10_000, Unlabelled = 10_000, Rework = 100_000 };
        var found = new List<string>();
        long lost = 0;
        for (ulong seed = first; seed < first + (ulong)count && (mutation == Mutation.None || found.Count == 0); seed++)
        {
            using var day = new FaultDay(new FaultPlanOfDay { Seed = seed, Mix = mix, Mutation = mutation, FaultSeconds = 300, SetBackAtSecond = 60, Target = 2_000 });
            day.Run();
            row.Cycles += day.WasSetBack && day.LabelsLost > 0 ? 1 : 0;
            lost += day.LabelsLost;
            found.AddRange(day.Oracle.Violations.Select(v => $"seed {seed}: {v}"));
        }

        row.Violated(found.Count);
        output.WriteLine($"{row.Cycles} of {count} were set back while they printed, {lost} labels lost\n{string.Join('\n', found)}");
        Assert.True(row.Cycles > (mutation == Mutation.None ? count / 2 : 0));
        Assert.True((mutation == Mutation.None) == (found.Count == 0), string.Join('\n', found));
        return found;
    }

    private static string DigestOf(ulong seed)
    {
        using var day = new FaultDay(new FaultPlanOfDay { Seed = seed, Target = 200 });
        day.Run();
        return day.Oracle.Digest;
    }

    private void Days(ulong first, int count, bool full)
    {
        string seeds = $"{first}..{first + (ulong)count - 1}";
        using FaultRow row = FaultRow.Begin("F1", "whole line in one process: power, disk, devices, network, platform, clock, people", seeds, full);
        using FaultRow healed = FaultRow.Begin("F2", "the same days: faults stop, printing within 10 s or a named action, order done", seeds, full);
        (long labels, long gone, long requests) = (0, 0, 0);
        (int cuts, int kills, int failures, int steps, int inDoubt, int clearances) = (0, 0, 0, 0, 0, 0);
        for (ulong seed = first; seed < first + (ulong)count; seed++)
        {
            using var day = new FaultDay(new FaultPlanOfDay { Seed = seed });
            day.Run();
            row.Cycles += day.PowerCuts + day.Kills + day.DiskFailures;
            row.Violated(day.Oracle.Violations.Count(v => !v.Contains("I9", StringComparison.Ordinal)));
            healed.Cycles++;
            healed.Violated(day.Oracle.Violations.Count(v => v.Contains("I9", StringComparison.Ordinal)));
            Assert.True(day.Oracle.Violations.Count == 0, $"seed {seed}: {string.Join("; ", day.Oracle.Violations)}\nagain: edgeline-sim faults --seeds {seed}..{seed}");
            (labels, gone, requests) = (labels + day.Oracle.Labels, gone + day.Oracle.Gone, requests + day.Requests);
            (cuts, kills, failures, steps) = (cuts + day.PowerCuts, kills + day.Kills, failures + day.DiskFailures, steps + day.ClockSteps);
            (inDoubt, clearances) = (Math.Max(inDoubt, day.MostInDoubt), clearances + day.Clearances);
        }

        output.WriteLine(
            $"seeds {first} to {first + (ulong)count - 1}: {labels} labels, {gone} items left, {cuts} power cuts, {kills} kills, {failures} disk failures, {steps} clock steps, "
            + $"{clearances} clearances, {requests} requests, at most {inDoubt} codes in doubt at once");
        Assert.True(cuts > 0 && kills > 0 && failures > 0 && steps > 0 && clearances > 0);
    }
}
