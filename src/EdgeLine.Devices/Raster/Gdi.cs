using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace EdgeLine.Devices.Raster;

/// <summary>The few calls of GDI that drawing a character needs (wingdi), with their numbers. Nothing here decides anything.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Gdi
{
    public const uint PrivateFont = 0x10;                     // FR_PRIVATE
    public const byte AnyCharacters = 1, OutlineFont = 8;     // DEFAULT_CHARSET, OUT_OUTLINE_PRECIS
    public const uint MarkMissing = 1, Failed = 0xFFFFFFFF;   // GGI_MARK_NONEXISTING_GLYPHS, GDI_ERROR
    public const ushort Missing = 0xFFFF;
    public const uint Grey64 = 6, ByIndex = 0x80;             // GGO_GRAY8_BITMAP, GGO_GLYPH_INDEX

    private const string Library = "gdi32";

    [LibraryImport(Library, EntryPoint = "AddFontResourceExW", StringMarshalling = StringMarshalling.Utf16)]
    public static partial int AddFont(string file, uint flags, nint reserved);

    [LibraryImport(Library, EntryPoint = "CreateCompatibleDC")]
    public static partial nint CreateContext(nint like);

    [LibraryImport(Library, EntryPoint = "DeleteDC")]
    public static partial int DeleteContext(nint context);

    [LibraryImport(Library, EntryPoint = "CreateFontIndirectW")]
    public static partial nint CreateFont(in LogicalFont font);

    [LibraryImport(Library, EntryPoint = "SelectObject")]
    public static partial nint Select(nint context, nint thing);

    [LibraryImport(Library, EntryPoint = "DeleteObject")]
    public static partial int Delete(nint thing);

    [LibraryImport(Library, EntryPoint = "GetFontData")]
    public static partial uint FontData(nint context, uint tag, uint offset, byte[]? into, int length);

    [LibraryImport(Library, EntryPoint = "GetGlyphIndicesW")]
    public static partial uint GlyphIndices(nint context, in ushort text, int count, out ushort index, uint flags);

    [LibraryImport(Library, EntryPoint = "GetGlyphOutlineW")]
    public static partial uint GlyphOutline(
        nint context, uint glyph, uint form, out Metrics metrics, int length, byte[]? into, in Matrix matrix);

    /// <summary>LOGFONTW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LogicalFont
    {
        public int Height;
        public int Width;
        public int Escapement;
        public int Orientation;
        public int Weight;
        public byte Italic;
        public byte Underline;
        public byte StrikeOut;
        public byte Characters;
        public byte OutPrecision;
        public byte ClipPrecision;
        public byte Quality;
        public byte PitchAndFamily;
        public fixed char Family[32];
    }

    /// <summary>GLYPHMETRICS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Metrics
    {
        public uint Width;
        public uint Height;
        public int Left;
        public int Top;
        public short Advance;
        public short Down;
    }

    /// <summary>MAT2; the numbers are 16.16 fixed point.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Matrix
    {
        public int XX;
        public int XY;
        public int YX;
        public int YY;
    }
}
