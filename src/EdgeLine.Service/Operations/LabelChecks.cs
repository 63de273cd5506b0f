using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Service.Operations;

/// <summary>Compiles label templates for the configuration check.</summary>
public static class LabelChecks
{
    /// <summary>Every problem of a template for a printer.</summary>
    public static IEnumerable<SettingsProblem> Check(string templateFile, PrinterProfile printer, LabelFont font)
    {
        ZplTemplate.TryRead(templateFile, printer, out _, out IReadOnlyList<LabelProblem> problems, font);
        return problems.Select(AsSetting);
    }

    private static SettingsProblem AsSetting(LabelProblem p) => new()
    {
        File = p.File,
        Line = Math.Max(1, p.Line),
        Column = 1,
        Key = SettingsProblem.WholeFile,
        What = "this label cannot be printed as it is",
        Value = p.Subject,
        Limit = p.Limit,
        Remedy = p.Remedy,
    };
}
