using System.CommandLine;
using System.Net;
using EdgeLine.Simulator.Ports;
using EdgeLine.Simulator.Scanning;

namespace EdgeLine.Simulator.Commands;

/// <summary>
/// <c>edgeline-sim scanner</c>: a virtual reader of any known model. A line of input is one trigger with what is seen, several symbols
/// apart by a tab; an empty line is a no-read; <c>!twice</c> and the like is what goes wrong with the next one.
/// </summary>
internal static class ScannerCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Option<string> profile = AmongReaders("--profile", triggered: false);
        Option<IPEndPoint?> listen = DeviceOptions.Listen("--listen", 9004);
        Option<IPEndPoint?> results = DeviceOptions.Listen("--listen-results", 9005);
        Option<IPEndPoint?> call = DeviceOptions.Listen("--call", 3000);
        call.Description = "Calls this host, for models that do; 127.0.0.1:3000 when left out";
        var serial = new Option<string?>("--serial") { Description = "A pseudo-terminal of this name instead" };
        var pieces = new Option<int>("--pieces") { Description = "Write in pieces of so many bytes; 0 is whole frames" };
        var prefix = new Option<string>("--prefix") { DefaultValueFactory = _ => "", Description = "In front of each symbol, such as ]Q1" };
        var heartbeat = new Option<string>("--heartbeat")
        {
            DefaultValueFactory = _ => "always",
            Description = "off, always, or quiet (only when nothing else was said), for models that have one",
        };
        heartbeat.AcceptOnlyFromAmong("off", "always", "quiet");
        var command = new Command("scanner", "A virtual scanner: a line of input is a read, an empty one a no-read, !FAULT goes wrong next")
        {
            profile, listen, results, call, serial, pieces, prefix, heartbeat,
        };
        command.SetAction(async (parsed, stop) =>
        {
            ReaderTraits traits = ReaderTraits.Of(parsed.GetValue(serial) is not null && parsed.GetResult(profile) is null or { Implicit: true }
                ? "generic-serial-handheld"
                : parsed.GetValue(profile)!);
            await using var reader = new VirtualScanner(traits) { PieceBytes = parsed.GetValue(pieces), Prefix = parsed.GetValue(prefix)! };
            await using var hand = new VirtualHandheld(model: traits);
            DevicePort port = Open(reader, hand, parsed.GetValue(serial), parsed.GetValue(listen), parsed.GetValue(call));
            string also = parsed.GetValue(results) is { } at ? $", results on {reader.ListenForResults(at).Link}" : "";
            Console.WriteLine($"scanner {traits.Profile} on {port.Link}{also}; type what it reads, Ctrl-C ends");
            string beats = parsed.GetValue(heartbeat)!;
            if (beats != "off")
            {
                reader.KeepBeating(onlyWhenQuiet: beats == "quiet");
            }

            DeviceCommands.OnLine(text => Do(text, traits, reader, hand), stop);
            return await DeviceOptions.UntilStoppedAsync(stop);
        });
        return command;
    }

    /// <summary>An option that takes a reader model.</summary>
    public static Option<string> AmongReaders(string name, bool triggered)
    {
        var option = new Option<string>(name) { DefaultValueFactory = _ => ReaderTraits.Known[0].Profile, Description = "Scanner model" };
        option.AcceptOnlyFromAmong([.. ReaderTraits.Known.Where(one => !triggered || one.IsTriggered).Select(one => one.Profile)]);
        return option;
    }

    private static DevicePort Open(VirtualScanner reader, VirtualHandheld hand, string? serial, IPEndPoint? listen, IPEndPoint? call)
    {
        bool byHand = reader.Traits.IsHandheld;
        if (serial is not null)
        {
            return byHand ? hand.OpenSerial(serial) : reader.OpenSerial(serial);
        }

        IPEndPoint at = listen ?? new IPEndPoint(IPAddress.Loopback, 9004);
        return byHand ? hand.Listen(at)
            : reader.Traits.CallsHost ? reader.Call(call ?? new IPEndPoint(IPAddress.Loopback, 3000))
            : reader.Listen(at);
    }

    private static void Do(string text, ReaderTraits traits, VirtualScanner reader, VirtualHandheld hand)
    {
        if (text.StartsWith('!') && Enum.TryParse(text[1..], ignoreCase: true, out ReaderFault fault))
        {
            reader.Fail(fault);
        }
        else if (text.StartsWith('!'))
        {
            Console.WriteLine($"{text}: one of !{string.Join(" !", Enum.GetNames<ReaderFault>()).ToLowerInvariant()}");
        }
        else if (!traits.IsHandheld)
        {
            reader.InView = text.Length == 0 ? [] : text.Split('\t');
            reader.Read(reader.InView);
        }
        else if (text.Length > 0)
        {
            hand.Scan(text);
        }
    }
}
