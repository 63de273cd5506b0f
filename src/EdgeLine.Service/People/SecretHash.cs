using System.Security.Cryptography;
using System.Text;

namespace EdgeLine.Service.People;

/// <summary>
/// A PIN or badge as it is kept: PBKDF2 with SHA-256, so that whoever copies the file does not read them off it. A PIN
/// of few digits can still be found by trying; the file is for the service alone.
/// </summary>
/// <param name="Iterations">How often it was stirred.</param>
/// <param name="Salt">16 bytes.</param>
/// <param name="Hash">32 bytes.</param>
public sealed record SecretHash(int Iterations, byte[] Salt, byte[] Hash)
{
    /// <summary>Iterations of new hashes: 0.1 to 1 s on a line PC, as OWASP recommends for PBKDF2 with SHA-256.</summary>
    public const int DefaultIterations = 600_000;

    /// <summary>Bytes of a salt.</summary>
    public const int SaltBytes = 16;

    private const int IterationsMax = 10_000_000;

    /// <summary>Hashes with a salt, a fresh one unless it is given.</summary>
    public static SecretHash Of(string secret, int iterations = DefaultIterations, byte[]? salt = null)
    {
        ArgumentNullException.ThrowIfNull(secret);
        salt ??= RandomNumberGenerator.GetBytes(SaltBytes);
        return new SecretHash(
            iterations,
            salt,
            Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes));
    }

    /// <summary>Whether this is the secret; takes the same time for any answer.</summary>
    public bool Matches(string secret) => EqualTo(Of(secret, Iterations, Salt));

    /// <summary>Whether two hashes are the same; takes the same time for any answer.</summary>
    public bool EqualTo(SecretHash other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(Hash, other.Hash);
    }

    /// <summary>One line of text for the file.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"pbkdf2-sha256${Iterations}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(Hash)}");

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else.</summary>
    public static SecretHash? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('$');
        Span<byte> salt = stackalloc byte[64];
        Span<byte> hash = stackalloc byte[64];
        return parts.Length == 4 && parts[0] == "pbkdf2-sha256"
            && int.TryParse(parts[1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int iterations)
            && iterations is > 0 and <= IterationsMax
            && Convert.TryFromBase64String(parts[2], salt, out int saltBytes) && saltBytes == SaltBytes
            && Convert.TryFromBase64String(parts[3], hash, out int hashBytes) && hashBytes == SHA256.HashSizeInBytes
            ? new SecretHash(iterations, salt[..saltBytes].ToArray(), hash[..hashBytes].ToArray())
            : null;
    }
}
