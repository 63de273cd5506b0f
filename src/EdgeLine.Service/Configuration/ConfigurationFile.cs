using System.Diagnostics;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// Reads the one file of a site. Touches no device; reports every problem of file, profiles and named files at once,
/// and never throws for what a person wrote.
/// </summary>
public static class ConfigurationFile
{
    private const int LinesMax = 32;

    /// <summary>Reads <c>edgeline.json</c>.</summary>
    /// <param name="path">The file; relative paths in it count from its folder.</param>
    /// <param name="profilesFolder">Used instead of <c>profilesPath</c> when given.</param>
    /// <param name="labelCheck">Compiles label templates; null leaves them unread.</param>
    /// <param name="toEnrol">The platform's token and key may be missing: an enrolment brings them.</param>
    public static ConfigurationResult Load(
        string path, string? profilesFolder = null, LabelTemplateCheck? labelCheck = null, bool toEnrol = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        var problems = new List<SettingsProblem>();
        if (SettingsFile.Read(path, problems) is not { } root)
        {
            return new ConfigurationResult
            {
                Site = null,
                RefusedLines = [],
                Problems = problems,
                Identity = null,
                Mqtt = null,
                Panel = PanelConfiguration.Default,
                People = null,
            };
        }

        var section = new SettingsSection(root, problems);
        section.Heading();

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = new NamedFiles(folder, toEnrol);
        SiteIdentity? identity = SiteSections.Identity(section.Section("site"));
        string dataPath = files.WritableFolder(section, "dataPath");
        int lowDisk = section.Whole("lowDiskMegabytes", 64, 1_000_000, "MB", 256);
        string? mirrorPath = files.OtherDisk(section, "mirrorPath", dataPath);
        int? maxUnconfirmed = section.OptionalWhole("maxUnconfirmed", 1, 10_000_000, "codes");
        int keepJournal = section.Whole("keepJournalDays", 0, 3650, "days", 90);
        string profiles = files.ProfilesFolder(section, "profilesPath", profilesFolder);
        LabelFont font = files.Font(section, "labelFont");
        PlatformConfiguration? platform = SiteSections.Platform(section.Section("platform"), files);
        bool mqttIsSound = SiteSections.TryMqtt(section.OptionalSection("mqtt"), files, out MqttConfiguration? mqtt);
        int before = problems.Count(one => !one.IsWarning);
        PeopleConfiguration? people = PanelSections.People(section.OptionalSection("people"), files);
        bool peopleAreSound = problems.Count(one => !one.IsWarning) == before;
        PanelConfiguration? panel = PanelSections.Panel(section.OptionalSection("panel"), files, people is not null && peopleAreSound);
        List<LineDraft> drafts = Lines(section, new LineSections(files, new ProfileFolder(profiles), labelCheck, font));
        section.End();
        SharedLinks.Refuse(drafts);

        bool sound = !problems.Exists(one => !one.IsWarning);
        bool whole = identity is not null && platform is not null && panel is not null
            && drafts.TrueForAll(one => one.Line is not null || one.HasErrors);
        if (sound && !whole)
        {
            throw new UnreachableException("Something was refused without a word.");
        }

        return new ConfigurationResult
        {
            Site = !sound ? null : new SiteConfiguration
            {
                Site = identity!,
                DataPath = dataPath,
                LowDiskMegabytes = lowDisk,
                MirrorPath = mirrorPath,
                KeepJournalDays = keepJournal,
                MaxUnconfirmed = maxUnconfirmed,
                ProfilesPath = profiles,
                LabelFont = font,
                Platform = platform!,
                Mqtt = mqtt,
                Panel = panel!,
                People = people,
                Lines = [.. drafts.Where(one => one.IsSound).Select(one => one.Line!)],
            },
            RefusedLines = [.. drafts.Where(one => !sound || !one.IsSound).Select(one => one.Refused())],
            Problems = InOrder(path, problems.Concat(drafts.SelectMany(one => one.Problems))),
            Identity = identity,
            Mqtt = mqttIsSound ? mqtt : null,
            Panel = panel ?? PanelConfiguration.Default,
            People = people,
        };
    }

    // Not read as a section: what is wrong inside a line, its key included, belongs to that line alone.
    private static List<LineDraft> Lines(SettingsSection root, LineSections sections)
    {
        if (root.Find("lines") is not { } lines)
        {
            return root.Missing<List<LineDraft>>("lines", $"1 to {LinesMax} lines", []);
        }

        if (lines.Kind != SettingsKind.Section)
        {
            root.Add(lines.Problem("not a section", "a section { }", "write \"lines\": { \"line-1\": { ... } }"));
            return [];
        }

        List<LineDraft> drafts = [.. lines.Members.GroupBy(one => one.Name).Select(same => sections.Read([.. same]))];
        if (drafts.Count is 0 or > LinesMax)
        {
            root.Add(lines.Problem(
                drafts.Count == 0 ? "no line" : "too many lines", $"1 to {LinesMax} lines", "see config/README.md"));
        }

        return drafts;
    }

    private static SettingsProblem[] InOrder(string siteFile, IEnumerable<SettingsProblem> problems) =>
        [.. problems.Distinct()
            .OrderBy(one => one.File == siteFile ? 0 : 1)
            .ThenBy(one => one.File, StringComparer.Ordinal)
            .ThenBy(one => one.Line)
            .ThenBy(one => one.Column)];
}
