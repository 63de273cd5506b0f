namespace EdgeLine.Devices.Raster;

/// <summary>
/// The font file of this PC in which text is drawn that the fonts of a printer do not have, or why there is none.
/// </summary>
public sealed record LabelFont
{
    private static readonly string[] OnLinux =
    [
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
        "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    ];

    // Microsoft YaHei, DengXian, SimHei, SimSun, in the fonts folder of Windows.
    private static readonly string[] OnWindows = ["msyh.ttc", "Deng.ttf", "simhei.ttf", "simsun.ttc"];

    /// <summary>What brings a font and what draws it; empty where nothing does.</summary>
    internal static string Remedy => !CanDraw ? ""
        : OperatingSystem.IsWindows() ? "Add Chinese to the languages of Windows, or name a font file with labelFont. Or: "
        : "Install them: apt-get install fonts-noto-cjk libfreetype6. Or: ";

    // FreeType's records are known for 64-bit Linux only.
    private static bool CanDraw => OperatingSystem.IsWindows() || (OperatingSystem.IsLinux() && Environment.Is64BitProcess);

    private LabelFont(string? file, string missing) => (File, Missing) = (file, missing);

    /// <summary>Full name of the font file; null when there is none.</summary>
    public string? File { get; }

    /// <summary>Why there is none; empty when there is one.</summary>
    public string Missing { get; }

    /// <summary>The first font with Chinese characters at the places where Windows and Linux distributions keep them.</summary>
    public static LabelFont Find()
    {
        if (!CanDraw)
        {
            return new(null, NotHere);
        }

        IEnumerable<string> known = OperatingSystem.IsWindows()
            ? OnWindows.Select(name => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.Fonts), name))
            : OnLinux;
        return known.FirstOrDefault(System.IO.File.Exists) is { } file
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
            using FontFace face = FontFace.Open(file);
            return new(file, "");
        }
        catch (FontException e)
        {
            return new(null, e.Message);
        }
    }

    private const string NotHere = "EdgeLine draws text on Windows and 64-bit Linux only; on this PC it needs a font in the printer";
}
