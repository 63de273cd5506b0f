using System.Runtime.InteropServices;

namespace EdgeLine.Devices.Raster;

/// <summary>
/// One face of a font file, opened by the FreeType library of the PC (libfreetype6, 64-bit Linux). Draws single
/// characters in black and white. Layout of the records: FreeType 2 API reference, FT_FaceRec and FT_GlyphSlotRec.
/// </summary>
internal sealed partial class FreeTypeFace : FontFace
{
    private const string Library = "libfreetype.so.6";

    // FT_LOAD_RENDER, FT_LOAD_NO_BITMAP, FT_LOAD_TARGET_LIGHT: outlines only, one byte for each dot says how much is covered.
    private const int GreyGlyph = 0x4 | 0x8 | (1 << 16);

    // Of 255. Drawn in one bit, strokes of small Chinese letters are one dot wide here and two there; from this cover on
    // they are even, print at 203 dpi, and dense letters stay open. Found by looking.
    private const byte BlackFrom = 96;

    private readonly nint _library;
    private nint _face;

    private FreeTypeFace(nint library, nint face) => (_library, _face) = (library, face);

    /// <inheritdoc cref="FontFace.Open" />
    public static FreeTypeFace OpenFile(string file)
    {
        try
        {
            if (FT_Init_FreeType(out nint library) != 0)
            {
                throw new FontException("FreeType does not start");
            }

            return new FreeTypeFace(library, 0).Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new FontException("the library libfreetype6 is not on this PC");
        }
    }

    /// <inheritdoc />
    public override void SetSize(int width, int height)
    {
        if (FT_Set_Pixel_Sizes(_face, (uint)width, (uint)height) != 0)
        {
            throw new FontException($"the font has no size {width} x {height} dots");
        }
    }

    /// <inheritdoc />
    public override Glyph? Draw(int rune)
    {
        uint index = FT_Get_Char_Index(_face, (nuint)rune);
        if (index == 0)
        {
            return null;
        }

        if (FT_Load_Glyph(_face, index, GreyGlyph) != 0)
        {
            throw new FontException($"the font cannot draw U+{rune:X4}");
        }

        GlyphSlot slot = Marshal.PtrToStructure<GlyphSlot>(Marshal.PtrToStructure<Face>(_face).Glyph);
        int width = (int)slot.Width, height = (int)slot.Rows, pitch = Math.Abs(slot.Pitch);
        byte[] cover = new byte[height * pitch];
        if (cover.Length > 0)
        {
            Marshal.Copy(slot.Buffer, cover, 0, cover.Length);
        }

        return Glyph.Of((x, y) => cover[(y * pitch) + x] >= BlackFrom, width, height, slot.Left, slot.Top, (int)((slot.AdvanceX + 32) >> 6));
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        if (_face != 0)
        {
            _ = FT_Done_Face(_face);
            _face = 0;
        }

        _ = FT_Done_FreeType(_library);
    }

    private FreeTypeFace Load(string file)
    {
        int count = 1;
        for (int i = 0; i < count; i++)
        {
            if (FT_New_Face(_library, file, i, out nint face) != 0)
            {
                Dispose();
                throw new FontException($"{file} is no font file that FreeType can read");
            }

            Face head = Marshal.PtrToStructure<Face>(face);
            count = (int)Math.Min(head.FaceCount, 64);
            bool simplified = IsSimplifiedChinese(Marshal.PtrToStringUTF8(head.FamilyName));
            if (_face == 0 || simplified)
            {
                if (_face != 0)
                {
                    _ = FT_Done_Face(_face);
                }

                _face = face;
                if (simplified)
                {
                    break;
                }
            }
            else
            {
                _ = FT_Done_Face(face);
            }
        }

        return this;
    }

    [LibraryImport(Library)]
    private static partial int FT_Init_FreeType(out nint library);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FT_New_Face(nint library, string path, nint index, out nint face);

    [LibraryImport(Library)]
    private static partial int FT_Set_Pixel_Sizes(nint face, uint width, uint height);

    [LibraryImport(Library)]
    private static partial uint FT_Get_Char_Index(nint face, nuint rune);

    [LibraryImport(Library)]
    private static partial int FT_Load_Glyph(nint face, uint index, int flags);

    [LibraryImport(Library)]
    private static partial int FT_Done_Face(nint face);

    [LibraryImport(Library)]
    private static partial int FT_Done_FreeType(nint library);

    [StructLayout(LayoutKind.Explicit)]
    private struct Face
    {
        [FieldOffset(0)]
        public nint FaceCount;

        [FieldOffset(40)]
        public nint FamilyName;

        [FieldOffset(152)]
        public nint Glyph;
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct GlyphSlot
    {
        [FieldOffset(128)]
        public nint AdvanceX;

        [FieldOffset(152)]
        public uint Rows;

        [FieldOffset(156)]
        public uint Width;

        [FieldOffset(160)]
        public int Pitch;

        [FieldOffset(168)]
        public nint Buffer;

        [FieldOffset(192)]
        public int Left;

        [FieldOffset(196)]
        public int Top;
    }
}
