using System.Security.Cryptography;
using System.Text;

namespace EdgeLine.Contracts;

/// <summary>
/// The code that a person carries from the platform to a line PC, such as <c>ENR-7K2M-9XR4-TC8W-Q3HD</c>: 80 random bits.
/// The PC sends only a claim made of it. With another value made of it the platform seals its answer, so a PC that knows
/// nothing but the code knows too that the answer, and the public key in it, come from who gave the code out.
/// </summary>
public static class EnrolmentCode
{
    /// <summary>Header of the answer's seal, lower-case hex.</summary>
    public const string SealHeader = "Enrolment-Seal";

    private const string Prefix = "ENR";
    private const int Characters = 16;

    /// <summary>Draws a code.</summary>
    public static string Draw()
    {
        string drawn = RandomNumberGenerator.GetString(CertificateCode.Alphabet, Characters);
        return $"{Prefix}-{drawn[..4]}-{drawn[4..8]}-{drawn[8..12]}-{drawn[12..]}";
    }

    /// <summary>
    /// Reads a code as people type it: small letters, without hyphens, O for 0, I or L for 1. Null when it is none.
    /// </summary>
    public static string? Read(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        string text = string.Concat(typed.ToUpperInvariant().Where(c => c is not ('-' or ' ')));
        text = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        text = text.Replace('O', '0').Replace('I', '1').Replace('L', '1');
        return text.Length == Characters && text.All(c => CertificateCode.Alphabet.Contains(c, StringComparison.Ordinal))
            ? $"{Prefix}-{text[..4]}-{text[4..8]}-{text[8..12]}-{text[12..]}"
            : null;
    }

    /// <summary>What the PC shows of the code, lower-case hex.</summary>
    public static string ClaimOf(string code) => Convert.ToHexStringLower(Made("claim", code));

    /// <summary>The key of the seal, which the platform keeps instead of the code.</summary>
    public static byte[] SealKeyOf(string code) => Made("seal", code);

    /// <summary>The seal over the bytes of an answer, lower-case hex.</summary>
    public static string Seal(byte[] sealKey, ReadOnlySpan<byte> answer) => Convert.ToHexStringLower(HMACSHA256.HashData(sealKey, answer));

    private static byte[] Made(string what, string code) => SHA256.HashData(Encoding.UTF8.GetBytes($"edgeline enrolment {what}|{code}"));
}
