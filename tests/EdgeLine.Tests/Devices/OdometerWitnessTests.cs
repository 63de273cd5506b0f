using EdgeLine.Devices.Printing;
using EdgeLine.Tests.Simulator;

namespace EdgeLine.Tests.Devices;

/// <summary>How many labels a printer may have printed without anybody else having had a hand in it.</summary>
public sealed class OdometerWitnessTests
{
    private readonly ManualTime _time = new();
    private readonly OdometerWitness _witness;

    public OdometerWitnessTests()
    {
        _witness = new OdometerWitness(blankLabelsMax: 2, _time);
        _witness.Cleared();
    }

    [Fact]
    public void As_many_as_were_sent_are_ours_and_one_more_is_told_once()
    {
        Settle(100);
        Send(3);
        Assert.Equal([0, 0, 0, 1, 0, 1], new long[] { 100, 102, 103, 104, 104, 105 }.Select(l => Read(l)));
    }

    [Fact]
    public void Fewer_is_no_error()
    {
        Settle(100);
        Send(5);
        Assert.Equal(0, Read(101));
    }

    [Fact]
    public void One_that_comes_out_while_nothing_was_sent_is_somebodys()
    {
        Settle(100);
        Assert.Equal(1, Read(101));
    }

    [Fact]
    public void What_was_still_in_the_printer_when_a_connection_began_is_nobodys()
    {
        Assert.Equal([0, 0, 0], new long[] { 100, 101, 103 }.Select(l => Read(l)));
        Settle(103);
        Send(1);
        Assert.Equal([0, 1], new long[] { 104, 105 }.Select(l => Read(l)));
    }

    [Fact]
    public void A_label_in_progress_at_a_cancel_is_one_more_and_only_one()
    {
        Settle(100);
        Send(2);
        Read(100);
        _witness.Cleared();
        Read(100);
        Send(1);
        Assert.Equal([0, 1], new long[] { 102, 103 }.Select(l => Read(l)));
    }

    [Fact]
    public void A_cancel_at_a_standstill_leaves_no_room()
    {
        Settle(100);
        Send(2);
        Read(101);
        Settle(101);
        _witness.Cleared();
        Read(101);
        Send(1);
        Assert.Equal([0, 1], new long[] { 102, 103 }.Select(l => Read(l)));
    }

    [Fact]
    public void A_format_of_which_not_one_byte_left_counts_for_nothing()
    {
        Settle(100);
        Send(2);
        _witness.NotSent(1);
        Assert.Equal(1, Read(102));
    }

    [Fact]
    public void A_head_that_was_opened_gives_room_for_the_blanks_and_no_more()
    {
        Settle(100);
        Send(1);
        Assert.Equal([0, 0, 1], new long[] { 101, 104, 105 }.Select(l => Read(l, opened: 8)));
    }

    [Fact]
    public void An_odometer_that_runs_back_begins_anew()
    {
        Settle(100);
        Send(1);
        Assert.Equal([0, 0, 1], new long[] { 5, 6, 7 }.Select(l => Read(l)));
    }

    private long Read(long labels, long opened = 7) => _witness.Surplus(labels, opened, healthy: true);

    private void Send(int formats) => _witness.Sending(formats);

    private void Settle(long labels)
    {
        Assert.Equal(0, Read(labels));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, Read(labels));
    }
}
