using System.Buffers;
using System.Security.Cryptography;
using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Batches;

/// <summary>
/// Brings codes to the line: from the ledger while it has some, from the platform when it has none left. A lease enters
/// the ledger whole, with all checks passed, or not at all; nothing is printed from one that was not taken.
/// </summary>
public sealed class CodeSupply(
    string lineId, LineLedger ledger, PlatformClient platform, string publicKeyFile, int leaseCodes, TimeProvider time, ILogger log)
{
    /// <summary>Most codes of one lease that are taken: twice what a platform may grant at once, waste included.</summary>
    private const int CodesMax = 200_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The next codes of a run; keeps trying until there are some or <paramref name="stop"/> is asked.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="verified">Codes verified in it so far.</param>
    /// <param name="count">Codes wanted now.</param>
    /// <param name="afterId">Row number after which to look.</param>
    /// <param name="trouble">Told with a reason key each time that there are none.</param>
    /// <param name="stop">Cancelled when the run ends or the service stops.</param>
    public async Task<LineEvent.CodesSupplied> NextAsync(
        RunOrder run, int verified, int count, long afterId, Action<string> trouble, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(trouble);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            (IReadOnlyList<SuppliedCode> codes, IReadOnlyList<LeaseTerms> leases) = await ledger.AskAsync(db =>
                (LedgerQueries.NextCodes(db, run.OrderId, afterId, count), LedgerQueries.OpenLeases(db, run.OrderId, afterId)));
            if (codes.Count > 0)
            {
                return new LineEvent.CodesSupplied(codes, leases, afterId);
            }

            string refused = await TryLeaseAsync(run, Math.Min(run.Target - verified, leaseCodes), stop);
            if (refused.Length > 0)
            {
                trouble(refused);
                await Task.Delay(RetryAfter, time, stop);
            }
        }
    }

    private async Task<string> TryLeaseAsync(RunOrder run, int mayVerify, CancellationToken stop)
    {
        try
        {
            await LeaseAsync(run, Math.Max(1, mayVerify), stop);
            return "";
        }
        catch (PlatformProblemException e)
        {
            log.LogWarning("Line {Line}: no codes for order {Order}: {Problem} {Detail}", lineId, run.OrderId, e.Type, e.Message);
            if (!e.IsOutage)
            {
                await ForgetRequestAsync(run);
            }

            return e.Type switch
            {
                PlatformProblemException.Outage => "platform-down",
                // What a person can do about it: each of them keeps a place of the order until it is accepted or withdrawn.
                ProblemTypes.QuantityExhausted when await ledger.AskAsync(db => LedgerQueries.RejectedOf(db, run.OrderId)) > 0 => "codes-in-bin",
                ProblemTypes.BatchSuspended => "batch-suspended",
                _ => "no-codes",
            };
        }
        catch (ManifestRefusedException e)
        {
            log.LogError("Line {Line}: lease for order {Order} refused: {Key} {Detail}", lineId, run.OrderId, e.Key, e.Message);
            if (e.Key is "lease-expired")
            {
                await ForgetRequestAsync(run);
            }

            return e.Key is "lease-expired" or "manifest-unsigned" or "manifest-tampered" or "manifest-replayed" ? e.Key : "manifest-refused";
        }
    }

    private Task<int> ForgetRequestAsync(RunOrder run) => ledger.AskAsync(db => OpenLeaseRequest.Forget(db, run.OrderId));

    private async Task LeaseAsync(RunOrder run, int mayVerify, CancellationToken stop)
    {
        // The same request until its lease was taken: an answer that got lost must not cost the order its places, nor a restart.
        LeaseRequest request = await ledger.AskAsync(db => OpenLeaseRequest.Of(
            db, run.OrderId, () => new LeaseRequest(lineId, ledger.LedgerId, ledger.Epoch, mayVerify, Guid.NewGuid().ToString("N"))));
        LeaseGrant grant = await platform.LeaseAsync(run.OrderId, request, stop);
        string jws = await platform.ManifestAsync(grant.LeaseId, stop);
        LeaseManifest manifest = Verify(jws, publicKeyFile);
        IReadOnlyList<CertificateCode> codes = await CodesAsync(
            manifest, new LeaseExpectation(lineId, ledger.LedgerId, ledger.Epoch, run.OrderId, request.ClientRef), grant.LeaseId, stop);
        await ledger.TakeLeaseAsync(manifest, jws, codes);
        log.LogInformation(
            "Line {Line}: lease {Lease} of {Codes} codes, {MayVerify} may be verified", lineId, manifest.LeaseId, manifest.Codes, manifest.MayVerify);
    }

    // The file goes through a borrowed buffer: one of its own for each lease would be garbage that months of heap grow by.
    private async Task<IReadOnlyList<CertificateCode>> CodesAsync(
        LeaseManifest manifest, LeaseExpectation expected, string leaseId, CancellationToken stop)
    {
        long bytes = Math.Clamp(manifest.Codes, 0, CodesMax) * (long)LeaseManifest.BytesPerCode;
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)bytes + 1);
        try
        {
            int read = await platform.CodesAsync(leaseId, buffer.AsMemory(0, (int)bytes + 1), stop);
            long now = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), manifest.IssuedAtUnixMs);
            return LeaseIntake.Check(manifest, buffer.AsSpan(0, read), expected, now);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static LeaseManifest Verify(string jws, string publicKeyFile)
    {
        ECDsa key;
        try
        {
            key = PlatformKey.FromPem(File.ReadAllText(publicKeyFile));
        }
        catch (Exception e) when (e is IOException or ArgumentException or CryptographicException)
        {
            throw new ManifestRefusedException("platform-key", $"The platform's key {publicKeyFile} cannot be read: {e.Message}");
        }

        using (key)
        {
            return SignedManifest.Verify(jws, key);
        }
    }
}
