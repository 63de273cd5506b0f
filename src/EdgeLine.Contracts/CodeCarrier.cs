namespace EdgeLine.Contracts;

/// <summary>
/// How a code becomes the text of the QR symbol: a short URL (<c>https://host/C/CODE</c>) or, for producers with a
/// GTIN, a GS1 Digital Link (<c>https://host/01/GTIN14/21/CODE</c>). Both lead to the same certificate.
/// </summary>
public sealed record CodeCarrier
{
    private const string Placeholder = "{code}";
    private readonly string _before;

    private CodeCarrier(string urlTemplate)
    {
        UrlTemplate = urlTemplate;
        _before = urlTemplate[..^Placeholder.Length];
    }

    /// <summary>The URL with <c>{code}</c> at its end.</summary>
    public string UrlTemplate { get; }

    /// <summary>The short carrier of a host name, lower case as phones want it.</summary>
    public static CodeCarrier ShortUrl(string host) => FromTemplate($"https://{host}/C/{Placeholder}");

    /// <summary>The GS1 Digital Link carrier: AI 01 (GTIN) and AI 21 (serial) in the path.</summary>
    /// <exception cref="FormatException">The GTIN is not 14 digits with a right check digit.</exception>
    public static CodeCarrier DigitalLink(string host, string gtin14)
    {
        if (!IsGtin14(gtin14))
        {
            throw new FormatException($"GTIN '{gtin14}': 14 digits with a right check digit are needed; pad with zeros.");
        }

        return FromTemplate($"https://{host}/01/{gtin14}/21/{Placeholder}");
    }

    /// <summary>Takes a URL template from a manifest.</summary>
    /// <exception cref="FormatException">The template is not an ASCII http(s) URL ending in <c>{code}</c>.</exception>
    public static CodeCarrier FromTemplate(string urlTemplate)
    {
        ArgumentNullException.ThrowIfNull(urlTemplate);
        bool sound = urlTemplate.EndsWith('/' + Placeholder, StringComparison.Ordinal)
            && urlTemplate.Length <= 120
            && urlTemplate.All(c => c is > ' ' and < '\x7f')
            && (urlTemplate.StartsWith("https://", StringComparison.Ordinal)
                || urlTemplate.StartsWith("http://", StringComparison.Ordinal));
        return sound
            ? new CodeCarrier(urlTemplate)
            : throw new FormatException(
                $"URL template '{urlTemplate}': at most 120 ASCII characters, http or https, ending in /{Placeholder}.");
    }

    /// <summary>The text of the symbol for one code.</summary>
    public string UrlOf(CertificateCode code) => _before + code.Value;

    /// <summary>Finds the code in a text that a scanner read; false when the text is not of this carrier.</summary>
    /// <remarks>Host and path are compared without letter case: a phone or a reader may fold them.</remarks>
    public bool TryRead(ReadOnlySpan<char> payload, out CertificateCode code)
    {
        code = default;
        return payload.Length == _before.Length + CertificateCode.Length
            && payload.StartsWith(_before, StringComparison.OrdinalIgnoreCase)
            && CertificateCode.TryParseExact(payload[_before.Length..], out code);
    }

    /// <summary>True for 14 digits whose last one is the GS1 check digit (weights 3 and 1 from the right).</summary>
    public static bool IsGtin14(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length != 14 || !text.All(char.IsAsciiDigit))
        {
            return false;
        }

        int sum = 0;
        for (int i = 0; i < 13; i++)
        {
            sum += (text[i] - '0') * (i % 2 == 0 ? 3 : 1);
        }

        return (10 - sum % 10) % 10 == text[13] - '0';
    }
}
