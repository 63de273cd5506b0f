using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace EdgeLine.Devices.Raster;

/// <summary>
/// A bitmap as <c>^GF</c> in the form <c>:Z64:</c>: a zlib stream in Base64, and the CRC-16/XMODEM of the Base64
/// characters. A printer drops a graphic whose CRC is wrong. Source: ZPL Programming Guide, ^GF and ZB64.
/// </summary>
internal static class ZplGraphic
{
    /// <summary>The command; the byte counts are those before compression.</summary>
    public static string Command(Bitmap bitmap)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(bitmap.Rows);
        }

        string data = Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
        int total = bitmap.Rows.Length;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"^GFA,{total},{total},{bitmap.BytesPerRow},:Z64:{data}:{Crc(Encoding.ASCII.GetBytes(data)):X4}");
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
}
