namespace EdgeLine.Devices.Printing;

/// <summary>
/// A one-dimensional bar code with the white beside it that a reader needs, and the line of characters that the printer
/// adds. Source of the module counts: ISO/IEC 15417 (Code 128), 16388 (Code 39), 15420 (EAN and UPC), AIM USS-93.
/// </summary>
internal sealed record BarInk(string Name, char Turn, int Across, int Module, double Ratio) : FieldInk(Turn, Across)
{
    private const string Plain = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -.$/+%";
    private const int WhiteModules = 10, WhiteModulesOfEan = 11;

    // A printer that adds check digits or changes between sets of Code 128 by itself needs at most so many symbols more.
    private const int AddedByMode = 3;

    public override string Remedy => "Correct what it carries, make its bars narrower (^BY), move it, or use a larger label (^PW, ^LL).";

    private bool ChoosesItself { get; init; }

    private bool AddsCheckDigit { get; init; }

    /// <summary>The ink of a field, or why it is not known.</summary>
    public static (FieldInk?, Unjudged?) Of(ZplCommand bars, TemplateField field, LayoutState state)
    {
        // ^B3 has its check digit before the height.
        int at = bars.Name == "B3" ? 2 : 1;
        if (bars.Name is not ("BC" or "B3" or "BA" or "BE" or "B8" or "BU"))
        {
            return (null, new("how large it becomes is not known before it is printed.", "Use ^BQ, ^BC, ^B3, ^BA, ^BE, ^B8 or ^BU."));
        }

        if (field.Find("A") is not null)
        {
            return (null, new("how large the characters beside its bars become is not known.", $"Remove ^A, or write them as a field of their own."));
        }

        if (TurnOf(bars.Parameter(0), state.Turn) is not { } turn)
        {
            return (null, Unjudged.Turn(bars));
        }

        if (bars.Parameter(at).Length > 0 && TemplateField.Number(bars, at) is not > 0)
        {
            return (null, new($"its height '{bars.Parameter(at)}' is no number of dots.", "Write it as whole dots, such as ^BCN,80."));
        }

        int height = bars.Parameter(at).Length > 0 ? TemplateField.Dots(bars, at) : state.BarHeight;
        bool line = bars.Parameter(at + 1) is "" or "Y" or "y", above = bars.Parameter(at + 2) is "Y" or "y";
        // An upper estimate; where it is turned or above, models differ in what they place at the origin.
        int letters = line ? (16 * state.Module) + 8 : 0;
        return (new BarInk(bars.Name, turn, height, state.Module, state.Ratio)
        {
            Ends = (bars.Name is "BE" or "B8" or "BU" ? WhiteModulesOfEan : WhiteModules) * state.Module,
            Below = letters,
            Above = turn != 'N' || above ? letters : 0,
            ChoosesItself = bars.Name == "BC" && bars.Parameter(5) is not ("" or "N" or "n"),
            AddsCheckDigit = bars.Name == "B3" && bars.Parameter(1) is "Y" or "y",
        }, null);
    }

    public override int Along(string text)
    {
        int symbols = text.Length + (ChoosesItself ? AddedByMode : 0) + (AddsCheckDigit ? 1 : 0);
        // Start, check and stop of each; in Code 39 a symbol has six narrow and three wide elements and a gap.
        return Name switch
        {
            "BC" => Module * ((11 * symbols) + 35),
            "B3" => (symbols + 2) * ((7 * Module) + (3 * (int)Math.Ceiling(Module * Ratio))),
            "BA" => Module * ((9 * (symbols + 4)) + 1),
            "B8" => Module * 67,
            _ => Module * 95,
        };
    }

    public override string? Refuse(string text, int room) => Name switch
    {
        "BC" => text.Contains('>', StringComparison.Ordinal) ? "it contains '>', which is a command inside ^BC"
            : text.Any(c => c is < ' ' or > '~') ? "Code 128 carries printable ASCII only" : null,
        "B3" or "BA" => text.Any(c => !Plain.Contains(c, StringComparison.Ordinal)) ? $"^{Name} carries digits, capitals, spaces and -.$/+% only" : null,
        "BE" => Digits(text, 12),
        "B8" => Digits(text, 7),
        _ => Digits(text, 11),
    };

    // With any other number of digits the printer would cut or fill them up by itself.
    private string? Digits(string text, int count) =>
        text.Length == count && text.All(char.IsAsciiDigit) ? null : $"^{Name} carries {count} digits, the printer adds the last one";
}
