using System.Text;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// The payload behind an AIM identifier (ISO/IEC 15424). Under an identifier with ECI protocol, escapes such as <c>\000026</c> are
/// taken out and a doubled backslash is one; under any other they are payload.
/// </summary>
internal static class SymbolText
{
    private const int IdLength = 3;
    private const int EciDigits = 6;
    private static readonly string[] WithEci = ["]Q2", "]Q4", "]Q6", "]d4", "]d5", "]d6"];

    /// <summary>The payload, or null when the symbol cannot be ours.</summary>
    public static string? Strip(string text, ScanPrefix prefix)
    {
        bool hasId = text.Length >= IdLength && text[0] == ']';
        if (prefix.AimId == "none" || (!hasId && prefix.AimId == "optional"))
        {
            return text;
        }

        if (hasId)
        {
            foreach (string id in prefix.Allowed)
            {
                if (text.StartsWith(id, StringComparison.Ordinal))
                {
                    return WithEci.Contains(id) ? WithoutEscapes(text.AsSpan(IdLength)) : text[IdLength..];
                }
            }
        }

        return null;
    }

    private static string? WithoutEscapes(ReadOnlySpan<char> text)
    {
        StringBuilder payload = new(text.Length);
        while (!text.IsEmpty)
        {
            if (text[0] != '\\')
            {
                payload.Append(text[0]);
                text = text[1..];
            }
            else if (text.Length > 1 && text[1] == '\\')
            {
                payload.Append('\\');
                text = text[2..];
            }
            else if (text.Length > EciDigits && !text[1..(EciDigits + 1)].ContainsAnyExceptInRange('0', '9'))
            {
                text = text[(EciDigits + 1)..];
            }
            else
            {
                return null;
            }
        }

        return payload.ToString();
    }
}
