using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Records;

/// <summary>One run as its journal tells it.</summary>
/// <param name="RunId">Identity of the run.</param>
/// <param name="OrderId">The platform's order.</param>
/// <param name="BatchNumber">Batch number that people read.</param>
/// <param name="Product">Product name.</param>
/// <param name="Target">Items that were wanted.</param>
/// <param name="StartedMs">When it began, Unix milliseconds.</param>
/// <param name="StartedBy">Who began it.</param>
/// <param name="StartSeq">Its first entry.</param>
/// <param name="EndedMs">When it ended, or null while it goes on.</param>
/// <param name="EndReason">Why it ended.</param>
/// <param name="EndSeq">Its last entry, or null.</param>
/// <param name="CountedAtEnd">Good items as the line counted them itself, or null.</param>
public sealed record RunHead(
    string RunId, string OrderId, string BatchNumber, string Product, long Target, long StartedMs, string StartedBy, long StartSeq,
    long? EndedMs = null, string EndReason = "", long? EndSeq = null, long? CountedAtEnd = null);

/// <summary>The last runs of a line, found from the end of the journal backwards.</summary>
public static class RunList
{
    /// <summary>Most runs of a list.</summary>
    public const int RunsMax = 50;

    /// <summary>Entries that are looked through at most: about two months of a line with 60 items a minute.</summary>
    private const long EntriesMax = 10_000_000;

    /// <summary>The last runs, newest first.</summary>
    public static async Task<IReadOnlyList<RunHead>> LastAsync(LineLedger ledger, CancellationToken stop) =>
        await FindAsync(ledger, found => found.Count >= RunsMax, stop);

    /// <summary>One run, or the newest when no name is given; null when it is not found.</summary>
    public static async Task<RunHead?> OneAsync(LineLedger ledger, string? runId, CancellationToken stop) =>
        (await FindAsync(ledger, found => runId is null ? found.Count > 0 : found[^1].RunId == runId, stop))
            .FirstOrDefault(run => runId is null || run.RunId == runId);

    private static async Task<List<RunHead>> FindAsync(LineLedger ledger, Func<List<RunHead>, bool> enough, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        long through = await ledger.AskAsync(RunReport.Head);
        long last = Math.Max(0, through - EntriesMax);
        var found = new List<RunHead>();
        var ends = new Dictionary<string, JournalEntry>();
        while (through > last)
        {
            stop.ThrowIfCancellationRequested();
            long after = Math.Max(0, through - RunReport.Window);
            long until = through;
            foreach (RunReport.Stored mark in (await ledger.AskAsync(db => RunReport.RunMarks(db, after, until))).Reverse())
            {
                JournalEntry entry = JournalLeaf.Decode(mark.Leaf);
                if (entry.Kind == JournalKind.RunEnded)
                {
                    ends[entry.RunId] = entry;
                    continue;
                }

                found.Add(HeadOf(entry, ends.GetValueOrDefault(entry.RunId)));
                if (enough(found))
                {
                    return found;
                }
            }

            through = after;
        }

        return found;
    }

    private static RunHead HeadOf(JournalEntry start, JournalEntry? end)
    {
        RunOrder order = RunDetail.Read(start.RunId, start.Count, start.Detail);
        return new RunHead(
            start.RunId, order.OrderId, order.BatchNumber, order.Product, start.Count, start.AtUnixMs, start.Who, start.Seq,
            end?.AtUnixMs, end?.Reason ?? "", end?.Seq, end?.Count);
    }
}
