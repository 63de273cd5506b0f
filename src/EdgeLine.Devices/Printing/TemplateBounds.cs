using System.Globalization;

namespace EdgeLine.Devices.Printing;

/// <summary>A rectangle that a field covers; dots from the upper left corner of the label.</summary>
internal sealed record TemplateArea(int Line, string Subject, int X, int Y, int Width, int Height)
{
    /// <summary>What the graphic of a field covers; null when it has none.</summary>
    public static TemplateArea? Of(TemplateField field, int homeX, int homeY)
    {
        if (SizeOf(field) is not { } size)
        {
            return null;
        }

        (string subject, int width, int height) = size;
        ZplCommand? origin = field.Find("FO") ?? field.Find("FT");
        int x = homeX + (origin is { } h ? TemplateField.Dots(h, 0) : 0), y = homeY + (origin is { } v ? TemplateField.Dots(v, 1) : 0);
        // ^FT names the lower left corner, and a third parameter of 1 the right one.
        return new(
            field.Line,
            subject,
            origin?.Parameter(2) == "1" ? x - width : x,
            origin?.Name == "FT" ? y - height : y,
            width,
            height);
    }

    /// <summary>The problem of an area that leaves the label; null when it does not.</summary>
    public LabelProblem? Refuse(string file, int labelWidth, int? labelLength) =>
        Outside(labelWidth, labelLength) is { } outside
            ? new(file, Line, Subject, outside + ".", "Move it, make it smaller, or use a larger label (^PW, ^LL).")
            : null;

    /// <summary>In words how it leaves the label; null when it does not.</summary>
    public string? Outside(int labelWidth, int? labelLength) =>
        X >= 0 && Y >= 0 && X + Width <= labelWidth && Y + Height <= (labelLength ?? int.MaxValue) ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"it covers {X},{Y} to {X + Width},{Y + Height}, the label ends at {labelWidth},{(labelLength is { } end ? end : "any")}");

    private static (string, int, int)? SizeOf(TemplateField field)
    {
        foreach (ZplCommand c in field.Commands)
        {
            switch (c.Name)
            {
                case "GB":
                    int thick = Math.Max(1, Dots(c, 2));
                    return ("line box " + c, Math.Max(thick, Dots(c, 0)), Math.Max(thick, Dots(c, 1)));
                case "GC":
                    return ("circle " + c, Dots(c, 0), Dots(c, 0));
                case "GD" or "GE":
                    return ("graphic " + c, Dots(c, 0), Dots(c, 1));
                case "GS":
                    return ("symbol " + c, Dots(c, 2), Dots(c, 1));
                case "GF":
                    int perRow = Math.Max(1, Dots(c, 3));
                    return ($"graphic ^GF{c.Parameter(0)},{c.Parameter(1)},{c.Parameter(2)},{c.Parameter(3)}", 8 * perRow, Dots(c, 2) / perRow);
            }
        }

        return null;

        static int Dots(ZplCommand command, int at) => TemplateField.Dots(command, at);
    }
}
