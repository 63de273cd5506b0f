using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// The counts as the ledger keeps them: JSON, <c>#</c> and the SHA-256 of the JSON in hex. The run, its target and what holds
/// the line are told by nothing else, so a flipped bit in them must not be believed. Counts of before 0.3.0 have no hash.
/// </summary>
internal static class StoredFold
{
    private const int MarkAndHash = 1 + (2 * SHA256.HashSizeInBytes);

    /// <summary>The bytes to keep.</summary>
    public static byte[] Write(LineFold fold)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(fold);
        return [.. json, (byte)'#', .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json)))];
    }

    /// <summary>The counts of a ledger.</summary>
    /// <exception cref="LedgerException">They are not what was written.</exception>
    public static LineFold Read(SqliteConnection db)
    {
        using SqliteCommand command = db.CreateCommand();
        command.CommandText = "SELECT value FROM fold";
        byte[] stored = command.ExecuteScalar() as byte[] ?? [];
        ReadOnlySpan<byte> json = stored;
        if (stored.Length > MarkAndHash && stored[^MarkAndHash] == '#')
        {
            json = json[..^MarkAndHash];
            if (Convert.ToHexStringLower(SHA256.HashData(json)) != Encoding.Latin1.GetString(stored.AsSpan(stored.Length - MarkAndHash + 1)))
            {
                throw new LedgerException("The counts of the ledger are not the ones that were written: the disk is damaged. Keep the file; enrol the line anew.");
            }
        }

        return JsonSerializer.Deserialize<LineFold>(json) ?? throw new JsonException("There are no counts.");
    }
}
