using System.Text.RegularExpressions;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Reads an address such as <c>tcp://10.0.1.21</c> or <c>serial:/dev/ttyS1</c> and joins it with what the profile knows.
/// Ways that no verifying device may use, such as a keyboard, are refused with the reason.
/// </summary>
internal static partial class LinkText
{
    private const string Limit = "tcp://host[:port], serial:/dev/... or serial:COM3";
    private static readonly string[] KeyboardSchemes = ["keyboard:", "wedge:", "hid:", "usb:", "evdev:", "serial:/dev/input/", "serial:/dev/hidraw"];

    public static LinkAddress? Read(
        SettingsSection section, SettingsValue written, string? serial, DeviceLinks? known, string? profile, string device)
    {
        string text = written.Raw;
        if (device == "printer" && (text.StartsWith("usb:", StringComparison.OrdinalIgnoreCase) || text.Contains("/usb/lp", StringComparison.Ordinal)))
        {
            section.Add(written.Problem(
                "a printer behind a USB printer port answers no question, so nobody would see its faults",
                Limit,
                "connect it by network or RS-232"));
            return null;
        }

        if (KeyboardSchemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
        {
            section.Add(written.Problem(
                "P2: a keyboard wedge cannot verify: its reads go to whatever window is in front",
                Limit,
                "set the reader to USB serial (CDC) or RS-232"));
            return null;
        }

        if (text.StartsWith("serial:", StringComparison.Ordinal))
        {
            return Serial(section, written, text["serial:".Length..], serial, known, profile);
        }

        if (text.StartsWith(ListenText.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            RefuseSerial(section, serial);
            return ListenText.Read(section, written, known, profile);
        }

        RefuseSerial(section, serial);

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            || address is not { Scheme: "tcp", UserInfo: "", Query: "", Fragment: "", AbsolutePath: "" or "/" }
            || address.Host.Length == 0
            || address.Port == 0
            || IsHalfAnAddress(text, address))
        {
            section.Add(written.Problem("not a link", Limit, LinkMeant.Remedy(text)));
            return null;
        }

        if (known is not null && known.Tcp is null)
        {
            section.Add(written.Problem(
                $"profile {profile} has no TCP{(known.Listen is null ? "" : " port of its own, it calls this PC")}",
                known.Listen is null ? "serial:" : "listen://",
                known.Listen is null
                    ? "write its serial port, or choose another profile"
                    : $"write \"listen://0.0.0.0:{known.Listen.Port}\", and the address of this PC on the reader"));
            return null;
        }

        // Without port and without profile there is nothing to open; the missing profile is a problem of its own.
        int? port = address.Port > 0 ? address.Port : known?.Tcp?.Port;
        return port is null ? null : new LinkAddress.Tcp(address.DnsSafeHost, port.Value)
        {
            // Who writes a port means this one.
            SingleWriterPort = address.Port > 0 ? null : known?.Tcp?.SingleWriterPort,
        };
    }

    private static void RefuseSerial(SettingsSection section, string? serial)
    {
        if (serial is not null)
        {
            section.Add(section.Find("serial")!.Problem(
                "a serial setting on a network link", "only with serial:", "remove it, or write serial:/dev/... as link"));
        }
    }

    // "10.0.1" would silently become 10.0.0.1, and "10.0.1.256" a host name.
    private static bool IsHalfAnAddress(string text, Uri address) => address.HostNameType switch
    {
        UriHostNameType.IPv4 => !text.Contains(address.Host, StringComparison.Ordinal),
        UriHostNameType.Dns => address.Host.All(c => char.IsAsciiDigit(c) || c == '.'),
        _ => false,
    };

    private static LinkAddress.Serial? Serial(
        SettingsSection section, SettingsValue written, string path, string? setting, DeviceLinks? known, string? profile)
    {
        bool windows = path.Length > 3
            && path.StartsWith("COM", StringComparison.OrdinalIgnoreCase)
            && path[3..].All(char.IsAsciiDigit);
        // One port has one name: "the same link twice" compares names.
        path = windows ? path.ToUpperInvariant() : Slashes().Replace(path, "/");
        if (LinkMeant.Speed(path) is { } baud)
        {
            section.Add(written.Problem(
                "a speed in the name of a serial port", Limit, $"write \"serial\": \"{baud} 8N1\" beside the link"));
            return null;
        }

        if (!windows && (!path.StartsWith('/') || Directory.Exists(path)))
        {
            section.Add(written.Problem("not a serial port", Limit, LinkMeant.Remedy(written.Raw)));
            return null;
        }

        if (windows != OperatingSystem.IsWindows())
        {
            section.Add(written.Problem(
                $"a serial port of {(windows ? "Windows" : "Linux")}, and this PC has {(windows ? "Linux" : "Windows")}",
                windows ? "serial:/dev/..." : "serial:COM3", "fine if this file is for another PC") with
            { IsWarning = true });
        }

        SerialSettings? settings = known?.Serial;
        if (setting is not null && !SerialSettings.TryParse(setting, out settings))
        {
            section.Add(section.Find("serial")!.Problem(
                "not a serial setting", SerialSettings.Limit, SerialMeant.Remedy(setting)));
            return null;
        }

        if (known is not null && known.Serial is null)
        {
            section.Add(written.Problem(
                $"profile {profile} has no serial port", "tcp://", "write its network address, or choose another profile"));
            return null;
        }

        return settings is null ? null : new LinkAddress.Serial(path, settings);
    }

    [GeneratedRegex("/{2,}")]
    private static partial Regex Slashes();
}
