using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// A reply of a Cognex DataMan in extended response mode: <c>||[0]</c>, <c>||checksum:id[1]QTFCMg==</c>. Status 1 is a read, its text
/// in base64; 0 and 100 to 105 answer commands; others are XML, images and events. A symbol cannot look like one, because what is
/// in a symbol arrives in base64.
/// </summary>
/// <param name="Status">Number in brackets.</param>
/// <param name="Text">Decoded text of a read, bytes as Latin-1 characters; null when it is no base64 or no read.</param>
internal sealed partial record DmccReply(int Status, string? Text)
{
    /// <summary>A read, or that nothing was read.</summary>
    public bool IsRead => Status == 1;

    /// <summary>The answer to a command.</summary>
    public bool IsAnswer => Status is 0 or (>= 100 and <= 105);

    /// <summary>Reads a frame; null when it is no reply.</summary>
    public static DmccReply? Read(string frame)
    {
        Match match = Reply().Match(frame);
        if (!match.Success)
        {
            return null;
        }

        int status = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return new DmccReply(status, status == 1 ? Decoded(match.Groups[2].Value) : null);
    }

    private static string? Decoded(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out int count) ? Encoding.Latin1.GetString(bytes, 0, count) : null;
    }

    [GeneratedRegex(@"^\|\|[0-9:]*\[([0-9]{1,3})\](.*)\z", RegexOptions.Singleline)]
    private static partial Regex Reply();
}
