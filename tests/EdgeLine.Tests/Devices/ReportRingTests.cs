using System.Buffers.Binary;
using EdgeLine.Devices.Gates;

namespace EdgeLine.Tests.Devices;

public sealed class ReportRingTests
{
    private const int Places = 4;

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0, 4)]
    [InlineData(65_530, 3)] // the count of reports begins anew at 65,536
    public void Each_report_is_told_once_and_in_order_however_often_it_is_looked_at(int before, int step)
    {
        ReportRing ring = new(Places);
        Assert.Equal(1 + (3 * Places), ring.Words);
        ring.Read(Registers(before));
        List<uint> told = [];
        for (int made = before; made <= before + 40; made += step)
        {
            told.AddRange(Tags(ring.Read(Registers(made))));
            Assert.Empty(ring.Read(Registers(made)).Reports);
        }

        Assert.Equal(Enumerable.Range(before + 1, told.Count).Select(n => (uint)n), told);
        Assert.InRange(told.Count, 37, 40);
    }

    [Fact]
    public void A_gate_that_was_switched_off_and_on_begins_anew_and_nothing_is_called_lost()
    {
        ReportRing ring = new(Places);
        ring.Read(Registers(500));
        (IReadOnlyList<ItemReport> reports, int lost) = ring.Read(Registers(2));
        Assert.Equal([1u, 2u], reports.Select(r => r.Tag));
        Assert.Equal(0, lost);
        Assert.Equal([3u], Tags(ring.Read(Registers(3))));
    }

    [Fact]
    public void At_the_first_look_all_places_are_told_and_empty_ones_are_not()
    {
        Assert.Equal([1u, 2u], Tags(new ReportRing(Places).Read(Registers(2))));
        Assert.Equal([6u, 7u, 8u, 9u], Tags(new ReportRing(Places).Read(Registers(9))));
    }

    [Fact]
    public void Reports_that_were_overwritten_are_counted()
    {
        ReportRing ring = new(Places);
        ring.Read(Registers(2));
        (IReadOnlyList<ItemReport> reports, int lost) = ring.Read(Registers(9));
        Assert.Equal([6u, 7u, 8u, 9u], reports.Select(r => r.Tag));
        Assert.Equal(3, lost);
    }

    [Fact]
    public void An_outcome_that_nobody_knows_says_nothing()
    {
        byte[] words = Registers(2);
        BinaryPrimitives.WriteUInt16BigEndian(words.AsSpan(2 * 3), 9);
        Assert.Equal([2u], Tags(new ReportRing(Places).Read(words)));
    }

    private static IEnumerable<uint> Tags((IReadOnlyList<ItemReport> Reports, int Lost) read) => read.Reports.Select(r => r.Tag);

    // Report n, counted from 0, is of item n + 1.
    private static byte[] Registers(int made)
    {
        byte[] words = new byte[2 * (1 + (3 * Places))];
        BinaryPrimitives.WriteUInt16BigEndian(words, (ushort)made);
        for (int n = Math.Max(0, made - Places); n < made; n++)
        {
            int at = 2 + (6 * ((ushort)n % Places));
            BinaryPrimitives.WriteUInt32BigEndian(words.AsSpan(at), (uint)n + 1);
            BinaryPrimitives.WriteUInt16BigEndian(words.AsSpan(at + 4), (ushort)ItemOutcome.Passed);
        }

        return words;
    }
}
