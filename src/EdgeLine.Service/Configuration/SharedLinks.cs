using System.Net;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Refuses two devices at one address. Both lines are refused, because nobody can tell which of the two is wrong, and a
/// read or a label would go to the wrong line.
/// </summary>
internal static class SharedLinks
{
    public static void Refuse(IReadOnlyList<LineDraft> drafts)
    {
        var all = drafts.SelectMany(draft => draft.Links.SelectMany(one =>
            NamesOf(one.Link).Select(name => (Draft: draft, one.Written, Name: name))));
        var told = new HashSet<SettingsValue>();
        foreach (var shared in all.GroupBy(one => one.Name).Where(group => group.Count() > 1))
        {
            foreach (var one in shared.Where(one => told.Add(one.Written)))
            {
                string others = string.Join(" and ", shared
                    .Where(other => other.Written != one.Written)
                    .Select(other => $"{other.Written.Key} on line {other.Written.Line}"));
                one.Draft.Problems.Add(one.Written.Problem(
                    $"the same link as {others}", "one device, one link", "correct the address that is wrong"));
            }
        }
    }

    private static string[] NamesOf(LinkAddress link) => link switch
    {
        LinkAddress.Tcp { SingleWriterPort: { } alone } tcp => [$"{HostOf(tcp.Host)}:{tcp.Port}", $"{HostOf(tcp.Host)}:{alone}"],
        LinkAddress.Tcp { ResultsPort: { } results } tcp => [$"{HostOf(tcp.Host)}:{tcp.Port}", $"{HostOf(tcp.Host)}:{results}"],
        LinkAddress.Tcp tcp => [$"{HostOf(tcp.Host)}:{tcp.Port}"],
        // Two addresses of this PC and one port would be two ports; but 0.0.0.0 is every address.
        LinkAddress.Listen listen => [$"listen:{listen.Port}"],
        LinkAddress.Serial serial => [TargetOf(serial.Path)],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string HostOf(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        ? IPAddress.Loopback.ToString()
        : host.ToLowerInvariant();

    // /dev/serial/by-id/... is a symbolic link to /dev/ttyUSB0: two names, one wire.
    private static string TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
