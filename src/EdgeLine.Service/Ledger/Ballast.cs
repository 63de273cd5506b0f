using System.Security.Cryptography;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Room that is given up when the disk is really full, so that what becomes of the labels on the belt can still be written
/// down: a file of 8 MiB beside the ledger, about 20,000 entries.
/// </summary>
/// <param name="folder">Folder of the line.</param>
public sealed class Ballast(string folder)
{
    /// <summary>Its size in bytes.</summary>
    public const long Bytes = 8L << 20;

    /// <summary>With less free space than this the disk counts as full, bytes.</summary>
    public const long FullBelow = 2L << 20;

    private readonly string _path = Path.Combine(folder, "ballast.bin");

    /// <summary>True while there is room to give up.</summary>
    public bool IsThere => File.Exists(_path);

    /// <summary>Follows the free space of the disk; true when something was done.</summary>
    /// <param name="freeBytes">Free space of the disk.</param>
    /// <param name="enoughBytes">With so much more than the ballast it is made anew.</param>
    public bool Follow(long freeBytes, long enoughBytes) =>
        freeBytes < FullBelow ? Free() : freeBytes > enoughBytes + (2 * Bytes) && Fill();

    /// <summary>Gives the room up; false when there was none.</summary>
    public bool Free()
    {
        try
        {
            bool there = IsThere;
            File.Delete(_path);
            return there;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Takes the room; false when it was taken already or there is none.</summary>
    public bool Fill()
    {
        if (IsThere)
        {
            return false;
        }

        try
        {
            using (FileStream file = File.Create(_path + ".new"))
            {
                // Chance cannot be compressed away by a file system that tries.
                byte[] block = new byte[1 << 20];
                for (long at = 0; at < Bytes; at += block.Length)
                {
                    RandomNumberGenerator.Fill(block);
                    file.Write(block);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(_path + ".new", _path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(_path + ".new");
            return false;
        }
    }
}
