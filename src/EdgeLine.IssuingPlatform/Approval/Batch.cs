using System.Text.Json;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeLine.IssuingPlatform.Approval;

/// <summary>A batch as it stands now.</summary>
internal sealed record Batch(
    string Id, string State, BatchContent Content, string? ReportId, string? SubmittedBy, string? ApprovedBy,
    long? ApprovedAtUnixMs, long? SuspendedAtUnixMs, string? SuspendedBy, string? SuspendedWhy, bool SuspendedByRegulator)
{
    /// <summary>Being written; may be changed.</summary>
    public const string Draft = "draft";

    /// <summary>Waits for the second pair of eyes.</summary>
    public const string Submitted = "submitted";

    /// <summary>Codes may be leased.</summary>
    public const string Approved = "approved";

    /// <summary>No codes, no printing, and the certificates warn.</summary>
    public const string Suspended = "suspended";

    /// <summary>Finished: every code is accounted for.</summary>
    public const string Closed = "closed";

    private const string Columns =
        "id, state, content, report, submitted_by, approved_by, approved_at, suspended_at, suspended_by, suspended_why, suspended_by_regulator";

    /// <summary>Approved quantity; 0 in a draft without one.</summary>
    public long Quantity() => Content.Quantity ?? 0;

    /// <summary>Finds a batch.</summary>
    public static Batch? Find(Session session, string id) =>
        session.First($"SELECT {Columns} FROM batch WHERE id = $1", Row, id);

    /// <summary>All batches, oldest first, at most 1,000.</summary>
    public static List<Batch> All(Session session) => session.All($"SELECT {Columns} FROM batch ORDER BY no LIMIT 1000", Row);

    /// <summary>Batches that rest on a version of this report.</summary>
    public static List<Batch> RestingOn(Session session, string reportNumber) => session.All(
        $"SELECT {Columns} FROM batch WHERE report IN (SELECT id FROM report WHERE number = $1)", Row, reportNumber);

    private static Batch Row(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), JsonSerializer.Deserialize<BatchContent>(r.GetString(2), PlatformJson.Options)!,
        Text(r, 3), Text(r, 4), Text(r, 5), Number(r, 6), Number(r, 7), Text(r, 8), Text(r, 9), r.GetInt64(10) != 0);

    private static string? Text(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static long? Number(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetInt64(column);
}
