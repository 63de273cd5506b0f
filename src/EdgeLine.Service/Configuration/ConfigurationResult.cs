using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// What came of reading the site file: the sound part of it and every problem there is. A line with a problem is
/// refused alone; a problem outside <c>lines</c> refuses the site, but page and broker are still told why.
/// </summary>
public sealed record ConfigurationResult
{
    /// <summary>The site with its sound lines; null when it is refused as a whole.</summary>
    public required SiteConfiguration? Site { get; init; }

    /// <summary>Lines that may not run, each with its problems; all of them when the site is refused.</summary>
    public required IReadOnlyList<RefusedLine> RefusedLines { get; init; }

    /// <summary>All problems and warnings, by file and line.</summary>
    public required IReadOnlyList<SettingsProblem> Problems { get; init; }

    /// <summary>Topic and language if they are sound, also when the site is refused.</summary>
    public required SiteIdentity? Identity { get; init; }

    /// <summary>The broker if it is sound, also when the site is refused; null also when there is none.</summary>
    public required MqttConfiguration? Mqtt { get; init; }

    /// <summary>Where the page listens; the default when the file is wrong about it.</summary>
    public required PanelConfiguration Panel { get; init; }

    /// <summary>Who may sign in if the file says so, also when the site or the people file is refused.</summary>
    public required PeopleConfiguration? People { get; init; }

    /// <summary>True when anything was refused.</summary>
    public bool HasErrors => Problems.Any(one => !one.IsWarning);
}

/// <summary>A line that may not run, and why.</summary>
/// <param name="Id">Its key as the file has it.</param>
/// <param name="IdIsSound">False when the key itself breaks the rule for keys and must not become a topic or folder.</param>
/// <param name="Title">Its title, or the key.</param>
/// <param name="Station">What it is, as far as that can be read: a screen shows a bench as a bench also while it is refused.</param>
/// <param name="Problems">Its own problems; none when only the site is refused.</param>
public sealed record RefusedLine(string Id, bool IdIsSound, string Title, StationKind Station, IReadOnlyList<SettingsProblem> Problems);

/// <summary>Compiles a label template for a printer and says what is wrong with it.</summary>
/// <param name="templateFile">Absolute path of the template.</param>
/// <param name="printer">The printer it is for.</param>
public delegate IEnumerable<SettingsProblem> LabelTemplateCheck(string templateFile, PrinterProfile printer, LabelFont font);
