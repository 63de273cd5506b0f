using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Reporting;

namespace EdgeLine.Service.Records;

/// <summary>The report of a run as CSV: one line for each code that was printed in it.</summary>
public static class BatchCsv
{
    /// <summary>Writes all lines; the caller has looked the run up.</summary>
    public static async Task WriteAsync(LineLedger ledger, BatchReport report, TextWriter output, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        Dictionary<long, Times> times = await TimesAsync(ledger, report, stop);
        var exceptions = report.Exceptions.ToDictionary(e => e.Code);
        RunHead run = report.Run;
        await output.WriteAsync(Csv.Line(
            "code", "state", "printed", "verified", "reworked", "suspect", "reason", "who", "changed", "line", "batch", "product", "run", "as_of_entry"));
        IReadOnlyList<RunReport.CodeRange> ranges = await ledger.AskAsync(db => RunReport.RangesOf(db, run.OrderId));
        foreach ((long from, long through) in BatchReporter.Pages(ranges))
        {
            foreach (RunReport.CodeRow row in await ledger.AskAsync(db => RunReport.CodesOf(db, run.RunId, from, through, verifiedToo: true)))
            {
                stop.ThrowIfCancellationRequested();
                Times at = times.GetValueOrDefault(row.Id);
                CodeLine? more = exceptions.GetValueOrDefault(row.Code);
                bool suspect = at.VerifiedSeq > 0 && report.Suspects.Any(s => at.VerifiedSeq > s.AfterSeq && at.VerifiedSeq < s.FailedSeq);
                await output.WriteAsync(Csv.Line(
                    row.Code, row.State, Time(at.PrintedMs), Time(at.VerifiedMs), at.Reworked ? "yes" : "no", suspect ? "yes" : "no",
                    more?.Reason, more?.Who, Time(more?.AtMs ?? 0), report.Line, run.BatchNumber, run.Product, run.RunId, report.AsOfSeq));
            }
        }
    }

    private static string Time(long ms) => ms == 0 ? "" : Report.Iso(ms);

    private static async Task<Dictionary<long, Times>> TimesAsync(LineLedger ledger, BatchReport report, CancellationToken stop)
    {
        var times = new Dictionary<long, Times>();
        long last = report.Run.EndSeq ?? report.AsOfSeq;
        for (long at = report.Run.StartSeq; at < last; at += RunReport.Window)
        {
            stop.ThrowIfCancellationRequested();
            (long after, long through) = (at, Math.Min(at + RunReport.Window, last));
            foreach (RunReport.Stored stored in await ledger.AskAsync(db => RunReport.Labels(db, after, through)))
            {
                JournalEntry entry = JournalLeaf.Decode(stored.Leaf);
                Times before = times.GetValueOrDefault(stored.CodeId);
                times[stored.CodeId] = entry.Kind == JournalKind.Print
                    ? before with { PrintedMs = entry.AtUnixMs }
                    : before with { VerifiedMs = entry.AtUnixMs, VerifiedSeq = entry.Seq, Reworked = entry.Reason == "rework" };
            }
        }

        return times;
    }

    private readonly record struct Times(long PrintedMs, long VerifiedMs, long VerifiedSeq, bool Reworked);
}
