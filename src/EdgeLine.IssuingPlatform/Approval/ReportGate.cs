using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Approval;

/// <summary>
/// The gate that no code passes without: a laboratory's report for this very batch, against the same executing
/// standard, attested, newest, not revoked, conclusion qualified. It names every reason at once.
/// </summary>
internal static class ReportGate
{
    /// <summary>The problem, or null when the report lets the batch pass.</summary>
    public static Problem? Refusal(Session session, Batch batch)
    {
        Report? report = batch.ReportId is { } id ? Report.Find(session, id) : null;
        (string Reason, string Detail)[] reasons = [.. Reasons(session, batch, report)];
        if (reasons.Length == 0)
        {
            return null;
        }

        Problem problem = Problem.Conflict(
            ProblemTypes.ReportGate, "The laboratory's report does not let this batch pass", string.Join(" ", reasons.Select(r => r.Detail)))
            .With("reasons", reasons.Select(r => r.Reason).ToArray())
            .With("batchId", batch.Id)
            .With("reportId", report?.Id);
        return reasons.Any(r => r.Reason == "standard-differs")
            ? problem.With("batchStandard", batch.Content.Standard).With("reportStandard", report?.Content.Standard)
            : problem;
    }

    private static IEnumerable<(string Reason, string Detail)> Reasons(Session session, Batch batch, Report? report)
    {
        if (report is null)
        {
            yield return ("no-report", "There is no inspection report for this batch.");
            yield break;
        }

        string number = report.Content.Number ?? report.Id;
        if (report.Content.BatchId != batch.Id)
        {
            yield return ("report-of-another-batch", $"Report {number} was made for another batch; each batch is tested by itself.");
        }

        if (report.Content.Standard != batch.Content.Standard)
        {
            yield return ("standard-differs",
                $"The batch executes {batch.Content.Standard}, report {number} tested against {report.Content.Standard}.");
        }

        if (report.State == Report.Draft)
        {
            yield return ("report-not-attested", $"The laboratory has not attested report {number} version {report.Version}.");
            yield break;
        }

        if (report.State == Report.Revoked)
        {
            yield return ("report-revoked", $"The laboratory revoked report {number}: {report.RevokedWhy}");
        }

        if (report.Conclusion != Report.Qualified)
        {
            yield return ("conclusion-unqualified", $"The conclusion of report {number} is {report.Conclusion}.");
        }

        if (!report.SealHolds())
        {
            yield return ("report-altered", $"Report {number} is not what the laboratory attested.");
        }

        if (Report.NewestSigned(session, number) is { } newest && newest.Version > report.Version)
        {
            yield return ("report-superseded", $"Report {number} was corrected: version {newest.Version} counts, not {report.Version}.");
        }
    }
}
