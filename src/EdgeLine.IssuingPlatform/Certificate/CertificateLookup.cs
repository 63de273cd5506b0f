using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Certificate;

/// <summary>What is known about a scanned code. Batch and report are only there when the shopper may rely on them.</summary>
internal sealed record CertificateView(CertificateStatus Status, string Code)
{
    /// <summary>The batch, for codes that were active once.</summary>
    public BatchContent? Batch { get; init; }

    /// <summary>The report that the batch was approved on.</summary>
    public Report? Report { get; init; }

    /// <summary>Insurance that is valid today.</summary>
    public Insurance? Insurance { get; init; }

    /// <summary>Why it was withdrawn or suspended: a stable key, or the words of the person who did.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when the status holds.</summary>
    public DateOnly? Since { get; init; }
}

/// <summary>
/// Finds what to tell a shopper. It only reads; a code with a wrong check character never reaches the database.
/// </summary>
internal sealed class CertificateLookup(Database database, TimeProvider time)
{
    // Certificates are issued and read in China; a day begins there.
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>Looks a code up; with a GTIN when the address carried one.</summary>
    public CertificateView Find(string text, string? gtin = null)
    {
        if (!CertificateCode.TryParseTyped(text, out CertificateCode code, out _))
        {
            return new CertificateView(CertificateStatus.Mistyped, Problem.Shown(text));
        }

        return code.IsTest
            ? new CertificateView(CertificateStatus.Test, code.Value)
            : database.Read(session => Find(session, code, gtin));
    }

    private CertificateView Find(Session session, CertificateCode code, string? gtin)
    {
        Stored? stored = session.First(
            "SELECT c.state, c.changed_at, c.reason, l.batch FROM code c JOIN lease l ON l.no = c.lease WHERE c.value = $1",
            r => new Stored((CodeState)r.GetInt64(0), r.IsDBNull(1) ? null : r.GetInt64(1), r.IsDBNull(2) ? null : r.GetString(2), r.GetString(3)),
            code.Value);
        if (stored is null)
        {
            return new CertificateView(CertificateStatus.Unknown, code.Value);
        }

        Batch batch = Batch.Find(session, stored.BatchId)!;
        if (gtin is not null && gtin != batch.Content.Gtin)
        {
            return new CertificateView(CertificateStatus.WrongProduct, code.Value);
        }

        return stored.State switch
        {
            CodeState.Active => Active(session, code, stored, batch),
            CodeState.Sampled => Withdrawn(code, stored, "sampled"),
            CodeState.Void => Withdrawn(code, stored, stored.Reason),
            CodeState.Returned or CodeState.Expired => Withdrawn(code, stored, "never-used"),
            _ => new CertificateView(CertificateStatus.NotActivated, code.Value),
        };
    }

    private CertificateView Active(Session session, CertificateCode code, Stored stored, Batch batch)
    {
        DateOnly today = Day(time.GetUtcNow().ToUnixTimeMilliseconds());
        Insurance? insurance = batch.Content.Insurance;
        bool suspended = batch.State == Batch.Suspended;
        bool pastDate = batch.Content.ExpiryDate < today;
        return new CertificateView(
            suspended ? CertificateStatus.Suspended : pastDate ? CertificateStatus.PastDate : CertificateStatus.Active, code.Value)
        {
            Batch = batch.Content,
            Report = Report.Find(session, batch.ReportId!),
            Insurance = insurance?.From <= today && today <= insurance.To ? insurance : null,
            Reason = suspended ? batch.SuspendedWhy : null,
            Since = suspended ? Day(batch.SuspendedAtUnixMs!.Value) : pastDate ? batch.Content.ExpiryDate : Day(stored.ChangedAt!.Value),
        };
    }

    private static CertificateView Withdrawn(CertificateCode code, Stored stored, string? reason) =>
        new(CertificateStatus.Withdrawn, code.Value) { Reason = reason, Since = stored.ChangedAt is { } at ? Day(at) : null };

    // A journal may carry any number for a time; what is no date is shown as the last day there is.
    private static DateOnly Day(long unixMs) => DateOnly.FromDateTime(
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, 0, 253_402_200_000_000)).ToOffset(China).DateTime);

    private sealed record Stored(CodeState State, long? ChangedAt, string? Reason, string BatchId);
}
