using System.CommandLine;
using System.Net;
using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.Commands;

/// <summary>Options that several commands share, with their limits.</summary>
internal sealed class DeviceOptions
{
    /// <summary>Address and port.</summary>
    public static Option<IPEndPoint?> Listen(string name, int port) => new(name)
    {
        Description = $"Address and port, for example 127.0.0.1:{port}; port 0 takes a free one",
        CustomParser = result =>
        {
            if (result.Tokens.Count == 1 && IPEndPoint.TryParse(result.Tokens[0].Value, out IPEndPoint? at))
            {
                return at;
            }

            result.AddError($"{name}: an address with a port such as 127.0.0.1:{port} is needed.");
            return null;
        },
    };

    /// <summary>Serial line.</summary>
    public Option<string?> Serial { get; } = new("--serial") { Description = "Name (symbolic link) for a pseudo-terminal that a host opens" };

    /// <summary>Printer model.</summary>
    public Option<string> Profile { get; } = AmongProfiles();

    /// <summary>Print speed.</summary>
    public Option<double> Speed { get; } = new("--speed") { DefaultValueFactory = _ => 100, Description = "Print speed in mm/s; 0 prints in no time" };

    /// <summary>A fault at a label.</summary>
    public Option<string?> Fault { get; } = new("--fault")
    {
        Description = "KIND@LABEL[:ROW], for example media-out@10:240 (kinds: media-out, ribbon-out, head-open, power-cycle)",
    };

    /// <summary>Reads <c>KIND@LABEL[:ROW]</c>; labels count from 1.</summary>
    /// <exception cref="ArgumentException">Not of this form; the message shows it.</exception>
    public static (PrinterFault Fault, int LabelsAhead, int Row) ParseFault(string text)
    {
        string[] parts = text.Split('@', ':');
        string kind = parts[0].Replace("-", "", StringComparison.Ordinal);
        int row = 0;
        return parts.Length is 2 or 3 && Enum.TryParse(kind, ignoreCase: true, out PrinterFault fault)
            && int.TryParse(parts[1], out int label) && label >= 1
            && (parts.Length == 2 || (int.TryParse(parts[2], out row) && row >= 0))
            ? (fault, label - 1, row)
            : throw new ArgumentException($"--fault '{text}': KIND@LABEL[:ROW] is needed, for example media-out@10:240.");
    }

    /// <summary>A printer as the options describe it.</summary>
    public VirtualPrinter Printer(ParseResult parsed, Floor floor, bool peelOff = false)
    {
        PrinterTraits traits = PrinterTraits.Of(parsed.GetValue(Profile)!);
        var printer = new VirtualPrinter(floor, traits with { SpeedMmPerSecond = parsed.GetValue(Speed), PeelOff = peelOff });
        if (parsed.GetValue(Fault) is string text)
        {
            (PrinterFault fault, int labels, int row) = ParseFault(text);
            printer.Arm(fault, labels, row);
        }

        return printer;
    }

    /// <summary>Waits for Ctrl-C.</summary>
    public static async Task<int> UntilStoppedAsync(CancellationToken stop)
    {
        var end = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = stop.Register(() => end.TrySetResult());
        await end.Task;
        return 0;
    }

    /// <summary>Words for an item on the terminal.</summary>
    public static string Words(Item item) =>
        item.Labels.Count == 0 ? "no label" : string.Join(" + ", item.Labels.Select(l => l.CodeTail ?? "blank"));

    private static Option<string> AmongProfiles()
    {
        var option = new Option<string>("--profile")
        {
            DefaultValueFactory = _ => PrinterTraits.Known[0].Profile,
            Description = "Printer model",
        };
        option.AcceptOnlyFromAmong([.. PrinterTraits.Known.Select(t => t.Profile)]);
        return option;
    }
}
