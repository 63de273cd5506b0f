using EdgeLine.IssuingPlatform.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeLine.IssuingPlatform.Leases;

/// <summary>A lease as it was granted. Nothing of it changes but the moment at which it was closed.</summary>
internal sealed record LeaseRow(
    long No, string Id, string Line, string BatchId, string OrderId, int Requested, int MayVerify, int Codes, long FirstCode,
    string CodesSha256, long ExpiresAtUnixMs, string Manifest, byte[] Request)
{
    private const string Columns =
        "no, id, line, batch, line_order, requested, may_verify, codes, first_code, codes_sha256, expires_at, manifest, request";

    /// <summary>Finds a lease by its identity.</summary>
    public static LeaseRow? Find(Session session, string id) =>
        session.First($"SELECT {Columns} FROM lease WHERE id = $1", Row, id);

    /// <summary>Finds a lease by its number.</summary>
    public static LeaseRow? Find(Session session, long no) =>
        session.First($"SELECT {Columns} FROM lease WHERE no = $1", Row, no);

    /// <summary>Finds the lease that answered a request of a line.</summary>
    public static LeaseRow? OfRequest(Session session, string line, string clientRef) =>
        session.First($"SELECT {Columns} FROM lease WHERE line = $1 AND client_ref = $2", Row, line, clientRef);

    private static LeaseRow Row(SqliteDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5), r.GetInt32(6), r.GetInt32(7),
        r.GetInt64(8), r.GetString(9), r.GetInt64(10), r.GetString(11), (byte[])r.GetValue(12));
}
