namespace EdgeLine.Devices.Profiles;

/// <summary>
/// Turns <c>scanners/*.json</c> into a <see cref="ScannerProfile"/>. With <see cref="ScannerFramingSection"/> it is the one place that
/// knows keys and limits.
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
            Links = ProfileParts.Links(root, serialToo: true, listenToo: true),
            Framing = ScannerFramingSection.Read(root.Section("framing")),
            Trigger = Trigger(root.Section("trigger")),
            OneFramePerTrigger = root.Truth("oneFramePerTrigger"),
            NoRead = root.Texts("noRead", 0, 10, FrameLengthMax, controls: true),
            NoReadHasEnd = root.Truth("noReadHasEnd", true),
            NoReadReasons = Reasons(root.OptionalSection("noReadReasons")),
            Acks = root.Patterns("acks", 10),
            PayloadSeparator = root.OptionalText("payloadSeparator", 4, controls: true),
            PayloadCoding = root.Choice("payloadCoding", ["text", "dmcc-base64"], "text"),
            Prefix = Prefix(root.Section("prefix")),
            Liveness = Liveness(root.OptionalSection("liveness")),
            Outputs = Outputs(root.OptionalSection("outputs")),
            Timings = Timings(root.Section("timings")),
            Quirks = ProfileParts.Quirks(root),
            SetUpOnTheReader = root.Texts("setUpOnTheReader", 0, 20, ProfileParts.SentenceLengthMax),
            Evidence = ProfileParts.Evidence(root),
        };
        ScannerContradictions.Refuse(profile, root);
        root.End();
        return profile;
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

    private static ScanTrigger Trigger(SettingsSection? section)
    {
        var trigger = new ScanTrigger
        {
            By = section?.Choice("by", ["photo-eye", "hand", "command"]) ?? "",
            Start = section?.OptionalText("start", FrameLengthMax, controls: true),
            Stop = section?.OptionalText("stop", FrameLengthMax, controls: true),
        };
        if (section?.AreSound("by") == true && trigger.By == "command" && section.Find("start") is null)
        {
            section.Missing("start", "the bytes that begin a read, with their terminator", 0);
        }
        else if (section?.AreSound("by") == true && trigger.By != "command" && (section.Find("start") ?? section.Find("stop")) is { } unused)
        {
            section.Add(unused.Problem($"never sent with trigger \"{trigger.By}\"", "only with trigger \"command\"", "remove it"));
        }

        section?.End();
        return trigger;
    }

    private static NoReadReasons? Reasons(SettingsSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var reasons = new NoReadReasons
        {
            NotLocated = section.Patterns("notLocated", 10),
            NotDecoded = section.Patterns("notDecoded", 10),
        };
        section.End();
        return reasons;
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

        string by = section.Choice("by", ["query", "heartbeat", "traffic"], "query");
        bool asks = by == "query";
        var liveness = new ScanLiveness
        {
            By = by,
            Ask = asks ? section.Text("ask", FrameLengthMax, controls: true) : "",
            Answer = asks ? section.OptionalPattern("answer") : null,
            Text = by == "heartbeat" ? section.Text("text", FrameLengthMax, controls: true) : null,
            Every = asks ? section.Milliseconds("everyMs", 100, 60_000) : TimeSpan.Zero,
            SilentAfter = section.Milliseconds("silentAfterMs", 200, 120_000),
        };
        if (asks)
        {
            ProfileParts.RefuseUnlessLonger(
                section, "silentAfterMs", liveness.SilentAfter, "everyMs", liveness.Every + TimeSpan.FromMilliseconds(1));
            if (section.Find("answer") is null)
            {
                section.Missing("answer", "a pattern", 0);
            }
        }

        section.End();
        return liveness;
    }

    private static ScanOutputs? Outputs(SettingsSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var outputs = new ScanOutputs { Reject = section.Text("reject", FrameLengthMax, controls: true), Answer = section.OptionalPattern("answer") };
        section.End();
        return outputs;
    }

    private static ScannerTimings Timings(SettingsSection? section)
    {
        var timings = new ScannerTimings
        {
            DecodeMax = section?.Milliseconds("decodeMaxMs", 1, 10_000) ?? default,
            Reconnect = section?.Milliseconds("reconnectMs", 100, 60_000) ?? default,
            Stale = TimeSpan.FromMilliseconds(section?.Whole("staleMs", 0, 5_000, "ms", 0) ?? 0),
        };
        section?.End();
        return timings;
    }
}
