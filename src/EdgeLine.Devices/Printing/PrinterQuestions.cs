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
        "zebra-sgd" => $"getvar \"{PrinterObjects.StatusVariable}\"",
        JsonDialect => "JSON",
        _ => "~HS",
    };

    /// <summary>The bytes that ask how it is; nothing for a printer that cannot be asked.</summary>
    public byte[] HowAreYou => dialect switch
    {
        "none" => [],
        "zebra-hqes" => "~HQES\r\n"u8.ToArray(),
        "zebra-sgd" => Variable(PrinterObjects.StatusVariable),
        JsonDialect => Encoding.ASCII.GetBytes($"{{}}{{\"{PrinterObjects.StatusVariable}\":null}}"),
        _ => "~HS\r\n"u8.ToArray(),
    };

    /// <summary>
    /// The bytes of a poll. The marker comes first: a printer that was switched off must not be called ready before that
    /// is known.
    /// </summary>
    public byte[] Poll => !marks ? HowAreYou
        : dialect == JsonDialect
            ? Encoding.ASCII.GetBytes($"{{}}{{\"{BootMarker.Variable}\":null,\"{PrinterObjects.StatusVariable}\":null}}")
            : [.. Variable(BootMarker.Variable), .. HowAreYou];

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
