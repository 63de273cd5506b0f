using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A stop has one alarm, the one of its first cause; what follows from it, and the mending of it, has none.</summary>
public sealed class OneCauseOneAlarmTests
{
    [Fact]
    public void Paper_out_run_out_and_clearance_are_one_alarm_and_its_cause_is_kept()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.PrinterFault("printer-media-out"));
        Assert.Equal("Suspended run-out", line.StateText);
        Assert.Equal("printer-media-out unack", Alarms(line));
        Assert.Equal("printer-media-out", line.Core.Stop?.Key);

        // To load a roll the head is opened and the printer perhaps switched off.
        line.Apply(new LineEvent.PrinterFault("printer-head-open"));
        line.Apply(new LineEvent.PrinterFault("printer-down"));
        Assert.Equal("printer-media-out unack", Alarms(line));
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal("printer-media-out rtn_unack", Alarms(line));

        line.Advance(20_000);
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal("printer-media-out rtn_unack", Alarms(line));
        Assert.Equal("printer-media-out", line.Core.Stop?.Key);

        // Who cleared the line has seen it.
        Assert.Equal("", line.Clear(found: 2));
        Assert.Equal("", Alarms(line));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.Null(line.Core.Stop);
    }

    [Fact]
    public void A_clearance_after_a_crash_is_an_alarm_of_its_own()
    {
        var line = new LineUnderTest();
        line.Crash();
        Assert.Equal("restart", line.Core.Stop?.Key);
        line.DevicesUp();
        line.Advance(20_000);
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal("clearance unack", Alarms(line));
        Assert.Equal("restart", line.Core.Stop?.Key);
        line.Clear(found: 0);
        Assert.Equal("", Alarms(line));
    }

    [Fact]
    public void Devices_that_go_one_after_the_other_are_one_alarm_at_a_time()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.ScannerDown());
        line.Apply(new LineEvent.GateDown());
        line.Apply(new LineEvent.PrinterFault("printer-down"));
        Assert.Equal("scanner-down unack", Alarms(line));
        Assert.Equal("scanner-down", line.Core.Stop?.Key);
        line.Apply(new LineEvent.ScannerUp());
        Assert.Equal("printer-down unack, scanner-down rtn_unack", Alarms(line));
    }

    [Fact]
    public void A_foreign_label_after_another_trouble_is_told_all_the_same()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.PrinterFault("printer-media-out"));
        line.ReadForeign();
        Assert.Equal("Held foreign", line.StateText);
        Assert.Equal("foreign unack, printer-media-out unack", Alarms(line));
        Assert.Equal("critical", line.Core.Alarms.Active[0].Severity);
    }

    [Fact]
    public void In_a_pause_an_open_head_is_no_alarm_but_a_full_disk_is()
    {
        var line = new LineUnderTest();
        line.Pause();
        line.Apply(new LineEvent.PrinterFault("printer-head-open"));
        Assert.Equal("", Alarms(line));
        line.Apply(new LineEvent.StorageLow(true));
        Assert.Equal("storage-low unack", Alarms(line));
        Assert.Equal("paused", line.Core.Stop?.Key);
    }

    [Fact]
    public void Without_a_run_only_the_pc_itself_can_alarm()
    {
        var line = new LineUnderTest(started: false);
        line.Apply(new LineEvent.PrinterFault("printer-media-out"));
        line.Apply(new LineEvent.ScannerDown());
        Assert.Equal("", Alarms(line));
        line.Apply(new LineEvent.StorageLow(true));
        Assert.Equal("storage-low unack", Alarms(line));
        line.Apply(new LineEvent.StorageLow(false));
        Assert.Equal("storage-low rtn_unack", Alarms(line));
    }

    [Fact]
    public void Devices_have_time_to_connect_after_a_start_before_they_are_missed()
    {
        var line = new LineUnderTest();
        line.Crash();
        Assert.Equal("", Alarms(line));
        line.Advance(5_000);
        Assert.Equal("printer-down unack", Alarms(line));
    }

    [Fact]
    public void Codes_that_end_soon_are_told_before_they_end_and_not_after()
    {
        var line = new LineUnderTest(leaseLastsMs: 3_600_000);
        Assert.Equal("", Alarms(line));
        line.Advance(31 * 60_000);
        Assert.Equal("lease-near-end unack", Alarms(line));
        line.AutoSupply = false;
        line.Advance(30 * 60_000);
        Assert.DoesNotContain("lease-near-end", Alarms(line), StringComparison.Ordinal);
    }

    [Fact]
    public void Blocked_is_the_gate_and_starved_is_codes()
    {
        var gate = new LineUnderTest();
        Assert.Equal((false, false), (gate.Core.Blocked, gate.Core.Starved));
        gate.Apply(new LineEvent.GateDown());
        Assert.Equal((true, false), (gate.Core.Blocked, gate.Core.Starved));

        var codes = new LineUnderTest(codes: 0, autoSupply: false);
        codes.Apply(new LineEvent.CodesUnavailable("no-codes"));
        Assert.Equal("Suspended no-codes", codes.StateText);
        Assert.Equal((false, true), (codes.Core.Blocked, codes.Core.Starved));
    }

    [Fact]
    public void What_people_do_with_an_alarm_is_in_the_journal_and_what_is_refused_is_not()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.GateDown());
        Assert.Equal("no-such-alarm", line.Ask(id => new LineEvent.Acknowledge(id, "li@panel", "slip")));
        Assert.Equal("shelved-too-long", line.Ask(id => new LineEvent.Shelve(id, "li@panel", "gate-down", line.Now.WallMs + (9 * 3_600_000L))));
        Assert.Equal("not-shelved", line.Ask(id => new LineEvent.Unshelve(id, "li@panel", "gate-down")));
        Assert.Empty(line.Entries(JournalKind.AlarmHandled));

        long until = line.Now.WallMs + 3_600_000;
        Assert.Equal("", line.Ask(id => new LineEvent.Acknowledge(id, "li@panel", "gate-down")));
        Assert.Equal("", line.Ask(id => new LineEvent.Shelve(id, "wu@panel", "gate-down", until)));
        Assert.Equal("", line.Ask(id => new LineEvent.Unshelve(id, "wu@panel", "gate-down")));
        Assert.Equal(
            ["gate-down acknowledged li@panel", $"gate-down shelved {until} wu@panel", "gate-down unshelved wu@panel"],
            line.Entries(JournalKind.AlarmHandled).Select(e => $"{e.Reason} {e.Detail} {e.Who}"));
    }

    [Fact]
    public void Seeing_an_alarm_lets_nothing_go_on()
    {
        var line = new LineUnderTest();
        line.ReadForeign();
        line.Ask(id => new LineEvent.Acknowledge(id, "li", "foreign"));
        line.Ask(id => new LineEvent.Shelve(id, "li", "foreign", line.Now.WallMs + 60_000));
        line.Advance(120_000);
        Assert.Equal("Held foreign", line.StateText);
        Assert.True(line.Core.NeedsClearance);
        Assert.Equal("foreign unack", Alarms(line));
    }

    private static string Alarms(LineUnderTest line) => string.Join(
        ", ", line.Core.Alarms.Active.Select(a => $"{a.Key} {a.State}").Order(StringComparer.Ordinal));
}
