using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Records;

/// <summary>Makes the report of a run: pages through the ledger, decodes and adds up outside its thread.</summary>
public static class BatchReporter
{
    /// <summary>Exceptions that a page shows; the CSV has all of them.</summary>
    public const int ExceptionsMax = 2000;

    private const int ActionsMax = 2000;
    private const int OpenCodesMax = 50_000;

    /// <summary>Looks at codes in one turn of the ledger's thread: those where labels are printed and read just now, and a further one.</summary>
    private const int LooksInATurn = 3;

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

        var story = new RunStory(run);
        long head = await CountCodesAsync(ledger, run.OrderId, story, stop);
        long labelsThrough = run.EndSeq ?? head;
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

    // The table of codes is of this moment, the journal of any: so the whole table has to be of one moment too, or a line that
    // runs on would disagree with itself. Looks at codes that moved since are taken anew, until one turn finds that none has.
    private static async Task<long> CountCodesAsync(LineLedger ledger, string orderId, RunStory story, CancellationToken stop)
    {
        var looks = new List<Look>();
        (long head, bool isWhole) = (0, false);
        while (!isWhole)
        {
            stop.ThrowIfCancellationRequested();
            (head, isWhole) = await ledger.AskAsync(db => LookOn(db, orderId, story.RunId, looks));
        }

        looks.ForEach(l => story.Take(l.States, l.Open, l.Codes));
        return head;
    }

    private static (long Head, bool IsWhole) LookOn(SqliteConnection db, string orderId, string runId, List<Look> looks)
    {
        long head = RunReport.Head(db);
        (int at, int taken) = (0, 0);
        foreach ((long from, long through) in Pages(RunReport.RangesOf(db, orderId)))
        {
            if (at < looks.Count && !RunReport.HaveMoved(db, from, through, looks[at].AsOfSeq, head))
            {
                looks[at] = looks[at] with { AsOfSeq = head };
            }
            else if (taken++ == LooksInATurn)
            {
                return (head, false);
            }
            else
            {
                bool room = looks.Sum(l => l.Open.Count) < OpenCodesMax;
                var look = new Look(
                    RunReport.States(db, from, through), room ? RunReport.CodesOf(db, runId, from, through, verifiedToo: false) : [], through - from + 1, head);
                if (at < looks.Count)
                {
                    looks[at] = look;
                }
                else
                {
                    looks.Add(look);
                }
            }

            at++;
        }

        return (head, true);
    }

    private sealed record Look(
        IReadOnlyList<(string RunId, string State, long Count)> States, IReadOnlyList<RunReport.CodeRow> Open, long Codes, long AsOfSeq);

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
            all.Add(new Witness("line-count", counted, counted == recount.GoodInRun + recount.FromOtherRuns + story.SamplesInTarget));
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
        private readonly HashSet<long> _others = [];

        public long Printed => _printed.Count;

        public long Good => _good.Count;

        public long GoodInRun { get; private set; }

        /// <summary>Good items of other runs of the order that came back through rework during this one; its target counts them.</summary>
        public long FromOtherRuns { get; private set; }

        public long Reads { get; private set; }

        public long RejectedAfterRead { get; private set; }

        public void Take(IReadOnlyList<(long CodeId, JournalKind Kind)> moves, bool duringRun)
        {
            foreach ((long code, JournalKind kind) in moves)
            {
                HashSet<long> good = _printed.Contains(code) ? _good : _others;
                if (kind == JournalKind.Print)
                {
                    _ = duringRun && _printed.Add(code);
                }
                else if (kind == JournalKind.Verified)
                {
                    good.Add(code);
                    Reads += good == _good ? 1 : 0;
                }
                else if (good.Remove(code) && kind == JournalKind.Rejected)
                {
                    RejectedAfterRead++;
                }
            }

            (GoodInRun, FromOtherRuns) = duringRun ? (_good.Count, _others.Count) : (GoodInRun, FromOtherRuns);
        }
    }
}
