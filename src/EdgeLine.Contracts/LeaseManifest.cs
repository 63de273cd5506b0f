using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace EdgeLine.Contracts;

/// <summary>
/// What the platform signs when it lends a block of codes to a line: for which line and ledger, for which approved
/// batch, how many may be verified, until when, and the hash of the code file.
/// </summary>
public sealed record LeaseManifest
{
    /// <summary>Version of this document; 1.</summary>
    public required int Version { get; init; }

    /// <summary>Identity of the lease; never seen before by the ledger that takes it.</summary>
    public required string LeaseId { get; init; }

    /// <summary>The request that this lease answers: an old manifest cannot answer a new request.</summary>
    public required string ClientRef { get; init; }

    /// <summary>Audience: the line.</summary>
    public required string LineId { get; init; }

    /// <summary>Audience: the ledger of that line.</summary>
    public required Guid LedgerId { get; init; }

    /// <summary>Audience: the epoch of that ledger.</summary>
    public required int Epoch { get; init; }

    /// <summary>The order that the codes are for.</summary>
    public required string OrderId { get; init; }

    /// <summary>The approved batch, by the platform's identity.</summary>
    public required string BatchId { get; init; }

    /// <summary>The batch number that people read.</summary>
    public required string BatchNumber { get; init; }

    /// <summary>Product name as on the certificate.</summary>
    public required string Product { get; init; }

    /// <summary>Model or specification.</summary>
    public required string Specification { get; init; }

    /// <summary>Producer as on the certificate.</summary>
    public required string Producer { get; init; }

    /// <summary>Executing standard, such as <c>GB/T 34722-2017</c>.</summary>
    public required string Standard { get; init; }

    /// <summary>Number of the laboratory report that let the batch be approved.</summary>
    public required string ReportNumber { get; init; }

    /// <summary>URL of the certificate with <c>{code}</c> at its end; see <see cref="CodeCarrier"/>.</summary>
    public required string UrlTemplate { get; init; }

    /// <summary>How many codes of this lease may be verified.</summary>
    public required int MayVerify { get; init; }

    /// <summary>How many codes the file holds: <see cref="MayVerify"/> and an allowance for waste.</summary>
    public required int Codes { get; init; }

    /// <summary>SHA-256 of the code file in lower-case hex.</summary>
    public required string CodesSha256 { get; init; }

    /// <summary>When the platform signed, Unix milliseconds.</summary>
    public required long IssuedAtUnixMs { get; init; }

    /// <summary>Nothing is printed from this moment on, Unix milliseconds.</summary>
    public required long ExpiresAtUnixMs { get; init; }

    /// <summary>Longest identity of an order, a batch or a lease, ASCII characters.</summary>
    public const int IdentityMax = 64;

    /// <summary>No moment is later than the year 9999, Unix milliseconds.</summary>
    public const long EndOfTimeUnixMs = 253_402_300_800_000;

    /// <summary>Bytes of one line of the code file: the code and a line feed, so that line n begins at 17 n.</summary>
    [JsonIgnore]
    public static int BytesPerCode => CertificateCode.Length + 1;

    /// <summary>The code file: one code a line, each line ended by a line feed.</summary>
    public static byte[] CodeFile(IEnumerable<CertificateCode> codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        var text = new StringBuilder();
        foreach (CertificateCode code in codes)
        {
            text.Append(code.Value).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>SHA-256 in lower-case hex, as <see cref="CodesSha256"/> wants it.</summary>
    public static string Sha256Of(ReadOnlySpan<byte> codeFile) => Convert.ToHexStringLower(SHA256.HashData(codeFile));
}
