using System.Runtime.InteropServices;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>
/// A disk of the test's own: an ext4 in a file, whose power can be cut, or a small one in memory that gets full. Nothing else of
/// this PC is touched.
/// </summary>
internal sealed partial class OwnDisk : IAsyncDisposable
{
    // _IOR('X', 125, __u32) of linux/fs; NOLOGFLUSH: neither data nor journal that is still in memory gets to the disk.
    private const nuint ShutDown = 0x8004587D;
    private const uint NoLogFlush = 2;

    private readonly string _folder;
    private readonly string[] _mount;
    private bool _mounted;

    private OwnDisk(string folder, string[] mount) => (_folder, _mount) = (folder, mount);

    /// <summary>Where it is mounted.</summary>
    public string Folder => Path.Combine(_folder, "disk");

    /// <summary>An ext4 of 256 MB in a sparse file.</summary>
    public static async Task<OwnDisk> Ext4Async()
    {
        string folder = Directory.CreateTempSubdirectory("edgeline-disk-").FullName;
        string image = Path.Combine(folder, "image");
        await using (FileStream file = File.Create(image))
        {
            file.SetLength(256 << 20);
        }

        await MustAsync("/sbin/mkfs.ext4", "-q", "-F", image);
        return await MountedAsync(folder, ["-o", "loop", image]);
    }

    /// <summary>A disk in memory of so many KiB.</summary>
    public static Task<OwnDisk> SmallAsync(int kibibytes) =>
        MountedAsync(Directory.CreateTempSubdirectory("edgeline-disk-").FullName, ["-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs"]);

    /// <summary>Makes it larger.</summary>
    public Task ResizeAsync(int kibibytes) => MustAsync("mount", "-o", $"remount,size={kibibytes}k", Folder);

    /// <summary>Cuts its power: what was not forced to the disk is gone, and everything that is written from now on fails.</summary>
    public void Cut()
    {
        using var handle = File.OpenHandle(Path.Combine(_folder, "disk", "here"));
        uint how = NoLogFlush;
        if (IoCtl((int)handle.DangerousGetHandle(), ShutDown, ref how) != 0)
        {
            throw new IOException($"The disk could not be cut: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Power is back: the file system recovers what its journal has.</summary>
    public async Task PowerUpAsync()
    {
        await UnmountAsync();
        await MountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await UnmountAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<OwnDisk> MountedAsync(string folder, string[] mount)
    {
        var disk = new OwnDisk(folder, mount);
        Directory.CreateDirectory(disk.Folder);
        await disk.MountAsync();
        await File.WriteAllTextAsync(Path.Combine(disk.Folder, "here"), "");
        return disk;
    }

    private async Task MountAsync()
    {
        await MustAsync("mount", [.. _mount, Folder]);
        _mounted = true;
    }

    private async Task UnmountAsync()
    {
        if (_mounted)
        {
            await MustAsync("umount", Folder);
            _mounted = false;
        }
    }

    private static async Task MustAsync(string file, params string[] arguments)
    {
        await using RunningProgram program = RunningProgram.StartOther(file, arguments);
        int code = await program.EndAsync();
        Assert.True(code == 0, $"{file} {string.Join(' ', arguments)}: {code}\n{string.Join('\n', program.Lines)}");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoCtl(int file, nuint request, ref uint argument);
}
