namespace EdgeLine.Devices.Raster;

/// <summary>Dots of one field, black or white.</summary>
internal sealed class Bitmap(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Whole bytes for a row; the left dot is the highest bit.</summary>
    public int BytesPerRow { get; } = (width + 7) / 8;

    public byte[] Rows { get; } = new byte[(width + 7) / 8 * height];

    public bool IsBlack(int x, int y) => (Rows[(y * BytesPerRow) + (x >> 3)] & (0x80 >> (x & 7))) != 0;

    public void Blacken(int x, int y) => Rows[(y * BytesPerRow) + (x >> 3)] |= (byte)(0x80 >> (x & 7));
}
