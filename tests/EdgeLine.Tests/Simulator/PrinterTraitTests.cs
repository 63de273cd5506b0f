using EdgeLine.Simulator;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Tests.Simulator;

/// <summary>What printers do that no host should count on: each is a trait of the virtual printer.</summary>
public sealed class PrinterTraitTests
{
    private const string First = "H000000000000001";
    private const string Second = "H000000000000002";
    private const string Third = "H000000000000003";

    [Fact]
    public async Task Some_printers_count_one_format_with_nothing_left_to_print()
    {
        await using var p = new PrinterUnderTest(t => t with { StickyFormatCount = true });
        p.Feed(PrinterUnderTest.Label(First));
        Assert.Contains(",0480,001,", p.Ask("~HS"), StringComparison.Ordinal);
        Assert.True(p.Printer.Idle);
    }

    [Fact]
    public async Task A_batch_counts_its_labels_down_while_it_is_printed()
    {
        await using var p = new PrinterUnderTest(t => t with { SpeedMmPerSecond = 100 });
        p.Feed(PrinterUnderTest.Label(First).Replace("^PQ1", "^PQ3", StringComparison.Ordinal));
        Assert.Contains(",00000003,1,", p.Ask("~HS"), StringComparison.Ordinal);
        p.Time.Advance(TimeSpan.FromMilliseconds(450));
        Assert.Contains(",00000002,1,", p.Ask("~HS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_oldest_waiting_format_is_peeled_off_and_the_printer_pauses()
    {
        await using var p = new PrinterUnderTest(t => t with { SpeedMmPerSecond = 100 });
        p.Feed(PrinterUnderTest.Label(First) + PrinterUnderTest.Label(Second) + PrinterUnderTest.Label(Third) + "~JP");
        Assert.StartsWith("\u0002030,0,1,0480,001,", p.Ask("~HS"), StringComparison.Ordinal);
        p.Feed("~PS");
        p.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([First, Third], p.Out.Select(l => l.CodeTail));
    }

    [Fact]
    public async Task A_reset_by_command_is_a_power_up()
    {
        await using var p = new PrinterUnderTest();
        p.Feed("^XA^JZN^XZ~PP" + PrinterUnderTest.Label(First));
        p.Feed("! U1 setvar \"device.user_vars.create\" \"boot:STRING:0-9:abc\"\r\n");
        p.Feed("~JR");
        Assert.True(p.Printer is { ReprintAfterError: true, Idle: true, UserVariables: 0 });
        Assert.Empty(p.Out);
    }

    [Fact]
    public async Task Answers_may_be_late_and_in_pieces_and_are_whole_in_the_end()
    {
        await using var whole = new PrinterUnderTest();
        string expected = whole.Ask("~HS");
        await using var p = new PrinterUnderTest(t => t with { AnswerDelay = TimeSpan.FromMilliseconds(200), SplitsAnswers = true });
        Assert.Equal("", p.Ask("~HS"));
        p.Time.Advance(TimeSpan.FromMilliseconds(201));
        Assert.InRange(p.Answers.Length, 1, 20);
        p.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(expected, p.Answers);
    }

    [Theory]
    [InlineData("CutterJam", "00000008")]
    [InlineData("OverTemperature", "00000010")]
    public async Task A_jam_or_a_hot_head_repeats_no_label_even_with_JZY(string fault, string bits)
    {
        await using var p = new PrinterUnderTest();
        p.Printer.Arm(Enum.Parse<PrinterFault>(fault), 0, 470);
        p.Feed(PrinterUnderTest.Label(First, more: "^JZY") + PrinterUnderTest.Label(Second));
        Assert.Contains($"ERRORS:         1 00000000 {bits}", p.Ask("~HQES"), StringComparison.Ordinal);
        p.Printer.Repair();
        Assert.Equal([First, Second], p.Out.Select(l => l.CodeTail));
        Assert.Empty(p.Printer.Tape.Twins);
    }

    [Fact]
    public async Task The_odometer_counts_labels_without_blanks_and_outlives_the_power_unlike_a_users_variable()
    {
        await using var p = new PrinterUnderTest(t => t with { BlanksAfterHeadClose = 2 });
        const string ask = "! U1 getvar \"odometer.total_label_count\"\r\n! U1 getvar \"odometer.media_marker_count\"\r\n"
            + "! U1 getvar \"odometer.latch_open_count\"\r\n! U1 getvar \"device.user_vars.boot\"\r\n";
        p.Feed("! U1 setvar \"device.user_vars.create\" \"boot:STRING:0-9:abc\"\r\n" + PrinterUnderTest.Label(First));
        p.Printer.Fail(PrinterFault.HeadOpen);
        p.Printer.Repair();
        p.Printer.RepeatLast();
        // Values in quotes, one after the other: nothing ends an answer but its quote.
        Assert.Equal("\"2\"\"4\"\"1\"\"abc\"", p.Ask(ask));
        p.Printer.Fail(PrinterFault.PowerCycle);
        Assert.Equal("\"2\"\"4\"\"1\"\"?\"", p.Ask(ask));
    }

    [Theory]
    [InlineData("Never", "", "")]
    [InlineData("Compose", "ok:1\r\n", "")]
    [InlineData("PrintStart", "ok:1\r\n", "")]
    [InlineData("PrintEnd", "", "ok:1\r\n")]
    public async Task A_verification_comes_when_the_label_is_composed_or_begun_or_out(string when, string before, string after)
    {
        await using var p = new PrinterUnderTest(t => t with { SpeedMmPerSecond = 100, Verifies = Enum.Parse<VerificationMoment>(when) });
        string early = p.Ask("^XA^JZN^FO40,40^BQN,2,5^FN1^FDMA,1^FS^FH_^HV1,64,ok:,_0D_0A,L^FS^PQ1,0,0,N^XZ").Replace("MA,", "", StringComparison.Ordinal);
        Assert.Equal(before, early);
        p.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before + after, p.Answers.Replace("MA,", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reprint_by_command_works_only_where_it_was_allowed_until_the_power_is_cut()
    {
        await using var p = new PrinterUnderTest();
        p.Feed(PrinterUnderTest.Label(First) + "~PR");
        Assert.Single(p.Out);
        p.Feed("^XA^JJ0,0,p,e,e,f^XZ~PR");
        Assert.Equal([TapeLabelKind.Printed, TapeLabelKind.RepeatedByKey], p.Out.Select(l => l.Kind));
        p.Printer.Fail(PrinterFault.PowerCycle);
        p.Feed(PrinterUnderTest.Label(Second) + "~PR");
        Assert.Equal(3, p.Out.Count);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("^MFC,C", 3)]
    [InlineData("^MFN,N", 0)]
    public async Task Closing_the_head_feeds_blanks_unless_it_was_told_not_to(string setting, int blanks)
    {
        await using var p = new PrinterUnderTest(t => t with { BlanksAfterHeadClose = 3 });
        p.Feed($"^XA{setting}^XZ");
        p.Printer.Fail(PrinterFault.HeadOpen);
        p.Printer.Repair();
        Assert.Equal(blanks, p.Out.Count(l => l.Kind == TapeLabelKind.Blank));
    }

    [Fact]
    public async Task Whether_an_error_repeats_a_label_can_be_read_back_in_the_order_of_the_stream()
    {
        await using var p = new PrinterUnderTest();
        Assert.Contains("BOOL='Y,N'>Y</REPRINT-AFTER-ERROR>", p.Ask("^XA^HZF^XZ"), StringComparison.Ordinal);
        Assert.Contains("BOOL='Y,N'>N</REPRINT-AFTER-ERROR>", p.Ask("^XA^JZN^XZ^XA^HZF^XZ"), StringComparison.Ordinal);
        Assert.Equal("", p.Ask("~PP^XA^HZF^XZ") + p.Ask(PrinterUnderTest.Label(First)));
    }

    [Fact]
    public async Task Stored_formats_are_listed_replaced_and_deleted()
    {
        await using var p = new PrinterUnderTest();
        p.Feed("^XA^DFR:L1.ZPL^FS^FO9,9^FN1^FS^XZ^XA^DFR:OTHER.ZPL^FS^FO9,9^FDx^FS^XZ");
        Assert.Contains("*L1.ZPL ", p.Ask("^XA^HWR:*.ZPL^XZ"), StringComparison.Ordinal);
        Assert.Contains("*OTHER.ZPL ", p.Answers, StringComparison.Ordinal);
        Assert.StartsWith("\u0002\r\n- DIR R: \r\n*L1.ZPL ", p.Ask("^XA^HWR:L1.ZPL^XZ"), StringComparison.Ordinal);
        Assert.DoesNotContain("OTHER", p.Answers, StringComparison.Ordinal);
        Assert.DoesNotContain("L1.ZPL", p.Ask("^XA^IDR:L1.ZPL^FS^XZ^XA^HWR:*.*^XZ"), StringComparison.Ordinal);
        p.Printer.Fail(PrinterFault.PowerCycle);
        Assert.DoesNotContain("*", p.Ask("^XA^HWR:*.*^XZ"), StringComparison.Ordinal);
        Assert.Empty(p.Out);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "low at 0, high at 800")]
    [InlineData(2, "high at 0, low at 800")]
    [InlineData(3, "low at 800, high at 820")]
    [InlineData(4, "high at 800, low at 820")]
    public async Task An_applicator_hears_of_the_motion_or_of_the_last_label_of_an_unbroken_row(int mode, string expected)
    {
        await using var p = new PrinterUnderTest(t => t with { SpeedMmPerSecond = 100 });
        List<string> signal = [];
        p.Feed($"^XA^JJ0,{mode},p,d,d,f^XZ");
        p.Printer.EndPrintChanged = high => signal.Add($"{(high ? "high" : "low")} at {p.Time.GetTimestamp() / TimeSpan.TicksPerMillisecond}");

        p.Feed(PrinterUnderTest.Label(First) + PrinterUnderTest.Label(Second));
        p.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(expected, string.Join(", ", signal));
        Assert.Equal(2, p.Out.Count);

        // A label on which something goes wrong is no label that is out, and power-up ends the mode.
        signal.Clear();
        p.Printer.Arm(PrinterFault.MediaOut, 0, 100);
        p.Feed(PrinterUnderTest.Label(Third));
        p.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(mode is 1 or 2 ? 2 : 0, signal.Count);
        p.Printer.Fail(PrinterFault.PowerCycle);
        p.Feed(PrinterUnderTest.Label(First));
        p.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(mode is 1 or 2 ? 2 : 0, signal.Count);
    }

    [Fact]
    public async Task A_stubborn_printer_repeats_after_each_format_that_does_not_forbid_it()
    {
        await using var p = new PrinterUnderTest(t => t with { StubbornReprint = true });
        p.Printer.Arm(PrinterFault.MediaOut, 1, 470);
        p.Feed(PrinterUnderTest.Label(First) + PrinterUnderTest.Label(Second, more: ""));
        p.Printer.Repair();
        Assert.Equal([$"https://hg.example/C/{Second}"], p.Printer.Tape.Twins);
    }
}
