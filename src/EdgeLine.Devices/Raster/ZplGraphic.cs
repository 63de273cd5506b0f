using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace EdgeLine.Devices.Raster;

/// <summary>
/// A bitmap as <c>^GF</c>, in one of two forms. <c>:Z64:</c> is a zlib stream in Base64 with the CRC-16/XMODEM of the
/// Base64 characters; a printer drops a graphic whose CRC is wrong. Hexadecimal digits with run lengths are older and
/// longer, and every printer that knows <c>^GF</c> is expected to know them. Source: ZPL Programming Guide, ^GF, ZB64,
/// ~DG (alternative data compression).
/// </summary>
internal static class ZplGraphic
{
    /// <summary><see cref="Profiles.PrinterFormat.Graphics"/>: the short form.</summary>
    public const string Z64 = "z64";

    /// <summary><see cref="Profiles.PrinterFormat.Graphics"/>: the form that all printers know.</summary>
    public const string Hex = "hex";

    private const int CountOfLowest = 20, CountMax = 400; // G to Y are 1 to 19, g to z are 20 to 400 in steps of 20

    /// <summary>The command; the byte counts are those before compression.</summary>
    public static string Command(Bitmap bitmap, string form)
    {
        string data = form == Hex ? Digits(bitmap) : Packed(bitmap);
        int total = bitmap.Rows.Length;
        return string.Create(CultureInfo.InvariantCulture, $"^GFA,{total},{total},{bitmap.BytesPerRow},{data}");
    }

    /// <summary>CRC-16/XMODEM: polynomial 0x1021 from 0, not reflected.</summary>
    public static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        int crc = 0;
        foreach (byte b in bytes)
        {
            crc ^= b << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }
        }

        return (ushort)crc;
    }

    private static string Packed(Bitmap bitmap)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(bitmap.Rows);
        }

        string data = Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
        return string.Create(CultureInfo.InvariantCulture, $":Z64:{data}:{Crc(Encoding.ASCII.GetBytes(data)):X4}");
    }

    private static string Digits(Bitmap bitmap)
    {
        StringBuilder data = new();
        string before = "";
        for (int at = 0; at < bitmap.Rows.Length; at += bitmap.BytesPerRow)
        {
            string row = Convert.ToHexString(bitmap.Rows, at, bitmap.BytesPerRow);
            if (row == before)
            {
                data.Append(':');
                continue;
            }

            before = row;
            string head = row.TrimEnd('0');
            for (int i = 0; i < head.Length;)
            {
                int run = 1;
                while (i + run < head.Length && head[i + run] == head[i])
                {
                    run++;
                }

                AppendRun(data, head[i], run);
                i += run;
            }

            if (head.Length < row.Length)
            {
                data.Append(','); // the rest of the row is white
            }
        }

        return data.ToString();
    }

    private static void AppendRun(StringBuilder data, char digit, int run)
    {
        if (run <= 2)
        {
            data.Append(digit, run);
            return;
        }

        for (; run >= CountMax; run -= CountMax)
        {
            data.Append('z').Append(digit);
        }

        if (run >= CountOfLowest)
        {
            data.Append((char)('g' + (run / CountOfLowest) - 1));
        }

        if (run % CountOfLowest > 0)
        {
            data.Append((char)('G' + (run % CountOfLowest) - 1));
        }

        if (run > 0)
        {
            data.Append(digit);
        }
    }
}
