using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Leases;

/// <summary>
/// Takes back leases that this platform granted and lost when it was set back to a backup. Labels with their codes are on
/// products already; the line has the manifest with our own signature, which also covers every code.
/// </summary>
internal sealed class LostLeases(Database database, TimeProvider time, ManifestKey key)
{
    /// <summary>Largest body: the code file of the largest lease, and its manifest.</summary>
    public static int MaxBytes { get; } = (Places.CodesFor(LeaseGranting.MaxMayVerify) * (LeaseManifest.BytesPerCode + 1)) + RequestBody.MaxJsonBytes;

    /// <summary>Enters the lease as it was granted, its codes open; the journal that follows tells what became of them.</summary>
    public Outcome<LeaseGrant> TakeBack(Caller caller, string leaseId, LostLease lost)
    {
        LeaseManifest manifest;
        string[] codes = lost.Codes.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            manifest = key.Verify(lost.Manifest);
        }
        catch (ManifestRefusedException e)
        {
            return Problem.Invalid("/manifest", e.Message);
        }

        return manifest.LeaseId != leaseId ? Problem.Invalid("/manifest", "The manifest is of another lease.")
            : codes.Length != manifest.Codes || LeaseManifest.Sha256Of(System.Text.Encoding.ASCII.GetBytes(lost.Codes)) != manifest.CodesSha256
                ? Problem.Invalid("/codes", "The codes are not those that the manifest was signed for.")
            : database.Write(session => Enter(session, caller, manifest, codes, lost.Manifest));
    }

    private Outcome<LeaseGrant> Enter(Session session, Caller caller, LeaseManifest manifest, string[] codes, string jws)
    {
        if (!caller.MaySee(manifest.LineId))
        {
            return LeaseFiles.NotYours(manifest.LeaseId);
        }

        if (LeaseRow.Find(session, manifest.LeaseId) is null)
        {
            if (session.Number("SELECT count(*) FROM line_order WHERE id = $1 AND line = $2 AND batch = $3", manifest.OrderId, manifest.LineId, manifest.BatchId) == 0)
            {
                return Problem.NotFound("order", manifest.OrderId);
            }

            Insert(session, manifest, codes, jws);
        }

        LeaseRow lease = LeaseRow.Find(session, manifest.LeaseId)!;
        return new LeaseGrant(lease.Id, lease.Requested, lease.MayVerify, lease.Codes, lease.ExpiresAtUnixMs);
    }

    private void Insert(Session session, LeaseManifest manifest, string[] codes, string jws)
    {
        long lease = session.Number("SELECT coalesce(max(no), 0) FROM lease") + 1;
        long firstCode = session.Number("SELECT coalesce(max(id), 0) FROM code") + 1;
        for (int i = 0; i < codes.Length; i++)
        {
            session.Execute("INSERT INTO code(id, value, lease, state) VALUES ($1, $2, $3, 0)", firstCode + i, codes[i], lease);
        }

        // What was asked for is not known any more; nobody asks again for a lease that he has.
        session.Execute(
            "INSERT INTO lease(no, id, line, batch, line_order, client_ref, request, requested, may_verify, codes, first_code, codes_sha256, "
            + "issued_at, expires_at, manifest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14)",
            lease, manifest.LeaseId, manifest.LineId, manifest.BatchId, manifest.OrderId, manifest.ClientRef, Array.Empty<byte>(),
            (long)manifest.MayVerify, (long)codes.Length, firstCode, manifest.CodesSha256, manifest.IssuedAtUnixMs, manifest.ExpiresAtUnixMs, jws);
        session.Execute("INSERT INTO tally(lease, state, codes) VALUES ($1, $2, $3)", lease, (long)CodeState.Open, (long)codes.Length);
        session.Audit(time.GetUtcNow().ToUnixTimeMilliseconds(), manifest.LineId, "lease-taken-back", manifest.LeaseId, $"{codes.Length} codes");
    }
}
