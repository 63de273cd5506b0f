using System.CommandLine;
using System.Globalization;
using EdgeLine.Simulator.Faults;

namespace EdgeLine.Simulator.Commands;

/// <summary><c>edgeline-sim faults</c>: bad days of a whole line in one process, each repeatable by its seed.</summary>
internal static class FaultsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        var seeds = new Option<string>("--seeds") { DefaultValueFactory = _ => "1..1000000", Description = "First and last seed, A..B; the same seed gives the same day" };
        var minutes = new Option<double>("--minutes") { DefaultValueFactory = _ => 1, Description = "No day begins after so many minutes; 0 for no end but the last seed" };
        var labels = new Option<int>("--labels") { DefaultValueFactory = _ => 400, Description = "Items of each day" };
        var trace = new Option<bool>("--trace") { Description = "Print everything that happens, with its millisecond" };
        seeds.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !TryRead(text, out _, out _))
            {
                result.AddError($"--seeds {text}: A..B, two whole numbers from 0, the first not larger.");
            }
        });
        minutes.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(double.TryParse(text, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= 100_000))
            {
                result.AddError($"--minutes {text}: 0 to 100000.");
            }
        });
        labels.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, out int number) && number is >= 1 and <= 1_000_000))
            {
                result.AddError($"--labels {text}: 1 to 1000000.");
            }
        });
        var command = new Command("faults", "Bad days of a whole line in one process: power cuts, failing disk, devices and network, checked against what the world saw")
        {
            seeds, minutes, labels, trace,
        };
        command.SetAction((parsed, stop) =>
        {
            TryRead(parsed.GetValue(seeds)!, out ulong first, out ulong last);
            double limit = parsed.GetValue(minutes);
            return Task.FromResult(new FaultDays(Console.Out, TimeProvider.System, parsed.GetValue(trace)).Run(
                first, last, parsed.GetValue(labels), limit > 0 ? TimeSpan.FromMinutes(limit) : TimeSpan.MaxValue, stop));
        });
        return command;
    }

    private static bool TryRead(string text, out ulong first, out ulong last)
    {
        string[] ends = text.Split("..");
        last = 0;
        return ulong.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && ulong.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && ends.Length <= 2 && first <= last && last < ulong.MaxValue;
    }
}
