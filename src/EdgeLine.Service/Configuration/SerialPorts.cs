using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Serial ports that the site names and this PC does not have. A word for <c>edgeline check</c>, not a mistake: an adapter
/// may be unplugged, and a file may be written for another PC. Linux only; the ports of Windows are not files.
/// </summary>
internal static class SerialPorts
{
    private const int NamedMax = 6;

    // Names that stay first. The ports of the board (ttyS) are always there, whether anything is connected or not.
    private static readonly (string Folder, string Pattern)[] Places = [("/dev/serial/by-id", "*"), ("/dev", "ttyUSB*"), ("/dev", "ttyACM*")];

    /// <summary>A sentence for each port of a line that is not there.</summary>
    public static IEnumerable<string> NotHere(LineConfiguration line) =>
        new[] { line.Printer.Link, line.Scanner.Link, line.Rework?.Link }.OfType<LinkAddress.Serial>()
            .Where(one => OperatingSystem.IsLinux() && one.Path.StartsWith('/') && !File.Exists(one.Path))
            .Select(one => $"not plugged in now: {one}; {Here()}; correct the link, or plug it in");

    private static string Here()
    {
        string[] ports = [.. Places.Where(p => Directory.Exists(p.Folder)).SelectMany(p => Directory.EnumerateFiles(p.Folder, p.Pattern).Order())];
        return ports.Length == 0 ? "this PC has no USB serial port"
            : $"this PC has {string.Join(", ", ports.Take(NamedMax))}{(ports.Length > NamedMax ? $" and {ports.Length - NamedMax} more" : "")}";
    }
}
