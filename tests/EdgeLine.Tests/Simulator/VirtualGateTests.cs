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
    public async Task A_resync_rejects_what_is_in_flight_and_counts_from_one_again()
    {
        await using LineUnderTest line = await LineUnderTest.Start();
        line.Print(2);
        await line.Frames(2);
        await line.Resync();
        Assert.Equal((0, 2), (line.Gate.Passed, line.Gate.Rejected));
        line.Print();
        await line.Frame();
        Assert.Equal(1, line.Gate.Triggers);
        await line.Verdict(1, pass: true);
        Assert.Equal([LineUnderTest.Url(3)], line.Belt.Shipped.Codes.Keys);
    }

    [Fact(Timeout = 30_000)]
    public async Task After_a_resync_a_verdict_finds_the_new_item_with_its_tag_and_not_the_old_one()
    {
        var slow = new ConveyorOptions { LabelsToScanner = 0, ItemsPerMinute = 60, ItemsToGate = 3 };
        await using LineUnderTest line = await LineUnderTest.Start(slow);
        line.Print(2);
        line.Time.Advance(TimeSpan.FromSeconds(1));
        await line.Resync();
        line.Time.Advance(TimeSpan.FromSeconds(1));
        await line.Frames(2);
        await line.Verdict(1, pass: true);
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
        Assert.Equal([4, 12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], await line.Request([4, 0, 0, 0, 6]));
        await line.Verdict(1, pass: true);
        Assert.Equal([4, 12, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1], await line.Request([4, 0, 0, 0, 6]));
        await line.Stop(on: false);
        await line.Frame();
        Assert.Equal([4, 2, 0, 2], await line.Request([4, 0, 0, 0, 1]));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(new byte[] { 2, 0, 0, 0, 8 }, new byte[] { 0x82, 1 })]
    [InlineData(new byte[] { 5, 0, 16, 0xFF, 0 }, new byte[] { 0x85, 2 })]
    [InlineData(new byte[] { 5, 0, 0, 0, 1 }, new byte[] { 0x85, 3 })]
    [InlineData(new byte[] { 6, 0, 0, 0, 1 }, new byte[] { 0x86, 2 })]
    [InlineData(new byte[] { 4, 0, 5, 0, 2 }, new byte[] { 0x84, 2 })]
    [InlineData(new byte[] { 16, 0, 0, 0, 1, 2, 0, 1 }, new byte[] { 0x90, 2 })]
    [InlineData(new byte[] { 16, 0, 0, 0, 2, 2, 0, 1 }, new byte[] { 0x90, 3 })]
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
            t => new byte[] { 0, (byte)t, 0, 0, 0, 11, 0xFF, 16, 0, 0, 0, 2, 4, 0, (byte)t, 0, 1 })];
        await line.GateStream.WriteAsync(all.AsMemory(0, 40));
        await line.GateStream.WriteAsync(all.AsMemory(40));
        byte[] replies = new byte[32 * 12];
        await line.GateStream.ReadExactlyAsync(replies);
        Assert.Equal(Enumerable.Range(1, 32), replies.Chunk(12).Select(r => (int)BinaryPrimitives.ReadUInt16BigEndian(r)));
        Assert.Equal(8, line.Belt.Shipped.Count);
        Assert.Equal(24, line.Gate.VerdictsIgnored);
    }
}
