namespace EdgeLine.Devices.Profiles;

/// <summary>The sections that printers, scanners and gates have in common.</summary>
internal static class ProfileParts
{
    public const int NameLengthMax = 80;
    public const int SentenceLengthMax = 300;
    private const int QuirksMax = 30;

    /// <summary>Section <c>links</c>. <paramref name="serialToo"/> is false for devices that only speak TCP,
    /// <paramref name="singleWriterToo"/> is true for those that may have a port for one computer only,
    /// <paramref name="listenToo"/> for those that may call us.</summary>
    public static DeviceLinks Links(SettingsSection root, bool serialToo, bool singleWriterToo = false, bool listenToo = false)
    {
        SettingsSection? links = root.Section("links");
        SettingsSection? tcp = serialToo ? links?.OptionalSection("tcp") : links?.Section("tcp");
        TcpDefaults? defaults = tcp is null ? null : new TcpDefaults
        {
            Port = tcp.Whole("port", 1, 65535, "(TCP port)"),
            SingleWriterPort = singleWriterToo ? tcp.OptionalWhole("singleWriterPort", 1, 65535, "(TCP port)") : null,
        };
        if (defaults is { } both && both.Port == both.SingleWriterPort)
        {
            tcp!.Add(tcp.Find("singleWriterPort")!.Problem(
                "the same port twice", "another port than \"port\"", "remove it, or write the port that serves one computer only"));
        }

        tcp?.End();
        SettingsSection? listen = listenToo ? links?.OptionalSection("listen") : null;
        ListenDefaults? called = listen is null ? null : new ListenDefaults { Port = listen.Whole("port", 1, 65535, "(TCP port)") };
        listen?.End();
        SerialSettings? serial = null;
        if (serialToo
            && links?.OptionalText("serial", NameLengthMax) is { Length: > 0 } text
            && !SerialSettings.TryParse(text, out serial))
        {
            links.Add(links.Find("serial")!.Problem(
                "not a serial setting", SerialSettings.Limit, SerialMeant.Remedy(text)));
        }

        if (links is not null && serialToo && links.Find("tcp") is null && links.Find("serial") is null
            && !(listenToo && links.Find("listen") is not null))
        {
            links.Add(links.Value.Problem(
                "no way to reach the device", listenToo ? "tcp, listen, serial or several" : "tcp, serial or both", "add \"tcp\" or \"serial\""));
        }

        links?.End();
        return new DeviceLinks { Tcp = defaults, Listen = called, Serial = serial };
    }

    /// <summary>Section <c>quirks</c>: a name for the code to look for, and a sentence why.</summary>
    public static IReadOnlyDictionary<string, string> Quirks(SettingsSection root)
    {
        var quirks = new Dictionary<string, string>();
        if (root.OptionalSection("quirks") is not { } section)
        {
            return quirks;
        }

        if (section.Value.Members.Count > QuirksMax)
        {
            section.Add(section.Value.Problem("too many", $"at most {QuirksMax} quirks", "keep those that matter"));
        }

        foreach (SettingsMember quirk in section.Value.Members)
        {
            quirks[quirk.Name] = section.Text(quirk.Name, SentenceLengthMax);
        }

        return quirks;
    }

    /// <summary>Words in English and Chinese.</summary>
    public static OperatorHint Hint(SettingsSection section)
    {
        var hint = new OperatorHint { En = section.Text("en", SentenceLengthMax), Zh = section.Text("zh", SentenceLengthMax) };
        section.End();
        return hint;
    }

    /// <summary>Section <c>evidence</c>.</summary>
    public static Evidence Evidence(SettingsSection root)
    {
        SettingsSection? evidence = root.Section("evidence");
        if (evidence is not null && evidence.Find("testedOn") is null)
        {
            evidence.Missing("testedOn", "firmware and date, or null", 0, remedy: "write null until it ran on hardware");
        }

        var known = new Evidence
        {
            TestedOn = evidence?.OptionalText("testedOn", SentenceLengthMax),
            Sources = evidence?.Texts("sources", 1, 20, SentenceLengthMax) ?? [],
        };
        evidence?.End();
        return known;
    }

    /// <summary>A silence limit must be longer than the pause between two questions, or it would strike at once.</summary>
    public static void RefuseUnlessLonger(
        SettingsSection? section, string key, TimeSpan value, string other, TimeSpan least)
    {
        if (section is not null && section.AreSound(key, other) && value < least)
        {
            section.Add(section.Find(key)!.Problem(
                "too short",
                $"at least {least.TotalMilliseconds:0} ms here, because of \"{other}\"",
                $"raise it or lower \"{other}\""));
        }
    }
}
