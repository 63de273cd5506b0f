using System.CommandLine;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Demo;

namespace EdgeLine.Simulator.Commands;

/// <summary><c>edgeline-sim demo</c>: the whole site on one machine.</summary>
internal static class DemoCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        var labels = new Option<int>("--labels") { DefaultValueFactory = _ => 200, Description = "Items on each line" };
        var seed = new Option<ulong>("--seed") { DefaultValueFactory = _ => 1, Description = "Seed of all chance" };
        var speed = new Option<string>("--speed") { DefaultValueFactory = _ => "120", Description = "max, or items per minute" };
        var faults = new Option<string?>("--faults")
        {
            Description = $"{string.Join("|", FaultPlan.Names)}; demo at normal speed, none at full speed when left out",
        };
        var kills = new Option<int>("--kills") { Description = "kill -9 of the service so many times on the way" };
        var report = new Option<string?>("--report") { Description = "File for the report (JSON)" };
        var exit = new Option<bool>("--exit") { Description = "End by itself; exit code 0 only if every equation closes" };
        var broker = new Option<string?>("--broker") { Description = "none runs without mosquitto" };
        broker.AcceptOnlyFromAmong("none", "auto");
        var folder = new Option<string>("--folder") { DefaultValueFactory = _ => ".demo", Description = "Where everything is put" };
        var programs = new Option<string?>("--programs") { Description = "Folder with edgeline and edgeline-platform" };
        var lines = new Option<string>("--lines") { DefaultValueFactory = _ => "line-1,line-2", Description = "line-1 is a conveyor, line-2 a bench, line-3 a label web" };
        Option<string> scanner = ScannerCommand.AmongReaders("--scanner", triggered: true);
        scanner.Description = "Scanner model of the conveyor";
        var noSerial = new Option<bool>("--no-serial") { Description = "The bench on TCP instead of pseudo-terminals" };
        var rawWrites = new Option<bool>("--raw-writes") { Description = "Raw synced writes on the same disk all the time, to compare read to verdict with" };
        var sendAhead = new Option<int?>("--send-ahead")
        {
            Description = "Formats that may wait in a conveyor's printer; 4 at full speed when left out, else as its profile says",
        };
        var command = new Command("demo", "Platform, broker, service and virtual lines together, with an end card")
        {
            labels, seed, speed, faults, kills, report, exit, broker, folder, programs, lines, scanner, noSerial, rawWrites, sendAhead,
        };
        Within(labels, 1, 10_000_000);
        Within(kills, 0, 1000);
        Accept(sendAhead, text => int.TryParse(text, out int formats) && formats is >= 1 and <= 32, "1 to 32");
        Accept(speed, text => text == "max" || (int.TryParse(text, out int items) && items is >= 1 and <= 100_000),
            "max, or 1 to 100000 items per minute");
        Accept(faults, FaultPlan.Names.Contains, $"one of {string.Join(", ", FaultPlan.Names)}");
        Accept(lines, text => !text.Split(',').Except(["line-1", "line-2", DemoLine.WebId]).Any(), "one or more of line-1,line-2,line-3");
        command.SetAction((parsed, stop) =>
        {
            int pace = parsed.GetValue(speed) is "max" ? 0 : int.Parse(parsed.GetValue(speed)!, System.Globalization.CultureInfo.InvariantCulture);
            var options = new DemoOptions
            {
                Folder = Path.GetFullPath(parsed.GetValue(folder)!),
                Programs = parsed.GetValue(programs),
                Labels = parsed.GetValue(labels),
                Seed = parsed.GetValue(seed),
                ItemsPerMinute = pace,
                Faults = parsed.GetValue(faults) ?? (pace == 0 ? "none" : "demo"),
                Kills = parsed.GetValue(kills),
                Report = parsed.GetValue(report),
                Exit = parsed.GetValue(exit),
                NoBroker = parsed.GetValue(broker) == "none",
                Lines = parsed.GetValue(lines)!.Split(','),
                Scanner = parsed.GetValue(scanner)!,
                NoSerial = parsed.GetValue(noSerial),
                RawWrites = parsed.GetValue(rawWrites),
                SendAhead = parsed.GetValue(sendAhead) ?? (pace == 0 ? 4 : null),
            };
            return new Demonstration(options, new DemoConsole(Console.Out)).RunAsync(stop);
        });
        return command;
    }

    private static void Within(Option<int> option, int least, int most) => Accept(
        option, text => int.TryParse(text, out int number) && number >= least && number <= most, $"{least} to {most}");

    // Asked of what was typed only; defaults are right.
    private static void Accept(Option option, Func<string, bool> isRight, string limit) => option.Validators.Add(result =>
    {
        foreach (System.CommandLine.Parsing.Token token in result.Tokens.Where(t => !isRight(t.Value)))
        {
            result.AddError($"{option.Name} {token.Value}: {limit}.");
        }
    });
}
