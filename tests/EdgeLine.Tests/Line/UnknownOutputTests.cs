using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Crash, printer fault, lost links: unknown is in doubt, never sent again, resolved by a read or by clearance.</summary>
public sealed class UnknownOutputTests
{
    [Fact]
    public void After_a_crash_codes_on_their_way_are_in_doubt_and_the_belt_runs_out_without_printing()
    {
        var line = new LineUnderTest();
        line.Crash();
        Assert.Equal([CodeState.InDoubt, CodeState.InDoubt, CodeState.InDoubt], line.States(1, 3));
        Assert.Equal("Suspended run-out", line.StateText);
        line.DevicesUp();
        Assert.Empty(line.Sent);
        Assert.Equal("Suspended run-out", line.StateText);
    }

    [Fact]
    public void A_read_during_run_out_verifies_once()
    {
        var line = new LineUnderTest();
        line.Crash();
        line.DevicesUp();
        Assert.True(line.Read(2)!.Pass);
        Assert.False(line.Read(2)!.Pass);
        Assert.Equal(CodeState.Verified, line.StateOf(2));
    }

    [Fact]
    public void When_all_doubts_are_read_printing_goes_on_by_itself()
    {
        var line = new LineUnderTest();
        line.Crash();
        line.DevicesUp();
        line.Read(1);
        line.Read(2);
        line.Read(3);
        line.Advance(50);
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.Equal([line.Code(4), line.Code(5), line.Code(6)], line.Sent);
    }

    [Fact]
    public void What_was_not_read_in_time_is_voided_by_clearance_and_its_label_is_an_intruder_later()
    {
        var line = new LineUnderTest();
        line.Crash();
        line.DevicesUp();
        line.Read(1);
        line.Advance(9_999);
        Assert.Equal("Suspended run-out", line.StateText);
        line.Advance(1);
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal(2, line.Core.ClearanceMax);
        Assert.Equal("clearance", line.Resume());
        Assert.Equal("", line.Clear(found: 1));
        Assert.Equal([CodeState.Void, CodeState.Void], line.States(2, 3));
        Assert.Equal(1, line.Entries(JournalKind.Cleared).Single().Count);
        Assert.Equal("voided-label-alive", line.Read(3)!.Reason);
        Assert.Equal("Held voided-label-alive", line.StateText);
    }

    [Fact]
    public void A_code_is_never_sent_twice_over_any_crash()
    {
        var line = new LineUnderTest(autoCommit: false, started: false);
        line.Start(Some.Order(10));
        line.CommitNext();
        line.CommitNext();
        Assert.Equal([line.Code(1)], line.Sent);

        // Entry 2 reaches the disk, but the process dies before it is told; entry 3 does not.
        line.Crash(committedBeforeIt: 1);
        line.AutoCommit = true;
        line.CommitAll();
        line.DevicesUp();
        Assert.Equal([CodeState.InDoubt, CodeState.InDoubt, CodeState.Available], line.States(1, 3));
        line.Advance(20_000);
        line.Clear(0);
        Assert.Equal([line.Code(3), line.Code(4), line.Code(5)], line.Sent);
    }

    [Fact]
    public void A_crash_before_verified_is_on_disk_leaves_the_code_in_doubt_and_a_read_resolves_it()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.Crash();
        line.AutoCommit = true;
        line.CommitAll();
        line.DevicesUp();
        Assert.Equal(CodeState.InDoubt, line.StateOf(1));
        Assert.True(line.Read(1)!.Pass);
    }

    [Fact]
    public void The_target_survives_a_crash()
    {
        var line = new LineUnderTest(target: 4);
        line.Read(1);
        line.Read(2);
        line.Crash();
        line.DevicesUp();
        line.Read(3);
        line.Read(4);
        line.Advance(50);
        Assert.Equal("Complete target-met", line.StateText);
        Assert.Equal(4, line.Ledger.Fold.VerifiedInRun);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_crash_while_the_run_was_ending_goes_on_ending_it()
    {
        var line = new LineUnderTest();
        line.Read(1);
        line.End();
        line.Crash();
        line.DevicesUp();
        line.Read(2);
        line.Read(3);
        line.Read(4);
        line.Advance(50);
        Assert.Equal("Complete ended", line.StateText);
        line.Ledger.Demand();
    }

    [Fact]
    public void A_pause_over_labels_that_nobody_knows_of_asks_for_the_clearance_and_not_to_be_resumed()
    {
        var line = new LineUnderTest();
        line.Pause();
        Assert.Equal("Held paused", line.StateText);
        line.Crash();
        line.DevicesUp();
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal("clearance", line.Resume());
        Assert.Equal("", line.Clear(found: 3));
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void A_pause_survives_a_crash()
    {
        var line = new LineUnderTest();
        line.Pause();
        line.Read(1);
        line.Read(2);
        line.Read(3);
        line.Crash();
        line.DevicesUp();
        Assert.Equal("Held paused", line.StateText);
        Assert.Equal("", line.Resume());
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Theory]
    [InlineData("printer-media-out")]
    [InlineData("printer-head-open")]
    [InlineData("printer-down")]
    public void A_printer_fault_puts_every_label_in_flight_in_doubt(string fault)
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.PrinterFault(fault));
        Assert.Equal([CodeState.InDoubt, CodeState.InDoubt, CodeState.InDoubt], line.States(1, 3));
        Assert.Contains(line.Effects, e => e is LineEffect.PrinterCancel);
        Assert.Equal("Suspended run-out", line.StateText);
        line.Read(1);
        line.Read(2);
        line.Read(3);
        line.Advance(50);
        Assert.Equal($"Suspended {fault}", line.StateText);
        Assert.True(line.HasAlarm(fault));
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.Equal(line.Code(6), line.Sent.Last());
    }

    [Fact]
    public void A_printer_that_was_switched_off_and_on_between_two_looks_lost_what_it_had()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(CodeState.Printing, line.StateOf(1));
        line.Apply(new LineEvent.PrinterReady(2));
        Assert.Equal(CodeState.InDoubt, line.StateOf(1));
        Assert.Equal("Suspended run-out", line.StateText);
    }

    [Fact]
    public void A_label_of_which_not_one_byte_left_goes_out_later_under_the_same_entry()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.SendEnded(line.Code(3), SendResult.NotOneByte));
        Assert.Equal("Suspended printer-down", line.StateText);
        Assert.Equal(3, line.Sent.Count());
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal([line.Code(1), line.Code(2), line.Code(3), line.Code(3)], line.Sent);
        Assert.Single(line.Entries(JournalKind.Print), e => e.Code.Id == 3);
        Assert.True(line.Read(1)!.Pass);
    }

    [Fact]
    public void A_send_with_an_unknown_end_is_never_sent_again()
    {
        var line = new LineUnderTest();
        line.Apply(new LineEvent.SendEnded(line.Code(3), SendResult.Unknown));
        Assert.Equal(CodeState.InDoubt, line.StateOf(3));
        line.Advance(20_000);
        Assert.Equal("", line.Clear(3));
        Assert.Equal([1L, 2, 3, 4, 5, 6], line.Sent.Select(c => c.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scanner_or_gate_down_stops_printing_and_run_out_waits_until_they_are_back(bool gate)
    {
        var line = new LineUnderTest();
        line.Apply(gate ? new LineEvent.GateDown() : new LineEvent.ScannerDown());
        Assert.Equal(CodeState.InDoubt, line.StateOf(1));
        line.Advance(60_000);
        Assert.Equal("Suspended run-out", line.StateText);
        line.Apply(gate ? new LineEvent.GateUp() : new LineEvent.ScannerUp());
        line.Advance(9_999);
        Assert.Equal("Suspended run-out", line.StateText);
        line.Advance(1);
        Assert.Equal("Held clearance", line.StateText);
    }

    [Fact]
    public void A_line_without_scanner_prints_nothing()
    {
        var line = new LineUnderTest(started: false);
        line.Apply(new LineEvent.ScannerDown());
        line.Start(Some.Order(10));
        Assert.Empty(line.Sent);
        Assert.Equal("Suspended scanner-down", line.StateText);
        Assert.True(line.HasAlarm("scanner-down"));
    }

    [Fact]
    public void A_print_entry_that_reaches_the_disk_after_a_fault_is_not_sent_until_the_printer_is_back()
    {
        var line = new LineUnderTest();
        line.AutoCommit = false;
        line.Read(1);
        line.Apply(new LineEvent.PrinterFault("printer-paused"));
        int sent = line.Sent.Count();
        line.CommitAll();
        Assert.Equal(sent, line.Sent.Count());
        line.AutoCommit = true;
        line.Read(2);
        line.Read(3);
        line.Advance(50);
        line.Apply(new LineEvent.PrinterReady(1));
        Assert.Equal(line.Code(4), line.Sent.Skip(sent).First());
    }
}
