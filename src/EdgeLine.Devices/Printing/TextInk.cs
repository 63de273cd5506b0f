using System.Text;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Devices.Printing;

/// <summary>Text in a font of the printer: lines of letters whose widths are upper estimates.</summary>
internal sealed record TextInk(char Turn, int Across, int CharWidth, bool IsFontZero, int Lines) : FieldInk(Turn, Across)
{
    /// <summary>What helps where a text does not fit.</summary>
    public const string RoomRemedy = "Make the text shorter, its letters smaller, or its block (^FB) or the label larger.";

    private const string FontRemedy = "Write ^A0N,30,30, or ^A@N,30,30,E:NAME.TTF.";

    public override string Remedy => RoomRemedy;

    /// <summary>The ink of a field, or why it is not known.</summary>
    public static (FieldInk?, Unjudged?) Of(TemplateField field, LayoutState state)
    {
        if ((field.Find("A") ?? state.Font) is not { } font)
        {
            return (null, new("without ^A or ^CF its font is the one of the label before.", FontRemedy));
        }

        string name = font.Parameter(0);
        bool zero = name.StartsWith('0'), isFile = name.StartsWith('@') && font.Parameter(3).Contains(':', StringComparison.Ordinal);
        if (!zero && !(isFile && font.Name == "A"))
        {
            return (null, new($"how wide the letters of {font} are is not known.", FontRemedy));
        }

        if (TurnOf(font.Name == "A" ? name[1..] : "", state.Turn) is not { } turn)
        {
            return (null, Unjudged.Turn(font));
        }

        int height = TemplateField.Dots(font, 1);
        if (height == 0)
        {
            return (null, new($"{font} does not say how high its letters are.", FontRemedy));
        }

        ZplCommand? block = field.Find("FB");
        int lines = block is { } b ? Math.Clamp(TemplateField.Number(b, 1) ?? 1, 1, 100) : 1;
        int gap = block is { } g ? TemplateField.Dots(g, 2) : 0;
        int width = TemplateField.Dots(font, 2);
        return (new TextInk(turn, (lines * (height + gap)) - gap, width > 0 ? width : height, zero, lines)
        {
            Block = block is { } w ? TemplateField.Dots(w, 0) : null,
            BelowBaseline = (height + 3) / 4,
        }, null);
    }

    public override int Along(string text) => text.EnumerateRunes().Sum(Advance);

    public override string? Refuse(string text, int room)
    {
        // \& is the only command that a text of the template may have inside a block.
        string[] lines = Block is null ? [text] : text.Split("\\&");
        return lines.Length == 1
            ? TextLines.Refuse(text, Advance, Lines, room)
            : lines.Select(line => TextLines.Refuse(line, Advance, Lines, room)).FirstOrDefault(why => why is not null)
                ?? (lines.Sum(line => TextLines.Wrap(line, Advance, room).Count) is var needed && needed > Lines
                    ? $"it needs {needed} lines of {room} dots, the block has {Lines}"
                    : null);
    }

    private int Advance(Rune rune) =>
        Math.Max(1, (int)Math.Round(CharWidth * (IsFontZero ? OfFontZero(rune) : OfAnyFont(rune)), MidpointRounding.AwayFromZero));

    // Measured at the picture that an independent renderer draws, and a twentieth more.
    private static double OfFontZero(Rune rune) => rune.Value switch
    {
        ' ' or '\'' or '|' or '/' or ':' or ';' or 'I' or 'f' or 'i' or 'j' or 'l' or 't' or '{' or '}' => 0.3,
        '!' or '"' or '(' or ')' or ',' or '.' or '[' or ']' or '`' or 'r' => 0.35,
        'J' or 'c' or 'k' or 's' or 'v' or 'x' or 'y' or 'z' => 0.48,
        'A' or 'B' or 'C' or 'K' or 'P' or 'S' or 'V' or 'X' or 'Y' => 0.6,
        'D' or 'G' or 'H' or 'N' or 'O' or 'Q' or 'R' or 'U' => 0.65,
        '&' or 'w' => 0.7,
        'm' or 'M' or 'W' or '@' or '%' => 0.88,
        _ => 0.54,
    };

    // Of a font that nobody here has seen: as wide as letters of ordinary fonts get.
    private static double OfAnyFont(Rune rune) => rune.Value switch
    {
        'm' or 'w' or 'M' or 'W' or '@' or '%' or > '~' => 1.0,
        >= 'A' and <= 'Z' => 0.8,
        _ => 0.7,
    };
}
