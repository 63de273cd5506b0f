using System.Globalization;
using EdgeLine.Devices.Raster;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The room of a text field: what is known of it before anybody knows the text. A field that is turned, or placed in a
/// way that depends on the printer, has no box and stays text.
/// </summary>
/// <param name="Box">Place and size, or null.</param>
/// <param name="HomeX">Left margin from <c>^LH</c>.</param>
/// <param name="HomeY">Upper margin from <c>^LH</c>.</param>
/// <param name="Why">Why there is no box.</param>
/// <param name="Around">The other commands of the field, such as <c>^FR</c>.</param>
internal sealed record TextPlace(TextBox? Box, int HomeX, int HomeY, string Why, string Around)
{
    public static TextPlace Of(TemplateField field, LayoutState state)
    {
        (int homeX, int homeY) = (state.HomeX, state.HomeY);
        string around = string.Concat(
            field.Commands.Where(c => c.Name is not ("FO" or "A" or "FB" or "FN" or "FD" or "FH")).Select(c => c.ToString()));
        if (field.BarCode is not null)
        {
            return None("a bar code carries ASCII only");
        }

        if (field.Find("FO") is not { } origin || origin.Parameter(2) is not ("" or "0"))
        {
            return None("a text can be drawn only where ^FO names its left upper corner");
        }

        if (field.Find("A") is not { } font || TemplateField.Number(font, 1) is not > 0)
        {
            return None("a text can be drawn only where ^A0N,height,width says how large");
        }

        if ((font.Parameter(0).Length > 1 ? char.ToUpperInvariant(font.Parameter(0)[1]) : state.Turn) != 'N')
        {
            return None("a turned text is not drawn");
        }

        int height = TemplateField.Number(font, 1)!.Value;
        int width = TemplateField.Number(font, 2) is > 0 and { } given ? given : height;
        if (height > 2000 || width > 2000)
        {
            return None("a text can be drawn up to 2000 dots high and wide");
        }

        ZplCommand? block = field.Find("FB");
        TextBox box = new(
            TemplateField.Number(origin, 0) ?? 0,
            TemplateField.Number(origin, 1) ?? 0,
            height,
            width,
            block is { } b ? TemplateField.Number(b, 0) : null,
            block is { } l ? Math.Clamp(TemplateField.Number(l, 1) ?? 1, 1, 100) : 1,
            block is { } g ? Math.Min(TemplateField.Number(g, 2) ?? 0, 1000) : 0,
            block is { } j && j.Parameter(3) is { Length: > 0 } align ? char.ToUpperInvariant(align[0]) : 'L');
        return new(box, homeX, homeY, "", around);

        TextPlace None(string why) => new(null, homeX, homeY, why, around);
    }

    /// <summary>The field with its text as a bitmap, or why not.</summary>
    public (string Zpl, string? Refused) Draw(string text, LabelFont? font, string form, int labelWidth, int labelLength)
    {
        if (font?.File is null)
        {
            return ("", font?.Missing ?? "");
        }

        if (Box is null)
        {
            return ("", Why);
        }

        (Bitmap? bitmap, int x, int y, string refused) = RasterText.Draw(font.File, text, Box, labelWidth - HomeX - Box.X);
        if (bitmap is null)
        {
            return ("", refused);
        }

        if (x < 0 || y < 0 || HomeX + x + bitmap.Width > labelWidth || HomeY + y + bitmap.Height > labelLength)
        {
            return ("", $"drawn it covers {HomeX + x},{HomeY + y} to {HomeX + x + bitmap.Width},{HomeY + y + bitmap.Height}, "
                + $"the label ends at {labelWidth},{labelLength}");
        }

        return (string.Create(CultureInfo.InvariantCulture, $"^FO{x},{y}{Around}{ZplGraphic.Command(bitmap, form)}"), null);
    }
}
