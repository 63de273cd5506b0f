namespace EdgeLine.Devices.Gates;

/// <summary>What became of an item, as the gate itself saw it.</summary>
public enum ItemOutcome
{
    /// <summary>It went on.</summary>
    Passed = 1,

    /// <summary>It is in the bin; a gate with a sensor there has seen it fall.</summary>
    Rejected = 2,

    /// <summary>It was to be rejected and was not seen in the bin: it may have gone on.</summary>
    Missed = 3,
}

/// <summary>One item that left the gate.</summary>
/// <param name="Tag">Number of the item.</param>
/// <param name="Outcome">What became of it.</param>
public readonly record struct ItemReport(uint Tag, ItemOutcome Outcome);

/// <summary>
/// The newest reports of a gate, which it keeps in a ring of registers: how many it made (modulo 65,536), then so many
/// places of three registers each, tag (high, low) and outcome. The n-th report, counted from 0, lies in place n modulo
/// the number of places. Tells each report once, in the order of the items, as long as it is looked at often enough.
/// </summary>
internal sealed class ReportRing(int places)
{
    private const int PlaceWords = 3;

    private int _told = -1;

    /// <summary>Registers of the ring; 0 for a gate that makes no reports.</summary>
    public int Words => places == 0 ? 0 : 1 + (places * PlaceWords);

    /// <summary>New reports in these registers, and how many were overwritten before anybody looked.</summary>
    public (IReadOnlyList<ItemReport> Reports, int Lost) Read(ReadOnlySpan<byte> words)
    {
        if (places == 0)
        {
            return ([], 0);
        }

        ushort made = ModbusFrame.Word(words, 0);
        int news = _told < 0 ? places : (ushort)(made - _told);
        if (news > short.MaxValue)
        {
            // The count went back: the gate was switched off and on and began anew, and nobody knows how long ago.
            (_told, news) = (-1, places);
        }

        if (news == 0)
        {
            return ([], 0);
        }

        List<ItemReport> reports = [];
        for (int back = Math.Min(news, places); back > 0; back--)
        {
            int at = 1 + ((ushort)(made - back) % places * PlaceWords);
            ItemReport report = new(ModbusFrame.Number(words, at), (ItemOutcome)ModbusFrame.Word(words, at + 2));
            // A place that was never written, and an outcome of a newer block, say nothing.
            if (report.Tag != 0 && Enum.IsDefined(report.Outcome))
            {
                reports.Add(report);
            }
        }

        (int told, _told) = (_told, made);
        return (reports, told < 0 ? 0 : Math.Max(0, news - places));
    }
}
