using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// The way back, as config/RECOVERY.md tells it: a line that may not trust its ledger any more never prints from it, and
/// goes on with a new one, with no code on two labels and every item that left accounted for.
/// </summary>
public sealed class RecoveryTests(ITestOutputHelper output)
{
    private const int Target = 70;
    private const string Line = "line-1";

    private static string DataOf(Site site) => Path.Combine(site.Folder, "data", Line);

    private static ConveyorLine Belt() => new(new ConveyorOptions { ItemsPerMinute = 600 }, new FaultPlan(1).At(6, ItemFault.NoRead).At(14, ItemFault.NoRead));

    [Fact(Timeout = 240_000)]
    public async Task A_deleted_ledger_prints_nothing_until_the_line_is_enrolled_and_cleared()
    {
        using FaultRow row = FaultRow.Begin("F14", "the ledger deleted; enrolled and cleared");
        await using ConveyorLine line = Belt();
        await using Site site = Site.New(output);
        await RunAsync(site, line);
        await site.Service.KillAsync();
        Directory.Delete(DataOf(site), recursive: true);

        // Somebody starts it as if nothing had happened. The platform refuses the fresh ledger by name.
        await site.StartServiceAsync();
        LineSnapshot locked = await LockedAsync(site);
        Assert.Contains("ledger-not-current", locked.Platform.Detail, StringComparison.Ordinal);
        int printed = line.Printer.Tape.Count;
        (int running, string refused) = await RunningProgram.RunAsync("edgeline", "enrol", await WayBack.CodeAsync(site), "--config", site.ConfigFile);
        Assert.Equal(3, running);
        Assert.Contains("stop it first", refused, StringComparison.Ordinal);
        await site.Service.StopAsync();

        string said = await WayBack.EnrolAsync(site, site.ConfigFile);
        Assert.Contains("epoch 2", said, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(site.Folder, "data"), Line + ".set-aside-*"));
        LineSnapshot held = await WayBack.HeldAsync(site, line);
        Assert.True(held.Account.InDoubt > 0 && held.Account.Verified > 0, $"{held.Account}");
        row.Demand(() => Assert.Equal(printed, line.Printer.Tape.Count));
        await FinishAsync(row, site, line);
    }

    [Fact(Timeout = 240_000)]
    [Trait("tier", "full")]
    public async Task A_damaged_ledger_is_kept_and_prints_nothing_and_the_line_is_enrolled()
    {
        using FaultRow row = FaultRow.Begin("F14", "a page of the ledger overwritten; enrolled and cleared", full: true);
        await using ConveyorLine line = Belt();
        await using Site site = Site.New(output);
        await RunAsync(site, line);
        await site.Service.StopAsync();
        using (FileStream file = File.Open(Path.Combine(DataOf(site), "ledger.db"), FileMode.Open))
        {
            file.Position = 8192;
            file.Write(new byte[4096]);
        }

        int printed = line.Printer.Tape.Count;
        await site.StartServiceAsync();
        await site.PictureAsync(Line, p => p is { State: PackMlState.Stopped, Reason: "ledger-damaged" }, "refused by name");
        await site.Service.StopAsync();

        await WayBack.EnrolAsync(site, site.ConfigFile);
        string aside = Assert.Single(Directory.GetDirectories(Path.Combine(site.Folder, "data"), Line + ".set-aside-*"));
        Assert.Single(Directory.GetDirectories(aside, "damaged-*"));
        await WayBack.HeldAsync(site, line);
        row.Demand(() => Assert.Equal(printed, line.Printer.Tape.Count));
        await FinishAsync(row, site, line);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_copy_of_a_running_PC_is_found_out_before_its_first_label_and_the_first_PC_goes_on()
    {
        using FaultRow row = FaultRow.Begin("F14", "a copy of the running PC on a second one");
        await using ConveyorLine line = Belt();
        await using ConveyorLine others = Belt();
        await using Site site = Site.New(output);
        await RunAsync(site, line);
        await using var clone = new LinePc(site, "clone", others.Config);
        clone.CopyDisk();
        await site.PictureAsync(Line, p => p.Account.Verified >= 25, "the first PC is further");
        await clone.StartAsync();
        // A person at the copy presses every button there is.
        VirtualOperator fooled = clone.Staff(others.Belt);
        await FinishAsync(row, site, line);
        row.Demand(() => WayBack.AssertNoTwins(line.Printer, others.Printer));
        row.Demand(() => Assert.Equal(0, others.Printer.Tape.Count));
        LineSnapshot copy = await clone.PictureAsync();
        Assert.Contains(copy.Alarms, a => a.Key == "ledger-locked");
        Assert.False(fooled.Done.IsCompletedSuccessfully);
    }

    [Fact(Timeout = 240_000)]
    [Trait("tier", "full")]
    public async Task A_spare_PC_needs_only_site_file_and_code_and_the_dead_one_is_fenced_when_it_comes_back()
    {
        using FaultRow row = FaultRow.Begin("F14", "a dead PC replaced by a spare one, and then it is back", full: true);
        await using ConveyorLine line = Belt();
        await using Site site = Site.New(output);
        await RunAsync(site, line);
        await site.Service.KillAsync();
        await using var spare = new LinePc(site, "spare", line.Config);
        string said = await WayBack.EnrolAsync(site, spare.ConfigFile);
        Assert.Contains("a new token", said, StringComparison.Ordinal);
        await spare.StartAsync();
        await spare.PictureAsync(p => p is { State: PackMlState.Held, Reason: "enrolled" }, "held for the enrolment");
        int printed = line.Printer.Tape.Count;

        // The dead one is repaired and switched on, with devices of its own this time.
        await using ConveyorLine others = Belt();
        await using var back = new LinePc(site, "back", others.Config);
        back.CopyDisk();
        await back.StartAsync();
        LineSnapshot fenced = await back.PictureAsync(p => p.Alarms.Any(a => a.Key == "ledger-locked"), "the old PC is fenced");
        Assert.Contains("ledger-not-current", fenced.Platform.Detail, StringComparison.Ordinal);
        row.Demand(() => Assert.Equal(printed, line.Printer.Tape.Count));

        row.Cycles = 1;
        VirtualOperator person = spare.Staff(line.Belt);
        await person.Done.WaitAsync(TimeSpan.FromSeconds(120));
        LineSnapshot end = await spare.PictureAsync(p => p is { State: PackMlState.Complete, Account.Available: 0 } && p.ConfirmedSeq == p.AsOfSeq, "complete and confirmed");
        Assert.Equal(0, end.Account.Remainder + end.Account.InDoubt + end.PlatformRefused);
        row.Demand(() => Assert.Equal(0, others.Printer.Tape.Count));
        row.Demand(() => WayBack.AssertNoTwins(line.Printer, others.Printer));
    }

    [Fact(Timeout = 240_000)]
    [Trait("tier", "full")]
    public async Task A_backup_that_was_put_back_with_everything_beside_it_prints_nothing_and_the_line_is_enrolled()
    {
        using FaultRow row = FaultRow.Begin("F14", "a backup of the whole folder put back; enrolled and cleared", full: true);
        await using ConveyorLine line = Belt();
        await using Site site = Site.New(output);
        await RunAsync(site, line);
        string backup = Path.Combine(site.Folder, "backup");
        LinePc.CopyOf(DataOf(site), backup);
        await site.PictureAsync(Line, p => p.Account.Verified >= 30, "it went on after the backup");
        await site.Service.KillAsync();
        Directory.Delete(DataOf(site), recursive: true);
        Directory.Move(backup, DataOf(site));
        int printed = line.Printer.Tape.Count;

        await site.StartServiceAsync();
        LineSnapshot locked = await LockedAsync(site);
        Assert.Contains("journal-fork", locked.Platform.Detail, StringComparison.Ordinal);
        row.Demand(() => Assert.Equal(printed, line.Printer.Tape.Count));
        await site.Service.StopAsync();
        await WayBack.EnrolAsync(site, site.ConfigFile);
        await WayBack.HeldAsync(site, line);
        row.Demand(() => Assert.Equal(printed, line.Printer.Tape.Count));
        await FinishAsync(row, site, line);
    }

    [Fact(Timeout = 240_000)]
    [Trait("tier", "full")]
    public async Task Two_PCs_that_both_spoke_lock_the_line_and_an_enrolment_opens_it_again()
    {
        using FaultRow row = FaultRow.Begin("F14", "two PCs with one identity, both have spoken; enrolled and cleared", full: true);
        await using ConveyorLine line = Belt();
        await using ConveyorLine others = Belt();
        await using Site site = Site.New(output);
        await RunAsync(site, line);
        await site.Service.StopAsync();
        // The copy starts first from the very same state, so the platform takes its word; the first PC is the second past now.
        await using var clone = new LinePc(site, "clone", others.Config);
        clone.CopyDisk();
        await clone.StartAsync();
        await clone.PictureAsync(p => p.ConfirmedSeq == p.AsOfSeq && p.AsOfSeq > 0, "the copy has spoken");
        await site.StartServiceAsync();
        int printed = line.Printer.Tape.Count;
        await LockedAsync(site);
        row.Demand(() => Assert.Equal(printed, line.Printer.Tape.Count));
        await site.Service.StopAsync();
        await clone.Service.StopAsync();

        await WayBack.EnrolAsync(site, site.ConfigFile);
        await WayBack.HeldAsync(site, line);
        await clone.StartAsync();
        await clone.PictureAsync(p => p.Alarms.Any(a => a.Key == "ledger-locked"), "the copy is fenced");
        await FinishAsync(row, site, line);
        row.Demand(() => WayBack.AssertNoTwins(line.Printer, others.Printer));
    }

    [Fact(Timeout = 300_000)]
    [Trait("tier", "full")]
    public async Task An_enrolment_that_is_killed_again_and_again_is_finished_by_doing_it_once_more()
    {
        using FaultRow row = FaultRow.Begin("F14", "an enrolment killed again and again", full: true);
        await using ConveyorLine line = Belt();
        await using Site site = Site.New(output);
        await RunAsync(site, line);
        await site.Service.KillAsync();
        string code = await WayBack.CodeAsync(site);
        int kills = 0;
        for (int ms = 150; ; ms += 60)
        {
            await using RunningProgram enrol = RunningProgram.Start("edgeline", "enrol", code, "--config", site.ConfigFile);
            await Task.WhenAny(enrol.EndAsync(), Task.Delay(TimeSpan.FromMilliseconds(ms), TimeProvider.System));
            if (enrol.HasExited)
            {
                Assert.True(enrol.ExitCode == 0, string.Join('\n', enrol.Lines));
                break;
            }

            await enrol.KillAsync();
            kills++;
        }

        row.Cycles = kills - 1;
        output.WriteLine($"killed {kills} times");
        Assert.True(kills > 0);
        await WayBack.HeldAsync(site, line);
        await FinishAsync(row, site, line);
    }

    [Fact(Timeout = 240_000)]
    [Trait("tier", "full")]
    public async Task A_platform_that_was_set_back_gets_lease_and_enrolment_and_journal_again_from_the_line()
    {
        using FaultRow row = FaultRow.Begin("F14", "the platform set back to before the lease, and to before the enrolment", full: true);
        await using ConveyorLine line = Belt();
        await using Site site = Site.New(output);
        site.Line(Line, line.Config);
        await site.StartPlatformAsync(Target);
        await BackUpPlatformAsync(site, "before-lease");
        await StartRunAsync(site);
        await site.PictureAsync(Line, p => p.Account.Verified >= 10 && p.ConfirmedSeq > 20, "codes of the lease are on products");
        await RestorePlatformAsync(site, "before-lease");
        row.Cycles++;
        await site.PictureAsync(Line, p => p.Account.Verified >= 20 && p.ConfirmedSeq > 40, "the platform has it all again");

        await BackUpPlatformAsync(site, "before-enrolment");
        await site.Service.KillAsync();
        await WayBack.EnrolAsync(site, site.ConfigFile);
        await WayBack.HeldAsync(site, line);
        await RestorePlatformAsync(site, "before-enrolment");
        await FinishAsync(row, site, line);
    }

    private async Task RunAsync(Site site, ConveyorLine line)
    {
        site.Line(Line, line.Config);
        await site.StartPlatformAsync(Target);
        await StartRunAsync(site);
        await site.PictureAsync(Line, p => p.Account.Verified >= 12 && p.ConfirmedSeq > 10, "it runs");
        output.WriteLine($"{line.Printer.Tape.Count} labels printed");
    }

    private static async Task FinishAsync(FaultRow row, Site site, ConveyorLine line)
    {
        row.Cycles++;
        await row.DemandAsync(() => WayBack.FinishAsync(site, line, Target));
    }

    private static async Task StartRunAsync(Site site)
    {
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync(Line);
        await site.MustActAsync(Line, "start", new { who = "anna" });
    }

    private static Task<LineSnapshot> LockedAsync(Site site) =>
        site.PictureAsync(Line, p => p.Alarms.Any(a => a.Key == "ledger-locked") && p.Platform.Fault == "ledger-locked", "locked");

    private static async Task BackUpPlatformAsync(Site site, string name)
    {
        await site.Platform.StopAsync();
        LinePc.CopyOf(site.PlatformFolder, Path.Combine(site.Folder, name));
        await site.Platform.DisposeAsync();
        await site.StartPlatformAgainAsync();
    }

    private static async Task RestorePlatformAsync(Site site, string name)
    {
        await site.Platform.DisposeAsync();
        foreach (string file in Directory.GetFiles(site.PlatformFolder, "platform.db*"))
        {
            File.Delete(file);
        }

        LinePc.CopyOf(Path.Combine(site.Folder, name), site.PlatformFolder);
        await site.StartPlatformAgainAsync();
    }
}
