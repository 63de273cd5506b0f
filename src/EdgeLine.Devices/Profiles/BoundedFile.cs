namespace EdgeLine.Devices.Profiles;

/// <summary>Reads small files by what is in them and not by what the folder says: a device has no length and no end.</summary>
public static class BoundedFile
{
    /// <summary>
    /// The bytes of a file; more than <paramref name="bytesMax"/> of them, and never more than one, mean that it is larger.
    /// </summary>
    /// <exception cref="IOException">Not there or not readable.</exception>
    /// <exception cref="UnauthorizedAccessException">We may not read it.</exception>
    public static byte[] Read(string path, int bytesMax)
    {
        using FileStream file = File.OpenRead(path);
        // What it says about its length is only where to begin: the limit as a buffer for each small file is a megabyte of garbage.
        byte[] bytes = new byte[1 + (int)Math.Min(file.CanSeek ? file.Length : 4096, bytesMax)];
        int length = 0;
        while ((length += file.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false)) == bytes.Length && length <= bytesMax)
        {
            Array.Resize(ref bytes, (int)Math.Min(2L * length, bytesMax + 1L));
        }

        return bytes[..length];
    }
}
