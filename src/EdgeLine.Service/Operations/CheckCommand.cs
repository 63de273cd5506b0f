using System.CommandLine;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Service.Operations;

/// <summary><c>edgeline check</c>: every mistake of the configuration at once, without touching a device.</summary>
public static class CheckCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var effective = new Option<bool>("--effective") { Description = "Print the configuration with all defaults filled in" };
        var command = new Command("check", "Check the configuration; exit code 2 when something is wrong") { effective };
        command.SetAction(parsed => ConfigurationCheck.Run(
            parsed.GetValue(config)!.FullName, null, parsed.GetValue(effective), Console.Out, Console.Error, LabelChecks.Check));
        return command;
    }
}
