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
        byte[] bytes = new byte[bytesMax + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..length];
    }
}
