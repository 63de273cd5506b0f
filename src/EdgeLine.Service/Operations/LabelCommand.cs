using System.CommandLine;
using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Operations;

/// <summary><c>edgeline label TEMPLATE</c>: what a printer would get for a sample of this label, on standard output.</summary>
public static class LabelCommand
{
    private static readonly LabelContent Sample = new(
        "18 mm", "示例木业有限公司", "GB/T 34722-2017", "R-2026-0001", "https://c.example.cn/C/{code}");

    /// <summary>The command.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var template = new Argument<FileInfo>("TEMPLATE") { Description = "A label template (.zpl)" };
        var profile = new Option<string?>("--profile") { Description = "Printer profile; default: that of the first line of the site file" };
        var command = new Command("label", "Write the ZPL of a sample label to standard output; exit code 2 when it is refused")
        {
            template, profile,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(template)!, parsed.GetValue(profile), parsed.GetValue(config)!, Console.OpenStandardOutput(), Console.Error));
        return command;
    }

    private static int Run(FileInfo template, string? profile, FileInfo config, Stream output, TextWriter errors)
    {
        List<SettingsProblem> wrong = [];
        SiteConfiguration? site = ConfigurationFile.Load(config.FullName).Site;
        LabelFont font = site?.LabelFont ?? LabelFont.Find();
        PrinterProfile? printer = profile is null
            ? site?.Lines is [var first, ..] ? first.Printer.Profile : null
            : FindProfile(profile, config, wrong);
        if (printer is null)
        {
            wrong.ForEach(errors.WriteLine);
            if (profile is not null)
            {
                return 2;
            }

            errors.WriteLine($"{config.FullName}: no printer to make a label for; correct the file (edgeline check) or name one with --profile");
            return 2;
        }

        string url = CodeCarrier.FromTemplate(Sample.UrlTemplate).UrlOf(LabelFields.SampleCode);
        LineOrder order = new("sample", "sample", "B-2026-0001", "环保多层实木板", 1, 0, "sample", Sample);
        if (ZplTemplate.TryRead(template.FullName, printer, out ZplTemplate? compiled, out IReadOnlyList<LabelProblem> problems, font)
            && compiled.TryBind(LabelFields.Of(order, Sample), url, out ZplLabel? label, out problems))
        {
            output.Write(label.Compose(url, LabelFields.SampleCode.Grouped));
            return 0;
        }

        foreach (LabelProblem problem in problems)
        {
            errors.WriteLine(problem);
        }

        return 2;
    }

    private static PrinterProfile? FindProfile(string name, FileInfo config, List<SettingsProblem> wrong)
    {
        var section = new SettingsSection(SettingsFile.Read(config.FullName, []) ?? SettingsFile.Parse(config.FullName, "{}"u8, [])!, []);
        string folder = new NamedFiles(config.DirectoryName!).ProfilesFolder(section, "profilesPath", null);
        var profiles = new ProfileFolder(folder);
        IReadOnlyList<string> names = profiles.Names("printers");
        if (names.Contains(name, StringComparer.Ordinal))
        {
            return profiles.Printer(name, wrong);
        }

        wrong.Add(new SettingsProblem
        {
            File = folder,
            Line = 1,
            Column = 1,
            Key = SettingsProblem.WholeFile,
            What = "no such printer profile",
            Value = SettingsProblem.Quote(name),
            Limit = $"a file of {Path.Combine(folder, "printers")} without .json",
            Remedy = NearName.Remedy(name, names),
        });
        return null;
    }
}
