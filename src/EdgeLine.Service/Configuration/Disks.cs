namespace EdgeLine.Service.Configuration;

/// <summary>Which disk a folder is on, as far as the system tells: where it is mounted.</summary>
internal static class Disks
{
    /// <summary>The mount point or drive of a path; the folder itself need not be there.</summary>
    public static string Of(string path) => DriveInfo.GetDrives()
        .Select(drive => drive.Name)
        .Where(mount => WithEnd(path).StartsWith(WithEnd(mount), StringComparison.OrdinalIgnoreCase))
        .MaxBy(mount => mount.Length) ?? "";

    private static string WithEnd(string path) => path.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
}
