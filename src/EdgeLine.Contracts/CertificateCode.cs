using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EdgeLine.Contracts;

/// <summary>
/// The unique code of one item: 16 characters of Crockford base32, one pool character, 14 random characters
/// (70 bits) and a check character. An instance always holds a valid, normalised code.
/// </summary>
/// <remarks>
/// The check character is a weighted sum over GF(32) (polynomial x^5+x^2+1), inside the same alphabet: it finds every
/// single wrong character and every swap of neighbours, and every character stays in QR alphanumeric mode.
/// </remarks>
public readonly record struct CertificateCode : IComparable<CertificateCode>
{
    /// <summary>Digits and capital letters without I, L, O and U.</summary>
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Number of characters of a code, check character included.</summary>
    public const int Length = 16;

    /// <summary>Pool of codes that may be activated.</summary>
    public const char LivePool = 'H';

    /// <summary>Pool of line trials and scanner checks; never activated, by nobody.</summary>
    public const char TestPool = 'T';

    private readonly string? _value;

    private CertificateCode(string value) => _value = value;

    /// <summary>The 16 characters. Throws when the struct was never given a code.</summary>
    public string Value => _value ?? throw new InvalidOperationException("This certificate code was never set.");

    /// <summary>The first character: which pool the code was drawn from.</summary>
    public char Pool => Value[0];

    /// <summary>True for a code of the test pool.</summary>
    public bool IsTest => Pool == TestPool;

    /// <summary>Four groups of four, as printed for people.</summary>
    public string Grouped => $"{Value[..4]} {Value[4..8]} {Value[8..12]} {Value[12..]}";

    /// <summary>Draws a new code from the operating system's random generator.</summary>
    public static CertificateCode Draw(char pool = LivePool)
    {
        if (!Alphabet.Contains(pool, StringComparison.Ordinal))
        {
            throw new ArgumentOutOfRangeException(nameof(pool), pool, "The pool is one character of the code alphabet.");
        }

        string body = pool + RandomNumberGenerator.GetString(Alphabet, Length - 2);
        return new CertificateCode(body + CheckCharacterOf(body));
    }

    /// <summary>Reads a code that must already be in its normal form, as a machine writes it.</summary>
    /// <exception cref="FormatException">The text is not a valid code; the message says why.</exception>
    public static CertificateCode Parse(string text) =>
        TryParseExact(text, out CertificateCode code) ? code : throw new FormatException(WhyNot(text));

    /// <summary>Reads a code in its normal form: exactly 16 characters of the alphabet, right check character.</summary>
    public static bool TryParseExact(ReadOnlySpan<char> text, out CertificateCode code)
    {
        code = default;
        if (text.Length != Length || Sum(text) != 0)
        {
            return false;
        }

        code = new CertificateCode(text.ToString());
        return true;
    }

    /// <summary>
    /// Reads a code as a person types it: spaces and hyphens dropped, small letters raised, I and L taken as 1, O as 0.
    /// </summary>
    public static bool TryParseTyped(string text, out CertificateCode code, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        string normal = Normalise(text);
        problem = TryParseExact(normal, out code) ? null : WhyNot(normal);
        return problem is null;
    }

    /// <summary>The check character of 15 characters.</summary>
    /// <exception cref="FormatException">A character is not in the alphabet, or there are not 15.</exception>
    public static char CheckCharacterOf(ReadOnlySpan<char> body)
    {
        int sum = body.Length == Length - 1 ? Sum(body) : -1;
        return sum >= 0
            ? Alphabet[TimesAlpha(sum)]
            : throw new FormatException($"A code body is {Length - 1} characters of {Alphabet}.");
    }

    /// <inheritdoc />
    public int CompareTo(CertificateCode other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc />
    public override string ToString() => _value ?? "";

    /// <summary>Order by character value.</summary>
    public static bool operator <(CertificateCode left, CertificateCode right) => left.CompareTo(right) < 0;

    /// <summary>Order by character value.</summary>
    public static bool operator >(CertificateCode left, CertificateCode right) => left.CompareTo(right) > 0;

    /// <summary>Order by character value.</summary>
    public static bool operator <=(CertificateCode left, CertificateCode right) => left.CompareTo(right) <= 0;

    /// <summary>Order by character value.</summary>
    public static bool operator >=(CertificateCode left, CertificateCode right) => left.CompareTo(right) >= 0;

    private static string Normalise(string text) => string.Create(
        text.Count(c => c is not (' ' or '-')),
        text,
        static (to, from) =>
        {
            int at = 0;
            foreach (char c in from)
            {
                if (c is not (' ' or '-'))
                {
                    to[at++] = char.ToUpperInvariant(c) switch { 'I' or 'L' => '1', 'O' => '0', char u => u };
                }
            }
        });

    private static string WhyNot(string text)
    {
        foreach (char c in text)
        {
            if (!Alphabet.Contains(c, StringComparison.Ordinal))
            {
                return $"'{c}' is not a character of a code; codes use {Alphabet}.";
            }
        }

        return text.Length != Length
            ? $"A code has {Length} characters, this text has {text.Length}."
            : "The check character does not fit: at least one character is wrong. Compare with the label.";
    }

    // Horner's rule over GF(32); -1 when a character is outside the alphabet.
    private static int Sum(ReadOnlySpan<char> text)
    {
        int sum = 0;
        foreach (char c in text)
        {
            int digit = ValueOf(c);
            if (digit < 0)
            {
                return -1;
            }

            sum = TimesAlpha(sum) ^ digit;
        }

        return sum;
    }

    private static int TimesAlpha(int value)
    {
        int shifted = value << 1;
        return (shifted & 0x20) == 0 ? shifted : shifted ^ 0x25;
    }

    private static int ValueOf(char c) => Alphabet.IndexOf(c, StringComparison.Ordinal);
}
