namespace EdgeLine.Devices.Profiles;

/// <summary>
/// Turns <c>gates/*.json</c> into a <see cref="GateProfile"/>. It is the one place that knows keys and limits.
/// </summary>
internal static class GateProfileFile
{
    public static GateProfile Read(string id, SettingsSection root)
    {
        root.Heading();
        SettingsSection? device = root.Section("device");
        var profile = new GateProfile
        {
            Id = id,
            Device = new GateDevice
            {
                Vendor = device?.Text("vendor", ProfileParts.NameLengthMax) ?? "",
                Model = device?.Text("model", ProfileParts.NameLengthMax) ?? "",
            },
            Links = ProfileParts.Links(root, serialToo: false),
            Modbus = Modbus(root.Section("modbus")),
            Watchdog = Watchdog(root.Section("watchdog")),
            Timings = Timings(root.Section("timings")),
            Quirks = ProfileParts.Quirks(root),
            SetUpOnTheGate = root.Texts("setUpOnTheGate", 0, 20, ProfileParts.SentenceLengthMax),
            Evidence = ProfileParts.Evidence(root),
        };
        device?.End();
        root.End();
        return profile;
    }

    private static ModbusMap Modbus(SettingsSection? section)
    {
        const string address = "(address on the wire)";
        var map = new ModbusMap
        {
            UnitId = section?.Whole("unitId", 0, 255, "(unit identifier)") ?? 0,
            StopRequestCoil = section?.Whole("stopRequestCoil", 0, 65535, address) ?? 0,
            ResyncCoil = section?.Whole("resyncCoil", 0, 65535, address) ?? 0,
            VerdictRegister = section?.Whole("verdictRegister", 0, 65534, address) ?? 0,
            WatchdogRegister = section?.Whole("watchdogRegister", 0, 65535, address) ?? 0,
            StatusRegister = section?.Whole("statusRegister", 0, 65530, address) ?? 0,
            RequestsInFlightMax = section?.Whole("requestsInFlightMax", 1, 32, "requests") ?? 1,
        };
        if (section?.AreSound("stopRequestCoil", "resyncCoil") == true && map.StopRequestCoil == map.ResyncCoil)
        {
            section.Add(section.Find("resyncCoil")!.Problem(
                "one coil for two purposes", "another address than stopRequestCoil", "see the gate's program"));
        }

        if (section?.AreSound("verdictRegister", "watchdogRegister") == true
            && map.WatchdogRegister - map.VerdictRegister is 0 or 1)
        {
            section.Add(section.Find("watchdogRegister")!.Problem(
                "lies inside the verdict", "neither verdictRegister nor the one after it", "see the gate's program"));
        }

        section?.End();
        return map;
    }

    private static GateWatchdog Watchdog(SettingsSection? section)
    {
        var watchdog = new GateWatchdog
        {
            Every = section?.Milliseconds("everyMs", 50, 10_000) ?? default,
            MissingAfter = section?.Milliseconds("missingAfterMs", 100, 60_000) ?? default,
        };
        ProfileParts.RefuseUnlessLonger(section, "missingAfterMs", watchdog.MissingAfter, "everyMs", watchdog.Every * 2);
        section?.End();
        return watchdog;
    }

    private static GateTimings Timings(SettingsSection? section)
    {
        var timings = new GateTimings
        {
            PollEvery = section?.Milliseconds("pollEveryMs", 20, 10_000) ?? default,
            ReplyTimeout = section?.Milliseconds("replyTimeoutMs", 50, 60_000) ?? default,
            StandstillAfter = section?.Milliseconds("standstillAfterMs", 50, 10_000) ?? default,
            Reconnect = section?.Milliseconds("reconnectMs", 100, 60_000) ?? default,
        };
        section?.End();
        return timings;
    }
}
