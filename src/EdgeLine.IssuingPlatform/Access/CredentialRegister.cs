using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform.Access;

/// <summary>
/// Issues bearer tokens and knows who holds one. Only the SHA-256 of a token is stored; with 256 random bits in each
/// token a slow hash would protect nothing more.
/// </summary>
internal sealed class CredentialRegister(Database database)
{
    private const int MaxTokenLength = 200;

    /// <summary>Makes a token for a caller; the only moment at which it can be read.</summary>
    public static string Issue(Session session, Caller caller)
    {
        string token = "edl_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        session.Execute(
            "INSERT INTO credential(hash, name, roles, line, organisation) VALUES ($1, $2, $3, $4, $5)",
            HashOf(token), caller.Name, (long)caller.Roles, caller.Line, caller.Organisation);
        return token;
    }

    /// <summary>Finds the holder of a token, or null.</summary>
    public Caller? Find(string token) => token.Length > MaxTokenLength
        ? null
        : database.Read(s => s.First(
            "SELECT name, roles, line, organisation FROM credential WHERE hash = $1",
            r => new Caller(r.GetString(0), (Role)r.GetInt64(1), r.IsDBNull(2) ? null : r.GetString(2), r.GetString(3)),
            HashOf(token)));

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
