using System.Text;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Tests.Simulator;

public sealed class VirtualPrinterTests
{
    private const string Code = "H0123456789ABCDX";
    private const string Healthy =
        "\u0002030,0,0,0480,000,0,0,0,000,0,0,0\u0003\r\n\u0002001,0,0,0,1,2,6,0,00000000,1,000\u0003\r\n\u00020000,0\u0003\r\n";

    [Fact]
    public async Task A_label_is_on_the_tape_with_its_code_its_text_and_its_bytes()
    {
        await using var p = new PrinterUnderTest();
        string zpl = PrinterUnderTest.Label(Code);
        p.Feed(zpl);

        TapeLabel label = Assert.Single(p.Printer.Tape.Labels());
        Assert.Equal($"https://hg.example/C/{Code}", label.Readable);
        Assert.Equal(Code, label.CodeTail);
        Assert.False(label.IsPartial);
        LabelFormat format = p.Printer.Tape.FormatOf(label)!;
        Assert.Equal([$"{Code} ^x"], format.Texts);
        Assert.Equal(zpl.TrimEnd(), Encoding.UTF8.GetString(format.Raw));
    }

    [Fact]
    public async Task A_stream_cut_at_any_byte_gives_the_same_labels_and_answers()
    {
        string stream = "~JX~JA~HI" + PrinterUnderTest.Label(Code) + "~HS" + PrinterUnderTest.Label("H0123456789ABCDY");
        await using var whole = new PrinterUnderTest();
        whole.Feed(stream);
        for (int cut = 1; cut < stream.Length; cut++)
        {
            await using var p = new PrinterUnderTest();
            p.Feed(stream[..cut]);
            p.Feed(stream[cut..]);
            Assert.Equal(whole.Printer.Tape.Labels(), p.Printer.Tape.Labels());
            Assert.Equal(whole.Answers, p.Answers);
        }
    }

    [Fact]
    public async Task Host_status_is_three_lines_byte_for_byte()
    {
        await using var p = new PrinterUnderTest();
        Assert.Equal(Healthy, p.Ask("~HS"));
        Assert.Equal("\u0002ZT411-300dpi ZPL,V92.21.39Z,12,8176KB,X\u0003\r\n", p.Ask("~HI"));
    }

    [Theory]
    [InlineData("MediaOut", "030,1,0", "001,0,0,0")]
    [InlineData("RibbonOut", "030,0,0", "001,0,0,1")]
    [InlineData("HeadOpen", "030,0,0", "001,0,1,0")]
    public async Task Host_status_shows_what_needs_a_hand_until_a_person_has_put_it_right(
        string fault, string first, string second)
    {
        await using var p = new PrinterUnderTest();
        p.Printer.Fail(Enum.Parse<PrinterFault>(fault));
        string status = p.Ask("~PS~HS");
        Assert.Contains('\u0002' + first, status, StringComparison.Ordinal);
        Assert.Contains('\u0002' + second, status, StringComparison.Ordinal);
        p.Printer.Repair();
        Assert.Equal(Healthy, p.Ask("~HS"));
    }

    [Fact]
    public async Task Host_status_counts_waiting_formats_and_shows_an_open_one_and_a_pause()
    {
        await using var p = new PrinterUnderTest();
        p.Feed("~PP" + PrinterUnderTest.Label(Code) + PrinterUnderTest.Label("H0123456789ABCDY") + "^XA^FO1,1^FDhalf");
        Assert.StartsWith("\u0002030,0,1,0480,002,0,0,1,000", p.Ask("~HS"), StringComparison.Ordinal);
        Assert.Empty(p.Out);
        Assert.Contains(",0,0,0,000,", p.Ask("~JX~PS~HS"), StringComparison.Ordinal);
        Assert.Equal(2, p.Out.Count);
    }

    [Fact]
    public async Task Some_printers_say_nothing_while_they_need_a_hand()
    {
        await using var p = new PrinterUnderTest(t => t with { SilentInError = true });
        p.Printer.Fail(PrinterFault.HeadOpen);
        Assert.Equal("", p.Ask("~HS"));
    }

    [Fact]
    public async Task Cancel_all_keeps_the_label_in_print_and_what_comes_later()
    {
        await using var p = new PrinterUnderTest(t => t with { SpeedMmPerSecond = 100 });
        p.Feed(PrinterUnderTest.Label("H000000000000001") + PrinterUnderTest.Label("H000000000000002") + "~JA");
        p.Feed(PrinterUnderTest.Label("H000000000000003"));
        p.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["H000000000000001", "H000000000000003"], p.Out.Select(l => l.CodeTail));
    }

    [Fact]
    public async Task A_label_takes_its_length_at_print_speed()
    {
        await using var p = new PrinterUnderTest(t => t with { SpeedMmPerSecond = 100 });
        p.Feed(PrinterUnderTest.Label(Code));
        p.Time.Advance(TimeSpan.FromMilliseconds(399));
        Assert.Empty(p.Out);
        p.Time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Single(p.Out);
    }

    [Fact]
    public async Task With_JZY_the_interrupted_label_comes_again_and_both_copies_can_be_readable()
    {
        await using var p = new PrinterUnderTest();
        p.Printer.Arm(PrinterFault.MediaOut, 0, 470);
        p.Feed(PrinterUnderTest.Label(Code, more: "^JZY"));
        Assert.Empty(p.Out);
        p.Printer.Repair();

        Assert.Equal([TapeLabelKind.Printed, TapeLabelKind.ReprintedAfterError], p.Out.Select(l => l.Kind));
        Assert.True(p.Out[0] is { IsPartial: true, CodeComplete: true });
        Assert.Equal([$"https://hg.example/C/{Code}"], p.Printer.Tape.Twins);
    }

    [Fact]
    public async Task With_JZN_the_interrupted_label_is_gone_and_the_next_one_follows()
    {
        await using var p = new PrinterUnderTest();
        p.Printer.Arm(PrinterFault.MediaOut, 0, 470);
        p.Feed(PrinterUnderTest.Label(Code) + PrinterUnderTest.Label("H000000000000002"));
        p.Printer.Repair();

        Assert.Equal([Code, "H000000000000002"], p.Out.Select(l => l.CodeTail));
        Assert.Empty(p.Printer.Tape.Twins);
    }

    [Theory]
    [InlineData(234, false)]
    [InlineData(235, true)]
    public async Task A_cut_label_is_readable_only_when_its_whole_symbol_is_on_paper(int row, bool readable)
    {
        // Symbol of 37 bytes at level M: version 3, 29 modules of 5 dots, from row 40 + 10 + 40 on.
        await using var p = new PrinterUnderTest();
        p.Printer.Arm(PrinterFault.MediaOut, 0, row);
        p.Feed(PrinterUnderTest.Label(Code).Replace("^LH0,0", "^LH0,40", StringComparison.Ordinal));
        Assert.Equal(readable, p.Printer.Tape.Labels().Single().CodeComplete);
    }

    [Fact]
    public async Task A_fault_in_mid_label_cuts_it_where_the_head_is()
    {
        await using var p = new PrinterUnderTest(t => t with { SpeedMmPerSecond = 100 });
        p.Feed(PrinterUnderTest.Label(Code));
        p.Time.Advance(TimeSpan.FromMilliseconds(200));
        p.Printer.Fail(PrinterFault.HeadOpen);
        Assert.Equal(240, p.Printer.Tape.Labels().Single().RowsImaged);
        Assert.Empty(p.Out);
        Assert.NotNull(p.Printer.TakePieceUnderHead());
        p.Printer.Repair();
        p.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(p.Out);
    }

    [Fact]
    public async Task A_power_cut_loses_buffer_open_format_and_JZN_and_pushes_the_half_label_out()
    {
        await using var p = new PrinterUnderTest();
        p.Feed("^XA^JZN^XZ");
        Assert.False(p.Printer.ReprintAfterError);
        p.Printer.Arm(PrinterFault.PowerCycle, 0, 470);
        p.Feed(PrinterUnderTest.Label(Code) + PrinterUnderTest.Label("H000000000000002"));
        p.Feed("^XA^FDhalf");
        p.Printer.Fail(PrinterFault.PowerCycle);

        Assert.True(p.Printer.ReprintAfterError);
        Assert.Equal(Healthy, p.Ask("~HS"));
        Assert.Equal(Code, Assert.Single(p.Out).CodeTail);
        Assert.True(p.Printer.Idle);
    }

    [Fact]
    public async Task Power_up_means_repeat_after_error_whatever_was_said_before()
    {
        await using var p = new PrinterUnderTest();
        p.Feed("^XA^JZN^XZ");
        p.Printer.Fail(PrinterFault.PowerCycle);
        p.Printer.Arm(PrinterFault.MediaOut, 0, 470);
        p.Feed(PrinterUnderTest.Label(Code, more: ""));
        p.Printer.Repair();
        Assert.Single(p.Printer.Tape.Twins);
    }

    [Fact]
    public async Task The_reprint_key_and_a_quantity_above_one_make_twins()
    {
        await using var p = new PrinterUnderTest();
        p.Feed(PrinterUnderTest.Label(Code));
        p.Printer.RepeatLast();
        p.Feed(PrinterUnderTest.Label("H000000000000002").Replace("^PQ1", "^PQ3", StringComparison.Ordinal));
        Assert.Equal(
            [TapeLabelKind.Printed, TapeLabelKind.RepeatedByKey, TapeLabelKind.Printed, TapeLabelKind.FurtherCopy, TapeLabelKind.FurtherCopy],
            p.Out.Select(l => l.Kind));
        Assert.Equal(2, p.Printer.Tape.Twins.Count);
    }

    [Fact]
    public async Task A_stored_format_prints_the_fields_of_its_recall_and_is_lost_with_the_power()
    {
        await using var p = new PrinterUnderTest();
        p.Feed("^XA^DFR:L1.ZPL^FS^FO40,40^BQN,2,5^FN1\"code.url\"^FS^FO9,9^A0N,30,30^FN2^FS^XZ");
        Assert.Empty(p.Out);
        const string recall = "^XA^XFR:L1.ZPL^FS^FN1^FDMA,https://hg.example/C/" + Code + "^FS^FN2^FDtext^FS^PQ1^XZ";
        p.Feed(recall);
        Assert.Equal(Code, Assert.Single(p.Out).CodeTail);
        p.Printer.Fail(PrinterFault.PowerCycle);
        p.Feed(recall);
        Assert.DoesNotContain(p.Out.Skip(1), l => l.Readable is not null);
    }

    [Fact]
    public async Task A_symbol_without_its_switches_loses_three_characters_and_says_nothing()
    {
        await using var p = new PrinterUnderTest();
        p.Feed("^XA^FO10,10^BQN,2,5^FD12334AB988765^FS^XZ");
        Assert.Equal("34AB988765", Assert.Single(p.Out).Readable);
    }

    [Fact]
    public async Task A_changed_prefix_stops_later_labels_until_the_power_is_cut()
    {
        await using var p = new PrinterUnderTest();
        p.Feed("^XA^CC!^XZ" + PrinterUnderTest.Label(Code));
        Assert.Empty(p.Out);
        p.Printer.Fail(PrinterFault.PowerCycle);
        p.Feed(PrinterUnderTest.Label(Code));
        Assert.Single(p.Out);
    }

    [Fact]
    public async Task A_peel_off_printer_waits_until_the_label_is_taken()
    {
        await using var p = new PrinterUnderTest(t => t with { PeelOff = true });
        p.Feed(PrinterUnderTest.Label("H000000000000001") + PrinterUnderTest.Label("H000000000000002"));
        Assert.Single(p.Out);
        Assert.Contains("\u0002001,0,0,0,1,2,6,1", p.Ask("~HS"), StringComparison.Ordinal);
        p.Printer.LabelTaken();
        Assert.Equal(2, p.Out.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_full_buffer_stops_reading_and_loses_nothing()
    {
        await using var p = new PrinterUnderTest(t => t with { BufferBytes = 2_000 });
        p.Feed("~PP");
        string many = string.Concat(Enumerable.Range(0, 40).Select(i => PrinterUnderTest.Label($"H{i:000000000000000}")));
        Task fed = p.Printer.ReceiveAsync(Encoding.UTF8.GetBytes(many), new Nowhere(), default).AsTask();
        Assert.False(fed.IsCompleted);
        p.Printer.Resume();
        await fed.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(40, p.Out.Count);
        Assert.Equal(40, p.Printer.Tape.ReadableCodes);
    }

    private sealed class Nowhere : Outlet
    {
        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
