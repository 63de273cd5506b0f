using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Profiles;

/// <summary>
/// What a person probably meant by a serial setting in another notation, such as <c>9600,8,N,1</c> or <c>9600 xonxoff</c>.
/// It is only said, never used.
/// </summary>
public static partial class SerialMeant
{
    /// <summary>A remedy: the setting that was probably meant, or else an example.</summary>
    public static string Remedy(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        Match frame = Frame().Match(written);
        string bits = frame.Success ? $"{frame.Groups[1].Value}{frame.Groups[2].Value}{frame.Groups[3].Value}".ToUpperInvariant() : "8N1";
        string handshake = Software().IsMatch(written) ? " xon-xoff" : Hardware().IsMatch(written) ? " rts-cts" : "";
        return SerialSettings.TryParse($"{Baud().Match(written).Value} {bits}{handshake}", out SerialSettings? meant) && meant.ToString() != written
            ? $"did you mean \"{meant}\"?"
            : "for example \"115200 8N1 rts-cts\"";
    }

    [GeneratedRegex("[0-9]{4,6}")]
    private static partial Regex Baud();

    [GeneratedRegex("(?<![0-9])([78])[^0-9A-Za-z]*([NEO])[^0-9A-Za-z]*([12])(?![0-9])", RegexOptions.IgnoreCase)]
    private static partial Regex Frame();

    [GeneratedRegex("xon|soft", RegexOptions.IgnoreCase)]
    private static partial Regex Software();

    [GeneratedRegex("rts|cts|hard", RegexOptions.IgnoreCase)]
    private static partial Regex Hardware();
}
