using System.Net;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Everything a site decided, from <c>config/edgeline.json</c>: checked, paths absolute, defaults filled in.
/// <c>config/README.md</c> names every key with its limit.
/// </summary>
public sealed record SiteConfiguration
{
    /// <summary>Who we are to the outside.</summary>
    public required SiteIdentity Site { get; init; }

    /// <summary>Folder of the ledgers, one folder a line below it.</summary>
    public required string DataPath { get; init; }

    /// <summary>Nothing is printed with less free space than this on the disk of <see cref="DataPath"/>, megabytes, 64 to 1,000,000.</summary>
    public required int LowDiskMegabytes { get; init; }

    /// <summary>Folder of the second copies on another disk, one folder a line below it; null without.</summary>
    public string? MirrorPath { get; init; }

    /// <summary>
    /// Nothing is printed while so many verified codes of a line are neither at the platform nor on its second copy, 1 to 10,000,000;
    /// null for no limit.
    /// </summary>
    public int? MaxUnconfirmed { get; init; }

    /// <summary>Days that accepted entries stay in the ledger after they were sealed, 90 to 3650.</summary>
    public int KeepJournalDays { get; init; } = 90;

    /// <summary>Folder of the device profiles.</summary>
    public required string ProfilesPath { get; init; }

    /// <summary>Font in which text is drawn that printers have no font for.</summary>
    public LabelFont LabelFont { get; init; } = LabelFont.Find();

    /// <summary>Where codes come from and journals go to.</summary>
    public required PlatformConfiguration Platform { get; init; }

    /// <summary>The broker; null when the site has none.</summary>
    public required MqttConfiguration? Mqtt { get; init; }

    /// <summary>The operator page.</summary>
    public required PanelConfiguration Panel { get; init; }

    /// <summary>Who may sign in; null when nobody does and the page acts for whoever stands before it.</summary>
    public required PeopleConfiguration? People { get; init; }

    /// <summary>The sound lines, in the order of the file. Refused lines are not here.</summary>
    public required IReadOnlyList<LineConfiguration> Lines { get; init; }
}

/// <summary>Who the site is to the outside.</summary>
public sealed record SiteIdentity
{
    /// <summary>Language when the file does not say.</summary>
    public const string DefaultLanguage = "zh";

    /// <summary>Start of every MQTT topic, without a slash at its ends.</summary>
    public required string Topic { get; init; }

    /// <summary>Language of the operator page: <c>zh</c> or <c>en</c>.</summary>
    public required string Language { get; init; }
}

/// <summary>Where codes come from and journals go to.</summary>
public sealed record PlatformConfiguration
{
    /// <summary>Address without user, query or fragment.</summary>
    public required Uri Url { get; init; }

    /// <summary>File with the bearer token of this PC; one line.</summary>
    public required string TokenFile { get; init; }

    /// <summary>File with the public key that lease manifests are signed with; PEM, P-256.</summary>
    public required string PublicKeyFile { get; init; }

    /// <summary>Pause between two questions for work, 1 s to 1 h.</summary>
    public required TimeSpan Poll { get; init; }
}

/// <summary>The broker that counts and states are reported to.</summary>
public sealed record MqttConfiguration
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port; 1883, or 8883 with TLS, unless the address says otherwise.</summary>
    public required int Port { get; init; }

    /// <summary>True for <c>mqtts://</c>.</summary>
    public required bool Tls { get; init; }

    /// <summary>User name, or null.</summary>
    public required string? User { get; init; }

    /// <summary>File with the password, one line, or null.</summary>
    public required string? PasswordFile { get; init; }

    /// <summary>File with the certificate authorities of the plant, PEM; null for those of the operating system.</summary>
    public required string? CaFile { get; init; }

    /// <summary>Commands that are taken over MQTT, of <see cref="Reporting.RemoteCommands.Names"/>; none unless the site names them.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>The broker's WebSocket for the page in its read-only mode, <c>ws://</c> or <c>wss://</c>, or null.</summary>
    public required string? WebSocket { get; init; }
}

/// <summary>The operator page. Off this PC it needs TLS and people.</summary>
public sealed record PanelConfiguration
{
    /// <summary>Where it is when the file does not say.</summary>
    public static readonly PanelConfiguration Default = new() { Listen = new IPEndPoint(IPAddress.Loopback, 8080) };

    /// <summary>Address and port.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The certificate and the authorities between it and the root, PEM; null without TLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its private key, PEM; null without TLS.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Further host names by which browsers may ask for the page, besides the name and addresses of this PC.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether only this PC reaches it.</summary>
    internal bool IsLocal => IPAddress.IsLoopback(Listen.Address);

    /// <summary>Whether it speaks HTTPS.</summary>
    internal bool IsTls => CertificateFile is not null;
}

/// <summary>Who may sign in, and what happens when they do not.</summary>
public sealed record PeopleConfiguration
{
    /// <summary>The people file.</summary>
    public required string File { get; init; }

    /// <summary>Time without a touch after which somebody is signed out, 1 min to 12 h.</summary>
    public required TimeSpan LogOff { get; init; }

    /// <summary>Wrong PINs after which a person is locked out, 3 to 20.</summary>
    public required int WrongPins { get; init; }

    /// <summary>How long a lock-out lasts, 1 min to 24 h.</summary>
    public required TimeSpan Lock { get; init; }
}
