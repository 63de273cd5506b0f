namespace EdgeLine.Devices.Profiles;

/// <summary>
/// Turns <c>printers/*.json</c> into a <see cref="PrinterProfile"/>. It is the one place that knows keys and limits.
/// </summary>
internal static class PrinterProfileFile
{
    public static PrinterProfile Read(string id, SettingsSection root)
    {
        root.Heading();
        string? bootEpoch = root.OptionalChoice("bootEpoch", ["zebra-user-variable"]);
        var profile = new PrinterProfile
        {
            Id = id,
            Device = Device(root.Section("device")),
            Links = ProfileParts.Links(root, serialToo: true, singleWriterToo: true),
            Identify = Identify(root.Section("identify")),
            Status = Status(root.Section("status")),
            BootEpoch = bootEpoch,
            ReprintOff = Reprint(root.Section("reprintOff")),
            Format = Format(root.Section("format"), bootEpoch is not null),
            Timings = Timings(root.Section("timings")),
            AfterHeadClose = HeadClose(root.Section("afterHeadClose")),
            Quirks = ProfileParts.Quirks(root),
            OperatorHint = Hints(root.OptionalSection("operatorHint")),
            SetUpOnThePrinter = root.Texts("setUpOnThePrinter", 0, 20, ProfileParts.SentenceLengthMax),
            Evidence = ProfileParts.Evidence(root),
        };
        RefuseAMarkerThatIsNeverAsked(root, profile);
        RefuseAReadBackThatIsNeverAsked(root, profile);
        root.End();
        return profile;
    }

    private static void RefuseAMarkerThatIsNeverAsked(SettingsSection root, PrinterProfile profile)
    {
        if (profile is { BootEpoch: not null, Status.With: "none" } && root.IsSound)
        {
            root.Add(root.Find("bootEpoch")!.Problem(
                "a marker that is never asked for", "null with status \"none\"", "remove it, or choose a status dialect"));
        }
    }

    private static void RefuseAReadBackThatIsNeverAsked(SettingsSection root, PrinterProfile profile)
    {
        if (profile is { ReprintOff.ReadBack: not null, Status.With: "none" } && root.IsSound)
        {
            SettingsSection off = root.Section("reprintOff")!;
            off.Add(off.Find("readBack")!.Problem(
                "asks a printer that cannot be asked", "none with status \"none\"", "remove it and write \"manual\", or choose a status dialect"));
        }
    }

    private static PrinterDevice Device(SettingsSection? section)
    {
        int dots = section?.Whole("dotsPerMm", 6, 24, "dots/mm (6, 8, 12 or 24)") ?? 0;
        if (section?.AreSound("dotsPerMm") == true && dots is not (6 or 8 or 12 or 24))
        {
            section.Add(section.Find("dotsPerMm")!.Problem(
                "no such print head", "6, 8, 12 or 24 dots/mm", "203 dpi is 8, 300 dpi is 12"));
        }

        var device = new PrinterDevice
        {
            Vendor = section?.Text("vendor", ProfileParts.NameLengthMax) ?? "",
            Model = section?.Text("model", ProfileParts.NameLengthMax) ?? "",
            DotsPerMm = dots,
            WidthDots = section?.Whole("widthDots", 100, 4096, "dots") ?? 0,
        };
        section?.End();
        return device;
    }

    private static PrinterIdentify Identify(SettingsSection? section)
    {
        var identify = new PrinterIdentify
        {
            With = section?.Choice("with", ["zebra-hi", "none"]) ?? "none",
            Expect = section?.OptionalPattern("expect"),
        };
        if (identify is { With: "none", Expect: not null })
        {
            section!.Add(section.Find("expect")!.Problem(
                "expects an answer that is never asked for", "null with \"none\"", "write \"with\": \"zebra-hi\" or remove it"));
        }

        section?.End();
        return identify;
    }

    private static PrinterStatusPoll Status(SettingsSection? section)
    {
        var status = new PrinterStatusPoll
        {
            With = section?.Choice("with", PrinterStatusPoll.Dialects) ?? "none",
            Every = section?.Milliseconds("everyMs", 100, 60_000) ?? default,
            SilentAfter = section?.Milliseconds("silentAfterMs", 200, 120_000) ?? default,
            Port = section?.OptionalWhole("port", 1, 65535, "(TCP port)"),
        };
        if (section is { IsSound: true } && (status.With == "zebra-json") != (status.Port is not null))
        {
            const string Together = "\"zebra-json\" and \"port\" together";
            section.Add(status.Port is null
                ? section.Find("with")!.Problem("zebra-json has nobody to ask", Together, "add \"port\": 9200 to this section")
                : section.Find("port")!.Problem("a port that is never asked", Together, "remove it, or write \"with\": \"zebra-json\""));
        }

        ProfileParts.RefuseUnlessLonger(
            section, "silentAfterMs", status.SilentAfter, "everyMs", status.Every + TimeSpan.FromMilliseconds(1));
        section?.End();
        return status;
    }

    private static ReprintOff Reprint(SettingsSection? section)
    {
        var off = new ReprintOff
        {
            InFormat = section?.Choice("inFormat", ["^JZN"]) ?? "",
            ReadBack = section?.OptionalChoice("readBack", ["zebra-hz"]),
            Manual = section?.OptionalSection("manual") is { } words ? ProfileParts.Hint(words) : null,
        };
        if (off is { ReadBack: not null, Manual: not null } && section is { IsSound: true })
        {
            section.Add(section.Find("manual")!.Problem(
                "a person for what the printer says itself", "\"readBack\" or \"manual\"", "remove one of the two"));
        }

        section?.End();
        return off;
    }

    private static PrinterFormat Format(SettingsSection? section, bool boots)
    {
        var format = new PrinterFormat
        {
            Qr = section?.Choice("qr", ["native", "bitmap"]) ?? "",
            Graphics = section?.Choice("graphics", ["z64", "hex"], "z64") ?? "",
            Stored = section?.Truth("stored", boots) ?? false,
            SendAhead = section?.Whole("sendAhead", 1, 32, "formats") ?? 1,
        };
        if (format.Stored && !boots)
        {
            section!.Add(section.Find("stored")!.Problem(
                "a layout that nobody would miss after a power cut: labels would come without their code",
                "false without \"bootEpoch\"", "remove it, or write \"bootEpoch\" if the printer has user variables"));
        }

        section?.End();
        return format;
    }

    private static PrinterTimings Timings(SettingsSection? section)
    {
        var timings = new PrinterTimings
        {
            SendTimeout = section?.Milliseconds("sendTimeoutMs", 100, 60_000) ?? default,
            Reconnect = section?.Milliseconds("reconnectMs", 100, 60_000) ?? default,
            Boot = section?.Milliseconds("bootMs", 0, 600_000) ?? default,
        };
        section?.End();
        return timings;
    }

    private static AfterHeadClose HeadClose(SettingsSection? section)
    {
        var after = new AfterHeadClose { BlankLabelsMax = section?.Whole("blankLabelsMax", 0, 10, "labels") ?? 0 };
        section?.End();
        return after;
    }

    private static Dictionary<string, OperatorHint> Hints(SettingsSection? section)
    {
        var hints = new Dictionary<string, OperatorHint>();
        foreach (string condition in OperatorHint.Conditions)
        {
            if (section?.OptionalSection(condition) is { } hint)
            {
                hints[condition] = ProfileParts.Hint(hint);
            }
        }

        section?.End();
        return hints;
    }
}
