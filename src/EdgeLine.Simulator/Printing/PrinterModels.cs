namespace EdgeLine.Simulator.Printing;

/// <summary>
/// The printer models that the simulator knows. Zebra's answer every question of the ZPL II programming guide; of
/// look-alikes nothing more is believed than that they print, so they keep silent.
/// </summary>
internal static class PrinterModels
{
    private const string IndustrialFirmware = "V92.21.39Z";
    private const string DesktopFirmware = "V93.21.39Z";

    /// <summary>All of them; the first is the one of the demo's conveyor.</summary>
    public static IReadOnlyList<PrinterTraits> All { get; } =
    [
        Zebra("ZT411", 300, IndustrialFirmware), Zebra("ZT411", 203, IndustrialFirmware),
        Zebra("ZT231", 203, IndustrialFirmware), Zebra("ZT231", 300, IndustrialFirmware),
        Zebra("ZT610", 203, IndustrialFirmware), Zebra("ZT610", 300, IndustrialFirmware), Zebra("ZT610", 600, IndustrialFirmware),
        Zebra("ZE511", 203, IndustrialFirmware), Zebra("ZE511", 300, IndustrialFirmware),
        Zebra("ZE521", 203, IndustrialFirmware), Zebra("ZE521", 300, IndustrialFirmware),
        Zebra("ZD421", 203, DesktopFirmware), Zebra("ZD421", 300, DesktopFirmware),
        Zebra("ZD621", 203, DesktopFirmware), Zebra("ZD621", 300, DesktopFirmware),
        Mute("honeywell-pm43-203dpi", 8), Mute("honeywell-pm43-300dpi", 12),
        Mute("honeywell-px940-203dpi", 8), Mute("honeywell-px940-300dpi", 12), Mute("honeywell-px940-600dpi", 24),
        Mute("sato-cl4nx-plus-203dpi", 8), Mute("sato-cl4nx-plus-305dpi", 12), Mute("sato-cl4nx-plus-609dpi", 24),
        Mute("sato-s84nx-203dpi", 8), Mute("sato-s84nx-305dpi", 12), Mute("sato-s84nx-609dpi", 24),
        Mute("tsc-mh241-203dpi", 8), Mute("tsc-pex-1131-300dpi", 12),
        Mute("godex-zx1200i-203dpi", 8), Mute("godex-zx1300i-300dpi", 12), Mute("godex-zx1600i-600dpi", 24),
        Mute("postek-tx2r-203dpi", 8), Mute("postek-tx3r-300dpi", 12), Mute("postek-tx6r-600dpi", 24),
        // One of those that answer the old questions; its profile does not ask them.
        Mute("generic-zpl-203dpi", 8) with { Model = "GENERIC-203dpi", Firmware = "V1.0.0", SaysWhoItIs = true, AnswersHostStatus = true },
        Mute("generic-zpl-300dpi", 12), Mute("generic-zpl-600dpi", 24),
    ];

    private static PrinterTraits Zebra(string model, int dpi, string firmware) => new()
    {
        Profile = FormattableString.Invariant($"zebra-{model.ToLowerInvariant()}-{dpi}dpi"),
        Model = FormattableString.Invariant($"{model}-{dpi}dpi ZPL"),
        Firmware = firmware,
        DotsPerMm = dpi switch { 203 => 8, 300 => 12, _ => 24 },
        Verifies = VerificationMoment.Compose,
        IdleClose = TimeSpan.FromSeconds(300),
        // Seen on a ZD621 only; the desktop models share its firmware.
        HearsOneHost = firmware == DesktopFirmware,
    };

    private static PrinterTraits Mute(string profile, int dotsPerMm) => new()
    {
        Profile = profile,
        Model = "",
        Firmware = "",
        DotsPerMm = dotsPerMm,
        SaysWhoItIs = false,
        AnswersHostStatus = false,
        AnswersErrorQuery = false,
        KeepsVariables = false,
    };
}
