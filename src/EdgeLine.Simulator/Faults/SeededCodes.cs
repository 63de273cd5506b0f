using EdgeLine.Contracts;

namespace EdgeLine.Simulator.Faults;

/// <summary>Codes that a seed repeats, in no order, as the platform's are.</summary>
internal sealed class SeededCodes(ulong seed)
{
    private readonly SeededRandom _random = new(seed);

    public CertificateCode Draw()
    {
        Span<char> text = stackalloc char[CertificateCode.Length];
        text[0] = CertificateCode.LivePool;
        for (int i = 1; i < CertificateCode.Length - 1; i++)
        {
            text[i] = CertificateCode.Alphabet[_random.Below(CertificateCode.Alphabet.Length)];
        }

        text[^1] = CertificateCode.CheckCharacterOf(text[..^1]);
        return CertificateCode.Parse(text.ToString());
    }
}
