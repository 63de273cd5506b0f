using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeLine.Contracts;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;
using EdgeLine.Service.People;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Files and folders that the site file names. Relative names count from the folder of the site file; what is named
/// must be there and of use now, not at three in the morning.
/// </summary>
/// <param name="folder">Folder of the site file.</param>
/// <param name="toEnrol">The platform's token and key may be missing: an enrolment brings them.</param>
internal sealed class NamedFiles(string folder, bool toEnrol = false)
{
    private const int PathLengthMax = 400;
    private const int BytesMax = 1 << 20;
    private const string ReadableLimit = "a readable file of at most 1 MiB";

    /// <summary>A file that must be readable; returns its absolute path.</summary>
    public string Readable(SettingsSection section, string key) =>
        OptionalReadable(section, key)
        ?? (section.Find(key) is { Kind: not SettingsKind.Nothing } ? "" : section.Missing(key, ReadableLimit, ""));

    /// <summary>A file that must be readable if it is named; null when it is not named or not usable.</summary>
    public string? OptionalReadable(SettingsSection section, string key) => Open(section, key)?.Path;

    /// <summary>The font in which text is drawn: the named one, or the first that is where this PC keeps fonts.</summary>
    public LabelFont Font(SettingsSection section, string key)
    {
        if (section.OptionalText(key, PathLengthMax) is not { Length: > 0 } name)
        {
            return LabelFont.Find();
        }

        LabelFont font = LabelFont.At(Full(name));
        if (font.File is null)
        {
            section.Add(section.Find(key)!.Problem(
                font.Missing, "a font file with Chinese characters (.ttf, .otf, .ttc)",
                OperatingSystem.IsWindows() ? "leave the key out, or name a font file that is there"
                    : "apt-get install fonts-noto-cjk libfreetype6 and leave the key out, or name a font file that is there"));
        }

        return font;
    }

    /// <summary>A file with one line that others must not read; warns when they can.</summary>
    public string? Secret(SettingsSection section, string key, bool required)
    {
        if (required && section.Find(key) is null or { Kind: SettingsKind.Nothing })
        {
            return section.Missing<string?>(key, ReadableLimit, null);
        }

        if (required && ToCome(section, key) is { } later)
        {
            return later;
        }

        if (Open(section, key) is not var (path, bytes))
        {
            return null;
        }

        SettingsValue value = section.Find(key)!;
        string text = System.Text.Encoding.UTF8.GetString(bytes).Trim();
        if (text.Length is 0 or > 4096 || text.Any(char.IsControl))
        {
            section.Add(value.Problem(
                "no secret in this file", "one line of 1 to 4096 characters", "write the secret alone into it"));
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherRead) != 0)
        {
            section.Add(value.Problem(
                "every user of this PC can read it", "readable by the service only", $"chmod o= {path}") with
            {
                IsWarning = true,
            });
        }

        return path;
    }

    /// <summary>A file with an elliptic-curve public key on P-256.</summary>
    public string PublicKey(SettingsSection section, string key) => Pem(section, key, true, text =>
    {
        PlatformKey.FromPem(text).Dispose();
        return true;
    }, "a PEM file with a P-256 public key", "fetch it from the platform: GET /api/v1/keys") ?? "";

    /// <summary>A file with certificates; null when it is not named.</summary>
    public string? Certificates(SettingsSection section, string key) => Pem(section, key, false, text =>
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(text);
        return certificates.Count > 0;
    }, "a PEM file with at least one certificate", "ask plant IT for the certificate of its authority");

    /// <summary>The file of the people who may sign in: sound and with somebody in it. Returns its path in any case.</summary>
    public string People(SettingsSection section, string key)
    {
        const string limit = "a people file with at least one person, written by edgeline people";
        if (section.Text(key, PathLengthMax) is not { Length: > 0 } name)
        {
            return "";
        }

        string path = Full(name);
        string? wrong;
        try
        {
            wrong = PeopleFile.Read(path).People.Count == 0 ? "nobody is in it" : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            wrong = "file not found";
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            wrong = $"not usable: {error.Message.TrimEnd('.')}";
        }

        if (wrong is not null)
        {
            section.Add(section.Find(key)!.Problem(wrong, limit, "edgeline people add NAME --role operator --config FILE"));
        }

        return path;
    }

    /// <summary>A certificate and its private key; both or neither, and they belong together.</summary>
    public (string? Certificate, string? Key) Certificate(SettingsSection section, string certificateKey, string keyKey)
    {
        string? certificate = Certificates(section, certificateKey);
        string? key = OptionalReadable(section, keyKey);
        bool named = section.Find(certificateKey) is { Kind: not SettingsKind.Nothing };
        if (named != section.Find(keyKey) is { Kind: not SettingsKind.Nothing })
        {
            section.Missing(named ? keyKey : certificateKey, "certificateFile and keyFile together", 0);
        }
        else if (certificate is not null && key is not null && section.AreSound(certificateKey, keyKey))
        {
            try
            {
                using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
            }
            catch (Exception error) when (error is CryptographicException or ArgumentException)
            {
                section.Add(section.Find(keyKey)!.Problem(
                    "not the key of the certificate", "a PEM file with the unencrypted private key of certificateFile", "name the pair as plant IT handed it out"));
            }
        }

        return (certificate, key);
    }

    /// <summary>A folder that we can write to, or that we can make.</summary>
    public string WritableFolder(SettingsSection section, string key)
    {
        const string limit = "a folder on a local disk that the service may write to";
        if (section.Text(key, PathLengthMax) is not { Length: > 0 } name)
        {
            return "";
        }

        string path = Full(name);
        string? nearest = path;
        while (nearest is not null && !Path.Exists(nearest))
        {
            nearest = Path.GetDirectoryName(nearest);
        }

        try
        {
            // Only an attempt tells: permissions, read-only mounts and quotas all have their say.
            string probe = Path.Combine(nearest ?? path, $".edgeline-check-{Environment.ProcessId}");
            using FileStream file = new(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            section.Add(section.Find(key)!.Problem(
                $"not writable: {error.Message.TrimEnd('.')}", limit, "change the owner or choose another folder"));
        }

        return path;
    }

    /// <summary>
    /// A folder that ought to be on another disk than <paramref name="dataPath"/>, or null. That it is not there now is only a warning:
    /// a stick that was pulled must not refuse the site.
    /// </summary>
    public string? OtherDisk(SettingsSection section, string key, string dataPath)
    {
        const string limit = "a folder on another disk than dataPath, which the service may write to";
        if (section.OptionalText(key, PathLengthMax) is not { Length: > 0 } name)
        {
            return null;
        }

        string path = Full(name);
        SettingsValue value = section.Find(key)!;
        if (!Directory.Exists(path))
        {
            section.Add(value.Problem("no such folder", limit, "plug the disk in and make the folder; until then nothing is copied") with { IsWarning = true });
        }
        else if (dataPath.Length > 0 && Disks.Of(path) == Disks.Of(dataPath))
        {
            section.Add(value.Problem("on the same disk as dataPath", limit, "name a folder of another disk; nothing is copied to this one") with { IsWarning = true });
        }

        return path;
    }

    /// <summary>The folder of the profiles: the given one, the named one, or the first that is where it usually is.</summary>
    public string ProfilesFolder(SettingsSection section, string key, string? instead)
    {
        string? named = section.OptionalText(key, PathLengthMax);
        string[] usual = [Full("../hardware-profiles"), Path.Combine(AppContext.BaseDirectory, "hardware-profiles")];
        string path = instead is not null ? Path.GetFullPath(instead)
            : named is not null ? Full(named)
            : usual.FirstOrDefault(Directory.Exists) ?? usual[0];
        if (!Directory.Exists(path))
        {
            SettingsProblem problem = (section.Find(key) ?? section.Value).Problem(
                "no such folder", "the folder hardware-profiles with printers, scanners and gates", $"name it with \"{key}\"");
            section.Add(problem with { Key = key, Value = SettingsProblem.Quote(path) });
        }

        return path;
    }

    private string? Pem(
        SettingsSection section, string key, bool required, Func<string, bool> isSound, string limit, string remedy)
    {
        if (required && section.Find(key) is null or { Kind: SettingsKind.Nothing })
        {
            return section.Missing<string?>(key, limit, null);
        }

        if (required && ToCome(section, key) is { } later)
        {
            return later;
        }

        if (Open(section, key) is not var (path, bytes))
        {
            return null;
        }

        bool sound;
        try
        {
            sound = isSound(System.Text.Encoding.UTF8.GetString(bytes));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            sound = false;
        }

        if (!sound)
        {
            section.Add(section.Find(key)!.Problem("not usable", limit, remedy));
        }

        return path;
    }

    // A file that is named and that an enrolment brings.
    private string? ToCome(SettingsSection section, string key) =>
        toEnrol && section.Find(key) is { Kind: SettingsKind.Text } && section.Text(key, PathLengthMax) is { Length: > 0 } name && !File.Exists(Full(name))
            ? Full(name)
            : null;

    private (string Path, byte[] Bytes)? Open(SettingsSection section, string key)
    {
        if (section.OptionalText(key, PathLengthMax) is not { Length: > 0 } name)
        {
            return null;
        }

        string path = Full(name);
        SettingsValue value = section.Find(key)!;
        string what;
        try
        {
            byte[] bytes = BoundedFile.Read(path, BytesMax);
            if (bytes.Length <= BytesMax)
            {
                return (path, bytes);
            }

            section.Add(value.Problem("file too large", ReadableLimit, "is this the right file?"));
            return null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            what = "file not found";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            what = $"file not readable: {error.Message.TrimEnd('.')}";
        }

        section.Add(value.Problem(what, ReadableLimit, $"looked for {path}"));
        return null;
    }

    private string Full(string name) => Path.GetFullPath(name, folder);
}
