using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Operations;

/// <summary>What <c>edgeline ledger</c> shows, asked of a running line.</summary>
public static class LedgerAnswers
{
    /// <summary>Where a ledger stands.</summary>
    public sealed record Status(
        string Line, Guid LedgerId, int Epoch, long HeadSeq, string HeadHash, long ConfirmedSeq, long Quarantined, CodeAccount Account,
        long? MirroredSeq, string Mirror, long OnlyHereCodes, string? OnlyHereSince, string Integrity, string Segments);

    /// <summary>One code and its journal.</summary>
    public sealed record Found(string Line, string Code, string State, string RunId, IReadOnlyList<Step> Journal);

    /// <summary>One entry about a code.</summary>
    public sealed record Step(long Seq, string At, string Kind, string Reason, long Item, string Who);

    /// <summary>A copy of a ledger, to a path of this PC.</summary>
    public sealed record CopyWanted(string Path);

    /// <summary>A running line with a larger ledger is not copied, bytes: verdicts would come too late.</summary>
    private const long CopiedWhileRunning = 64L << 20;

    /// <summary>Copies the ledger of a running line; empty, or why not.</summary>
    public static async Task<string> CopyAsync(LineRuntime line, string path)
    {
        ArgumentNullException.ThrowIfNull(line);
        long bytes = line.LedgerBytes;
        if (bytes > CopiedWhileRunning && line.Snapshot.State is PackMlState.Execute or PackMlState.Completing)
        {
            return $"its {bytes >> 20} MB would keep verdicts waiting for seconds; pause the line first";
        }

        if (!Path.IsPathFullyQualified(path) || !path.EndsWith(".db", StringComparison.Ordinal))
        {
            return $"'{path}' is no full path that ends with .db";
        }

        try
        {
            await line.Ledger.CopyAsync(path);
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            return e.Message;
        }
    }

    /// <summary>Status of a running line.</summary>
    public static async Task<Status> StatusAsync(LineRuntime line)
    {
        ArgumentNullException.ThrowIfNull(line);
        LineSnapshot now = line.Snapshot;
        (string? hash, long quarantined) = await line.Ledger.AskAsync(db => (LedgerQueries.HashAt(db, now.AsOfSeq), LedgerQueries.Quarantined(db)));
        return new Status(line.Id, line.Ledger.LedgerId, line.Ledger.Epoch, now.AsOfSeq, hash ?? "", now.ConfirmedSeq, quarantined, now.Account,
            now.MirroredSeq, now.Mirror is { } mirror ? $"{mirror.State} {mirror.Detail}".Trim() : "none", now.OnlyHere.Codes,
            now.OnlyHere.OldestUnixMs > 0 ? Reporting.Report.Iso(now.OnlyHere.OldestUnixMs) : null, line.Integrity, line.Sealed);
    }

    /// <summary>A code of a running line, typed or scanned; null when this ledger never had it.</summary>
    public static Task<Found?> FindAsync(LineRuntime line, string text)
    {
        ArgumentNullException.ThrowIfNull(line);
        return CodeIn(text) is { } code
            ? line.Ledger.AskAsync(db => Find(db, line.Id, code))
            : Task.FromResult<Found?>(null);
    }

    /// <summary>The code that a person means: 16 characters, or a URL that ends in them.</summary>
    public static CertificateCode? CodeIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string last = text[(text.LastIndexOf('/') + 1)..];
        return CertificateCode.TryParseTyped(last, out CertificateCode code, out _) ? code : null;
    }

    /// <summary>A code in an open file.</summary>
    public static Found? Find(Microsoft.Data.Sqlite.SqliteConnection db, string lineId, CertificateCode code) =>
        LedgerQueries.Find(db, code) is { } known
            ? new Found(
                lineId, code.Grouped, CodeStates.NameOf(known.State), known.RunId,
                [.. LedgerQueries.History(db, code).Select(StepOf)])
            : null;

    /// <summary>With what the segments say: what was printed and has no print entry was given away by the ledger.</summary>
    /// <param name="found">What the ledger says.</param>
    /// <param name="folder">Folder of the line.</param>
    /// <param name="code">The code.</param>
    public static Found WithSegments(Found found, string folder, CertificateCode code)
    {
        ArgumentNullException.ThrowIfNull(found);
        return found.RunId.Length == 0 || found.Journal.Any(s => s.Kind == nameof(JournalKind.Print))
            ? found
            : found with { Journal = [.. SealedHistory.Of(folder, code).Select(StepOf).Concat(found.Journal).DistinctBy(s => s.Seq)] };
    }

    private static Step StepOf(JournalEntry e) => new(e.Seq, Reporting.Report.Iso(e.AtUnixMs), e.Kind.ToString(), e.Reason, e.Item, e.Who);
}
