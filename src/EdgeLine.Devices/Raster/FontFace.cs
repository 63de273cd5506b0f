namespace EdgeLine.Devices.Raster;

/// <summary>One face of a font file, drawn by what the PC has for that: FreeType on Linux, GDI on Windows.</summary>
internal abstract class FontFace : IDisposable
{
    /// <summary>Opens a font file; of a collection the face for Simplified Chinese, else the first.</summary>
    /// <exception cref="FontException">Nothing here that draws, or a file that is no font.</exception>
    public static FontFace Open(string file) => OperatingSystem.IsWindows() ? GdiFace.OpenFile(file) : FreeTypeFace.OpenFile(file);

    /// <summary>Height and width of the em square in dots.</summary>
    public abstract void SetSize(int width, int height);

    /// <summary>The character in the size that was set, or null when the font has none.</summary>
    public abstract Glyph? Draw(int rune);

    /// <inheritdoc />
    public abstract void Dispose();

    /// <summary>The face of a collection that is meant for Simplified Chinese, by its family name.</summary>
    protected static bool IsSimplifiedChinese(string? family) => family?.EndsWith(" SC", StringComparison.Ordinal) == true;
}

/// <summary>Why a font cannot be used, in words for people.</summary>
internal sealed class FontException(string message) : Exception(message);
