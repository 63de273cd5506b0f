using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A scanner is believed as long as it proves that it reads, and a gate as long as it throws out.</summary>
public sealed class ScannerCheckTests
{
    private const long Hour = 3_600_000;

    private static readonly CertificateCode Card = Some.Code(900, CertificateCode.TestPool);
    private static readonly CertificateCode ForeignCard = Some.Code(901, CertificateCode.TestPool);

    private static string Begin(LineUnderTest line) => line.Ask(id => new LineEvent.ScannerCheckAsked(id, "Zhao"));

    private static string End(LineUnderTest line, bool blankRejected) => line.Ask(id => new LineEvent.ScannerCheckEnded(id, "Zhao", blankRejected));

    private static CheckSnapshot Check(LineUnderTest line) => line.Core.CheckPicture;

    private static void Pass(LineUnderTest line)
    {
        Assert.Equal("", Begin(line));
        Assert.True(line.ReadTest(Card)!.Pass);
        line.NoRead();
        Assert.Equal("", End(line, blankRejected: true));
        Assert.False(line.ReadTest(ForeignCard)!.Pass);
        Assert.Equal("passed", Check(line).State);
    }

    private static LineUnderTest Idle(long everyMs = 0, bool atRunStart = false) => new(started: false, checkEveryMs: everyMs, checkAtRunStart: atRunStart);

    [Fact]
    public void A_check_goes_from_test_label_over_blank_to_foreign()
    {
        LineUnderTest line = Idle();
        Assert.Equal("none", Check(line).State);
        Begin(line);
        Assert.Equal(("running", "test-label"), (Check(line).State, Check(line).Step));
        Assert.True(line.ReadTest(Card)!.Pass);
        Assert.Equal("blank", Check(line).Step);
        Assert.Equal("blank-not-seen", End(line, true));
        Assert.Equal((false, "scanner-check"), (line.NoRead()!.Pass, line.Verdicts.Last().Reason));
        Assert.Equal("blank", Check(line).Step);
        Assert.Equal("", End(line, true));
        Assert.Equal("foreign", Check(line).Step);
        Assert.Equal("scanner-check", line.ReadForeign()!.Reason);
        Assert.Equal(("passed", ""), (Check(line).State, Check(line).Step));
        Assert.Equal("Idle no-run", line.StateText);
        Assert.Equal(["started", "test-label-read", "blank-rejected", "foreign-held", "passed"], line.Entries(JournalKind.ScannerCheck).Select(e => e.Reason));
        Assert.Equal((0, 0, 2), (line.Ledger.Fold.Totals.NoRead, line.Ledger.Fold.Totals.Intruders, line.Ledger.Fold.Totals.Rejected));
    }

    [Fact]
    public void A_check_does_not_wait_for_ever_for_labels_that_nobody_could_place()
    {
        var line = new LineUnderTest(labelsToScanner: 4);
        line.NoRead();
        line.Read(3);
        Assert.Equal([CodeState.InDoubt, CodeState.InDoubt, CodeState.Verified], line.States(1, 3));
        Assert.Equal("", Begin(line));
        for (int code = 4; code <= line.Sent.Count(); code++)
        {
            line.Read(code);
        }

        Assert.Equal("Suspended scanner-check", line.StateText);
        line.Advance(line.Settings.RunOutMs);
        Assert.Equal("Held clearance", line.StateText);
        Assert.Equal("", line.Clear(0));
        Assert.True(line.ReadTest(Card)!.Pass);
    }

    [Fact]
    public void The_same_card_is_not_its_own_foreign_label()
    {
        LineUnderTest line = Idle();
        Begin(line);
        line.ReadTest(Card);
        line.NoRead();
        End(line, true);
        Assert.False(line.ReadTest(Card)!.Pass);
        Assert.Equal("foreign", Check(line).Step);
    }

    [Fact]
    public void A_test_label_passes_only_in_a_check_and_only_in_time()
    {
        var line = new LineUnderTest(started: false);
        Assert.False(line.ReadTest(Card)!.Pass);
        Begin(line);
        line.AutoCommit = false;
        line.ReadTest(Card);
        Assert.Null(line.VerdictOf(line.LastItem));
        line.Advance(line.Settings.VerdictWithinMs + 1);
        line.CommitAll();
        Assert.False(line.VerdictOf(line.LastItem)!.Pass);
        Assert.Equal("test-label", Check(line).Step);
        line.ReadTest(Card);
        line.CommitAll();
        Assert.True(line.VerdictOf(line.LastItem)!.Pass);
    }

    [Fact]
    public void A_gate_that_lets_the_blank_go_fails_the_check_and_nothing_is_printed()
    {
        var line = new LineUnderTest(target: 20);
        line.Read(1);
        line.Read(2);
        Begin(line);
        line.Read(3);
        line.Read(4);
        line.Read(5);
        Assert.Equal("test-label", Check(line).Step);
        line.ReadTest(Card);
        line.NoRead();
        Assert.Equal("", End(line, blankRejected: false));
        Assert.Equal(("failed", 5), (Check(line).State, Check(line).Suspects));
        Assert.Equal("Suspended scanner-check-failed", line.StateText);
        Assert.Equal(5, line.Entries(JournalKind.ScannerCheck).Last().Count);
        Assert.True(line.HasAlarm("suspect-codes"));
        int sent = line.Sent.Count();
        line.Advance(Hour);
        Assert.Equal(sent, line.Sent.Count());
        Pass(line);
        Assert.Equal(PackMlState.Execute, line.Core.State);
        Assert.True(line.Sent.Count() > sent);
        // Somebody still has to have seen it.
        Assert.False(line.Core.Alarms.IsPresent("suspect-codes"));
        Assert.True(line.HasAlarm("suspect-codes"));
    }

    [Fact]
    public void Only_codes_since_the_last_good_check_are_suspect()
    {
        var line = new LineUnderTest(target: 20, started: false);
        Pass(line);
        line.Start(Some.Order(20));
        line.Read(1);
        line.NoRead();
        line.Read(3);
        line.Rework(2);
        Begin(line);
        line.Read(4);
        line.Read(5);
        line.Read(6);
        Assert.Equal("test-label", Check(line).Step);
        End(line, false);
        Assert.Equal(("failed", 5), (Check(line).State, Check(line).Suspects));
        line.Crash();
        Assert.Equal(("failed", 5), (Check(line).State, Check(line).Suspects));
    }

    [Fact]
    public void A_failed_check_lets_no_run_start()
    {
        LineUnderTest line = Idle();
        Begin(line);
        End(line, false);
        Assert.Equal("scanner-check-failed", line.Start(Some.Order(5)));
        line.Crash();
        line.DevicesUp();
        Assert.Equal("scanner-check-failed", line.Start(Some.Order(5)));
        Pass(line);
        Assert.Equal("", line.Start(Some.Order(5)));
    }

    [Fact]
    public void An_overdue_check_lets_no_run_start_and_stops_none()
    {
        LineUnderTest line = Idle(everyMs: 8 * Hour);
        Assert.Equal("overdue", Check(line).State);
        Assert.Equal("scanner-check-overdue", line.Start(Some.Order(5)));
        Pass(line);
        Assert.Equal(line.Now.WallMs + (8 * Hour), Check(line).DueUnixMs);
        line.Advance((8 * Hour) - 60_000);
        Assert.Equal("due", Check(line).State);
        Assert.Equal("", line.Start(Some.Order(20)));
        line.Advance(60_000);
        Assert.Equal("overdue", Check(line).State);
        Assert.True(line.HasAlarm("scanner-check-overdue"));
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void A_run_begins_with_a_check_where_that_is_wanted()
    {
        LineUnderTest line = Idle(atRunStart: true);
        Assert.Equal("", line.Start(Some.Order(20)));
        Assert.Equal("Suspended scanner-check", line.StateText);
        Assert.Empty(line.Sent);
        Pass(line);
        Assert.NotEmpty(line.Sent);
        line.End();
        line.Read(1);
        line.Read(2);
        line.Read(3);
        line.Ledger.Lend("order-1", 10, 20, line.Now.WallMs + Hour);
        line.Start(Some.Order(5, run: "run-2"));
        Assert.Equal("Suspended scanner-check", line.StateText);
    }

    [Fact]
    public void After_a_fault_of_scanner_or_gate_a_check_is_wanted_before_the_next_run()
    {
        LineUnderTest line = Idle(everyMs: 8 * Hour);
        Pass(line);
        line.Apply(new LineEvent.GateDown());
        line.Apply(new LineEvent.GateUp());
        line.Advance(1);
        Assert.Equal("overdue", Check(line).State);
        line.Crash();
        line.DevicesUp();
        Assert.Equal("scanner-check-overdue", line.Start(Some.Order(5)));
        Pass(line);
        Assert.Equal("", line.Start(Some.Order(5)));
    }

    [Fact]
    public void A_device_that_goes_away_ends_a_check_without_a_result()
    {
        LineUnderTest line = Idle();
        Begin(line);
        line.ReadTest(Card);
        line.Apply(new LineEvent.ScannerDown());
        Assert.Equal("none", Check(line).State);
        Assert.Equal("aborted", line.Entries(JournalKind.ScannerCheck).Last().Reason);
        Assert.Equal("scanner-down", Begin(line));
    }

    [Fact]
    public void A_check_begins_only_when_no_label_of_the_run_is_on_its_way()
    {
        var line = new LineUnderTest();
        Assert.Equal("", Begin(line));
        Assert.Equal(("running", ""), (Check(line).State, Check(line).Step));
        // Not in the check yet: a test label is a test label.
        Assert.Equal("test-label", line.ReadTest(Card)!.Reason);
        Assert.True(line.Read(1)!.Pass);
        Assert.True(line.Read(2)!.Pass);
        Assert.Equal("", Check(line).Step);
        Assert.True(line.Read(3)!.Pass);
        Assert.Equal("test-label", Check(line).Step);
        Assert.Equal(3, line.Sent.Count());
        line.Ledger.Demand();
    }

    [Fact]
    public void Labels_that_do_not_come_before_a_check_need_a_clearance()
    {
        var line = new LineUnderTest();
        Begin(line);
        line.Read(1);
        line.Advance(20_000);
        Assert.Equal("Held clearance", line.StateText);
        line.Clear(2);
        Assert.Equal("test-label", Check(line).Step);
    }

    [Fact]
    public void A_check_moves_no_code_and_opens_no_gap()
    {
        var line = new LineUnderTest(target: 20);
        Begin(line);
        line.Read(1);
        line.Read(2);
        line.Read(3);
        string before = string.Join(' ', line.Ledger.Codes.Select(c => c.State));
        line.NoRead();
        line.ReadTest(Card);
        line.NoRead();
        line.NoRead();
        line.ReadForeign();
        line.NoRead();
        End(line, true);
        line.NoRead();
        line.ReadForeign();
        Assert.Equal("passed", Check(line).State);
        Assert.Equal(before, string.Join(' ', line.Ledger.Codes.Select(c => c.State).Select((s, i) => i is 3 or 4 or 5 ? CodeState.Available : s)));
        Assert.Equal(0, line.Ledger.Fold.Totals.Intruders);
        Assert.True(line.Read(4)!.Pass);
        Assert.Equal(0, line.Entries(JournalKind.Verified).Last().Count);
        Assert.Equal(PackMlState.Execute, line.Core.State);
    }

    [Fact]
    public void A_duplicate_locks_the_line_in_a_check_as_always()
    {
        var line = new LineUnderTest(target: 20);
        Begin(line);
        line.Read(1);
        line.Read(2);
        line.Read(3);
        Assert.Equal("duplicate", line.Read(1)!.Reason);
        Assert.Equal("Held duplicate", line.StateText);
    }

    [Fact]
    public void A_bench_has_no_blank_to_throw_out()
    {
        var line = new LineUnderTest(Station.Bench, started: false);
        Begin(line);
        line.ReadTest(Card);
        Assert.Equal("foreign", Check(line).Step);
        line.ReadTest(ForeignCard);
        Assert.Equal("passed", Check(line).State);
    }

    [Fact]
    public void A_check_that_is_asked_for_at_the_wrong_moment_is_refused_with_a_reason()
    {
        var line = new LineUnderTest();
        Assert.Equal("no-check", End(line, true));
        line.Pause();
        Assert.Equal("held", Begin(line));
        line.Resume();
        line.ReadForeign();
        Assert.Equal("clearance", Begin(line));
        line.Clear(0);
        Begin(line);
        Assert.Equal("check-running", Begin(line));
    }
}
