using System.CommandLine;
using EdgeLine.Simulator.Demo;

namespace EdgeLine.Simulator.Commands;

/// <summary><c>edgeline-sim soak</c>: months of labels on two lines in one process, in minutes, and nothing may grow by them.</summary>
internal static class SoakCommand
{
    private const int LabelsMax = 20_000_000;

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        var labels = new Option<int>("--labels") { DefaultValueFactory = _ => 1_000_000, Description = "Labels in all, half of them on each line" };
        var folder = new Option<string>("--folder") { DefaultValueFactory = _ => ".soak", Description = "Where everything is put" };
        var mirror = new Option<string?>("--mirror") { Description = "Folder on another disk for the second copies of the journals, 0.5 GB for a million labels" };
        var programs = new Option<string?>("--programs") { Description = "Folder with edgeline and edgeline-platform" };
        var report = new Option<string?>("--report") { Description = "File for the report (JSON)" };
        labels.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, out int number) && number is >= SoakFigures.LabelsMin and <= LabelsMax))
            {
                result.AddError($"--labels {text}: {SoakFigures.LabelsMin} to {LabelsMax}.");
            }
        });
        var command = new Command("soak", "Labels without end at full speed: memory, threads, handles and files stay as they are, the journal is sealed and leaves the ledger, all counts agree")
        {
            labels, folder, mirror, programs, report,
        };
        command.SetAction((parsed, stop) => OperatingSystem.IsLinux()
            ? new Demonstration(
                new DemoOptions
                {
                    Folder = Path.GetFullPath(parsed.GetValue(folder)!),
                    Programs = parsed.GetValue(programs),
                    // Two that are about equally fast, so that both are there from the first tenth to the last.
                    Lines = ["line-1", DemoLine.WebId],
                    Labels = parsed.GetValue(labels) / 2,
                    ItemsPerMinute = 0,
                    SendAhead = 4,
                    Faults = "none",
                    Report = parsed.GetValue(report),
                    Exit = true,
                    Soak = true,
                    Mirror = parsed.GetValue(mirror) is { } other ? Path.GetFullPath(other) : null,
                },
                new DemoConsole(Console.Out)).RunAsync(stop)
            : throw new PlatformNotSupportedException("soak looks at processes in /proc: Linux only."));
        return command;
    }
}
