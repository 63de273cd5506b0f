using System.Globalization;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Service.Configuration;

/// <summary>
/// <c>edgeline check</c>: says everything that is wrong with the configuration at once, without touching a device or a
/// running service.
/// </summary>
public static class ConfigurationCheck
{
    /// <summary>Nothing wrong; warnings may have been printed.</summary>
    public const int Fine = 0;

    /// <summary>Something would be refused.</summary>
    public const int BadConfiguration = 2;

    /// <summary>Checks and prints.</summary>
    /// <param name="path">The site file.</param>
    /// <param name="profilesFolder">Used instead of <c>profilesPath</c> when given.</param>
    /// <param name="effective">Print the result with all defaults as JSON; problems then go to <paramref name="errors"/>.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="errors">Where problems go when the answer is JSON.</param>
    /// <param name="labelCheck">Compiles label templates.</param>
    /// <returns>The exit code: 0 or 2.</returns>
    public static int Run(
        string path,
        string? profilesFolder,
        bool effective,
        TextWriter output,
        TextWriter errors,
        LabelTemplateCheck? labelCheck = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        ConfigurationResult result = ConfigurationFile.Load(path, profilesFolder, labelCheck);
        TextWriter words = effective ? errors : output;
        foreach (SettingsProblem problem in result.Problems)
        {
            words.WriteLine(problem);
        }

        int wrong = result.Problems.Count(one => !one.IsWarning);
        int unwise = result.Problems.Count - wrong;
        words.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{path}: {Count(wrong, "problem")}, {Count(unwise, "warning")}"));
        foreach (LineConfiguration line in result.Site?.Lines ?? [])
        {
            words.WriteLine($"  {line.Id}: fine. {Summary(line)}");
            foreach (string step in ByHand(line.Printer.Profile))
            {
                words.WriteLine($"    {step}");
            }

            foreach (string missing in SerialPorts.NotHere(line))
            {
                words.WriteLine($"    {missing}");
            }
        }

        foreach (RefusedLine line in result.RefusedLines)
        {
            words.WriteLine($"  {Shown(line)}: refused, {(line.Problems.Any(one => !one.IsWarning)
                ? "see above"
                : "because the site is refused")}");
        }

        if (effective && result.Site is { } site)
        {
            output.WriteLine(EffectiveConfiguration.Write(site));
        }

        return wrong > 0 ? BadConfiguration : Fine;
    }

    /// <summary>What a person must set on a printer, one step each; empty where the driver sees to everything.</summary>
    public static IEnumerable<string> ByHand(PrinterProfile printer)
    {
        ArgumentNullException.ThrowIfNull(printer);
        IEnumerable<string> steps = printer.SetUpOnThePrinter.Select(step => $"set on the printer: {step}");
        return printer.ReprintOff.Manual is { } off ? steps.Append($"by hand: {off.En} / {off.Zh}") : steps;
    }

    private static string Shown(RefusedLine line) => line.IdIsSound ? line.Id : SettingsProblem.Quote(line.Id);

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{(number == 0 ? "no" : number)} {what}{(number == 1 ? "" : "s")}");

    private static string Summary(LineConfiguration line)
    {
        var devices = new List<string>
        {
            Device("printer", line.Printer.Profile.Id, line.Printer.Link, line.Printer.Profile.Evidence),
            Device("scanner", line.Scanner.Profile.Id, line.Scanner.Link, line.Scanner.Profile.Evidence),
        };
        if (line.Rework is { } rework)
        {
            devices.Add(Device("rework", rework.Profile.Id, rework.Link, rework.Profile.Evidence));
        }

        if (line.Gate is { } gate)
        {
            devices.Add(Device("gate", gate.Profile.Id, gate.Link, gate.Profile.Evidence));
        }

        return $"{line.Station}, {string.Join("; ", devices)}";
    }

    private static string Device(string role, string profile, LinkAddress link, Evidence evidence) =>
        $"{role} {profile} at {link}{(evidence.TestedOn is null ? " (never tested on hardware)" : "")}";
}
