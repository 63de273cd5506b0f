using System.CommandLine;
using System.Text;
using EdgeLine.Service.Operations;

if (OperatingSystem.IsWindows())
{
    // Else names in Chinese are question marks wherever Windows itself speaks another language.
    Console.OutputEncoding = Encoding.UTF8;
}

// A parts list: one command each.
var config = new Option<FileInfo>("--config")
{
    Description = "The site file",
    DefaultValueFactory = _ => new FileInfo(Path.Combine("config", "edgeline.json")),
    Recursive = true,
};

var root = new RootCommand("EdgeLine: prints certificates, reads every label back, tells the platform.") { config };
root.Subcommands.Add(RunCommand.Make(config));
root.Subcommands.Add(CheckCommand.Make(config));
root.Subcommands.Add(ApplyCommand.Make(config));
root.Subcommands.Add(LabelCommand.Make(config));
root.Subcommands.Add(DoctorCommand.Make(config));
root.Subcommands.Add(TestLabelCommand.Make(config));
root.Subcommands.Add(LedgerCommand.Make(config));
root.Subcommands.Add(EnrolCommand.Make(config));
root.Subcommands.Add(PeopleCommand.Make(config));
ParseResult parsed = root.Parse(args);
// The lines end, the last counts go out, the broker hears of it: that may take longer than the default of two seconds.
int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
return parsed.Errors.Count > 0 ? 2 : code;
