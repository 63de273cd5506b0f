using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Records;

/// <summary>A failed check of the scanner, and the entries between which codes are suspect.</summary>
internal sealed record FailedCheck(JournalEntry Failed, long AfterSeq, long ThroughSeq);

/// <summary>
/// Codes that were read between the last good check of the scanner and a failed one: nobody knows what the scanner did
/// in between (ISO 9001 7.1.5), so each of them is named.
/// </summary>
internal static class Suspects
{
    private const int ListedMax = 1000;

    public static async Task<IReadOnlyList<SuspectRange>> OfAsync(
        LineLedger ledger, IReadOnlyList<FailedCheck> checks, CancellationToken stop)
    {
        var ranges = new List<SuspectRange>();
        foreach ((JournalEntry failed, long afterSeq, long throughSeq) in checks)
        {
            long count = 0;
            var codes = new List<string>();
            for (long at = afterSeq; at < throughSeq; at += RunReport.Window)
            {
                stop.ThrowIfCancellationRequested();
                (long after, long through) = (at, Math.Min(at + RunReport.Window, throughSeq));
                foreach (RunReport.Stored stored in await ledger.AskAsync(db => RunReport.Labels(db, after, through)))
                {
                    JournalEntry entry = JournalLeaf.Decode(stored.Leaf);
                    if (entry.Kind == JournalKind.Verified && entry.Reason != "rework")
                    {
                        count++;
                        if (codes.Count < ListedMax)
                        {
                            codes.Add(entry.Code);
                        }
                    }
                }
            }

            ranges.Add(new SuspectRange(failed.Seq, failed.AtUnixMs, afterSeq, count, codes));
        }

        return ranges;
    }
}
