using EdgeLine.Contracts;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Tests.Simulator;

public sealed class VirtualConveyorTests
{
    private static readonly ConveyorOptions Direct = new() { LabelsToScanner = 0, ItemsToGate = 100 };

    [Fact(Timeout = 30_000)]
    public async Task A_label_reaches_the_scanner_after_the_labels_in_front_of_it()
    {
        await using LineUnderTest line = await LineUnderTest.Start(new ConveyorOptions { LabelsToScanner = 3, ItemsToGate = 9 });
        line.Print(3);
        Assert.Equal(0, line.Belt.ItemsScanned);
        line.Print();
        Assert.Equal(LineUnderTest.Url(1), await line.Frame());
        Assert.Equal(3, line.Belt.LabelsOnTheWay);
        // Nothing more comes: the belt runs on and brings what is on it.
        line.Time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal([LineUnderTest.Url(2), LineUnderTest.Url(3), LineUnderTest.Url(4)], await line.Frames(3));
    }

    [Fact(Timeout = 30_000)]
    public async Task At_a_fixed_pace_an_item_takes_its_pitches_to_scanner_and_gate()
    {
        var pace = new ConveyorOptions { LabelsToScanner = 2, ItemsPerMinute = 600, ItemsToGate = 1 };
        await using LineUnderTest line = await LineUnderTest.Start(pace);
        line.Print();
        line.Time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(0, line.Belt.ItemsScanned);
        line.Time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal(LineUnderTest.Url(1), await line.Frame());
        await line.Verdict(1, pass: true);
        Assert.Equal(0, line.Belt.Shipped.Count);
        line.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, line.Belt.Shipped.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_missed_label_shifts_nothing_the_label_comes_on_the_next_item()
    {
        await using LineUnderTest line = await LineUnderTest.Start(Direct, new FaultPlan(1).At(2, ItemFault.Unlabelled));
        line.Print(3);
        Assert.Equal([LineUnderTest.Url(1), "ERROR", LineUnderTest.Url(2), LineUnderTest.Url(3)], await line.Frames(4));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_unread_label_is_there_all_the_same()
    {
        await using LineUnderTest line = await LineUnderTest.Start(Direct, new FaultPlan(1).At(1, ItemFault.NoRead));
        line.Print();
        Assert.Equal("ERROR", await line.Frame());
        await line.Verdict(1, pass: false);
        Assert.Equal(LineUnderTest.Url(1), Assert.Single(line.Belt.TakeBin()).Labels.Single().Readable);
    }

    [Fact(Timeout = 30_000)]
    public async Task Two_items_change_places()
    {
        await using LineUnderTest line = await LineUnderTest.Start(Direct, new FaultPlan(1).At(1, ItemFault.Swapped));
        line.Print(3);
        Assert.Equal([LineUnderTest.Url(2), LineUnderTest.Url(1), LineUnderTest.Url(3)], await line.Frames(3));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_double_feed_puts_two_codes_on_one_item()
    {
        await using LineUnderTest line = await LineUnderTest.Start(Direct, new FaultPlan(1).At(1, ItemFault.DoubleFeed));
        line.Print(3);
        Assert.Equal([$"{LineUnderTest.Url(1)},{LineUnderTest.Url(2)}", LineUnderTest.Url(3)], await line.Frames(2));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_label_that_waits_for_a_neighbour_goes_on_alone_when_none_comes()
    {
        var faults = new FaultPlan(1).At(1, ItemFault.DoubleFeed);
        await using LineUnderTest line = await LineUnderTest.Start(Direct, faults);
        line.Print();
        line.Time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(0, line.Belt.ItemsScanned);
        line.Time.Advance(TimeSpan.FromMilliseconds(110));
        Assert.Equal(LineUnderTest.Url(1), await line.Frame());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_printers_own_repeat_is_a_second_item_with_the_same_code()
    {
        await using LineUnderTest line = await LineUnderTest.Start(Direct, new FaultPlan(1).At(1, ItemFault.Repeat));
        line.Print(2);
        Assert.Equal([LineUnderTest.Url(1), LineUnderTest.Url(1), LineUnderTest.Url(2)], await line.Frames(3));
        Assert.Single(line.Printer.Tape.Twins);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_EAN_beside_our_code_comes_in_the_same_frame()
    {
        await using LineUnderTest line = await LineUnderTest.Start(Direct, new FaultPlan(1).At(1, ItemFault.OtherSymbol));
        line.Print();
        Assert.Equal($"{LineUnderTest.Url(1)},6901234567892", await line.Frame());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_foreign_code_has_our_shape_and_a_right_check_character()
    {
        await using LineUnderTest line = await LineUnderTest.Start(Direct, new FaultPlan(1).At(1, ItemFault.Foreign));
        line.Print();
        string foreign = await line.Frame();
        Assert.True(CodeCarrier.ShortUrl("hg.example").TryRead(foreign, out CertificateCode code));
        Assert.NotEqual(LineUnderTest.Url(1), foreign);
        Assert.True(CheckCharacter.IsRight(code.Value));
        Assert.Equal(LineUnderTest.Url(1), await line.Frame());
    }

    [Fact(Timeout = 30_000)]
    public async Task Clearance_finds_every_label_in_front_of_the_scanner_and_the_piece_under_the_head()
    {
        await using LineUnderTest line = await LineUnderTest.Start(new ConveyorOptions { LabelsToScanner = 3, ItemsToGate = 9 });
        line.Print(3);
        line.Printer.Arm(PrinterFault.MediaOut, 0, 470);
        line.Print();
        IReadOnlyList<TapeLabel> found = line.Belt.ClearLine();
        Assert.Equal([1, 2, 3, 4], found.Select(l => l.Sequence).Order());
        line.Printer.Repair();
        line.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0), (line.Belt.ItemsScanned, line.Belt.LabelsOnTheWay));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_same_seed_brings_the_same_faults()
    {
        List<ItemFault> Draw(ulong seed)
        {
            FaultPlan plan = FaultPlan.Named("mixed", seed);
            return [.. Enumerable.Range(0, 20_000).Select(_ => plan.Next())];
        }

        List<ItemFault> one = Draw(7);
        Assert.Equal(one, Draw(7));
        Assert.NotEqual(one, Draw(8));
        Assert.InRange(one.Count(f => f == ItemFault.Unlabelled), 150, 250);
        Assert.InRange(one.Count(f => f == ItemFault.Swapped), 5, 40);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 30_000)]
    public async Task The_scanner_answers_a_sign_of_life_and_refuses_what_it_does_not_know()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Tell("KEY");
        line.Tell("ENCE\r");
        Assert.Equal("OK,KEYENCE,SR-1000,1.0", await line.Frame());
        line.Tell("\u001BXYZ,1\r");
        Assert.Equal("ER,XYZ,00", await line.Frame());
    }
}
