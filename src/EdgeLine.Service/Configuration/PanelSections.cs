using System.Net;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.People;

namespace EdgeLine.Service.Configuration;

/// <summary>Reads who may sign in and where the operator page listens: off this PC only with both people and TLS.</summary>
internal static class PanelSections
{
    private const int AddressLengthMax = 200;
    private const int NamesMax = 20;

    /// <summary>The people; null when the site has no such section. Their file may be wrong, then a problem was added.</summary>
    public static PeopleConfiguration? People(SettingsSection? section, NamedFiles files)
    {
        if (section is null)
        {
            return null;
        }

        string file = files.People(section, "file");
        var people = new PeopleConfiguration
        {
            File = file,
            LogOff = TimeSpan.FromMinutes(section.Whole("logOffMinutes", 1, 720, "min", 10)),
            WrongPins = section.Whole("wrongPins", 3, 20, "times", 5),
            Lock = TimeSpan.FromMinutes(section.Whole("lockMinutes", 1, 1440, "min", 15)),
        };
        section.End();
        return file.Length == 0 ? null : people;
    }

    /// <summary>The page; null when what the file says of it is not sound.</summary>
    public static PanelConfiguration? Panel(SettingsSection? section, NamedFiles files, bool hasPeople)
    {
        if (section is null)
        {
            return PanelConfiguration.Default;
        }

        const string limit = "address:port, port 1 to 65535";
        string text = section.Text("listen", AddressLengthMax, PanelConfiguration.Default.Listen.ToString());
        string address = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text[9..] : text;
        IPEndPoint? listen = null;
        bool isAddress = text.Length == 0 || (IPEndPoint.TryParse(address, out listen) && listen.Port != 0);
        if (!isAddress)
        {
            section.Add(section.Find("listen")!.Problem("not an address with a port", limit, "for example \"127.0.0.1:8080\""));
        }

        (string? certificate, string? key) = files.Certificate(section, "certificateFile", "keyFile");
        IReadOnlyList<string> names = section.Texts("names", 0, NamesMax, AddressLengthMax);
        foreach (string name in names.Where(n => Uri.CheckHostName(n) == UriHostNameType.Unknown))
        {
            section.Add(section.Find("names")!.Problem($"{SettingsProblem.Quote(name)} is no host name", "names without port and path", "for example \"line-pc-3\""));
        }

        if (isAddress && listen is not null && !IPAddress.IsLoopback(listen.Address))
        {
            OffThisPc(section, section.Find("certificateFile") is { Kind: not SettingsKind.Nothing }, hasPeople);
        }

        section.End();
        return section.IsSound && listen is not null
            ? new PanelConfiguration { Listen = listen, CertificateFile = certificate, KeyFile = key, Names = names }
            : null;
    }

    // What is open to the network can be used by everybody in it: who they are must be known, and nobody may listen in.
    private static void OffThisPc(SettingsSection section, bool hasTls, bool hasPeople)
    {
        const string limit = "127.0.0.1:port, or any address with certificateFile, keyFile and people";
        if (!hasTls)
        {
            section.Add(section.Find("listen")!.Problem(
                "the page would be open to the network without TLS", limit,
                hasPeople ? "add certificateFile and keyFile, or use 127.0.0.1" : "add certificateFile, keyFile and a section people, or use 127.0.0.1"));
        }
        else if (!hasPeople)
        {
            section.Add(section.Find("listen")!.Problem(
                "the page would be open to the network without sign-in", limit, "add the section people: { \"file\": \"people.json\" }, or use 127.0.0.1"));
        }
    }
}
