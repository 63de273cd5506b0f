using System.Security.Cryptography;
using System.Text;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Leases;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Enrolment;

/// <summary>Asks for an enrolment code.</summary>
/// <param name="Why">What happened, for the audit trail: disk dead, PC replaced, ledger locked.</param>
/// <param name="Minutes">How long it may be used; 120 when left out.</param>
internal sealed record EnrolmentOrder(string Why, int? Minutes = null);

/// <summary>A code for a person to carry to the line PC; the only moment at which it can be read.</summary>
internal sealed record IssuedEnrolment(string LineId, string Code, long ExpiresAtUnixMs);

/// <summary>
/// The way back of a line: a person gives out a code, the line PC uses it once, and a new ledger with a later epoch takes
/// the place of the old one. Whatever still comes from the old one is refused by name.
/// </summary>
internal sealed class EnrolmentRegister(Database database, TimeProvider time, ManifestKey key)
{
    /// <summary>Life of a code when nobody says otherwise, minutes.</summary>
    public const int DefaultMinutes = 120;

    /// <summary>Longest life of a code: the replacement may have to be fetched.</summary>
    public const int MaxMinutes = 24 * 60;

    /// <summary>Gives out a code for a line.</summary>
    public Outcome<IssuedEnrolment> Issue(Caller caller, string line, EnrolmentOrder order) => database.Write<IssuedEnrolment>(session =>
    {
        if (session.Number("SELECT count(*) FROM line WHERE id = $1", line) == 0)
        {
            return Problem.NotFound("line", line);
        }

        var faults = new List<Fault>();
        CertificateFields.Text(faults, "/why", order.Why);
        if (string.IsNullOrWhiteSpace(order.Why))
        {
            faults.Add(new Fault("/why", "why says what happened, for the audit trail."));
        }

        int minutes = order.Minutes ?? DefaultMinutes;
        if (minutes is < 1 or > MaxMinutes)
        {
            faults.Add(new Fault("/minutes", $"A code lives 1 to {MaxMinutes} minutes."));
        }

        if (faults.Count > 0)
        {
            return Problem.Invalid(faults);
        }

        string code = EnrolmentCode.Draw();
        long now = Now();
        session.Execute(
            "INSERT INTO enrolment(claim, seal_key, line, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
            HashOf(EnrolmentCode.ClaimOf(code)), EnrolmentCode.SealKeyOf(code), line, now, now + minutes * 60_000L);
        session.Audit(now, caller.Name, "enrolment-issued", line, order.Why);
        return new IssuedEnrolment(line, code, now + minutes * 60_000L);
    });

    /// <summary>Uses a code: the ledger in the request is the line's from now on. The same request again gets the same answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">The token that the PC shows, if any.</param>
    public Outcome<SealedAnswer> Redeem(EnrolmentRequest request, string? token) => database.Write<SealedAnswer>(session =>
    {
        if (request.LedgerId == Guid.Empty || request.EpochSeen < 0)
        {
            return Problem.Invalid("/ledgerId", "ledgerId is drawn by the PC, epochSeen is 0 or the epoch of its old ledger.");
        }

        if (Used.Find(session, HashOf(request.Claim)) is not { } code)
        {
            return new Problem(404, ProblemTypes.EnrolmentUnknown, "No such code", "Nobody gave out this code. Is it typed right, and is this the platform that it is from?");
        }

        if (code.Line != request.LineId)
        {
            return Problem.Conflict(ProblemTypes.EnrolmentOfOtherLine, "Code of another line", $"The code is for {code.Line}, not for {Problem.Shown(request.LineId)}.");
        }

        string ledgerId = request.LedgerId.ToString("D");
        if (code.Ledger is not null)
        {
            return code.Ledger == ledgerId && LineLedger.Current(session, code.Line) is { } current && current.Id == ledgerId
                ? Answer(session, code, token)
                : Problem.Conflict(ProblemTypes.EnrolmentUsed, "The code was used", "It works once, for one ledger. Have another one given out.");
        }

        if (Now() >= code.ExpiresAtUnixMs)
        {
            return new Problem(410, ProblemTypes.EnrolmentExpired, "The code has run out", "It was not used in time. Have another one given out.");
        }

        if (LineLedger.IsKnown(session, request.LedgerId))
        {
            return Problem.Invalid("/ledgerId", "This ledger is known already; an enrolment needs a new one.");
        }

        int epoch = Math.Max(LineLedger.Current(session, code.Line)?.Epoch ?? 0, request.EpochSeen) + 1;
        LineLedger.Succeed(session, code.Line, request.LedgerId, epoch, Now());
        session.Execute("UPDATE enrolment SET used_at = $2, ledger = $3 WHERE no = $1", code.No, Now(), ledgerId);
        session.Audit(Now(), code.Line, "line-enrolled", ledgerId, $"epoch {epoch}");
        return Answer(session, code with { Ledger = ledgerId }, token);
    });

    /// <summary>
    /// Takes the line's word for an enrolment that this platform lost when it was set back: the receipt carries its own
    /// signature. Only a later epoch than the one known here is news.
    /// </summary>
    public Outcome<LedgerHead> TakeBack(Caller caller, string line, string receipt) => database.Write<LedgerHead>(session =>
    {
        if (!caller.MaySee(line))
        {
            return OrderEndpoints.NotYourLine(caller, line);
        }

        EnrolmentReceipt enrolled;
        try
        {
            enrolled = key.VerifyReceipt(receipt);
        }
        catch (ManifestRefusedException e)
        {
            return Problem.Invalid("", e.Message);
        }

        if (enrolled.LineId != line)
        {
            return Problem.Invalid("/lineId", $"The receipt is for {Problem.Shown(enrolled.LineId)}.");
        }

        LineLedger? known = LineLedger.Current(session, line);
        if (known is null || known.Epoch < enrolled.Epoch)
        {
            LineLedger.Succeed(session, line, enrolled.LedgerId, enrolled.Epoch, Now());
            session.Audit(Now(), line, "enrolment-taken-back", enrolled.LedgerId.ToString("D"), $"epoch {enrolled.Epoch}");
        }

        return LineLedger.Fence(session, line, enrolled.LedgerId, enrolled.Epoch) is { } fenced
            ? fenced
            : JournalIntake.HeadOf(LineLedger.Current(session, line)!);
    });

    private SealedAnswer Answer(Session session, Used code, string? token)
    {
        Caller? shown = token is null ? null : CredentialRegister.Find(session, token);
        string? fresh = null;
        if (shown is null || !shown.Is(Role.Device))
        {
            // Asked again after an answer that got lost: that token is nobody's.
            session.Execute("DELETE FROM credential WHERE hash = (SELECT credential FROM enrolment WHERE no = $1)", code.No);
            fresh = CredentialRegister.Issue(session, new Caller($"{code.Line} PC", Role.Device, "", "line"));
            session.Execute("UPDATE enrolment SET credential = $2 WHERE no = $1", code.No, CredentialRegister.HashOf(fresh));
        }

        if (fresh is not null || !shown!.MaySee(code.Line))
        {
            CredentialRegister.MoveLine(session, code.Line, CredentialRegister.HashOf(fresh ?? token!));
        }

        LineLedger ledger = LineLedger.Current(session, code.Line)!;
        Guid id = Guid.Parse(ledger.Id);
        return new SealedAnswer(
            new EnrolmentAnswer(
                code.Line, id, ledger.Epoch, fresh, key.PublicPem, key.Sign(new EnrolmentReceipt(code.Line, id, ledger.Epoch, Now())),
                LineLedger.ClosedBefore(session, code.Line), Now()),
            code.SealKey);
    }

    private static byte[] HashOf(string claim) => SHA256.HashData(Encoding.UTF8.GetBytes(claim));

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Used(long No, string Line, byte[] SealKey, long ExpiresAtUnixMs, string? Ledger)
    {
        public static Used? Find(Session session, byte[] claim) => session.First(
            "SELECT no, line, seal_key, expires_at, ledger FROM enrolment WHERE claim = $1",
            r => new Used(r.GetInt64(0), r.GetString(1), (byte[])r.GetValue(2), r.GetInt64(3), r.IsDBNull(4) ? null : r.GetString(4)), claim);
    }
}

/// <summary>An answer, and the key to seal it with.</summary>
internal sealed record SealedAnswer(EnrolmentAnswer Answer, byte[] SealKey);
