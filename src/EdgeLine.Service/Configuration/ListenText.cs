using System.Net;
using System.Text.RegularExpressions;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Reads an address at which a scanner calls this PC, such as <c>listen://192.168.1.10:3000</c>, and the two keys that go with the
/// ports of a scanner: <c>from</c>, who may call, and <c>resultsPort</c>.
/// </summary>
internal static partial class ListenText
{
    public const string Scheme = "listen:";
    private const string Limit = "listen://ADDRESS-OF-THIS-PC[:port]";

    /// <summary>The address, or null after a problem was added.</summary>
    public static LinkAddress? Read(SettingsSection section, SettingsValue written, DeviceLinks? known, string? profile)
    {
        Match match = Whole().Match(written.Raw);
        IPAddress? host = null;
        int port = 0;
        if (!match.Success
            || !IPAddress.TryParse(match.Groups["host"].Value.Trim('[', ']'), out host)
            || (match.Groups["port"] is { Success: true } digits && (!int.TryParse(digits.ValueSpan, out port) || port is < 1 or > 65535)))
        {
            section.Add(written.Problem("no address at which a scanner could call", Limit, Meant(written.Raw)));
            return null;
        }

        if (known is { Listen: null })
        {
            section.Add(written.Problem(
                $"profile {profile} does not call this PC",
                known.Tcp is null ? "serial:" : "tcp://",
                "write the address of the device, or choose a profile with links.listen"));
            return null;
        }

        return port > 0 || known is not null ? new LinkAddress.Listen(host.ToString(), port > 0 ? port : known!.Listen!.Port) : null;
    }

    /// <summary>The link with <c>from</c> and <c>resultsPort</c>; null after a problem was added.</summary>
    public static LinkAddress? WithPorts(SettingsSection section, LinkAddress? link, ScannerProfile? profile)
    {
        int? results = section.OptionalWhole("resultsPort", 1, 65535, "(TCP port)");
        string? from = section.OptionalText("from", 64);
        if (results is not null && link is not (null or LinkAddress.Tcp))
        {
            return Refuse(section, "resultsPort", "a second port on a link that has none", "only with tcp://", "remove it");
        }

        if (from is not null && link is not (null or LinkAddress.Listen))
        {
            return Refuse(section, "from", "nobody calls on this link", "only with listen://", "remove it");
        }

        if (results is not null && profile is { Trigger.By: not "command" } && profile.Liveness?.By != "query")
        {
            return Refuse(
                section, "resultsPort", $"nothing is sent to {profile.Id}, so there is no other port than the one for results",
                "only with a profile that asks the reader", "remove it, and write the port for results into the link");
        }

        if (from is not null && !IPAddress.TryParse(from, out _))
        {
            return Refuse(section, "from", "not an address", "an IP address", "write the address of the reader, such as 192.168.1.21");
        }

        return link switch
        {
            LinkAddress.Tcp tcp when results == tcp.Port =>
                Refuse(section, "resultsPort", "the same port twice", "another port than that of the link", "remove it, or write the data port of the reader"),
            LinkAddress.Tcp tcp => tcp with { ResultsPort = results },
            LinkAddress.Listen listen => listen with { From = from is null ? null : IPAddress.Parse(from).ToString() },
            _ => link,
        };
    }

    private static LinkAddress? Refuse(SettingsSection section, string key, string what, string limit, string remedy)
    {
        section.Add(section.Find(key)!.Problem(what, limit, remedy));
        return null;
    }

    // "listen:3000", "listen://:3000" and "listen://*:3000" mean every address of this PC.
    private static string Meant(string text) => Port().Match(text) is { Success: true } only
        ? $"did you mean \"listen://0.0.0.0:{only.Groups[1].Value}\"?"
        : "for example \"listen://192.168.1.10:3000\", or listen://0.0.0.0:3000 for every network card";

    [GeneratedRegex(@"^listen://(?<host>[0-9.]+|\[[0-9a-fA-F:.]+\])(:(?<port>[0-9]+))?/?\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^listen:/*(?:[*+]|localhost|any)?:?([0-9]{1,5})\z", RegexOptions.IgnoreCase)]
    private static partial Regex Port();
}
