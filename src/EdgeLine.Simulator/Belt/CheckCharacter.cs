namespace EdgeLine.Simulator.Belt;

/// <summary>
/// The check character of a certificate code, worked out here a second time: a line is also an acceptance test of the
/// code's rule. Weighted sum over GF(32), polynomial x^5 + x^2 + 1.
/// </summary>
internal static class CheckCharacter
{
    /// <summary>The 32 characters of a code.</summary>
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The last character for 15 characters.</summary>
    public static char Of(string body)
    {
        int sum = 0;
        foreach (char c in body)
        {
            sum = Times2(sum) ^ Alphabet.IndexOf(c, StringComparison.Ordinal);
        }

        return Alphabet[Times2(sum)];
    }

    /// <summary>True for 16 characters whose last one is right.</summary>
    public static bool IsRight(string code) =>
        code.Length == 16 && code.All(c => Alphabet.Contains(c, StringComparison.Ordinal)) && Of(code[..15]) == code[15];

    private static int Times2(int value) => (value << 1) ^ (value > 15 ? 0b100101 : 0);
}
