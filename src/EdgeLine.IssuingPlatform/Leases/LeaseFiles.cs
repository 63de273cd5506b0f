using System.Text;
using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Leases;

/// <summary>The code file of a lease and its SHA-256 in hex.</summary>
internal sealed record CodeFile(byte[] Bytes, string Sha256);

/// <summary>
/// Manifest and code file of a lease, for the ledger that it was granted to and only while the batch is not suspended.
/// Both are the same bytes whenever they are asked for.
/// </summary>
internal sealed class LeaseFiles(Database database)
{
    /// <summary>The signed manifest.</summary>
    public Outcome<string> Manifest(Caller caller, string leaseId) => database.Read<Outcome<string>>(session =>
        Open(session, caller, leaseId) switch
        {
            Outcome<LeaseRow>.Done lease => lease.Value.Manifest,
            Outcome<LeaseRow>.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        });

    /// <summary>The code file, 17 bytes a code.</summary>
    public Outcome<CodeFile> Codes(Caller caller, string leaseId) => database.Read<Outcome<CodeFile>>(session =>
        Open(session, caller, leaseId) switch
        {
            Outcome<LeaseRow>.Done lease => new CodeFile(BytesOf(session, lease.Value), lease.Value.CodesSha256),
            Outcome<LeaseRow>.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        });

    private static Outcome<LeaseRow> Open(Session session, Caller caller, string leaseId) =>
        LeaseRow.Find(session, leaseId) is not { } lease ? Problem.NotFound("lease", leaseId)
        : !caller.MaySee(lease.Line) ? NotYours(leaseId)
        : FenceOf(session, lease) is { } fenced ? fenced
        : Batch.Find(session, lease.BatchId) is { State: Batch.Suspended } batch ? OrderRegister.NotUsable(batch)!
        : lease;

    // A lease is for one ledger: whoever is not that ledger any more gets nothing to print from.
    private static Problem? FenceOf(Session session, LeaseRow lease)
    {
        LeaseManifest manifest = SignedManifest.ReadTrusted(lease.Manifest);
        return LineLedger.Fence(session, lease.Line, manifest.LedgerId, manifest.Epoch);
    }

    /// <summary>403: lease of another line.</summary>
    public static Problem NotYours(string leaseId) => new(
        403, ProblemTypes.LeaseNotYours, "Lease of another line", $"Lease {Problem.Shown(leaseId)} was granted to another line.");

    private static byte[] BytesOf(Session session, LeaseRow lease)
    {
        byte[] file = new byte[lease.Codes * LeaseManifest.BytesPerCode];
        int at = 0;
        session.All(
            "SELECT value FROM code WHERE id >= $1 AND id < $2 ORDER BY id",
            r =>
            {
                at += Encoding.ASCII.GetBytes(r.GetString(0), file.AsSpan(at));
                file[at++] = (byte)'\n';
                return 0;
            },
            lease.FirstCode, lease.FirstCode + lease.Codes);
        return file;
    }
}
