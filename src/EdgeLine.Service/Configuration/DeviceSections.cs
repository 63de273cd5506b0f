using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.Configuration;

/// <summary>Reads the devices of one line: joins model and address, and refuses what no line may be without.</summary>
internal sealed class DeviceSections(LineDraft draft, ProfileFolder profiles)
{
    private const int NameLengthMax = 80;

    public PrinterConfiguration? Printer(SettingsSection line)
    {
        if (line.Find("printer") is null or { Kind: SettingsKind.Nothing })
        {
            return line.Missing<PrinterConfiguration?>(
                "printer", "a section with profile and link", null, $"{draft.Id} has no printer");
        }

        SettingsSection? section = line.OptionalSection("printer");
        PrinterProfile? profile = Profile(section, "printers", profiles.Printer);
        LinkAddress? link = Link(section, profile?.Links, profile?.Id, "printer");
        int? statusPort = section?.OptionalWhole("statusPort", 1, 65535, "(TCP port)");
        if (statusPort is { } port && profile is not null && link is not null)
        {
            profile = WithStatusPort(profile, link, section!.Find("statusPort")!, port);
        }

        section?.End();
        return profile is null || link is null ? null : new PrinterConfiguration(profile, link);
    }

    public ScannerConfiguration? Scanner(SettingsSection line, bool triggered)
    {
        if (line.Find("scanner") is null or { Kind: SettingsKind.Nothing })
        {
            return line.Missing<ScannerConfiguration?>(
                "scanner",
                "a section with profile and link",
                null,
                $"P2: {draft.Id} has no scanner, so none of its labels could be verified",
                "add the scanner, or remove the line");
        }

        return ReadScanner(line, "scanner", triggered);
    }

    public ScannerConfiguration? Rework(SettingsSection line) => ReadScanner(line, "rework", triggered: false);

    public GateConfiguration? Gate(SettingsSection line, StationKind? station)
    {
        SettingsValue? written = line.Find("gate");
        bool absent = written is null or { Kind: SettingsKind.Nothing };
        if (absent && station == StationKind.Conveyor)
        {
            return line.Missing<GateConfiguration?>(
                "gate",
                "a section with profile and link",
                null,
                $"P8: {draft.Id} is a conveyor without a gate, so nothing could stop a bad item",
                "add the gate, or make the station a bench");
        }

        if (!absent && station == StationKind.Bench)
        {
            line.Add(written!.Problem(
                $"{draft.Id} is a bench, and a bench has no gate", "no gate", "remove it, or make the station a conveyor"));
        }

        SettingsSection? section = line.OptionalSection("gate");
        GateProfile? profile = Profile(section, "gates", profiles.Gate);
        LinkAddress? link = Link(section, profile?.Links, profile?.Id, "gate");
        section?.End();
        return profile is null || link is null ? null : new GateConfiguration(profile, link);
    }

    private PrinterProfile WithStatusPort(PrinterProfile profile, LinkAddress link, SettingsValue written, int port)
    {
        if (profile.Status.Port is null)
        {
            draft.Problems.Add(written.Problem(
                "a port that is never asked", $"a profile that is asked at a port of its own; {profile.Id} is not", "remove it"));
        }
        else if (link is not LinkAddress.Tcp at)
        {
            draft.Problems.Add(written.Problem("a status port on a serial line", "only with tcp://", "remove it"));
        }
        else if (port == at.Port || port == at.SingleWriterPort)
        {
            draft.Problems.Add(written.Problem(
                "the port for labels", $"another port than that of {link}", "write the port that answers JSON, or remove it"));
        }
        else
        {
            draft.Links.Add((written, new LinkAddress.Tcp(at.Host, port)));
        }

        return profile with { Status = profile.Status with { Port = port } };
    }

    private ScannerConfiguration? ReadScanner(SettingsSection line, string key, bool triggered)
    {
        SettingsSection? section = line.OptionalSection(key);
        ScannerProfile? profile = Profile(section, "scanners", profiles.Scanner);
        if (triggered && profile is { OneFramePerTrigger: false })
        {
            section!.Add(section.Find("profile")!.Problem(
                "P8: this scanner is silent when it reads nothing, so items could not be told apart",
                "a profile with oneFramePerTrigger on a conveyor or a web",
                "use a triggered fixed reader, or make the station a bench"));
        }

        LinkAddress? link = Link(section, profile?.Links, profile?.Id, key);
        if (section is not null)
        {
            LinkAddress? whole = ListenText.WithPorts(section, link, profile);
            draft.Links.RemoveAll(one => ReferenceEquals(one.Link, link));
            if (whole is not null)
            {
                draft.Links.Add((section.Find("link")!, whole));
            }

            link = whole;
        }

        section?.End();
        return profile is null || link is null ? null : new ScannerConfiguration(profile, link);
    }

    private T? Profile<T>(SettingsSection? section, string kind, Func<string, ICollection<SettingsProblem>, T?> read)
        where T : class
    {
        string? id = section?.Text("profile", NameLengthMax);
        if (string.IsNullOrEmpty(id) || section!.Find("profile") is not { Kind: SettingsKind.Text } written)
        {
            return null;
        }

        if (!Directory.Exists(profiles.Path))
        {
            // One message about the folder says more than one for every device.
            return null;
        }

        IReadOnlyList<string> names = profiles.Names(kind);
        if (names.Contains(id))
        {
            return read(id, draft.Problems);
        }

        if (kind == "gates" && profiles.Names("scanners").Contains(id))
        {
            // Its output knows that a symbol was read, not that the code is good, once, and on the disk; and it goes on when this PC is off.
            section.Add(written.Problem(
                "P8: a reader's own output may reject an item, never pass one alone",
                "a gate that passes only what EdgeLine names",
                $"wire the output in front of it as one more reason to reject; known here: {string.Join(", ", profiles.Names("gates"))}"));
            return null;
        }

        section.Add(written.Problem(
            "unknown profile",
            $"a file of {Path.Combine(profiles.Path, kind)} without .json",
            OtherKind(id) is { } other ? $"{id} is one of the {other}" : NearName.Remedy(id, names)));
        return null;
    }

    private string? OtherKind(string id) =>
        ((string[])["printers", "scanners", "gates"]).FirstOrDefault(kind => profiles.Names(kind).Contains(id));

    private LinkAddress? Link(SettingsSection? section, DeviceLinks? known, string? profile, string device)
    {
        if (section is null)
        {
            return null;
        }

        string text = section.Text("link", 200);
        // A bare speed is a setting in another notation, not a text without quotes.
        string? serial = device == "gate" ? null
            : section.Find("serial") is { Kind: SettingsKind.Number } number ? number.Raw
            : section.OptionalText("serial", NameLengthMax);
        if (text.Length == 0 || section.Find("link") is not { Kind: SettingsKind.Text } written)
        {
            return null;
        }

        LinkAddress? link = LinkText.Read(section, written, serial, known, profile, device);
        if (link is not null)
        {
            draft.Links.Add((written, link));
        }

        return link;
    }
}
