using EdgeLine.EndToEndTests.Support;
using EdgeLine.Faults;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using Xunit.Abstractions;

namespace EdgeLine.EndToEndTests;

/// <summary>
/// Somebody sets the clock of the line PC while the service runs (P5): ahead the line goes on, behind its last entry it says so
/// and prints nothing, and what its clock did to leases and entries ends where config/RECOVERY.md says.
/// </summary>
public sealed class ClockTests(ITestOutputHelper output)
{
    private const int Target = 250;
    private const int LeaseMinutes = 7 * 1_440;
    private const string Line = "line-1";

    private static readonly TimeSpan[] Ahead =
        [TimeSpan.FromMinutes(3), TimeSpan.FromHours(1), TimeSpan.FromHours(25), TimeSpan.FromDays(6)];

    [Fact(Timeout = 300_000)]
    [Trait("tier", "full")]
    public async Task A_clock_that_is_set_ahead_and_back_under_the_running_line_and_then_to_next_year()
    {
        using FaultRow row = FaultRow.Begin("F15", "the clock set while the real service runs, at last ahead of all leases; enrolled and cleared", full: true);
        await using var line = new ConveyorLine(new ConveyorOptions { ItemsPerMinute = 600 });
        await using Site site = Site.New(output);
        OtherClock clock = site.Clock = await OtherClock.MakeAsync(site.Folder);
        site.Line(Line, line.Config);
        await site.StartPlatformAsync(Target, LeaseMinutes);
        site.WriteConfig();
        await site.StartServiceAsync();
        await site.ReadyAsync(Line);
        VirtualOperator person = site.Staff(Line, line.Belt);
        long verified = 0;
        foreach (TimeSpan ahead in Ahead)
        {
            clock.Set(ahead);
            await site.PictureAsync(Line, p => p.Account.Verified >= verified + 8, $"goes on with the clock {ahead} ahead");
            LineSnapshot stopped = await BackAsync(row, site, line, clock);
            // Right again by what the entries say: it goes on without anybody.
            clock.Set(ahead + TimeSpan.FromSeconds(5));
            LineSnapshot again = await site.PictureAsync(Line, p => p.Account.Verified >= stopped.Account.Verified + 4, "goes on by itself", seconds: 20);
            verified = again.Account.Verified;
            row.Cycles += 3;
        }

        clock.Set(TimeSpan.FromDays(400));
        await site.PictureAsync(Line, p => p.Account.Expired > 0 && p.Account.Available == 0 && p.Account.Printing == 0, "its codes have expired");
        await BackAsync(row, site, line, clock);
        // The clock is right, and stays behind the entries for a year: a new ledger.
        await site.DismissAsync(person);
        await site.Service.KillAsync();
        await site.StartServiceAsync();
        await site.PictureAsync(Line, SaysSetBack, "says so after a restart");
        await site.Service.StopAsync();
        Assert.Contains("up to its last entry", await WayBack.EnrolAsync(site, site.ConfigFile), StringComparison.Ordinal);
        await WayBack.HeldAsync(site, line);
        row.Cycles += 3;
        await WayBack.FinishAsync(site, line, Target);
    }

    // What is under way is decided as ever, and no label follows.
    private static async Task<LineSnapshot> BackAsync(FaultRow row, Site site, ConveyorLine line, OtherClock clock)
    {
        clock.Set(TimeSpan.Zero);
        LineSnapshot stopped = await site.PictureAsync(Line, p => SaysSetBack(p) && p.Account.Printing == 0, "says that the clock was set back");
        int printed = line.Printer.Tape.Count;
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        row.Demand(() => Assert.Equal(printed, line.Printer.Tape.Count));
        return stopped;
    }

    // Nobody acknowledges it here, so it stays on the page when it is over.
    private static bool SaysSetBack(LineSnapshot page) => page.Alarms.Any(a => a is { Key: "clock-set-back", State: "unack" or "acked" });
}
