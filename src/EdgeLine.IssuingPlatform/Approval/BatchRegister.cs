using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Approval;

/// <summary>
/// Batches from draft to approval and suspension. A batch is approved only when its certificate is complete, the
/// laboratory's report lets it pass, and two different people looked at it.
/// </summary>
internal sealed class BatchRegister(Database database, TimeProvider time)
{
    /// <summary>Enters a draft.</summary>
    public Outcome<Batch> Create(Caller caller, BatchContent content) => database.Write<Batch>(session =>
    {
        if (CertificateFields.Faults(content) is { Count: > 0 } faults)
        {
            return Problem.Invalid(faults);
        }

        if (session.Number("SELECT count(*) FROM batch WHERE number = $1", content.Number) > 0)
        {
            return Problem.Conflict("number-taken", "The number is taken", $"There is a batch {content.Number} already.");
        }

        string id = Identity.Draw("batch");
        session.Execute("INSERT INTO batch(id, number, state, content) VALUES ($1, $2, 'draft', $3)", id, content.Number, Store(content));
        session.Audit(Now(), caller.Name, "batch-created", id);
        return Batch.Find(session, id)!;
    });

    /// <summary>Changes a draft, or takes a submitted batch back to draft and changes it.</summary>
    public Outcome<Batch> Change(Caller caller, string id, BatchContent content) => Work(id, (session, batch) =>
    {
        if (batch.State is not (Batch.Draft or Batch.Submitted))
        {
            return WrongState(batch, Batch.Draft);
        }

        if (CertificateFields.Faults(content) is { Count: > 0 } faults)
        {
            return Problem.Invalid(faults);
        }

        if (content.Number != batch.Content.Number)
        {
            return Problem.Invalid("/number", "The number of a batch stays.");
        }

        // What the approver has on the desk must be what was submitted: a change takes the batch back.
        session.Execute("UPDATE batch SET content = $2, state = 'draft', submitted_by = NULL WHERE id = $1", id, Store(content));
        session.Audit(Now(), caller.Name, "batch-changed", id);
        return null;
    });

    /// <summary>Hands a complete draft to the approver, with the report that it rests on.</summary>
    public Outcome<Batch> Submit(Caller caller, string id, string? reportId) => Work(id, (session, batch) =>
    {
        if (batch.State is not (Batch.Draft or Batch.Submitted))
        {
            return WrongState(batch, Batch.Draft);
        }

        if (CertificateFields.Incomplete(batch.Content) is { } incomplete)
        {
            return incomplete;
        }

        if (reportId is not null && Report.Find(session, reportId) is null)
        {
            return Problem.Invalid("/reportId", $"There is no inspection report '{Problem.Shown(reportId)}'.");
        }

        session.Execute("UPDATE batch SET state = 'submitted', report = $2, submitted_by = $3 WHERE id = $1", id, reportId, caller.Name);
        session.Audit(Now(), caller.Name, "batch-submitted", id, reportId ?? "");
        return null;
    });

    /// <summary>The gate: only here does a batch come to be allowed to have codes.</summary>
    public Outcome<Batch> Approve(Caller caller, string id) => Work(id, (session, batch) =>
    {
        Problem? refusal = batch.State != Batch.Submitted ? WrongState(batch, Batch.Submitted)
            : batch.SubmittedBy == caller.Name ? FourEyes(batch)
            : CertificateFields.Incomplete(batch.Content) ?? ReportGate.Refusal(session, batch);
        if (refusal is not null)
        {
            return refusal;
        }

        session.Execute("UPDATE batch SET state = 'approved', approved_by = $2, approved_at = $3 WHERE id = $1", id, caller.Name, Now());
        session.Audit(Now(), caller.Name, "batch-approved", id, batch.ReportId!);
        return null;
    });

    /// <summary>Stops a batch: no leases, no printing, and its certificates warn.</summary>
    public Outcome<Batch> Suspend(Caller caller, string id, string? why) => Work(id, (session, batch) =>
    {
        if (batch.State is not (Batch.Approved or Batch.Closed))
        {
            return WrongState(batch, Batch.Approved);
        }

        if (ReasonFault(why) is { } fault)
        {
            return fault;
        }

        Suspend(session, caller, batch, why!, Now());
        return null;
    });

    /// <summary>
    /// Lets a batch go on. The gate is asked again, with the newest version of the report; what the regulator stopped,
    /// only the regulator lets go.
    /// </summary>
    public Outcome<Batch> Resume(Caller caller, string id) => Work(id, (session, batch) =>
    {
        if (batch.State != Batch.Suspended)
        {
            return WrongState(batch, Batch.Suspended);
        }

        if (batch.SuspendedByRegulator && !caller.Is(Role.Regulator))
        {
            return new Problem(403, ProblemTypes.RoleMissing, "The regulator suspended this batch",
                $"{batch.SuspendedBy} suspended batch {batch.Content.Number}; only the regulator can let it go on.");
        }

        string? reportId = NewestReport(session, batch);
        if (ReportGate.Refusal(session, batch with { ReportId = reportId }) is { } refusal)
        {
            return refusal;
        }

        session.Execute(
            "UPDATE batch SET state = iif(closed_at IS NULL, 'approved', 'closed'), report = $2, suspended_at = NULL, suspended_by = NULL, suspended_why = NULL, "
            + "suspended_by_regulator = 0 WHERE id = $1", id, reportId);
        session.Audit(Now(), caller.Name, "batch-resumed", id);
        return null;
    });

    /// <summary>A batch.</summary>
    public Outcome<Batch> Find(string id) => database.Read<Outcome<Batch>>(session =>
        Batch.Find(session, id) is { } batch ? batch : Problem.NotFound("batch", id));

    /// <summary>All batches, oldest first.</summary>
    public List<Batch> All() => database.Read(Batch.All);

    /// <summary>Suspends inside a transaction that has its own reason to.</summary>
    public static void Suspend(Session session, Caller caller, Batch batch, string why, long now)
    {
        session.Execute(
            "UPDATE batch SET state = 'suspended', suspended_at = $2, suspended_by = $3, suspended_why = $4, suspended_by_regulator = $5 "
            + "WHERE id = $1", batch.Id, now, caller.Name, why, caller.Is(Role.Regulator) ? 1L : 0L);
        session.Audit(now, caller.Name, "batch-suspended", batch.Id, why);
    }

    /// <summary>The fault of a reason that is missing or not fit to be shown.</summary>
    public static Problem? ReasonFault(string? why)
    {
        var faults = new List<Fault>();
        CertificateFields.Text(faults, "/why", why);
        if (string.IsNullOrWhiteSpace(why))
        {
            faults.Add(new Fault("/why", "Say why: the reason is shown to everybody concerned."));
        }

        return faults.Count > 0 ? Problem.Invalid(faults) : null;
    }

    private Outcome<Batch> Work(string id, Func<Session, Batch, Problem?> step) => database.Write<Batch>(session =>
        Batch.Find(session, id) is not { } batch ? Problem.NotFound("batch", id)
        : step(session, batch) is { } problem ? problem
        : Batch.Find(session, id)!);

    private static string? NewestReport(Session session, Batch batch) =>
        batch.ReportId is { } id && Report.Find(session, id) is { } report
            ? Report.NewestSigned(session, report.Content.Number!)?.Id ?? id
            : batch.ReportId;

    private static readonly string[] SamePerson = ["submitter-is-approver"];

    private static Problem FourEyes(Batch batch) => Problem.Conflict(
        ProblemTypes.FourEyes, "A second person must approve",
        $"{batch.SubmittedBy} submitted batch {batch.Content.Number} and cannot approve it as well.")
        .With("reasons", SamePerson);

    private static Problem WrongState(Batch batch, string needed) => Problem.Conflict(
        "batch-state", "Not in this state",
        $"Batch {batch.Content.Number} is {batch.State}; it must be {needed}.")
        .With("reasons", (string[])[$"batch-is-{batch.State}"]).With("batchId", batch.Id);

    private static string Store(BatchContent content) => JsonSerializer.Serialize(content, PlatformJson.Options);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
