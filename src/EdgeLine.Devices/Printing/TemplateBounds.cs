using System.Globalization;

namespace EdgeLine.Devices.Printing;

/// <summary>A rectangle that a field covers, whatever its text; dots from the upper left corner of the label.</summary>
internal sealed record TemplateArea(int Line, string Subject, int X, int Y, int Width, int Height)
{
    private const int DotsMax = 100_000;

    /// <summary>What a field covers as far as it is known before its text is; null when nothing is known.</summary>
    public static TemplateArea? Of(TemplateField field, TextPlace place, int homeX, int homeY)
    {
        if ((field.Find("FO") ?? field.Find("FT")) is not { } origin)
        {
            return null;
        }

        (string subject, int width, int height) = SizeOf(field, place);
        int x = homeX + Dots(origin, 0), y = homeY + Dots(origin, 1);
        // ^FT names the lower left corner, and a third parameter of 1 the right one.
        return new(
            field.Line,
            subject,
            origin.Parameter(2) == "1" ? x - width : x,
            origin.Name == "FT" ? y - height : y,
            width,
            height);
    }

    /// <summary>The problem of an area that leaves the label; null when it does not.</summary>
    public LabelProblem? Refuse(string file, int labelWidth, int? labelLength)
    {
        bool inside = X >= 0 && Y >= 0 && X + Width <= labelWidth && Y + Height <= (labelLength ?? int.MaxValue);
        return inside ? null : new(
            file,
            Line,
            Subject,
            string.Create(
                CultureInfo.InvariantCulture,
                $"it covers {X},{Y} to {X + Width},{Y + Height}, the label ends at {labelWidth},{(labelLength is { } end ? end : "any")}."),
            "Move it, make it smaller, or use a larger label (^PW, ^LL).");
    }

    private static (string, int, int) SizeOf(TemplateField field, TextPlace place)
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
                case "XG" or "IM":
                    return ("stored graphic " + c, 0, 0);
            }
        }

        string text = field.Find("FN")?.ToString() ?? $"'{field.Find("FD")?.Parameters}'";
        return place.Box is { } box
            ? ("text " + text, box.Width ?? 0, (box.Lines * (box.Height + box.Gap)) - box.Gap)
            : ("field " + text, 0, 0);
    }

    private static int Dots(ZplCommand command, int at) => Math.Min(DotsMax, TemplateField.Number(command, at) ?? 0);
}
