using System.Text;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Reporting;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Reads what stands outside <c>lines</c>. A section that is not sound comes back as null, with its problems added.
/// </summary>
internal static class SiteSections
{
    private const int TopicBytesMax = 200;
    private const int AddressLengthMax = 200;

    public static SiteIdentity? Identity(SettingsSection? section)
    {
        if (section is null)
        {
            return null;
        }

        string topic = section.Text("topic", TopicBytesMax);
        string language = section.Choice("language", ["zh", "en"], SiteIdentity.DefaultLanguage);
        bool wrong = topic.StartsWith('$') || topic.AsSpan().ContainsAny('+', '#')
            || topic.Split('/').Any(level => string.IsNullOrWhiteSpace(level))
            || Encoding.UTF8.GetByteCount(topic) > TopicBytesMax;
        if (section.AreSound("topic") && wrong)
        {
            section.Add(section.Find("topic")!.Problem(
                "not a topic to publish on",
                $"levels with / between them, without + # and empty levels, not beginning with $, at most {TopicBytesMax} bytes",
                "for example \"company/plant/packing\""));
        }

        section.End();
        return section.IsSound ? new SiteIdentity { Topic = topic, Language = language } : null;
    }

    public static PlatformConfiguration? Platform(SettingsSection? section, NamedFiles files)
    {
        if (section is null)
        {
            return null;
        }

        const string limit = "http://host[:port] or https://host[:port], without user, query and fragment";
        Uri? url = Address(section, "url", limit, ["http", "https"]);
        if (url is { Scheme: "http", IsLoopback: false })
        {
            section.Add(section.Find("url")!.Problem(
                "token and codes travel readable", "https:// outside this PC", "use https://") with
            { IsWarning = true });
        }

        string? tokenFile = files.Secret(section, "tokenFile", required: true);
        string publicKeyFile = files.PublicKey(section, "publicKeyFile");
        int poll = section.Whole("pollSeconds", 1, 3600, "s", 10);
        section.End();
        return url is null || tokenFile is null ? null : new PlatformConfiguration
        {
            Url = url,
            TokenFile = tokenFile,
            PublicKeyFile = publicKeyFile,
            Poll = TimeSpan.FromSeconds(poll),
        };
    }

    /// <summary>True when the section is sound; a site without the section is sound and has no broker.</summary>
    public static bool TryMqtt(SettingsSection? section, NamedFiles files, out MqttConfiguration? mqtt)
    {
        mqtt = null;
        if (section is null)
        {
            return true;
        }

        Uri? broker = Address(section, "broker", "mqtt://host[:port] or mqtts://host[:port]", ["mqtt", "mqtts"]);
        bool tls = broker?.Scheme == "mqtts";
        string? user = section.OptionalText("user", AddressLengthMax);
        string? passwordFile = files.Secret(section, "passwordFile", required: false);
        string? caFile = files.Certificates(section, "caFile");
        if (passwordFile is not null && user is null)
        {
            section.Missing("user", "a user for the password", 0);
        }

        if (broker is not null && !tls && caFile is not null)
        {
            section.Add(section.Find("caFile")!.Problem(
                "an authority without TLS does nothing", "only with mqtts://", "write mqtts:// in \"broker\" or remove it"));
        }

        if (broker is not null && !tls && passwordFile is not null && !broker.IsLoopback)
        {
            section.Add(section.Find("broker")!.Problem(
                "the password travels readable", "mqtts:// outside this PC", "use mqtts://") with
            { IsWarning = true });
        }

        List<string> commands = Commands(section);
        Uri? webSocket = section.Find("webSocket") is { Kind: not SettingsKind.Nothing }
            ? Address(section, "webSocket", "ws://host[:port] or wss://host[:port]", ["ws", "wss"])
            : null;

        section.End();
        mqtt = broker is null ? null : new MqttConfiguration
        {
            Host = broker.DnsSafeHost,
            Port = broker.Port > 0 ? broker.Port : tls ? 8883 : 1883,
            Tls = tls,
            User = user,
            PasswordFile = passwordFile,
            CaFile = caFile,
            Commands = commands,
            WebSocket = webSocket?.GetLeftPart(UriPartial.Authority),
        };
        return section.IsSound;
    }

    // What is not in the table does not exist over MQTT: nobody can enable a resume by writing its name.
    private static List<string> Commands(SettingsSection section)
    {
        List<string> commands = [.. section.Texts("commands", 0, RemoteCommands.Names.Count, AddressLengthMax)];
        foreach (string unknown in commands.Where(name => !RemoteCommands.Names.Contains(name)))
        {
            section.Add(section.Find("commands")!.Problem(
                $"\"{unknown}\" cannot be done over MQTT", $"of {string.Join(", ", RemoteCommands.Names)}", "everything else needs a person at the line"));
        }

        return commands;
    }

    private static Uri? Address(SettingsSection section, string key, string limit, string[] schemes)
    {
        string text = section.Text(key, AddressLengthMax);
        if (text.Length == 0 || section.Find(key) is not { Kind: SettingsKind.Text } value)
        {
            return null;
        }

        bool sound = Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            && schemes.Contains(address.Scheme)
            && address.Host.Length > 0 && address.Port != 0
            // The page names the broker's WebSocket in a header, and a header is ASCII.
            && (!schemes.Contains("ws") || System.Text.Ascii.IsValid(address.Host))
            && address is { UserInfo: "", Query: "", Fragment: "" }
            && (schemes.Contains("https") || address.AbsolutePath is "/" or "");
        if (sound)
        {
            return address;
        }

        // A password in an address must not end in a log.
        SettingsProblem problem = value.Problem("not an address", limit, "user and password have keys of their own");
        section.Add(text.Contains('@', StringComparison.Ordinal)
            ? problem with { Value = "not shown" }
            : problem with { Remedy = $"for example \"{schemes[^1]}://10.0.0.5\"" });
        return null;
    }
}
