using System.Globalization;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// What a QR symbol of a template must be so that a scanner reads it and a person finds it where it was drawn.
/// Source: ZPL Programming Guide, ^BQ; the third of a millimetre is the smallest module that hand-held readers and
/// phones read without trouble.
/// </summary>
internal static class QrRules
{
    /// <summary>With ^FO a QR symbol is moved down by the bar code height in force, so that is set before each
    /// one.</summary>
    public const string BarCodeDefaults = "^BY2,3,10";

    public const int ShiftDots = 10;

    private const double ModuleMmMin = 0.33;
    private const int ModuleDotsMax = 10; // older firmware ends here

    /// <summary>The place of the symbol, or null and the problems.</summary>
    public static QrPlace? Check(
        string file, TemplateField field, int dotsPerMm, int homeX, int homeY, List<LabelProblem> problems)
    {
        ZplCommand bars = field.BarCode!.Value;
        if (field.Find("FO") is not { } origin)
        {
            problems.Add(new(
                file,
                bars.Line,
                "^BQ",
                "^FT places QR symbols differently on each model.",
                "Put ^FO right before it."));
            return null;
        }

        int before = problems.Count;
        int least = (int)Math.Ceiling((ModuleMmMin * dotsPerMm) - 1e-9);
        int dots = TemplateField.Number(bars, 2) ?? 0;
        if (dots < least || dots > ModuleDotsMax)
        {
            problems.Add(new(
                file,
                bars.Line,
                $"^BQ magnification '{bars.Parameter(2)}'",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{least} to {ModuleDotsMax} whole dots are needed, at least {ModuleMmMin} mm at {dotsPerMm} dots/mm."),
                $"Write ^BQN,2,{least} or more."));
        }

        string level = bars.Parameter(3) is { Length: > 0 } given ? given.ToUpperInvariant() : "Q";
        if (bars.Parameter(1) is not ("" or "2") || level is not ("L" or "M" or "Q" or "H"))
        {
            problems.Add(new(
                file,
                bars.Line,
                bars.ToString(),
                "model 2 and level L, M, Q or H are needed.",
                $"Write ^BQN,2,{least},M."));
        }

        return problems.Count == before
            ? new QrPlace(
                bars.Line,
                homeX + (TemplateField.Number(origin, 0) ?? 0),
                homeY + (TemplateField.Number(origin, 1) ?? 0) + ShiftDots,
                dots,
                level[0])
            : null;
    }
}
