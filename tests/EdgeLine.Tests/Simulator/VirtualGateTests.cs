using System.Buffers.Binary;
using EdgeLine.Simulator.Belt;

namespace EdgeLine.Tests.Simulator;

public sealed class VirtualGateTests
{
    [Fact(Timeout = 30_000)]
    public async Task An_item_passes_only_on_a_pass_with_its_own_tag()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Print(2);
        await line.Frames(2);
        await line.Verdict(2, pass: true);
        Assert.Equal(0, line.Belt.Shipped.Count);
        await line.Verdict(1, pass: false);
        Assert.Equal([LineUnderTest.Url(2)], line.Belt.Shipped.Codes.Keys);
        Assert.Equal(LineUnderTest.Url(1), Assert.Single(line.Belt.TakeBin()).Labels.Single().Readable);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_late_pass_passes_nothing()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Print();
        await line.Frame();
        line.Time.Advance(TimeSpan.FromSeconds(2));
        await line.Alive();
        line.Time.Advance(TimeSpan.FromSeconds(2.9));
        await line.Alive();
        line.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, line.Gate.Rejected);
        await line.Verdict(1, pass: true);
        Assert.Equal(1, line.Gate.VerdictsIgnored);
        Assert.Equal(0, line.Belt.Shipped.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pass_sent_ahead_of_its_item_is_not_kept_for_it()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        await line.Verdict(1, pass: true);
        line.Print();
        await line.Frame();
        line.Time.Advance(TimeSpan.FromSeconds(2.5));
        await line.Alive();
        line.Time.Advance(TimeSpan.FromSeconds(2.8));
        Assert.Equal((0, 1), (line.Gate.Passed, line.Gate.Rejected));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reject_cannot_be_taken_back()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Print(2);
        await line.Frames(2);
        await line.Verdict(2, pass: false);
        await line.Verdict(2, pass: true);
        await line.Verdict(1, pass: true);
        Assert.Equal((1, 1), (line.Gate.Passed, line.Gate.Rejected));
        Assert.Equal([LineUnderTest.Url(1)], line.Belt.Shipped.Codes.Keys);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_resync_rejects_and_reports_what_is_in_flight_and_counts_on_from_the_number_given()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Print(2);
        await line.Frames(2);
        await line.Resync(7);
        await Soon.Is(() => (line.Gate.Passed, line.Gate.Rejected) == (0, 2), "both are in the bin");
        Assert.Equal([(1, 2), (2, 2)], await line.Reports());
        line.Print();
        await line.Frame();
        Assert.Equal(8u, line.Gate.LastTag);
        await line.Verdict(8, pass: true);
        Assert.Equal([(1, 2), (2, 2), (8, 1)], await line.Reports());
        Assert.Equal([LineUnderTest.Url(3)], line.Belt.Shipped.Codes.Keys);
    }

    [Fact(Timeout = 30_000)]
    public async Task After_a_resync_no_verdict_finds_an_item_from_before()
    {
        var slow = new ConveyorOptions { LabelsToScanner = 0, ItemsPerMinute = 60, ItemsToGate = 3 };
        await using LineUnderTest line = await LineUnderTest.Start(slow);
        line.Print(2);
        line.Time.Advance(TimeSpan.FromSeconds(1));
        await line.Resync(1);
        line.Time.Advance(TimeSpan.FromSeconds(1));
        await line.Frames(2);
        await line.Verdict(1, pass: true);
        await line.Verdict(2, pass: true);
        for (int i = 0; i < 5; i++)
        {
            await line.Alive();
            line.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((1, 1), (line.Gate.Passed, line.Gate.Rejected));
        Assert.Equal([LineUnderTest.Url(2)], line.Belt.Shipped.Codes.Keys);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_silent_host_stops_the_conveyor_after_three_seconds_and_everything_is_rejected()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Print();
        await line.Frame();
        line.Time.Advance(TimeSpan.FromSeconds(2.99));
        Assert.False(line.Gate.Stopped);
        line.Time.Advance(TimeSpan.FromSeconds(0.02));
        Assert.True(line.Gate.Stopped);
        Assert.Equal(1, line.Gate.Rejected);
        line.Print();
        Assert.Equal(1, line.Belt.ItemsScanned);
        Assert.Equal(1, line.Belt.LabelsOnTheWay);
        await line.Alive();
        Assert.Equal(LineUnderTest.Url(2), await line.Frame());
    }

    [Fact(Timeout = 30_000)]
    public async Task Nothing_moves_before_the_first_sign_of_life()
    {
        await using LineUnderTest line = await LineUnderTest.Start(alive: false);
        line.Print();
        Assert.Equal(0, line.Belt.ItemsScanned);
        await line.Alive();
        Assert.Equal(LineUnderTest.Url(1), await line.Frame());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stop_request_halts_the_belt_and_the_registers_show_it()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Print();
        await line.Frame();
        await line.Stop(on: true);
        line.Print();
        Assert.Equal([4, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], await line.Request([4, 0, 0, 0, 7]));
        await line.Verdict(1, pass: true);
        line.Gate.BinFull = true;
        Assert.Equal([4, 14, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 3], await line.Request([4, 0, 0, 0, 7]));
        await line.Stop(on: false);
        await line.Frame();
        Assert.Equal([4, 4, 0, 0, 0, 2], await line.Request([4, 0, 0, 0, 2]));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_item_that_the_arm_missed_goes_on_and_is_reported_as_missed()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Gate.Sticks = 1;
        line.Print(2);
        await line.Frames(2);
        await line.Verdict(1, pass: false);
        await line.Verdict(2, pass: false);
        Assert.Equal([(1, 3), (2, 2)], await line.Reports());
        Assert.Equal([LineUnderTest.Url(1)], line.Belt.Shipped.Codes.Keys);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(new byte[] { 2, 0, 0, 0, 8 }, new byte[] { 0x82, 1 })]
    [InlineData(new byte[] { 5, 0, 16, 0xFF, 0 }, new byte[] { 0x85, 2 })]
    [InlineData(new byte[] { 5, 0, 0, 0, 1 }, new byte[] { 0x85, 3 })]
    [InlineData(new byte[] { 6, 0, 0, 0, 1 }, new byte[] { 0x86, 2 })]
    [InlineData(new byte[] { 4, 0, 103, 0, 2 }, new byte[] { 0x84, 2 })]
    [InlineData(new byte[] { 16, 0, 0, 0, 1, 2, 0, 1 }, new byte[] { 0x90, 2 })]
    [InlineData(new byte[] { 16, 0, 0, 0, 2, 4, 0, 0, 0, 1 }, new byte[] { 0x90, 2 })]
    [InlineData(new byte[] { 16, 0, 0, 0, 3, 2, 0, 1 }, new byte[] { 0x90, 3 })]
    public async Task A_wrong_request_gets_its_exception_code(byte[] request, byte[] answer)
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        Assert.Equal(answer, await line.Request(request));
    }

    [Fact(Timeout = 30_000)]
    public async Task Thirty_two_requests_in_one_write_get_thirty_two_answers_in_order_wherever_the_bytes_are_cut()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Print(8);
        await line.Frames(8);
        byte[] all = [.. Enumerable.Range(1, 32).SelectMany(
            t => new byte[] { 0, (byte)t, 0, 0, 0, 13, 0xFF, 16, 0, 0, 0, 3, 6, 0, 0, 0, (byte)t, 0, 1 })];
        await line.GateStream.WriteAsync(all.AsMemory(0, 40));
        await line.GateStream.WriteAsync(all.AsMemory(40));
        byte[] replies = new byte[32 * 12];
        await line.GateStream.ReadExactlyAsync(replies);
        Assert.Equal(Enumerable.Range(1, 32), replies.Chunk(12).Select(r => (int)BinaryPrimitives.ReadUInt16BigEndian(r)));
        await Soon.Is(() => line.Belt.Shipped.Count == 8, "eight items to leave");
        Assert.Equal(24, line.Gate.VerdictsIgnored);
    }
}
