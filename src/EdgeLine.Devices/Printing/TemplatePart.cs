namespace EdgeLine.Devices.Printing;

/// <summary>A piece of a compiled template. Closed: fixed ZPL, or the place of a field.</summary>
internal abstract record TemplatePart
{
    private TemplatePart()
    {
    }

    /// <summary>ZPL that is the same on every label.</summary>
    public sealed record Fixed(string Zpl) : TemplatePart;

    /// <summary>A field from its origin up to <c>^FS</c>.</summary>
    /// <param name="Line">Line in the file.</param>
    /// <param name="Field">Name from <see cref="LabelField"/>; empty for a text of the template itself.</param>
    /// <param name="Opening">What stands before its data when it is printed as text.</param>
    /// <param name="Place">Its room, for drawing it instead.</param>
    /// <param name="HasOwnFont">The template names a font file, so that text may leave ASCII.</param>
    /// <param name="Refused">Characters that mean something to the command around the field.</param>
    /// <param name="Room">What it covers as text of a font of the printer, or as bars; null where it is drawn.</param>
    /// <param name="Literal">The text of the template itself.</param>
    public sealed record Slot(
        int Line, string Field, string Opening, TextPlace Place, bool HasOwnFont, string Refused, FieldRoom? Room, string? Literal = null)
        : TemplatePart;
}

/// <summary>Where the QR symbol of the code is and how it is drawn; dots, and the level L, M, Q or H.</summary>
internal sealed record QrPlace(int Line, int X, int Y, int DotsPerModule, char Level);
