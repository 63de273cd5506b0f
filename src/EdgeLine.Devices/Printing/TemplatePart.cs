namespace EdgeLine.Devices.Printing;

/// <summary>A piece of a compiled template. Closed: fixed ZPL, or the place of a field.</summary>
internal abstract record TemplatePart
{
    private TemplatePart()
    {
    }

    /// <summary>ZPL that is the same on every label.</summary>
    public sealed record Fixed(string Zpl) : TemplatePart;

    /// <summary>Place of a field, between <c>^FD</c> and <c>^FS</c>.</summary>
    /// <param name="Line">Line in the file.</param>
    /// <param name="Field">Name from <see cref="LabelField"/>.</param>
    /// <param name="HasOwnFont">The template names a font file, so that text may leave ASCII.</param>
    /// <param name="Refused">Characters that mean something to the command around the field.</param>
    public sealed record Slot(int Line, string Field, bool HasOwnFont, string Refused) : TemplatePart;
}

/// <summary>Where the QR symbol of the code is and how it is drawn; dots, and the level L, M, Q or H.</summary>
internal sealed record QrPlace(int Line, int X, int Y, int DotsPerModule, char Level);
