using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Records;

/// <summary>Everything a ledger knows of one code.</summary>
/// <param name="Line">Key of the line.</param>
/// <param name="Code">Its 16 characters.</param>
/// <param name="State">Its state of now.</param>
/// <param name="RunId">The run it was printed in, or empty.</param>
/// <param name="LeaseId">The lease that brought it.</param>
/// <param name="SearchedThrough">Entries were looked through up to here.</param>
/// <param name="AsOfSeq">Last entry of the ledger.</param>
/// <param name="ConfirmedSeq">Last entry that the platform has.</param>
/// <param name="Steps">Its entries, in order.</param>
/// <param name="SealedThrough">Entries up to this one are in sealed segments and were not looked through; 0 when none that matters.</param>
public sealed record CodeHistory(
    string Line, string Code, string State, string RunId, string LeaseId, long SearchedThrough, long AsOfSeq, long ConfirmedSeq,
    IReadOnlyList<HistoryStep> Steps, long SealedThrough = 0)
{
    /// <summary>Looking for a code ends after this time.</summary>
    private static readonly TimeSpan SearchMax = TimeSpan.FromSeconds(10);

    /// <summary>The history of a code, or null when this ledger never had it.</summary>
    /// <remarks>A code is not in the journal before its print entry, which has an index; from there on it is searched.</remarks>
    public static async Task<CodeHistory?> OfAsync(
        LineLedger ledger, string lineId, CertificateCode code, long confirmedSeq, TimeProvider time, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(time);
        if (await ledger.AskAsync(db => RunReport.Origin(db, code.Value)) is not var (row, lease, printSeq))
        {
            return null;
        }

        (long head, long first) = await ledger.AskAsync(db => (RunReport.Head(db), LedgerQueries.FirstKept(db)));
        // Printed, but the entry is not in the file any more.
        long before = printSeq == 0 && row.RunId.Length > 0 ? first - 1 : 0;
        var steps = new List<HistoryStep>();
        long startedAt = time.GetTimestamp();
        long at = printSeq > 0 ? printSeq - 1 : before > 0 ? before : head;
        while (at < head && time.GetElapsedTime(startedAt) < SearchMax)
        {
            stop.ThrowIfCancellationRequested();
            (long after, long through) = (at, Math.Min(at + RunReport.Window, head));
            foreach (RunReport.Stored stored in await ledger.AskAsync(db => RunReport.OfCode(db, row.Id, after, through)))
            {
                JournalEntry e = JournalLeaf.Decode(stored.Leaf);
                steps.Add(new HistoryStep(e.Seq, e.AtUnixMs, e.Kind.ToString(), e.Reason, e.Item, e.Who, e.Detail));
            }

            at = through;
        }

        return new CodeHistory(lineId, code.Value, row.State, row.RunId, lease, at, head, confirmedSeq, steps, before);
    }
}

/// <summary>One entry about a code.</summary>
public sealed record HistoryStep(long Seq, long AtMs, string Kind, string Reason, long Item, string Who, string Detail);
