namespace EdgeLine.Devices.Profiles;

/// <summary>
/// Turns <c>gates/*.json</c> into a <see cref="GateProfile"/>. It is the one place that knows keys and limits.
/// </summary>
internal static class GateProfileFile
{
    // One request reads at most 125 registers: 7 of counters, 1 of reports made, 3 for each report. A power of two, so that
    // the place of a report follows from its number modulo 65,536.
    private const int ItemReportsMax = 32;

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
            ResyncRegister = section?.Whole("resyncRegister", 0, 65534, address) ?? 0,
            VerdictRegister = section?.Whole("verdictRegister", 0, 65533, address) ?? 0,
            WatchdogRegister = section?.Whole("watchdogRegister", 0, 65535, address) ?? 0,
            LampRegister = section?.Find("lampRegister") is null ? null : section.Whole("lampRegister", 0, 65535, address),
            StatusRegister = section?.Whole("statusRegister", 0, 65411, address) ?? 0,
            ItemReports = section?.Whole("itemReports", 0, ItemReportsMax, "items") ?? 0,
            RequestsInFlightMax = section?.Whole("requestsInFlightMax", 1, 32, "requests") ?? 1,
        };
        if (section?.AreSound("stopRequestCoil", "resyncCoil") == true && map.StopRequestCoil == map.ResyncCoil)
        {
            section.Add(section.Find("resyncCoil")!.Problem(
                "one coil for two purposes", "another address than stopRequestCoil", "see the gate's program"));
        }

        if (section?.AreSound("itemReports") == true && (map.ItemReports & (map.ItemReports - 1)) != 0)
        {
            section.Add(section.Find("itemReports")!.Problem(
                "no power of two", "0, 1, 2, 4, 8, 16 or 32", "the count of reports begins anew at 65536, their places would jump"));
        }

        RefuseSharedRegisters(section, map);

        section?.End();
        return map;
    }

    // Two purposes in one register would make a verdict out of a sign of life, or the other way round.
    private static void RefuseSharedRegisters(SettingsSection? section, ModbusMap map)
    {
        (string Key, int First, int Count)[] used =
        [
            ("verdictRegister", map.VerdictRegister, 3), ("resyncRegister", map.ResyncRegister, 2),
            ("watchdogRegister", map.WatchdogRegister, 1), ("lampRegister", map.LampRegister ?? -1, map.LampRegister is null ? 0 : 1),
        ];
        for (int i = 1; i < used.Length; i++)
        {
            (string key, int first, int count) = used[i];
            foreach ((string other, int start, int length) in used[..i])
            {
                if (count > 0 && first < start + length && start < first + count && section?.AreSound(other, key) == true)
                {
                    section.Add(section.Find(key)!.Problem(
                        $"shares a register with {other}", $"none of {start} to {start + length - 1}", "see the gate's program"));
                }
            }
        }
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
