using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Records;

/// <summary>Makes the report of a run: pages through the ledger, decodes and adds up outside its thread.</summary>
public static class BatchReporter
{
    /// <summary>Exceptions that a page shows; the CSV has all of them.</summary>
    public const int ExceptionsMax = 2000;

    private const int ActionsMax = 2000;
    private const int OpenCodesMax = 50_000;

    /// <summary>Looking for what happened to codes after their run ends after this time.</summary>
    private static readonly TimeSpan SearchMax = TimeSpan.FromSeconds(8);

    /// <summary>The report, or null when no such run is found.</summary>
    /// <param name="ledger">The ledger of the line.</param>
    /// <param name="lineId">Key of the line.</param>
    /// <param name="runId">The run; null for the newest.</param>
    /// <param name="confirmedSeq">Last entry that the platform has.</param>
    /// <param name="time">Bounds the search.</param>
    /// <param name="stop">The page went away.</param>
    /// <param name="exceptionsMax">Length of the list of exceptions.</param>
    public static async Task<BatchReport?> MakeAsync(
        LineLedger ledger, string lineId, string? runId, long confirmedSeq, TimeProvider time, CancellationToken stop,
        int exceptionsMax = ExceptionsMax)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(time);
        if (await RunList.OneAsync(ledger, runId, stop) is not { } run)
        {
            return null;
        }

        long head = await ledger.AskAsync(RunReport.Head);
        var story = new RunStory(run);
        long labelsThrough = run.EndSeq ?? head;
        IReadOnlyList<RunReport.CodeRange> ranges = await ledger.AskAsync(db => RunReport.RangesOf(db, run.OrderId));
        await CountCodesAsync(ledger, ranges, story, stop);
        var recount = new Recount();
        long startedAt = time.GetTimestamp();
        long at = run.StartSeq - 1;
        while (at < head && (at < labelsThrough || time.GetElapsedTime(startedAt) < SearchMax))
        {
            stop.ThrowIfCancellationRequested();
            (long after, long through) = (at, Math.Min(at + RunReport.Window, at < labelsThrough ? labelsThrough : head));
            IReadOnlyList<RunReport.Stored> events = await ledger.AskAsync(db => RunReport.Events(db, after, through));
            foreach (RunReport.Stored stored in events)
            {
                story.Take(JournalLeaf.Decode(stored.Leaf), stored.Seq <= labelsThrough);
            }

            recount.Take(await ledger.AskAsync(db => RunReport.Moves(db, after, through)), duringRun: at < labelsThrough);
            at = through;
        }

        long refused = await ledger.AskAsync(db => RunReport.QuarantinedBetween(db, run.StartSeq, labelsThrough));
        IReadOnlyList<SuspectRange> suspects = await Suspects.OfAsync(ledger, story.FailedChecks, stop);
        CodeLine[] exceptions = [.. story.Exceptions()];
        return new BatchReport
        {
            Run = run,
            Line = lineId,
            AsOfSeq = head,
            SearchedThrough = at,
            Codes = story.States,
            Order = story.Order,
            Witnesses = Witnesses(run, story, recount, refused, confirmedSeq >= labelsThrough),
            Rejects = story.Rejects,
            Voids = story.Voids,
            Exceptions = [.. exceptions.Take(exceptionsMax)],
            ExceptionsBeyond = Math.Max(0, exceptions.Length - exceptionsMax) + story.CodesBeyond,
            Actions = [.. story.Actions.Take(ActionsMax)],
            ActionsBeyond = Math.Max(0, story.Actions.Count - ActionsMax),
            Suspects = suspects,
        };
    }

    private static async Task CountCodesAsync(
        LineLedger ledger, IReadOnlyList<RunReport.CodeRange> ranges, RunStory story, CancellationToken stop)
    {
        foreach ((long from, long through) in Pages(ranges))
        {
            stop.ThrowIfCancellationRequested();
            bool room = story.OpenCodes < OpenCodesMax;
            (IReadOnlyList<(string, string, long)> states, IReadOnlyList<RunReport.CodeRow> open) = await ledger.AskAsync(db => (
                RunReport.States(db, from, through),
                room ? RunReport.CodesOf(db, story.RunId, from, through, verifiedToo: false) : []));
            story.Take(states, open, through - from + 1);
        }
    }

    /// <summary>The codes of several leases in looks of a bearable size.</summary>
    internal static IEnumerable<(long From, long Through)> Pages(IEnumerable<RunReport.CodeRange> ranges)
    {
        foreach (RunReport.CodeRange range in ranges)
        {
            for (long from = range.FirstId; from < range.FirstId + range.Codes; from += RunReport.CodeWindow)
            {
                yield return (from, Math.Min(from + RunReport.CodeWindow, range.FirstId + range.Codes) - 1);
            }
        }
    }

    // A sum over the states of a table always equals the table. So the lines here come from different places.
    private static List<Witness> Witnesses(RunHead run, RunStory story, Recount recount, long refused, bool confirmed)
    {
        long verified = story.States.GetValueOrDefault("verified");
        var all = new List<Witness>
        {
            new("codes-printed", story.OfThisRun, null),
            new("journal-prints", recount.Printed, recount.Printed == story.OfThisRun),
            new("codes-verified", verified, null),
            new("journal-verified", recount.Good, recount.Good == verified),
        };
        if (run.CountedAtEnd is { } counted)
        {
            // The line's own count at the end; what happened to codes since then is not in it.
            all.Add(new Witness("line-count", counted, counted == recount.GoodInRun + story.SamplesInTarget));
        }

        all.Add(new Witness("platform-confirmed", confirmed ? recount.Reads - refused : 0, confirmed ? refused == 0 : null));
        all.Add(new Witness("platform-refused", refused, refused == 0));
        all.Add(new Witness("items-judged", recount.Reads - story.Reworked + story.RejectedItems - recount.RejectedAfterRead, null));
        return all;
    }

    /// <summary>The run counted anew from its entries, without a look at the table of codes.</summary>
    private sealed class Recount
    {
        private readonly HashSet<long> _printed = [];
        private readonly HashSet<long> _good = [];

        public long Printed => _printed.Count;

        public long Good => _good.Count;

        public long GoodInRun { get; private set; }

        public long Reads { get; private set; }

        public long RejectedAfterRead { get; private set; }

        public void Take(IReadOnlyList<(long CodeId, JournalKind Kind)> moves, bool duringRun)
        {
            foreach ((long code, JournalKind kind) in moves)
            {
                if (kind == JournalKind.Print && duringRun)
                {
                    _printed.Add(code);
                }
                else if (kind == JournalKind.Verified && _printed.Contains(code))
                {
                    _good.Add(code);
                    Reads++;
                }
                else if (kind != JournalKind.Print && _good.Remove(code) && kind == JournalKind.Rejected)
                {
                    RejectedAfterRead++;
                }
            }

            GoodInRun = duringRun ? _good.Count : GoodInRun;
        }
    }
}
