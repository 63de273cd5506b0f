using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Valid things in one call.</summary>
internal static class Some
{
    /// <summary>A wall clock far from every edge, Unix milliseconds.</summary>
    public const long WallMs = 1_790_000_000_000;

    /// <summary>The n-th code: valid, and different for every n.</summary>
    public static CertificateCode Code(long n, char pool = CertificateCode.LivePool)
    {
        Span<char> text = stackalloc char[CertificateCode.Length];
        text[0] = pool;
        ulong bits = (ulong)n;
        for (int i = 1; i < CertificateCode.Length - 1; i++)
        {
            text[i] = CertificateCode.Alphabet[(int)(bits & 31)];
            bits >>= 5;
        }

        text[^1] = CertificateCode.CheckCharacterOf(text[..^1]);
        return CertificateCode.Parse(text.ToString());
    }

    /// <summary>A code that no ledger of the tests ever had.</summary>
    public static CertificateCode ForeignCode(long n = 1) => Code((1L << 40) + n);

    public static RunOrder Order(int target, string order = "order-1", string run = "run-1") =>
        new(run, order, $"batch-of-{order}", "B-0715", "纤维增强硅酸钙板", target);
}
