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

    /// <summary>What brings a font and the library that draws it.</summary>
    internal const string Remedy = "Install them: apt-get install fonts-noto-cjk libfreetype6.";

    private LabelFont(string? file, string missing) => (File, Missing) = (file, missing);

    /// <summary>Full name of the font file; null when there is none.</summary>
    public string? File { get; }

    /// <summary>Why there is none; empty when there is one.</summary>
    public string Missing { get; }

    /// <summary>The first font with Chinese characters at the places where Linux distributions keep them.</summary>
    public static LabelFont Find()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return new(null, "text is drawn on 64-bit Linux only");
        }

        return Array.Find(Known, System.IO.File.Exists) is { } file
            ? new(file, "")
            : new(null, "this PC has no font file with Chinese characters");
    }

    /// <summary>A font file by its name.</summary>
    public static LabelFont At(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return System.IO.File.Exists(file) ? new(file, "") : new(null, $"there is no font file {file}");
    }
}
