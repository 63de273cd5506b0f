namespace EdgeLine.Devices.Raster;

/// <summary>
/// The font file of this PC in which text is drawn that the fonts of a printer do not have, or why there is none.
/// </summary>
public sealed record LabelFont
{
    private static readonly string[] Known =
    [
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
        "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    ];

    /// <summary>What brings a font and the library that draws it; empty where nothing does.</summary>
    internal static string Remedy => CanDraw ? "Install them: apt-get install fonts-noto-cjk libfreetype6. Or: " : "";

    // FreeType's records are known for 64-bit Linux only.
    private static bool CanDraw => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    private LabelFont(string? file, string missing) => (File, Missing) = (file, missing);

    /// <summary>Full name of the font file; null when there is none.</summary>
    public string? File { get; }

    /// <summary>Why there is none; empty when there is one.</summary>
    public string Missing { get; }

    /// <summary>The first font with Chinese characters at the places where Linux distributions keep them.</summary>
    public static LabelFont Find()
    {
        if (!CanDraw)
        {
            return new(null, NotHere);
        }

        return Array.Find(Known, System.IO.File.Exists) is { } file
            ? new(file, "")
            : new(null, "this PC has no font file with Chinese characters");
    }

    /// <summary>A font file by its name.</summary>
    public static LabelFont At(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!CanDraw)
        {
            return new(null, NotHere);
        }

        if (!System.IO.File.Exists(file))
        {
            return new(null, $"there is no font file {file}");
        }

        try
        {
            using FreeTypeFace face = FreeTypeFace.Open(file);
            return new(file, "");
        }
        catch (FontException e)
        {
            return new(null, e.Message);
        }
    }

    private const string NotHere = "EdgeLine draws text on 64-bit Linux only; on this PC it needs a font in the printer";
}
