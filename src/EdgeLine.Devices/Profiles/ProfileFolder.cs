namespace EdgeLine.Devices.Profiles;

/// <summary>
/// The folder <c>hardware-profiles</c>: finds a device model by its name and reads it. A profile with a problem is never
/// returned, and a name never leads outside the folder.
/// </summary>
public sealed class ProfileFolder(string path)
{
    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>Names of the models of one kind, such as <c>printers</c>, in order.</summary>
    public IReadOnlyList<string> Names(string kind)
    {
        string folder = System.IO.Path.Combine(Path, kind);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json")
                .Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Reads <c>printers/ID.json</c>, ID being one of <see cref="Names"/>; null after problems were added.</summary>
    public PrinterProfile? Printer(string id, ICollection<SettingsProblem> problems) =>
        Read("printers", id, problems, PrinterProfileFile.Read);

    /// <summary>Reads <c>scanners/ID.json</c>, ID being one of <see cref="Names"/>; null after problems were added.</summary>
    public ScannerProfile? Scanner(string id, ICollection<SettingsProblem> problems) =>
        Read("scanners", id, problems, ScannerProfileFile.Read);

    /// <summary>Reads <c>gates/ID.json</c>, ID being one of <see cref="Names"/>; null after problems were added.</summary>
    public GateProfile? Gate(string id, ICollection<SettingsProblem> problems) =>
        Read("gates", id, problems, GateProfileFile.Read);

    private T? Read<T>(
        string kind, string id, ICollection<SettingsProblem> problems, Func<string, SettingsSection, T> read)
        where T : class
    {
        var found = new List<SettingsProblem>();
        string file = System.IO.Path.Combine(Path, kind, id + ".json");
        T? profile = null;
        if (SettingsFile.Read(file, found) is { } root)
        {
            profile = read(id, new SettingsSection(root, found));
        }

        foreach (SettingsProblem problem in found)
        {
            problems.Add(problem);
        }

        return found.Exists(one => !one.IsWarning) ? null : profile;
    }
}
