using System.Buffers.Binary;
using System.Text;

namespace EdgeLine.Devices.Raster;

/// <summary>
/// What a font file says of one of its faces: GDI wants fonts by name, not by file. Source: OpenType specification,
/// "Font file", <c>name</c>, <c>OS/2</c>.
/// </summary>
/// <param name="Family">Family name (name 1), in English where the font has one.</param>
/// <param name="Weight">400 is regular, 700 bold.</param>
/// <param name="IsItalic">Slanted.</param>
/// <param name="Table">The whole table of names: no two faces have the same.</param>
internal sealed record FontNames(string Family, int Weight, bool IsItalic, byte[] Table)
{
    private const uint Collection = 0x74746366, TrueType = 0x00010000, Cff = 0x4F54544F; // "ttcf", -, "OTTO"
    private const uint NameTable = 0x6E616D65, Os2Table = 0x4F532F32;                    // "name", "OS/2"
    private const int FacesMax = 64, TablesMax = 256, TableBytesMax = 1 << 20;
    private const ushort FamilyName = 1, Windows = 3, English = 0x409;

    /// <summary>The faces of a file, in its order.</summary>
    /// <exception cref="FontException">Not a font file.</exception>
    public static IReadOnlyList<FontNames> Of(string file)
    {
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] head = Read(stream, 0, 12);
            if (U32(head, 0) != Collection)
            {
                return [Face(stream, 0)];
            }

            int count = (int)Math.Min(U32(head, 8), FacesMax);
            if (count == 0)
            {
                throw new InvalidDataException();
            }

            byte[] starts = Read(stream, 12, 4 * count);
            return [.. Enumerable.Range(0, count).Select(i => Face(stream, U32(starts, 4 * i)))];
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FontException($"{file} is no font file that can be read");
        }
    }

    private static FontNames Face(FileStream stream, long start)
    {
        byte[] head = Read(stream, start, 12);
        byte[] tables = Read(stream, start + 12, 16 * Math.Min((int)U16(head, 4), TablesMax));
        if (U32(head, 0) is not (TrueType or Cff) || Find(stream, tables, NameTable) is not { } names)
        {
            throw new InvalidDataException();
        }

        byte[]? os2 = Find(stream, tables, Os2Table);
        return new(
            Family1(names) ?? throw new InvalidDataException(),
            os2 is null ? 400 : Math.Clamp((int)U16(os2, 4), 1, 1000),
            os2 is not null && (U16(os2, 62) & 1) != 0,
            names);
    }

    private static byte[]? Find(FileStream stream, byte[] tables, uint tag)
    {
        for (int at = 0; at < tables.Length; at += 16)
        {
            if (U32(tables, at) == tag)
            {
                return Read(stream, U32(tables, at + 8), U32(tables, at + 12));
            }
        }

        return null;
    }

    private static string? Family1(byte[] names)
    {
        string? found = null;
        int text = U16(names, 4);
        for (int at = 6, left = U16(names, 2); left > 0; left--, at += 12)
        {
            if (U16(names, at) == Windows && U16(names, at + 6) == FamilyName)
            {
                string family = Encoding.BigEndianUnicode.GetString(names, text + U16(names, at + 10), U16(names, at + 8));
                if (U16(names, at + 4) == English)
                {
                    return family;
                }

                found ??= family;
            }
        }

        return found;
    }

    private static byte[] Read(FileStream stream, long at, long count)
    {
        if (count > TableBytesMax)
        {
            throw new InvalidDataException();
        }

        byte[] bytes = new byte[count];
        stream.Position = at;
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
