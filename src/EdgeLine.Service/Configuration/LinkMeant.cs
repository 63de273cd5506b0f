using System.Text.RegularExpressions;

namespace EdgeLine.Service.Configuration;

/// <summary>What a person probably meant by an address that is none. It is only said, never used.</summary>
internal static partial class LinkMeant
{
    private const string Examples = "for example \"tcp://10.0.1.21\" or \"serial:/dev/ttyS1\"";

    /// <summary>A remedy: the address that was probably meant, or else examples.</summary>
    public static string Remedy(string written)
    {
        // A Chinese keyboard types these two in full width.
        string text = written.Replace('：', ':').Replace('／', '/').Replace(" ", "", StringComparison.Ordinal);
        string? meant = Serial().Match(text) is { Success: true } serial
            ? $"serial:{(serial.Groups["com"].Success ? serial.Groups["com"].Value.ToUpperInvariant() : "/dev/" + serial.Groups["name"].Value)}"
            : Network().Match(text) is { Success: true } network
                ? $"tcp://{network.Groups["host"].Value}{(IsPort(network.Groups["port"].Value) ? ":" + network.Groups["port"].Value : "")}"
                : text.Length > 1 && text[0] == '/' && text[1] != '/' ? $"serial:{written}"
                : null;
        return meant is null || meant == written ? Examples : $"did you mean \"{meant}\"?";
    }

    /// <summary>The speed at the end of a port's name, or null: <c>/dev/ttyS1:9600</c>.</summary>
    public static string? Speed(string path) => SpeedAtEnd().Match(path) is { Success: true } at ? at.Groups["baud"].Value : null;

    private static bool IsPort(string digits) => int.TryParse(digits, out int port) && port is > 0 and <= 65535;

    [GeneratedRegex(@"^(?:serial:/*)?(?:\\\\\.\\)?(?:(?<com>COM[0-9]{1,3})|/*(?:dev/+)?(?<name>(?:tty|serial/by-)[A-Za-z0-9._/:-]+))$", RegexOptions.IgnoreCase)]
    private static partial Regex Serial();

    [GeneratedRegex(@"^(?:[a-z]+:/*)?(?<host>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+)(?::(?<port>[0-9]+))?(?:/.*)?$")]
    private static partial Regex Network();

    [GeneratedRegex(@"[:,;@?=](?<baud>[1-9][0-9]{3,5})$")]
    private static partial Regex SpeedAtEnd();
}
