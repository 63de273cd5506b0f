namespace EdgeLine.Devices.Profiles;

/// <summary>
/// Turns <c>scanners/*.json</c> into a <see cref="ScannerProfile"/>. It is the one place that knows keys and limits.
/// </summary>
internal static class ScannerProfileFile
{
    private const int FrameLengthMax = 64;

    public static ScannerProfile Read(string id, SettingsSection root)
    {
        root.Heading();
        var profile = new ScannerProfile
        {
            Id = id,
            Device = Device(root.Section("device")),
            Links = ProfileParts.Links(root, serialToo: true),
            Framing = Framing(root.Section("framing")),
            Trigger = Trigger(root.Section("trigger")),
            OneFramePerTrigger = root.Truth("oneFramePerTrigger"),
            NoRead = root.Texts("noRead", 0, 10, FrameLengthMax, controls: true),
            Acks = root.Patterns("acks", 10),
            PayloadSeparator = root.OptionalText("payloadSeparator", 4, controls: true),
            Prefix = Prefix(root.Section("prefix")),
            Liveness = Liveness(root.OptionalSection("liveness")),
            Timings = Timings(root.Section("timings")),
            Quirks = ProfileParts.Quirks(root),
            SetUpOnTheReader = root.Texts("setUpOnTheReader", 0, 20, ProfileParts.SentenceLengthMax),
            Evidence = ProfileParts.Evidence(root),
        };
        RefuseContradictions(profile, root);
        root.End();
        return profile;
    }

    private static void RefuseContradictions(ScannerProfile profile, SettingsSection root)
    {
        if (!profile.OneFramePerTrigger)
        {
            return;
        }

        if (profile.Trigger.By == "hand")
        {
            root.Add(root.Find("oneFramePerTrigger")!.Problem(
                "a hand trigger gives no frame when nothing is read", "false with trigger \"hand\"", "write false"));
        }
        else if (profile.NoRead.Count == 0)
        {
            root.Missing(
                "noRead",
                "at least one text when oneFramePerTrigger is true",
                0,
                remedy: "add the text that the reader sends when it reads nothing");
        }
    }

    private static ScannerDevice Device(SettingsSection? section)
    {
        if (section?.Find("kind") is { Raw: "keyboard-wedge" or "wedge" or "keyboard" } kind)
        {
            section.Add(kind.Problem(
                "P2: a keyboard wedge cannot verify: its reads go to whatever window is in front",
                "one of fixed, handheld",
                "set the reader to USB serial (CDC) or RS-232 and use a serial profile"));
            section.Text("vendor", ProfileParts.NameLengthMax);
            section.Text("model", ProfileParts.NameLengthMax);
            section.End();
            return new ScannerDevice { Vendor = "", Model = "", Kind = "handheld" };
        }

        var device = new ScannerDevice
        {
            Vendor = section?.Text("vendor", ProfileParts.NameLengthMax) ?? "",
            Model = section?.Text("model", ProfileParts.NameLengthMax) ?? "",
            Kind = section?.Choice("kind", ["fixed", "handheld"]) ?? "",
        };
        section?.End();
        return device;
    }

    private static ScanFraming Framing(SettingsSection? section)
    {
        var framing = new ScanFraming
        {
            End = section?.Text("end", 4, controls: true) ?? "",
            Idle = section?.Milliseconds("idleMs", 0, 10_000) ?? default,
            MaxBytes = section?.Whole("maxBytes", 32, 4096, "bytes") ?? 0,
        };
        if (section?.AreSound("end") == true
            && framing.End.Any(c => c is > '\x7f' or '\0' || char.IsAsciiLetterOrDigit(c)))
        {
            section.Add(section.Find("end")!.Problem(
                "a frame cannot end with this", "ASCII control characters or punctuation", "for example \"\\r\" or \"\\r\\n\""));
        }

        section?.End();
        return framing;
    }

    private static ScanTrigger Trigger(SettingsSection? section)
    {
        var trigger = new ScanTrigger { By = section?.Choice("by", ["photo-eye", "hand"]) ?? "" };
        section?.End();
        return trigger;
    }

    private static ScanPrefix Prefix(SettingsSection? section)
    {
        var prefix = new ScanPrefix
        {
            AimId = section?.Choice("aimId", ["none", "optional", "required"]) ?? "",
            Allowed = section?.Texts("allowed", 0, 20, 3) ?? [],
        };
        foreach ((string aim, int at) in prefix.Allowed.Select((aim, at) => (aim, at)))
        {
            if (aim is not ([']', _, _] or ""))
            {
                section!.Add(section.Find("allowed")!.Items[at].Problem(
                    "not an AIM identifier", "] and two characters", "]Q1 is a QR code"));
            }
        }

        if (prefix.AimId is "optional" or "required" && prefix.Allowed.Count == 0 && section?.Find("allowed") is null)
        {
            section!.Missing("allowed", "at least one identifier unless aimId is none", 0);
        }

        section?.End();
        return prefix;
    }

    private static ScanLiveness? Liveness(SettingsSection? section)
    {
        if (section is null)
        {
            return null;
        }

        string ask = section.Text("ask", FrameLengthMax, controls: true);
        var answer = section.OptionalPattern("answer");
        TimeSpan every = section.Milliseconds("everyMs", 100, 60_000);
        TimeSpan silentAfter = section.Milliseconds("silentAfterMs", 200, 120_000);
        ProfileParts.RefuseUnlessLonger(
            section, "silentAfterMs", silentAfter, "everyMs", every + TimeSpan.FromMilliseconds(1));
        if (answer is null && section.Find("answer") is null)
        {
            section.Missing("answer", "a pattern", 0);
        }

        section.End();
        return answer is null
            ? null
            : new ScanLiveness { Ask = ask, Answer = answer, Every = every, SilentAfter = silentAfter };
    }

    private static ScannerTimings Timings(SettingsSection? section)
    {
        var timings = new ScannerTimings
        {
            DecodeMax = section?.Milliseconds("decodeMaxMs", 1, 10_000) ?? default,
            Reconnect = section?.Milliseconds("reconnectMs", 100, 60_000) ?? default,
        };
        section?.End();
        return timings;
    }
}
