namespace EdgeLine.Simulator.Demo;

/// <summary>
/// Finds the other programs and the site files: in a given folder, beside this program, or in the build output of the
/// same configuration. Says where it looked when something is missing.
/// </summary>
internal sealed class Programs
{
    private readonly List<string> _folders = [];

    public Programs(string? given)
    {
        string here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        _folders.AddRange(new[] { given, here, Path.GetDirectoryName(here) }.OfType<string>().Select(Path.GetFullPath));
        string framework = Path.GetFileName(here);
        string configuration = Path.GetFileName(Path.GetDirectoryName(here) ?? "");
        for (string? up = here; up is not null; up = Path.GetDirectoryName(up))
        {
            foreach (string project in new[] { "EdgeLine.Service", "EdgeLine.IssuingPlatform" })
            {
                _folders.Add(Path.Combine(up, "src", project, "bin", configuration, framework));
            }

            _folders.Add(up);
        }
    }

    /// <summary>How to start a program: the file and what comes before its own arguments.</summary>
    /// <exception cref="DemoException">It is nowhere.</exception>
    public (string File, string[] Before) Find(string name)
    {
        foreach (string folder in _folders.SelectMany(f => new[] { f, Path.Combine(f, name) }))
        {
            string program = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
            if (File.Exists(program))
            {
                return (program, []);
            }

            string library = Path.Combine(folder, name + ".dll");
            if (File.Exists(library))
            {
                return ("dotnet", [library]);
            }
        }

        throw new DemoException($"Program '{name}' not found. Build the solution, or name its folder with --programs. Looked in: "
            + string.Join(", ", _folders.Distinct().Take(5)));
    }

    /// <summary>A folder or file of the repository or of the published site, such as <c>hardware-profiles</c>.</summary>
    /// <exception cref="DemoException">It is nowhere.</exception>
    public string Site(string relative) =>
        _folders.Select(f => Path.Combine(f, relative)).FirstOrDefault(Path.Exists)
        ?? throw new DemoException($"'{relative}' not found beside the programs; name their folder with --programs.");

    /// <summary>A program of the operating system, or null when it is not installed.</summary>
    public static string? OnThisMachine(string name)
    {
        string[] paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return paths.Concat(["/usr/sbin", "/usr/local/sbin", "/usr/bin"]).Where(p => p.Length > 0)
            .Select(p => Path.Combine(p, name)).FirstOrDefault(File.Exists);
    }
}
