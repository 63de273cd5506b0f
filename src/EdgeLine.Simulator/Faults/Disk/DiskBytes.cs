namespace EdgeLine.Simulator.Faults.Disk;

/// <summary>The bytes of one file in memory. What was never written reads as zero.</summary>
internal sealed class DiskBytes
{
    private const int PieceSize = 4096;

    private readonly List<byte[]?> _pieces = [];

    public long Length { get; private set; }

    /// <summary>Reads what is there and fills the rest with zeros; gives the number of bytes that are inside the file.</summary>
    public int Read(long offset, Span<byte> into)
    {
        int inside = (int)Math.Clamp(Length - offset, 0, into.Length);
        into.Clear();
        for (int done = 0; done < inside;)
        {
            (int piece, int at) = PlaceOf(offset + done);
            int count = Math.Min(inside - done, PieceSize - at);
            if (piece < _pieces.Count && _pieces[piece] is { } bytes)
            {
                bytes.AsSpan(at, count).CopyTo(into[done..]);
            }

            done += count;
        }

        return inside;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        for (int done = 0; done < bytes.Length;)
        {
            (int piece, int at) = PlaceOf(offset + done);
            int count = Math.Min(bytes.Length - done, PieceSize - at);
            while (_pieces.Count <= piece)
            {
                _pieces.Add(null);
            }

            byte[] into = _pieces[piece] ??= new byte[PieceSize];
            bytes.Slice(done, count).CopyTo(into.AsSpan(at));
            done += count;
        }

        Length = Math.Max(Length, offset + bytes.Length);
    }

    /// <summary>Makes the file this long; what a longer file had beyond it is gone.</summary>
    public void SetLength(long length)
    {
        if (length < Length)
        {
            (int piece, int at) = PlaceOf(length);
            if (piece < _pieces.Count)
            {
                _pieces[piece]?.AsSpan(at).Clear();
                _pieces.RemoveRange(piece + 1, _pieces.Count - piece - 1);
            }
        }

        Length = length;
    }

    private static (int Piece, int At) PlaceOf(long offset) => ((int)(offset / PieceSize), (int)(offset % PieceSize));
}
