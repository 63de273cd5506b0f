using System.Text;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The words in which one printer is asked how it is and whether it was switched off, by the status dialect of its
/// profile. Each question may be asked at any time: none waits behind labels.
/// </summary>
/// <param name="dialect">One of <see cref="PrinterStatusPoll.Dialects"/>.</param>
/// <param name="marks">True when its boots are marked.</param>
internal sealed class PrinterQuestions(string dialect, bool marks)
{
    /// <summary>What <c>~HS</c> is asked for: the dialect of a JSON printer whose JSON port is not there.</summary>
    public const string HostStatusDialect = "zebra-hs";

    /// <summary>The dialect that has a port of its own.</summary>
    public const string JsonDialect = "zebra-json";

    private const string SgdDialect = "zebra-sgd";

    /// <summary>
    /// What is read besides: labels printed, openings of the head, and whether its reprint key works. Source: ZPL Programming
    /// Guide, odometer.total_label_count (form feeds and calibration do not count), odometer.latch_open_count,
    /// ezpl.reprint_mode ("off" from the factory).
    /// </summary>
    public static readonly IReadOnlyList<string> WitnessVariables =
        ["odometer.total_label_count", "odometer.latch_open_count", "ezpl.reprint_mode"];

    /// <summary>True when its variables can be read, so that it says how many labels it printed.</summary>
    public bool Witnesses => dialect is SgdDialect or JsonDialect;

    /// <summary>True when the printer can say how it is.</summary>
    public bool Reports => dialect != "none";

    /// <summary>True when a marker tells whether it was switched off.</summary>
    public bool Marks => marks;

    /// <summary>The marker that the printer was given last.</summary>
    public string Marker { get; private set; } = "";

    /// <summary>The command as people know it, for messages.</summary>
    public string Name => dialect switch
    {
        "zebra-hqes" => "~HQES",
        SgdDialect => $"getvar \"{PrinterObjects.StatusVariable}\"",
        JsonDialect => "JSON",
        _ => "~HS",
    };

    /// <summary>The bytes that ask how it is; nothing for a printer that cannot be asked.</summary>
    public byte[] HowAreYou => dialect switch
    {
        "none" => [],
        "zebra-hqes" => "~HQES\r\n"u8.ToArray(),
        SgdDialect => Variable(PrinterObjects.StatusVariable),
        JsonDialect => Encoding.ASCII.GetBytes($"{{}}{{\"{PrinterObjects.StatusVariable}\":null}}"),
        _ => "~HS\r\n"u8.ToArray(),
    };

    /// <summary>
    /// The bytes of a poll. Marker and odometer come first: a printer that was switched off, or printed for somebody else,
    /// must not be called ready before that is known.
    /// </summary>
    public byte[] Poll
    {
        get
        {
            List<string> before = marks ? [BootMarker.Variable] : [];
            before.AddRange(Witnesses ? WitnessVariables : []);
            return before.Count == 0 ? HowAreYou
                : dialect == JsonDialect
                    ? Encoding.ASCII.GetBytes($"{{}}{{{string.Concat(before.Select(v => $"\"{v}\":null,"))}\"{PrinterObjects.StatusVariable}\":null}}")
                    : [.. before.SelectMany(Variable), .. HowAreYou];
        }
    }

    /// <summary>
    /// The bytes that leave a new marker. It is made and then set, because a variable that is still there from an
    /// earlier connection is not made again.
    /// </summary>
    public byte[] Mark()
    {
        Marker = BootMarker.New();
        string definition = BootMarker.Definition(Marker);
        return Encoding.ASCII.GetBytes(dialect == JsonDialect
            ? $"{{}}{{\"device.user_vars.create\":\"{definition}\"}}{{}}{{\"{BootMarker.Variable}\":\"{Marker}\"}}"
            : $"! U1 setvar \"device.user_vars.create\" \"{definition}\"\r\n! U1 setvar \"{BootMarker.Variable}\" \"{Marker}\"\r\n");
    }

    private static byte[] Variable(string name) => Encoding.ASCII.GetBytes($"! U1 getvar \"{name}\"\r\n");
}
