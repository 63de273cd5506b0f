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
    public Caller? Find(string token) => database.Read(s => Find(s, token));

    /// <summary>The same inside a transaction.</summary>
    public static Caller? Find(Session session, string token) => token.Length > MaxTokenLength
        ? null
        : session.First(
            "SELECT name, roles, line, organisation, lost FROM credential WHERE hash = $1",
            r => new Caller(
                r.GetString(0), (Role)r.GetInt64(1), r.IsDBNull(2) ? null : r.GetString(2), r.GetString(3), r.IsDBNull(4) ? null : r.GetString(4)),
            HashOf(token));

    /// <summary>Gives a line to the device with this token, and takes it from all others: there is one PC for a line.</summary>
    public static void MoveLine(Session session, string line, byte[] to)
    {
        foreach ((byte[] hash, string lines, string lost) in session.All(
            "SELECT hash, line, coalesce(lost, '') FROM credential WHERE line IS NOT NULL",
            r => ((byte[])r.GetValue(0), r.GetString(1), r.GetString(2))))
        {
            bool gains = hash.AsSpan().SequenceEqual(to);
            if (gains || lines.Split(',').Contains(line, StringComparer.Ordinal))
            {
                session.Execute(
                    "UPDATE credential SET line = $2, lost = $3 WHERE hash = $1",
                    hash, gains ? With(lines, line) : Without(lines, line), gains ? Without(lost, line) : With(lost, line));
            }
        }
    }

    /// <summary>What is stored of a token.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static string With(string lines, string line) =>
        string.Join(',', lines.Split(',', StringSplitOptions.RemoveEmptyEntries).Append(line).Distinct(StringComparer.Ordinal));

    private static string Without(string lines, string line) =>
        string.Join(',', lines.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(l => l != line));
}
