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
        var lines = new Option<string>("--lines") { DefaultValueFactory = _ => "line-1,line-2", Description = "line-1 is a conveyor, line-2 a bench" };
        var noSerial = new Option<bool>("--no-serial") { Description = "The bench on TCP instead of pseudo-terminals" };
        var command = new Command("demo", "Platform, broker, service and virtual lines together, with an end card")
        {
            labels, seed, speed, faults, kills, report, exit, broker, folder, programs, lines, noSerial,
        };
        command.Validators.Add(r =>
        {
            string pace = r.GetValue(speed) ?? "";
            if (pace != "max" && !(int.TryParse(pace, out int items) && items is >= 1 and <= 100_000))
            {
                r.AddError("--speed: max, or 1 to 100000 items per minute.");
            }

            if (r.GetValue(labels) is < 1 or > 10_000_000)
            {
                r.AddError("--labels: 1 to 10000000.");
            }

            if (r.GetValue(kills) is < 0 or > 1000)
            {
                r.AddError("--kills: 0 to 1000.");
            }

            if (r.GetValue(faults) is string plan && !FaultPlan.Names.Contains(plan))
            {
                r.AddError($"--faults: one of {string.Join(", ", FaultPlan.Names)}.");
            }

            if (r.GetValue(lines)!.Split(',').Except(["line-1", "line-2"]).Any())
            {
                r.AddError("--lines: line-1, line-2 or line-1,line-2.");
            }
        });
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
                NoSerial = parsed.GetValue(noSerial),
            };
            return new Demonstration(options, new DemoConsole(Console.Out)).RunAsync(stop);
        });
        return command;
    }
}
