using EdgeLine.Contracts;

namespace EdgeLine.Service.Batches;

/// <summary>What a lease must be for, to be taken by this ledger.</summary>
public sealed record LeaseExpectation(string LineId, Guid LedgerId, int Epoch, string OrderId, string ClientRef);

/// <summary>
/// Judges a signed manifest and its code file before one code of it is stored: audience, epoch, answer to our own
/// request, expiry, count, hash and every single code. All or nothing.
/// </summary>
public static class LeaseIntake
{
    /// <summary>Checks the manifest and the file, and returns the codes in their order.</summary>
    /// <param name="manifest">The manifest, its signature already checked.</param>
    /// <param name="codeFile">The code file as received.</param>
    /// <param name="expected">What was asked for.</param>
    /// <param name="trustedNowMs">Time that never runs back, Unix milliseconds.</param>
    /// <exception cref="ManifestRefusedException">One of the checks failed; the key says which.</exception>
    public static IReadOnlyList<CertificateCode> Check(
        LeaseManifest manifest, ReadOnlySpan<byte> codeFile, LeaseExpectation expected, long trustedNowMs)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(expected);
        Demand(manifest.Version == 1, "manifest-version", $"version {manifest.Version}, this EdgeLine reads 1");
        Demand(manifest.LineId == expected.LineId, "manifest-not-ours", $"it is for line '{manifest.LineId}', this is '{expected.LineId}'");
        Demand(manifest.LedgerId == expected.LedgerId, "manifest-not-ours", "it is for another ledger of this line");
        Demand(manifest.Epoch == expected.Epoch, "manifest-epoch", $"it is for epoch {manifest.Epoch}, this ledger has {expected.Epoch}");
        Demand(manifest.OrderId == expected.OrderId, "manifest-not-ours", $"it is for order '{manifest.OrderId}'");
        Demand(manifest.ClientRef == expected.ClientRef, "manifest-replayed", "it answers an older request");
        Demand(
            manifest.LeaseId.Length is > 0 and <= LeaseManifest.IdentityMax && manifest.LeaseId.All(char.IsAscii),
            "manifest-lease",
            $"its identity has to be 1 to {LeaseManifest.IdentityMax} ASCII characters");
        Demand(manifest.ExpiresAtUnixMs > trustedNowMs, "lease-expired", "it has expired");
        Demand(
            manifest is { IssuedAtUnixMs: >= 0 and < LeaseManifest.EndOfTimeUnixMs, ExpiresAtUnixMs: < LeaseManifest.EndOfTimeUnixMs },
            "manifest-times",
            $"it was signed at {manifest.IssuedAtUnixMs} and ends at {manifest.ExpiresAtUnixMs}, which is no time before the year 10000");
        Demand(manifest.MayVerify > 0 && manifest.MayVerify <= manifest.Codes, "manifest-counts", $"it may verify {manifest.MayVerify} of {manifest.Codes} codes");
        Demand(
            (long)manifest.Codes * LeaseManifest.BytesPerCode == codeFile.Length,
            "code-count",
            $"it names {manifest.Codes} codes, the file has {codeFile.Length} bytes instead of {(long)manifest.Codes * LeaseManifest.BytesPerCode}");
        Demand(LeaseManifest.Sha256Of(codeFile) == manifest.CodesSha256, "code-file-hash", "the code file is not the one that was signed");
        try
        {
            CodeCarrier.FromTemplate(manifest.UrlTemplate);
        }
        catch (FormatException e)
        {
            throw new ManifestRefusedException("manifest-url", e.Message);
        }

        return Read(codeFile, manifest.Codes);
    }

    private static List<CertificateCode> Read(ReadOnlySpan<byte> file, int count)
    {
        var codes = new List<CertificateCode>(count);
        Span<char> text = stackalloc char[CertificateCode.Length];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> line = file.Slice(i * LeaseManifest.BytesPerCode, LeaseManifest.BytesPerCode);
            System.Text.Encoding.Latin1.GetChars(line[..CertificateCode.Length], text);
            bool good = CertificateCode.TryParseExact(text, out CertificateCode code) && line[^1] == '\n';
            Demand(good && code.Pool == CertificateCode.LivePool, "code-invalid", $"line {i + 1} of the code file is no live code");
            codes.Add(code);
        }

        // Sorted in place of a set: a lease is as large as a shift, and a table of it would be heap that stays.
        CertificateCode[] sorted = [.. codes];
        Array.Sort(sorted);
        for (int i = 1; i < sorted.Length; i++)
        {
            Demand(sorted[i] != sorted[i - 1], "code-twice", $"the code file repeats code ...{sorted[i].Value[^4..]}");
        }

        return codes;
    }

    private static void Demand(bool sound, string key, string why)
    {
        if (!sound)
        {
            throw new ManifestRefusedException(key, $"The lease was not taken: {why}.");
        }
    }
}
