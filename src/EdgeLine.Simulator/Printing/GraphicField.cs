using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace EdgeLine.Simulator.Printing;

/// <summary>
/// The dots of a <c>^GF</c> field as a printer unpacks them: hexadecimal digits with run lengths, or <c>:Z64:</c>, which
/// is dropped when its check sum is wrong. Source: ZPL Programming Guide, ^GF, ~DG, ZB64.
/// </summary>
internal sealed class GraphicField
{
    private const int BytesMax = 1_000_000;

    private readonly byte[] _rows;
    private readonly int _perRow;

    private GraphicField(byte[] rows, int perRow) => (_rows, _perRow) = (rows, perRow);

    /// <summary>Dots in a row.</summary>
    public int Width => _perRow * 8;

    /// <summary>Rows.</summary>
    public int Height => _rows.Length / _perRow;

    /// <summary>Whether a dot is black; outside nothing is.</summary>
    public bool IsBlack(int x, int y) =>
        x >= 0 && y >= 0 && x < Width && y < Height && (_rows[(y * _perRow) + (x >> 3)] & (0x80 >> (x & 7))) != 0;

    /// <summary>Unpacks the parameters of <c>^GF</c>; null for what a printer drops.</summary>
    public static GraphicField? Read(string parameters)
    {
        string[] head = parameters.Split(',', 5);
        if (head.Length < 5 || head[0] is not ("A" or "a")
            || !int.TryParse(head[2], NumberStyles.None, CultureInfo.InvariantCulture, out int total)
            || !int.TryParse(head[3], NumberStyles.None, CultureInfo.InvariantCulture, out int perRow)
            || perRow < 1 || total < perRow || total > BytesMax)
        {
            return null;
        }

        byte[]? rows = head[4].StartsWith(":Z64:", StringComparison.Ordinal) ? Unpacked(head[4][5..], total) : Digits(head[4], total, perRow);
        return rows is null ? null : new GraphicField(rows, perRow);
    }

    private static byte[]? Unpacked(string data, int total)
    {
        int colon = data.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(data[(colon + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort crc)
            || crc != CheckSum(data[..colon]))
        {
            return null;
        }

        try
        {
            byte[] rows = new byte[total];
            using ZLibStream zlib = new(new MemoryStream(Convert.FromBase64String(data[..colon])), CompressionMode.Decompress);
            return zlib.ReadAtLeast(rows, total, throwOnEndOfStream: false) == total ? rows : null;
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            return null;
        }
    }

    private static ushort CheckSum(string text)
    {
        ushort sum = 0;
        foreach (byte b in Encoding.ASCII.GetBytes(text))
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                bool carry = ((sum >> 15) ^ (b >> bit) & 1) == 1;
                sum = (ushort)((sum << 1) ^ (carry ? 0x1021 : 0));
            }
        }

        return sum;
    }

    private static byte[]? Digits(string data, int total, int perRow)
    {
        StringBuilder all = new(2 * total);
        int count = 0, row = 2 * perRow;
        foreach (char c in data)
        {
            switch (c)
            {
                case >= 'G' and <= 'Y':
                    count += c - 'F';
                    break;
                case >= 'g' and <= 'z':
                    count += 20 * (c - 'f');
                    break;
                case ',' or '!':
                    all.Append(c == ',' ? '0' : 'F', row - (all.Length % row));
                    break;
                case ':':
                    all.Append(all.Length >= row ? all.ToString(all.Length - row, row) : new string('0', row));
                    break;
                default:
                    if (!char.IsAsciiHexDigit(c))
                    {
                        return null;
                    }

                    all.Append(c, Math.Max(1, count));
                    count = 0;
                    break;
            }

            if (all.Length > 2 * total)
            {
                return null;
            }
        }

        return Convert.FromHexString(all.Append('0', (2 * total) - all.Length).ToString());
    }
}
