using System.Text.Json;
using EdgeLine.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// The request for codes of an order that is under way. It is on disk before it leaves: a line that dies between the
/// platform's grant and its own note of it asks for the same lease again, instead of leaving the order short of its codes.
/// </summary>
internal static class OpenLeaseRequest
{
    /// <summary>The request of an order that was not answered yet, or a new one, noted from now on.</summary>
    public static LeaseRequest Of(SqliteConnection db, string orderId, Func<LeaseRequest> make)
    {
        using SqliteCommand read = Command(db, "SELECT value FROM meta WHERE key = $key", orderId);
        if (read.ExecuteScalar() is string noted)
        {
            return JsonSerializer.Deserialize<LeaseRequest>(noted)!;
        }

        LeaseRequest request = make();
        using SqliteCommand write = Command(db, "INSERT INTO meta VALUES ($key, $value)", orderId);
        write.Parameters.AddWithValue("$value", JsonSerializer.Serialize(request));
        write.ExecuteNonQuery();
        return request;
    }

    /// <summary>Its lease is in the ledger, or will never be: the next request of the order is another one.</summary>
    public static int Forget(SqliteConnection db, string orderId)
    {
        using SqliteCommand delete = Command(db, "DELETE FROM meta WHERE key = $key", orderId);
        return delete.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection db, string sql, string orderId)
    {
        SqliteCommand command = db.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$key", "lease-request:" + orderId);
        return command;
    }
}
