using System.Globalization;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// What <c>^LH</c>, <c>^FW</c>, <c>^CF</c> and <c>^BY</c> have said for the fields that follow. A label begins as
/// <see cref="ZplLabel.Opening"/> leaves it. Source: ZPL Programming Guide.
/// </summary>
internal sealed record LayoutState
{
    private const int ModuleDotsMax = 10;

    /// <summary>Left margin, dots.</summary>
    public int HomeX { get; init; }

    /// <summary>Upper margin, dots.</summary>
    public int HomeY { get; init; }

    /// <summary>How fields are turned that do not say it themselves: N, R, I or B.</summary>
    public char Turn { get; init; } = 'N';

    /// <summary>The default font, or null while it is the one that the label before has left.</summary>
    public ZplCommand? Font { get; init; }

    /// <summary>Width of the narrow bar, dots.</summary>
    public int Module { get; init; } = 2;

    /// <summary>Wide bar to narrow bar, 2.0 to 3.0.</summary>
    public double Ratio { get; init; } = 3;

    /// <summary>Height of bars that do not say it themselves, dots.</summary>
    public int BarHeight { get; init; } = 10;

    /// <summary>The bar code settings as a command.</summary>
    public string BarCodeDefaults => string.Create(CultureInfo.InvariantCulture, $"^BY{Module},{Ratio:0.#},{BarHeight}");

    /// <summary>What is in force after a command; a value that no printer takes is a problem.</summary>
    public LayoutState After(string file, ZplCommand command, List<LabelProblem> problems) => command.Name switch
    {
        "LH" => this with { HomeX = TemplateField.Number(command, 0) ?? 0, HomeY = TemplateField.Number(command, 1) ?? 0 },
        "CF" => this with { Font = command },
        "FW" => Turned(file, command, problems),
        "BY" => Barred(file, command, problems),
        _ => this,
    };

    private LayoutState Turned(string file, ZplCommand command, List<LabelProblem> problems)
    {
        char turn = command.Parameter(0) is { Length: 1 } one ? char.ToUpperInvariant(one[0]) : Turn;
        if (turn is not ('N' or 'R' or 'I' or 'B') || command.Parameter(0).Length > 1 || command.Parameter(1) is not ("" or "0"))
        {
            problems.Add(new(
                file, command.Line, command.ToString(), "fields are turned by N, R, I or B, and each says itself to which side it runs.",
                "Write ^FWN, and 1 as third value of the ^FO that needs it."));
            return this;
        }

        return this with { Turn = turn };
    }

    private LayoutState Barred(string file, ZplCommand command, List<LabelProblem> problems)
    {
        int? module = Value(0, Module), height = Value(2, BarHeight);
        double? ratio = command.Parameter(1) is not { Length: > 0 } given ? Ratio
            : double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number
            : null;
        if (module is >= 1 and <= ModuleDotsMax && ratio is >= 2 and <= 3 && height is >= 1 and <= 32_000)
        {
            return this with { Module = module.Value, Ratio = ratio.Value, BarHeight = height.Value };
        }

        problems.Add(new(
            file, command.Line, command.ToString(), $"a narrow bar has 1 to {ModuleDotsMax} whole dots, a wide one 2.0 to 3.0 of it, a height 1 to 32000 dots.",
            "Write ^BY2,3,80."));
        return this;

        int? Value(int at, int instead) => command.Parameter(at).Length == 0 ? instead : TemplateField.Number(command, at);
    }
}
