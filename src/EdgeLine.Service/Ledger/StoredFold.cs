using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// The counts as the ledger keeps them: their JSON with one member more at its end, the SHA-256 in hex of what stands before
/// it. The run, its target and what holds the line are told by nothing else, so a flipped bit in them must not be believed.
/// Counts of before 0.3.0 have no hash.
/// </summary>
internal static partial class StoredFold
{
    private const int Tail = 77; // ,"Sha256":"64 digits"}

    private static ReadOnlySpan<byte> Mark => ",\"Sha256\":\""u8;

    /// <summary>The bytes to keep.</summary>
    public static byte[] Write(LineFold fold)
    {
        ReadOnlySpan<byte> open = JsonSerializer.SerializeToUtf8Bytes(fold, Writing.Default.LineFold).AsSpan()[..^1];
        return [.. open, .. Mark, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(open))), (byte)'"', (byte)'}'];
    }

    /// <summary>The counts of a ledger.</summary>
    /// <exception cref="LedgerException">They are not what was written.</exception>
    public static LineFold Read(SqliteConnection db)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "SELECT value FROM fold";
        byte[] stored = command.ExecuteScalar() as byte[] ?? [];
        return IsWhatWasWritten(stored)
            ? JsonSerializer.Deserialize<LineFold>(stored) ?? throw new JsonException("There are no counts.")
            : throw LedgerFile.Damaged(db.DataSource, "its counts are not the ones that were written");
    }

    /// <summary>False when there is a hash and it does not fit.</summary>
    public static bool IsWhatWasWritten(ReadOnlySpan<byte> stored) =>
        stored.Length < Tail
        || !stored[^Tail..].StartsWith(Mark)
        || Encoding.Latin1.GetString(stored[(stored.Length - Tail + Mark.Length)..^2]) == Convert.ToHexStringLower(SHA256.HashData(stored[..^Tail]));

    // Written with each transaction, while a verdict waits. Not for reading: there it would make nothing of what an older file lacks.
    [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
    [JsonSerializable(typeof(LineFold))]
    private sealed partial class Writing : JsonSerializerContext;
}
