namespace EdgeLine.Contracts;

/// <summary>
/// Names of the problems in the platform's answers (RFC 9457). A client decides by the name, never by the text;
/// <c>type</c> is <c>https://{host}/problems/{name}</c>.
/// </summary>
public static class ProblemTypes
{
    /// <summary>The laboratory's report does not let this batch pass.</summary>
    public const string ReportGate = "report-gate";

    /// <summary>The batch is not approved yet.</summary>
    public const string BatchNotApproved = "batch-not-approved";

    /// <summary>The batch is suspended.</summary>
    public const string BatchSuspended = "batch-suspended";

    /// <summary>Every place of the batch is taken.</summary>
    public const string QuantityExhausted = "quantity-exhausted";

    /// <summary>The lease belongs to another line.</summary>
    public const string LeaseNotYours = "lease-not-yours";

    /// <summary>The same person submitted and approves.</summary>
    public const string FourEyes = "four-eyes";

    /// <summary>The upload does not continue where the platform stands; carries <c>expectedSeq</c>.</summary>
    public const string JournalGap = "journal-gap";

    /// <summary>Other content under a known sequence number; the line locks itself.</summary>
    public const string JournalFork = "journal-fork";

    /// <summary>A ledger that is not the one registered for this line and epoch.</summary>
    public const string LedgerNotCurrent = "ledger-not-current";

    /// <summary>An entry takes a lease that this platform does not know any more; carries <c>leaseId</c>. The line brings it back.</summary>
    public const string LeaseUnknown = "lease-unknown";

    /// <summary>No enrolment was given out under this code.</summary>
    public const string EnrolmentUnknown = "enrolment-unknown";

    /// <summary>The code was used for another ledger; it works once.</summary>
    public const string EnrolmentUsed = "enrolment-used";

    /// <summary>The code ran out before it was used.</summary>
    public const string EnrolmentExpired = "enrolment-expired";

    /// <summary>The code is for another line.</summary>
    public const string EnrolmentOfOtherLine = "enrolment-of-other-line";

    /// <summary>The body or a field is not acceptable; carries <c>errors</c>.</summary>
    public const string ValidationFailed = "validation-failed";

    /// <summary>Nothing under this address.</summary>
    public const string NotFound = "not-found";

    /// <summary>No or an unknown credential.</summary>
    public const string DeviceUnknown = "device-unknown";

    /// <summary>The credential's role may not do this.</summary>
    public const string RoleMissing = "role-missing";

    /// <summary>A certificate field is missing; carries <c>missing</c>.</summary>
    public const string CertificateIncomplete = "certificate-incomplete";

    /// <summary>The attested report cannot be changed.</summary>
    public const string ReportAttested = "report-attested";

    /// <summary>POST without an idempotency key.</summary>
    public const string IdempotencyKeyMissing = "idempotency-key-missing";

    /// <summary>The key was used with another body.</summary>
    public const string IdempotencyKeyReused = "idempotency-key-reused";

    /// <summary>The batch has codes that nobody has accounted for; carries <c>outstanding</c>.</summary>
    public const string ReconciliationOpen = "reconciliation-open";
}
