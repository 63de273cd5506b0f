namespace EdgeLine.Devices.Raster;

/// <summary>A drawn character, cut to its ink.</summary>
/// <param name="Left">Dots from the pen to its left edge.</param>
/// <param name="Top">Dots from the base line up to its upper edge.</param>
/// <param name="Ink">Its dots; null when it has none, such as a space.</param>
/// <param name="Advance">How far the pen moves.</param>
internal sealed record Glyph(int Left, int Top, Bitmap? Ink, int Advance)
{
    /// <summary>Cuts a picture to its ink.</summary>
    public static Glyph Of(Func<int, int, bool> isBlack, int width, int height, int left, int top, int advance)
    {
        int x0 = width, x1 = -1, y0 = height, y1 = -1;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (isBlack(x, y))
                {
                    (x0, x1, y0, y1) = (Math.Min(x0, x), Math.Max(x1, x), Math.Min(y0, y), y);
                }
            }
        }

        if (x1 < 0)
        {
            return new Glyph(left, top, null, advance);
        }

        Bitmap ink = new(x1 - x0 + 1, y1 - y0 + 1);
        for (int y = y0; y <= y1; y++)
        {
            for (int x = x0; x <= x1; x++)
            {
                if (isBlack(x, y))
                {
                    ink.Blacken(x - x0, y - y0);
                }
            }
        }

        return new Glyph(left + x0, top - y0, ink, advance);
    }
}
