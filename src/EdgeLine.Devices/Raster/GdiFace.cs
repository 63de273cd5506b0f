using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace EdgeLine.Devices.Raster;

/// <summary>
/// One face of a font file, drawn by GDI of Windows in black and white. A file becomes a font of this process alone and
/// stays one until the process ends. Characters up to U+FFFF: GDI finds no others.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class GdiFace : FontFace
{
    private const int FamilyMax = 31, One = 1 << 16;
    private const uint NameTable = 0x656D616E; // "name", least byte first

    // Of 64: the same cover as with FreeType.
    private const byte BlackFrom = 24;

    private static readonly ConcurrentDictionary<string, FontNames> Added = new(StringComparer.OrdinalIgnoreCase);

    private readonly string _file;
    private readonly FontNames _names;
    private nint _context, _font;
    private Gdi.Matrix _matrix;

    private GdiFace(string file, FontNames names) => (_file, _names) = (file, names);

    /// <inheritdoc cref="FontFace.Open" />
    public static GdiFace OpenFile(string file)
    {
        GdiFace face = new(file, Added.GetOrAdd(file, Add));
        try
        {
            face._context = Gdi.CreateContext(0);
            face.SetSize(16, 16);
            return face;
        }
        catch
        {
            face.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public override unsafe void SetSize(int width, int height)
    {
        Gdi.LogicalFont wanted = new()
        {
            Height = -height, // below zero: the em square without the room between lines
            Weight = _names.Weight,
            Italic = _names.IsItalic ? (byte)1 : (byte)0,
            Characters = Gdi.AnyCharacters,
            OutPrecision = Gdi.OutlineFont,
        };
        _names.Family.AsSpan().CopyTo(new Span<char>(wanted.Family, FamilyMax));
        nint font = Gdi.CreateFont(wanted);
        if (font == 0 || _context == 0 || Gdi.Select(_context, font) == 0)
        {
            throw new FontException("GDI gives no drawing context");
        }

        if (_font != 0)
        {
            _ = Gdi.Delete(_font);
        }

        _font = font;
        // Where a name leads nowhere GDI takes another font without a word.
        if (!IsOurs())
        {
            throw new FontException($"Windows does not find the font {_names.Family} of {_file} by its name");
        }

        _matrix = new() { XX = (int)((long)One * width / height), YY = One };
    }

    /// <inheritdoc />
    public override Glyph? Draw(int rune)
    {
        if (rune > char.MaxValue)
        {
            throw new FontException($"'{char.ConvertFromUtf32(rune)}' (U+{rune:X4}) is beyond U+FFFF, which Windows does not draw here");
        }

        if (Gdi.GlyphIndices(_context, (ushort)rune, 1, out ushort index, Gdi.MarkMissing) == Gdi.Failed || index == Gdi.Missing)
        {
            return null;
        }

        uint length = Gdi.GlyphOutline(_context, index, Gdi.Grey64 | Gdi.ByIndex, out Gdi.Metrics size, 0, null, _matrix);
        byte[] cover = length is > 0 and < Gdi.Failed ? new byte[length] : [];
        if (length == Gdi.Failed
            || (length > 0 && Gdi.GlyphOutline(_context, index, Gdi.Grey64 | Gdi.ByIndex, out size, cover.Length, cover, _matrix) == Gdi.Failed))
        {
            throw new FontException($"the font cannot draw U+{rune:X4}");
        }

        int width = length == 0 ? 0 : (int)size.Width, height = length == 0 ? 0 : (int)size.Height, pitch = (width + 3) & ~3;
        return Glyph.Of((x, y) => cover[(y * pitch) + x] >= BlackFrom, width, height, size.Left, size.Top, size.Advance);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        if (_context != 0)
        {
            _ = Gdi.DeleteContext(_context);
            _context = 0;
        }

        if (_font != 0)
        {
            _ = Gdi.Delete(_font);
            _font = 0;
        }
    }

    private static FontNames Add(string file)
    {
        IReadOnlyList<FontNames> faces = FontNames.Of(file);
        FontNames names = faces.FirstOrDefault(f => IsSimplifiedChinese(f.Family)) ?? faces[0];
        return names.Family.Length is > 0 and <= FamilyMax && Gdi.AddFont(file, Gdi.PrivateFont, 0) > 0
            ? names
            : throw new FontException($"{file} is no font file that Windows can read");
    }

    private bool IsOurs()
    {
        byte[] table = new byte[_names.Table.Length];
        return Gdi.FontData(_context, NameTable, 0, null, 0) == (uint)table.Length
            && Gdi.FontData(_context, NameTable, 0, table, table.Length) == (uint)table.Length
            && table.AsSpan().SequenceEqual(_names.Table);
    }
}
