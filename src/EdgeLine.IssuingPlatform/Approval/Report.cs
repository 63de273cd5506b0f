using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeLine.IssuingPlatform.Approval;

/// <summary>What a laboratory's report says; entered by the producer, sealed by the laboratory.</summary>
internal sealed record ReportContent
{
    /// <summary>Report number of the laboratory.</summary>
    public string? Number { get; init; }

    /// <summary>The laboratory; only its people can attest.</summary>
    public string? Laboratory { get; init; }

    /// <summary>The batch that was tested.</summary>
    public string? BatchId { get; init; }

    /// <summary>Executing standard that it was tested against.</summary>
    public string? Standard { get; init; }

    /// <summary>Day of the report.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>What was tested.</summary>
    public IReadOnlyList<string>? Items { get; init; }

    /// <summary>Instruments used.</summary>
    public IReadOnlyList<string>? Instruments { get; init; }

    /// <summary>SHA-256 of the report document, lower-case hex.</summary>
    public string? FileSha256 { get; init; }
}

/// <summary>One version of a report. An attested version never changes; a correction is the next version.</summary>
internal sealed record Report(
    string Id, int Version, string State, ReportContent Content, string? Conclusion, string? AttestedBy,
    long? AttestedAtUnixMs, string? Sha256, long? RevokedAtUnixMs, string? RevokedWhy)
{
    /// <summary>Being written; may be changed.</summary>
    public const string Draft = "draft";

    /// <summary>Signed by the laboratory.</summary>
    public const string Attested = "attested";

    /// <summary>Taken back by the laboratory.</summary>
    public const string Revoked = "revoked";

    /// <summary>The conclusion that lets a batch pass.</summary>
    public const string Qualified = "qualified";

    /// <summary>The conclusion that does not.</summary>
    public const string Unqualified = "unqualified";

    private const string Columns =
        "id, version, state, content, conclusion, attested_by, attested_at, sha256, revoked_at, revoked_why";

    /// <summary>SHA-256 over the stored content, conclusion and signer: what the laboratory put its name to.</summary>
    public static string SealOf(string storedContent, string conclusion, string attestedBy) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{storedContent}\n{conclusion}\n{attestedBy}")));

    /// <summary>True when the stored content is still what was attested.</summary>
    public bool SealHolds() => Sha256 == SealOf(Store(Content), Conclusion ?? "", AttestedBy ?? "");

    /// <summary>The content as it is stored and sealed.</summary>
    public static string Store(ReportContent content) => JsonSerializer.Serialize(content, PlatformJson.Options);

    /// <summary>Finds a version of a report.</summary>
    public static Report? Find(Session session, string id) =>
        session.First($"SELECT {Columns} FROM report WHERE id = $1", Row, id);

    /// <summary>All versions, oldest first.</summary>
    public static List<Report> Versions(Session session, string number) =>
        session.All($"SELECT {Columns} FROM report WHERE number = $1 ORDER BY version", Row, number);

    /// <summary>The newest version that the laboratory has signed, or null.</summary>
    public static Report? NewestSigned(Session session, string number) => session.First(
        $"SELECT {Columns} FROM report WHERE number = $1 AND state <> 'draft' ORDER BY version DESC LIMIT 1", Row, number);

    private static Report Row(SqliteDataReader r) => new(
        r.GetString(0), r.GetInt32(1), r.GetString(2),
        JsonSerializer.Deserialize<ReportContent>(r.GetString(3), PlatformJson.Options)!,
        Text(r, 4), Text(r, 5), Number(r, 6), Text(r, 7), Number(r, 8), Text(r, 9));

    private static string? Text(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static long? Number(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetInt64(column);
}
