using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Approval;

/// <summary>
/// Inspection reports: the producer enters them, the laboratory seals them. What is sealed stays; a correction is a new
/// version, and a correction or a revocation suspends every batch that rests on the report.
/// </summary>
internal sealed class ReportRegister(Database database, TimeProvider time)
{
    /// <summary>Most test items or instruments of a report.</summary>
    public const int MaxItems = 100;

    /// <summary>Enters version 1 of a report.</summary>
    public Outcome<Report> Create(Caller caller, ReportContent content) => database.Write<Report>(session =>
        Faults(session, content) is { Count: > 0 } faults ? Problem.Invalid(faults)
        : Report.Versions(session, content.Number!).Count > 0 ? NumberTaken(content.Number!)
        : Insert(session, caller, content, version: 1, "report-created"));

    /// <summary>Changes a draft.</summary>
    public Outcome<Report> Change(Caller caller, string id, ReportContent content) => database.Write<Report>(session =>
    {
        if (Report.Find(session, id) is not { } report)
        {
            return Problem.NotFound("inspection report", id);
        }

        if (report.State != Report.Draft)
        {
            return Sealed(report);
        }

        List<Fault> faults = Faults(session, content);
        if (content.Number != report.Content.Number)
        {
            faults.Add(new Fault("/number", "The number of a report stays; enter a new report instead."));
        }

        if (faults.Count > 0)
        {
            return Problem.Invalid(faults);
        }

        session.Execute("UPDATE report SET content = $2, batch = $3 WHERE id = $1", id, Report.Store(content), content.BatchId);
        session.Audit(Now(), caller.Name, "report-changed", id);
        return Report.Find(session, id)!;
    });

    /// <summary>Enters the next version of an attested report; the old one stays as it is.</summary>
    public Outcome<Report> Correct(Caller caller, string id, ReportContent content) => database.Write<Report>(session =>
    {
        if (Report.Find(session, id) is not { } report)
        {
            return Problem.NotFound("inspection report", id);
        }

        Report newest = Report.Versions(session, report.Content.Number!)[^1];
        if (newest.State == Report.Draft)
        {
            return Problem.Conflict("report-draft-open", "A version is still being written",
                $"Version {newest.Version} of report {newest.Content.Number} is a draft: change that one.").With("reportId", newest.Id);
        }

        ReportContent corrected = content with { Number = report.Content.Number };
        return Faults(session, corrected) is { Count: > 0 } faults
            ? Problem.Invalid(faults)
            : Insert(session, caller, corrected, newest.Version + 1, "report-corrected");
    });

    /// <summary>The laboratory puts its name to the conclusion.</summary>
    public Outcome<Report> Attest(Caller caller, string id, string conclusion) => database.Write<Report>(session =>
    {
        if (Report.Find(session, id) is not { } report)
        {
            return Problem.NotFound("inspection report", id);
        }

        if (report.State != Report.Draft)
        {
            return Sealed(report);
        }

        if (OfAnotherLaboratory(caller, report) is { } problem)
        {
            return problem;
        }

        if (conclusion is not (Report.Qualified or Report.Unqualified))
        {
            return Problem.Invalid("/conclusion", $"The conclusion is {Report.Qualified} or {Report.Unqualified}.");
        }

        session.Execute(
            "UPDATE report SET state = 'attested', conclusion = $2, attested_by = $3, attested_at = $4, sha256 = $5 WHERE id = $1",
            id, conclusion, caller.Name, Now(), Report.SealOf(Report.Store(report.Content), conclusion, caller.Name));
        session.Audit(Now(), caller.Name, "report-attested", id, conclusion);
        SuspendBatches(session, caller, report, $"Report {report.Content.Number} was corrected.");
        return Report.Find(session, id)!;
    });

    /// <summary>The laboratory takes its name back; every batch that rests on the report is suspended.</summary>
    public Outcome<Report> Revoke(Caller caller, string id, string? why) => database.Write<Report>(session =>
    {
        if (Report.Find(session, id) is not { } report)
        {
            return Problem.NotFound("inspection report", id);
        }

        if (OfAnotherLaboratory(caller, report) is { } problem)
        {
            return problem;
        }

        if (BatchRegister.ReasonFault(why) is { } fault)
        {
            return fault;
        }

        if (report.State != Report.Attested)
        {
            return Problem.Conflict("report-not-attested", "Nothing to revoke", $"Report {report.Content.Number} is {report.State}.");
        }

        session.Execute("UPDATE report SET state = 'revoked', revoked_at = $2, revoked_why = $3 WHERE id = $1", id, Now(), why);
        session.Audit(Now(), caller.Name, "report-revoked", id, why!);
        SuspendBatches(session, caller, report, $"Report {report.Content.Number} was revoked: {why}");
        return Report.Find(session, id)!;
    });

    /// <summary>A version of a report.</summary>
    public Outcome<Report> Find(string id) => database.Read<Outcome<Report>>(session =>
        Report.Find(session, id) is { } report ? report : Problem.NotFound("inspection report", id));

    /// <summary>All versions of the report that this one belongs to.</summary>
    public Outcome<List<Report>> History(string id) => database.Read<Outcome<List<Report>>>(session =>
        Report.Find(session, id) is { } report
            ? Report.Versions(session, report.Content.Number!)
            : Problem.NotFound("inspection report", id));

    private Report Insert(Session session, Caller caller, ReportContent content, int version, string what)
    {
        string id = Identity.Draw("report");
        session.Execute(
            "INSERT INTO report(id, number, version, batch, state, content) VALUES ($1, $2, $3, $4, 'draft', $5)",
            id, content.Number, version, content.BatchId, Report.Store(content));
        session.Audit(Now(), caller.Name, what, id);
        return Report.Find(session, id)!;
    }

    private void SuspendBatches(Session session, Caller caller, Report report, string why)
    {
        foreach (Batch batch in Batch.RestingOn(session, report.Content.Number!).Where(b => b.State == Batch.Approved))
        {
            BatchRegister.Suspend(session, caller, batch, why, Now());
        }
    }

    private static List<Fault> Faults(Session session, ReportContent content)
    {
        var faults = new List<Fault>();
        Needed(faults, "/number", content.Number);
        Needed(faults, "/laboratory", content.Laboratory);
        Needed(faults, "/standard", content.Standard);
        Needed(faults, "/batchId", content.BatchId);
        if (content.Date is null)
        {
            faults.Add(new Fault("/date", "date is needed."));
        }

        if (content.FileSha256 is not { Length: 64 } sha || !sha.All(char.IsAsciiHexDigitLower))
        {
            faults.Add(new Fault("/fileSha256", "fileSha256 is the SHA-256 of the report document, 64 lower-case hex digits."));
        }

        if (content.BatchId is { } batch && Batch.Find(session, batch) is null)
        {
            faults.Add(new Fault("/batchId", $"There is no batch '{Problem.Shown(batch)}'."));
        }

        foreach ((string pointer, IReadOnlyList<string>? list) in new[] { ("/items", content.Items), ("/instruments", content.Instruments) })
        {
            if (list?.Count > MaxItems)
            {
                faults.Add(new Fault(pointer, $"{pointer[1..]} has at most {MaxItems} entries."));
                continue;
            }

            foreach (string? text in list ?? [])
            {
                Needed(faults, pointer, text);
            }
        }

        return faults;
    }

    private static void Needed(List<Fault> faults, string pointer, string? text)
    {
        CertificateFields.Text(faults, pointer, text);
        if (string.IsNullOrWhiteSpace(text))
        {
            faults.Add(new Fault(pointer, $"{pointer[1..]} is needed."));
        }
    }

    private static Problem? OfAnotherLaboratory(Caller caller, Report report) => caller.Organisation == report.Content.Laboratory
        ? null
        : new Problem(403, ProblemTypes.RoleMissing, "Report of another laboratory",
            $"Report {report.Content.Number} is by {report.Content.Laboratory}; {caller.Name} belongs to {caller.Organisation}.");

    private static Problem Sealed(Report report) => Problem.Conflict(
        ProblemTypes.ReportAttested, "The report is sealed",
        $"Report {report.Content.Number} version {report.Version} is {report.State} and cannot be changed; enter a correction as a new version.")
        .With("reportId", report.Id);

    private static Problem NumberTaken(string number) => Problem.Conflict(
        "number-taken", "The number is taken", $"There is a report {number} already; correct that one.");

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
