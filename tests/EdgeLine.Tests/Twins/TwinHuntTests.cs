using System.Runtime.CompilerServices;
using EdgeLine.Faults;
using EdgeLine.Simulator.Printing;
using Xunit.Abstractions;

namespace EdgeLine.Tests.Twins;

/// <summary>
/// No code on two items (P1), with printers that repeat an interrupted label unless each format forbids it. A failure
/// names its seed; the whole hunt is in the nightly tests.
/// </summary>
public sealed class TwinHuntTests(ITestOutputHelper output)
{
    public static TheoryData<string, string, ulong> Days(int first, int count)
    {
        TheoryData<string, string, ulong> days = [];
        for (int seed = first; seed < first + count; seed++)
        {
            days.Add("zebra-zt411-300dpi", "tcp", (ulong)seed);
            days.Add("zebra-zt411-300dpi", "serial", (ulong)seed);
            days.Add("zebra-zt411-300dpi", "silent in error", (ulong)seed);
            days.Add("generic-zpl-203dpi", "tcp", (ulong)seed);
            days.Add("generic-zpl-203dpi", "serial", (ulong)seed);
        }

        return days;
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Days), 1, 4)]
    public Task No_code_is_on_two_items_of_a_thousand(string printer, string how, ulong seed) => Hunt(Day(printer, how, seed, 1_000));

    [Theory(Timeout = 600_000)]
    [Trait("tier", "full")]
    [MemberData(nameof(Days), 100, 6)]
    public Task No_code_is_on_two_items_of_ten_thousand(string printer, string how, ulong seed) => Hunt(Day(printer, how, seed, 10_000), full: true);

    [Theory(Timeout = 60_000)]
    [InlineData("zebra-zt411-300dpi", false, 11)]
    [InlineData("zebra-zt411-300dpi", true, 11)]
    [InlineData("generic-zpl-203dpi", false, 12)]
    public Task A_cable_pulled_after_any_byte_of_a_label_makes_no_twin(string printer, bool recalled, ulong seed) => PullAtEveryByte(printer, recalled, seed);

    public static TheoryData<string, ulong> Cables()
    {
        TheoryData<string, ulong> cables = [];
        for (ulong seed = 21; seed < 32; seed++)
        {
            cables.Add(seed % 2 == 0 ? "zebra-zt411-300dpi" : "generic-zpl-203dpi", seed);
        }

        return cables;
    }

    [Theory(Timeout = 600_000)]
    [Trait("tier", "full")]
    [MemberData(nameof(Cables))]
    public Task Ten_thousand_pulled_cables_make_no_twin(string printer, ulong seed) => PullAtEveryByte(printer, recalled: false, seed, full: true);

    private async Task PullAtEveryByte(string printer, bool recalled, ulong seed, bool full = false, [CallerMemberName] string test = "")
    {
        HuntDay quiet = Day(printer, "tcp", seed, recalled ? 2_000 : 1_000) with
        {
            EveryByte = true,
            Stored = recalled,
            PrinterFault = 0,
            ReprintKey = 0,
            NoRead = 0,
            Unlabelled = 0,
        };
        TwinHunt hunt = await Hunt(quiet, full, test);
        Assert.Superset(Enumerable.Range(0, hunt.FormatLength - hunt.LastBytes + 1).ToHashSet(), hunt.CutsDone.ToHashSet());
        Assert.Superset(Enumerable.Range(0, hunt.LastBytes).ToHashSet(), hunt.LeftOver.ToHashSet());
        Assert.Empty(hunt.Printer.Tape.Twins);
    }

    /// <summary>The control: the same hunt must see the twins of a build that forgets to switch the repeat off.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("zebra-zt411-300dpi", "tcp", 1)]
    [InlineData("generic-zpl-203dpi", "tcp", 1)]
    public async Task A_build_that_leaves_the_repeat_after_errors_on_is_found_out(string printer, string how, ulong seed)
    {
        using FaultRow row = FaultRow.Begin("C4", "formats without ^JZN: labels that the printer repeated by itself", $"{seed}");
        TwinHunt hunt = await Run(Day(printer, how, seed, 1_000) with { LeavesOut = ["^JZN"] });
        row.Cycles = hunt.Faults;
        row.Violated(hunt.RepeatedByPrinter);
        Assert.True(hunt.RepeatedByPrinter > 0, $"{hunt}: nobody would notice.");
        // Nor does such a twin get out: the first read counts, the second one is a duplicate.
        Assert.Empty(hunt.LeftTwice);
    }

    /// <summary>
    /// The control for <c>~JX</c> and <c>~JA</c>. Whether they are said or not no code comes out twice, because none is sent
    /// twice; what they keep away is a label of before that comes out when the line was cleared, and a label that begins
    /// with the piece of another one on which the cable was pulled, so that its code and its words are of two items.
    /// </summary>
    [Theory(Timeout = 60_000)]
    [InlineData("~JA", 1)]
    [InlineData("~JX", 1)]
    [InlineData("~JA", 2)]
    [InlineData("~JX", 2)]
    public async Task A_build_that_does_not_clear_the_printer_is_found_out(string leftOut, ulong seed)
    {
        HuntDay day = Day("generic-zpl-203dpi", "tcp", seed, 1_000) with { LeavesOut = [leftOut], CablePull = 50_000 };
        TwinHunt hunt = await Run(day);
        Assert.True(leftOut == "~JA" ? hunt.LeftBehind > 1 : hunt.Merged > 0, $"{hunt}: nobody would notice.");
        Assert.Empty(hunt.LeftTwice);
    }

    private static HuntDay Day(string printer, string how, ulong seed, int target) => new()
    {
        Seed = seed,
        Printer = printer,
        Target = target,
        Serial = how == "serial",
        Traits = traits => traits with { SilentInError = how == "silent in error", SpeedMmPerSecond = seed % 2 == 0 ? 250 : 0 },
    };

    private async Task<TwinHunt> Hunt(HuntDay day, bool full = false, [CallerMemberName] string test = "")
    {
        string what = day.EveryByte ? "cable pulled after each byte of a label" : "media, ribbon, head, power, reprint key, cable pulls";
        using FaultRow row = FaultRow.Begin("F9", $"{what}; {day.Printer}", $"{day.Seed}", full, test);
        TwinHunt hunt = await Run(day);
        row.Cycles = hunt.Faults + hunt.Keys + hunt.Cuts;
        row.Violated(hunt.LeftTwice.Count + hunt.RepeatedByPrinter);
        Assert.Empty(hunt.LeftTwice);
        Assert.Equal(0, hunt.RepeatedByPrinter);
        Assert.True(hunt is { LeftBehind: <= 1, Merged: 0 }, hunt.ToString());
        Assert.DoesNotContain(hunt.Printer.Tape.Labels(), l => l.Kind == TapeLabelKind.ReprintedAfterError);
        Assert.Equal(day.Target, hunt.Ledger.Fold.VerifiedInRun);
        // A layout that was lost with the power is never recalled: over a network the loss is known before the next label.
        // On a serial line the printer forgets unseen, and up to the next question a label may come without its code.
        Assert.True(day.Serial || hunt.Codeless == 0, $"{hunt}: recalled without being stored anew.");
        Assert.Equal(day.Stored && day.Printer.StartsWith("zebra", StringComparison.Ordinal), hunt.Recalls > 0);
        hunt.Ledger.Demand();
        return hunt;
    }

    private async Task<TwinHunt> Run(HuntDay day)
    {
        TwinHunt hunt = new(day);
        await Task.Run(() => hunt.Run(maxItems: 200 * day.Target));
        output.WriteLine(hunt.ToString());
        return hunt;
    }
}
