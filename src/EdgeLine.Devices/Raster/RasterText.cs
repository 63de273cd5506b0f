using System.Globalization;
using System.Text;

namespace EdgeLine.Devices.Raster;

/// <summary>Sets a text in lines and draws it into one bitmap; whole or not at all.</summary>
internal static class RasterText
{
    // The em square of a drawn font is a little smaller than the cell of a printer's font, whose letters it stands beside.
    private const double EmOfHeight = 0.9, BaseLineOfHeight = 0.8;

    private const int NamedMax = 10;

    private const string NothingToSee = "it has no visible character";

    /// <summary>The drawn text and where its left upper corner is, or why it cannot be drawn.</summary>
    /// <param name="font">File of the font.</param>
    /// <param name="text">Visible characters only.</param>
    /// <param name="box">Place and size.</param>
    /// <param name="widthMax">Dots from the left edge of the box to the right edge of the label.</param>
    public static (Bitmap? Bitmap, int X, int Y, string Refused) Draw(string font, string text, TextBox box, int widthMax)
    {
        try
        {
            using FontFace face = FontFace.Open(font);
            face.SetSize(
                Math.Max(1, (int)Math.Round(box.CharWidth * EmOfHeight)), Math.Max(1, (int)Math.Round(box.Height * EmOfHeight)));
            Dictionary<Rune, Glyph> glyphs = [];
            List<Rune> missing = [];
            foreach (Rune rune in text.EnumerateRunes())
            {
                if (Shaped(rune))
                {
                    return (null, 0, 0, $"'{rune}' (U+{rune.Value:X4}) belongs to a script whose letters join or stack, which is not drawn");
                }

                if (glyphs.TryGetValue(rune, out _))
                {
                    continue;
                }

                if (face.Draw(rune.Value) is { } glyph)
                {
                    glyphs.Add(rune, glyph);
                }
                else
                {
                    missing.Add(rune);
                }
            }

            if (missing.Count > 0)
            {
                string named = string.Join(", ", missing.Distinct().Take(NamedMax).Select(r => $"'{r}' (U+{r.Value:X4})"));
                return (null, 0, 0, $"the font {font} has no {named}{(missing.Distinct().Count() > NamedMax ? " and more" : "")}");
            }

            return Set(text, glyphs, box, Math.Min(box.Width ?? widthMax, widthMax));
        }
        catch (FontException e)
        {
            return (null, 0, 0, e.Message);
        }
    }

    private static (Bitmap?, int, int, string) Set(string text, Dictionary<Rune, Glyph> glyphs, TextBox box, int width)
    {
        List<List<Rune>> lines = TextLines.Wrap(text, r => glyphs[r].Advance, width);
        if (TextLines.Refuse(text, r => glyphs[r].Advance, box.Lines, width) is { } refused)
        {
            return (null, 0, 0, refused);
        }

        List<(Bitmap Ink, int X, int Y)> placed = [];
        for (int i = 0; i < lines.Count; i++)
        {
            int free = width - TextLines.Length(lines[i], r => glyphs[r].Advance);
            int x = box.Align switch { 'C' => free / 2, 'R' => free, _ => 0 };
            int y = (i * (box.Height + box.Gap)) + (int)Math.Round(box.Height * BaseLineOfHeight);
            foreach (Rune rune in lines[i])
            {
                Glyph glyph = glyphs[rune];
                if (glyph.Ink is { } ink)
                {
                    placed.Add((ink, x + glyph.Left, y - glyph.Top));
                }

                x += glyph.Advance;
            }
        }

        if (placed.Count == 0)
        {
            return (null, 0, 0, NothingToSee);
        }

        int left = placed.Min(p => p.X), top = placed.Min(p => p.Y);
        Bitmap bitmap = new(placed.Max(p => p.X + p.Ink.Width) - left, placed.Max(p => p.Y + p.Ink.Height) - top);
        foreach ((Bitmap ink, int x, int y) in placed)
        {
            for (int row = 0; row < ink.Height; row++)
            {
                for (int column = 0; column < ink.Width; column++)
                {
                    if (ink.IsBlack(column, row))
                    {
                        bitmap.Blacken(x - left + column, y - top + row);
                    }
                }
            }
        }

        return (bitmap, box.X + left, box.Y + top, "");
    }

    private static bool Shaped(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark
        || rune.Value is (>= 0x590 and <= 0x109F) or (>= 0x1780 and <= 0x18AF) or (>= 0xFB1D and <= 0xFDFF)
            or (>= 0xFE70 and <= 0xFEFF);
}
