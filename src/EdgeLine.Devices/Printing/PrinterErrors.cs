using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The error word of a ZPL printer, as <c>~HQES</c> prints it and as the variable <c>zpl.system_status</c> holds it.
/// Made only from a complete, well-formed answer. Source: ZPL Programming Guide, ~HQ and zpl.system_status.
/// </summary>
/// <remarks>
/// <c>~HQES</c> tells nothing of the pause key on most models, so <see cref="Paused"/> is only worth something in
/// <c>zpl.system_status</c>.
/// </remarks>
/// <param name="Paused">Paused.</param>
/// <param name="Any">The printer's own word for "there is an error".</param>
/// <param name="Upper">Nibbles 16 to 9, documented as 0.</param>
/// <param name="Lower">Nibbles 8 to 1; each bit is one error.</param>
public sealed partial record PrinterErrors(bool Paused, bool Any, uint Upper, uint Lower)
{
    private const uint PausedBit = 0x10000;

    // What a person must do first comes first.
    private static readonly (uint Bit, PrinterFaultKind Kind, string Detail)[] Known =
    [
        (0x4, PrinterFaultKind.HeadOpen, "print head open"),
        (0x1, PrinterFaultKind.MediaOut, "no labels"),
        (0x2, PrinterFaultKind.RibbonOut, "no ribbon"),
        (0x10, PrinterFaultKind.OverTemperature, "print head too hot"),
        (0x20, PrinterFaultKind.OverTemperature, "motor too hot"),
        (0x8, PrinterFaultKind.Other, "cutter fault"),
        (0x40, PrinterFaultKind.Other, "print head with a dead element"),
        (0x80, PrinterFaultKind.Other, "print head not recognised"),
        (0x100, PrinterFaultKind.Other, "invalid firmware configuration"),
        (0x200, PrinterFaultKind.Other, "print head thermistor open"),
    ];

    /// <summary>Reads the contents of a <c>~HQES</c> block by its words, because the spacing varies; null when it is
    /// none.</summary>
    public static PrinterErrors? TryParseQuery(string block) =>
        QueryForm().Match(block) is { Success: true } found ? Of(false, found.Groups) : null;

    /// <summary>Reads <c>zpl.system_status</c>: pause, error, two groups, warning, two groups; null when it is
    /// malformed.</summary>
    public static PrinterErrors? TryParseVariable(string value) =>
        VariableForm().Match(value) is { Success: true } found ? Of(found.Groups["pause"].Value == "1", found.Groups) : null;

    /// <summary>The most important condition. An error that nobody knows is a fault too.</summary>
    public PrinterCondition Condition(out string detail)
    {
        foreach ((uint bit, PrinterFaultKind kind, string words) in Known)
        {
            if ((Lower & bit) != 0)
            {
                detail = words;
                return new PrinterCondition.Fault(kind);
            }
        }

        if (Paused || (Lower & PausedBit) != 0)
        {
            detail = "paused";
            return new PrinterCondition.Fault(PrinterFaultKind.Paused);
        }

        bool fault = Any || Upper != 0 || Lower != 0;
        detail = fault ? FormattableString.Invariant($"error {Upper:X8} {Lower:X8}; read its display") : "";
        return fault ? new PrinterCondition.Fault(PrinterFaultKind.Other) : PrinterCondition.Ready.Value;
    }

    private static PrinterErrors Of(bool paused, GroupCollection groups) => new(
        paused, groups["any"].Value == "1", Hexadecimal(groups["upper"].Value), Hexadecimal(groups["lower"].Value));

    private static uint Hexadecimal(string digits) => uint.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^\s*PRINTER STATUS\s+ERRORS:\s*(?<any>[01])\s+(?<upper>[0-9A-F]{8})\s+(?<lower>[0-9A-F]{8})"
            + @"\s+WARNINGS:\s*[01]\s+[0-9A-F]{8}\s+[0-9A-F]{8}\s*$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex QueryForm();

    [GeneratedRegex(
        @"^(?<pause>[01]),(?<any>[01]),(?<upper>[0-9A-F]{8}),(?<lower>[0-9A-F]{8}),[01],[0-9A-F]{8},[0-9A-F]{8}$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex VariableForm();
}
