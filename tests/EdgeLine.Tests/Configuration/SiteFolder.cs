using System.Security.Cryptography;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.People;

namespace EdgeLine.Tests.Configuration;

/// <summary>
/// A folder with a sound site: configuration, key, token, labels. A test edits what it is about and loads it. Every
/// line of the file has one key, so that a line number names a key.
/// </summary>
internal sealed class SiteFolder : IDisposable
{
    public const string Sound = """
        {
          "schemaVersion": 1,
          "site": {
            "topic": "company/plant/packing",
            "language": "en",
          },
          "dataPath": "data",
          "platform": {
            "url": "http://127.0.0.1:8090",
            "tokenFile": "platform.token",
            "publicKeyFile": "platform.pem",
            "pollSeconds": 5,
          },
          "mqtt": {
            "broker": "mqtt://127.0.0.1",
            "user": "line-pc",
            "passwordFile": "mqtt.password",
          },
          "panel": {
            "listen": "127.0.0.1:8088",
          },
          "lines": {
            // the belt
            "belt": {
              "title": "1 号线 · 板材",
              "station": "conveyor",
              "start": "auto",
              "printer": {
                "profile": "zebra-zt411-300dpi",
                "link": "tcp://10.0.1.21",
              },
              "scanner": {
                "profile": "keyence-sr-1000",
                "link": "tcp://10.0.1.22",
              },
              "gate": {
                "profile": "modbus-tagged",
                "link": "tcp://10.0.1.23:1502",
              },
              "label": "board.zpl",
              "labelsToScanner": 6,
              "itemsPerMinute": 60,
              "runOutSeconds": 12,
              "hold": {
                "badReadsInRow": 4,
              },
            },
            "table": {
              "station": "bench",
              "printer": {
                "profile": "generic-zpl-203dpi",
                "link": "serial:/dev/ttyS1",
                "serial": "115200 8N1 rts-cts",
              },
              "scanner": {
                "profile": "generic-serial-handheld",
                "link": "serial:/dev/ttyS2",
              },
              "label": "uniform.zpl",
              "codes": {
                "leaseCodes": 100,
              },
            },
          },
          "people": {
            "file": "people.json",
          },
        }
        """;

    private const string Memory = "/dev/shm";

    private readonly DirectoryInfo _folder;

    /// <param name="text">The site file, if not <see cref="Sound"/>.</param>
    /// <param name="inMemory">Where there is a disk in memory, on that: for tests that write it again and again.</param>
    public SiteFolder(string? text = null, bool inMemory = false)
    {
        _folder = inMemory && Directory.Exists(Memory)
            ? Directory.CreateDirectory(Path.Combine(Memory, $"edgeline-{Guid.NewGuid():N}"))
            : Directory.CreateTempSubdirectory("edgeline-");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write("platform.pem", key.ExportSubjectPublicKeyInfoPem());
        Secret("platform.token", "a-token\n");
        Secret("mqtt.password", "a-password\n");
        (PeopleFile.New() with { People = [new Person("li", "Li", Roles.Operator, SecretHash.Of("4711", 1), null)] }).Write(this["people.json"]);
        Write("board.zpl", "^XA^XZ");
        Write("uniform.zpl", "^XA^XZ");
        Text = text ?? Sound;
    }

    public static string Repository { get; } = FindRepository();

    public static string Profiles { get; } = Path.Combine(Repository, "hardware-profiles");

    public string Text { get; private set; }

    public string File => Path.Combine(_folder.FullName, "edgeline.json");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Replaces text that must be there exactly once.</summary>
    public SiteFolder Edit(string old, string by)
    {
        Assert.Equal(2, Text.Split(old).Length);
        Text = Text.Replace(old, by, StringComparison.Ordinal);
        return this;
    }

    public int LineOf(string marker) => 1 + Text[..Text.IndexOf(marker, StringComparison.Ordinal)].Count(c => c == '\n');

    public string Write(string name, string content)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Secret(string name, string content)
    {
        string path = Write(name, content);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public string Save()
    {
        System.IO.File.WriteAllText(File, Text);
        return File;
    }

    public ConfigurationResult Load(LabelTemplateCheck? labelCheck = null, string? profiles = null) =>
        ConfigurationFile.Load(Save(), profiles ?? Profiles, labelCheck);

    public SettingsProblem OnlyProblem()
    {
        ConfigurationResult result = Load();
        return Assert.Single(result.Problems);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "EdgeLine.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository.");
    }
}
