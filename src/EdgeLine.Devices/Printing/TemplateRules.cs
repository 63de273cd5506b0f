using System.Globalization;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Which ZPL commands a label template may contain. An allow-list: a label is layout and nothing else, and what is not
/// known to be layout could print twice, change the printer for every later label, or answer back.
/// Source: ZPL Programming Guide.
/// </summary>
internal static class TemplateRules
{
    private const int DotsMax = 32_000;

    // How many of the first parameters are places or sizes in dots.
    private static readonly Dictionary<string, int> Measures = new(StringComparer.Ordinal)
    {
        ["FO"] = 2,
        ["FT"] = 2,
        ["LH"] = 2,
        ["GB"] = 3,
        ["GC"] = 2,
        ["GD"] = 3,
        ["GE"] = 3,
        ["FB"] = 2,
        ["PW"] = 1,
        ["LL"] = 1,
    };

    private static readonly HashSet<string> Layout = new(StringComparer.Ordinal)
    {
        "A", "B0", "B1", "B2", "B3", "B7", "B8", "B9", "BA", "BC", "BE", "BK", "BO", "BQ", "BU", "BX", "BY", "CF",
        "FB", "FD", "FH", "FN", "FO", "FR", "FS", "FT", "FW", "GB", "GC", "GD", "GE", "GF", "GS", "LH", "LL",
        "LR", "MD", "MM", "MN", "MT", "PO", "PR", "PW",
    };

    // Every format begins and ends in the same way, so the template's own word on these is dropped when it agrees.
    private static readonly Dictionary<string, Func<ZplCommand, bool>> Dropped = new(StringComparer.Ordinal)
    {
        ["XA"] = static _ => true,
        ["XZ"] = static _ => true,
        ["FX"] = static _ => true,
        ["CI"] = static _ => true,
        ["CV"] = static _ => true,
        ["JZ"] = static c => Is(c, "N"),
        ["MC"] = static c => Is(c, "Y") || c.Parameter(0).Length == 0,
        ["PM"] = static c => Is(c, "N"),
        ["JM"] = static c => Is(c, "A"),
        ["PQ"] = static c => c.Parameter(0) is "" or "1",
        ["LS"] = static c => Is(c, "0"),
        ["LT"] = static c => Is(c, "0"),
    };

    private static readonly Dictionary<string, (string Limit, string Remedy)> Reasons = new(StringComparer.Ordinal)
    {
        ["PQ"] = ("each label is printed once, it carries its own code.", "Write ^PQ1 or remove it."),
        ["SN"] = ("the printer may not invent numbers.", "Use ^FN with a field name."),
        ["SF"] = ("the printer may not invent numbers.", "Use ^FN with a field name."),
        ["JZ"] = ("the printer must not reprint after an error: the same code would exist twice.", "Remove it."),
        ["MC"] = ("^MCN keeps the picture of the label before.", "Remove it."),
        ["JU"] = ("it changes the printer's saved settings.", "Remove it; set the printer up by hand."),
        ["CC"] = ("it changes the command prefix for every later label.", "Remove it."),
        ["CT"] = ("it changes the command prefix for every later label.", "Remove it."),
        ["CD"] = ("it changes the delimiter for every later label.", "Remove it."),
        ["PM"] = ("a mirrored code cannot be read.", "Remove it."),
        ["DF"] = ("labels are sent whole, not stored in the printer.", "Remove it together with ^XF."),
        ["XF"] = ("labels are sent whole, not stored in the printer.", "Remove it together with ^DF."),
        ["FV"] = ("variable data comes from named fields.", "Use ^FN with a field name."),
        ["FE"] = ("it lets field data refer to other fields.", "Remove it."),
        ["FC"] = ("the clock of the printer is not checked.", "Remove it."),
        ["CW"] = ("it gives a letter another font on every later label.", "Write ^A@N,30,30,E:NAME.TTF."),
        ["IM"] = ("how large a stored graphic is only the printer knows.", "Put it into the template with ^GF."),
        ["XG"] = ("how large a stored graphic is only the printer knows.", "Put it into the template with ^GF."),
        ["LS"] = ("it moves the whole label.", "Move the fields or ^LH; set the printer up by hand."),
        ["LT"] = ("it moves the whole label.", "Move the fields or ^LH; set the printer up by hand."),
        ["TB"] = ("its data has an escape of its own.", "Use ^FB."),
    };

    /// <summary>True when the command goes into the label.</summary>
    public static bool IsLayout(ZplCommand command) => command.Prefix == '^' && Layout.Contains(command.Name);

    /// <summary>
    /// A place or size that is no whole number of dots: each printer would read it in its own way, and nobody could say whether
    /// the field is on the label. Null when there is none.
    /// </summary>
    public static LabelProblem? WrongMeasure(string file, ZplCommand command)
    {
        int measures = Measures.GetValueOrDefault(command.Name);
        string? wrong = Enumerable.Range(0, measures).Select(command.Parameter).FirstOrDefault(
            p => p.Length > 0 && !(p.All(char.IsAsciiDigit) && int.TryParse(p, CultureInfo.InvariantCulture, out int dots) && dots <= DotsMax));
        return wrong is null ? null : new(
            file, command.Line, Shown(command), $"'{wrong}' is no whole number of dots from 0 to {DotsMax}.", "Write one, as in ^FO40,40.");
    }

    /// <summary>True when the command is dropped because every label does this already.</summary>
    public static bool IsDropped(ZplCommand command) =>
        command.Prefix == '^' && Dropped.TryGetValue(command.Name, out Func<ZplCommand, bool>? agrees)
            && agrees(command);

    /// <summary>Why any other command is refused.</summary>
    public static LabelProblem Refuse(string file, ZplCommand command)
    {
        (string limit, string remedy) = command.Prefix == '~'
            ? ("~ commands act on the printer at once, not on the label.", "Remove it; set the printer up by hand.")
            : Reasons.TryGetValue(command.Name, out (string, string) known)
                ? known
                : ("this command is not layout of one label.", "Remove it.");
        return new(file, command.Line, Shown(command), limit, remedy);
    }

    private static string Shown(ZplCommand command) => command.ToString() is { Length: > 40 } shown ? shown[..40] + "..." : command.ToString();

    private static bool Is(ZplCommand command, string value) =>
        string.Equals(command.Parameter(0), value, StringComparison.OrdinalIgnoreCase);
}
