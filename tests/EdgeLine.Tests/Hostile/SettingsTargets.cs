using System.Text;
using EdgeLine.Devices.Profiles;
using EdgeLine.Tests.Configuration;
using EdgeLine.Tests.Line;

namespace EdgeLine.Tests.Hostile;

/// <summary>What people write besides the site file: device profiles. Each mistake is a problem with place, value, limit and remedy.</summary>
internal static class SettingsTargets
{
    /// <summary>Pieces that such files are made of.</summary>
    public static IReadOnlyList<string> JsonWords { get; } =
        ["{", "}", "[", "]", "\"", ":", ",", "//", "/*", "*/", "null", "true", "\\uD800", "\\u0000", "\r\n", "\xEF\xBB\xBF", "\xC4\xE3", "\"quirks\":", "\"lines\":{", "9999"];

    public static HostileTarget[] All { get; } =
    [
        new()
        {
            Name = "settings-text",
            Corpus = [.. Profiles("gates").Append(Encoding.UTF8.GetBytes("""{ "a": 1, /* x */ "b": [ true, null, "text", { "c": -1.5e3, }, ], // y"""+ "\n}"))],
            Words = JsonWords,
            Read = (input, _) =>
            {
                List<SettingsProblem> problems = [];
                return Judged(SettingsFile.Parse("file", input, problems), problems) is not null;
            },
            MemoryMax = 4 << 20,
        },
        new()
        {
            Name = "profiles",
            Corpus = [.. Profiles("printers"), .. Profiles("scanners"), .. Profiles("gates")],
            Words = JsonWords,
            Read = ReadProfile,
            MemoryMax = 8 << 20,
            FullCount = 500_000,
        },
    ];

    private static bool ReadProfile(byte[] input, SeededRandom random)
    {
        List<SettingsProblem> problems = [];
        if (Judged(SettingsFile.Parse("profile.json", input, problems), problems) is not { } root)
        {
            return false;
        }

        var section = new SettingsSection(root, problems);
        // Its own kind by a key that only this kind has; now and then as another kind.
        string text = Encoding.Latin1.GetString(input);
        int kind = random.Chance(50_000) ? random.Below(3)
            : text.Contains("\"reprintOff\"", StringComparison.Ordinal) ? 0
            : text.Contains("\"framing\"", StringComparison.Ordinal) ? 1 : 2;
        object profile = kind switch
        {
            0 => PrinterProfileFile.Read("id", section),
            1 => ScannerProfileFile.Read("id", section),
            _ => GateProfileFile.Read("id", section),
        };
        Judged(profile, problems);
        return !problems.Exists(p => !p.IsWarning);
    }

    /// <summary>Every problem has place, limit and remedy, and nothing is refused without one.</summary>
    public static T? Judged<T>(T? read, IEnumerable<SettingsProblem> problems)
        where T : class
    {
        bool none = true;
        foreach (SettingsProblem problem in problems)
        {
            none = false;
            HostileTarget.Demand(
                problem is { Line: > 0, Column: > 0, File.Length: > 0, Key.Length: > 0, What.Length: > 0, Limit.Length: > 0, Remedy.Length: > 0 },
                $"a problem without place, limit or remedy: {problem}");
            HostileTarget.Demand(problem.ToString().Length < 4_000, "a problem longer than a page");
        }

        HostileTarget.Demand(read is not null || !none, "refused without a problem");
        return read;
    }

    private static IEnumerable<byte[]> Profiles(string kind) =>
        Directory.EnumerateFiles(Path.Combine(SiteFolder.Profiles, kind), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);
}
