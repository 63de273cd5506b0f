using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeLine.Simulator.Faults.Disk;

/// <summary>
/// The SQLite virtual file system of all simulated disks in this process, registered under one name. Which disk is meant
/// stands in the first part of the path.
/// </summary>
internal static unsafe partial class DiskVfs
{
    public const string Name = "edgeline-disk";

    // Result codes of SQLite, sqlite3.h.
    private const int Ok = 0, IoErr = 10, NotFound = 12, Full = 13, CantOpen = 14;
    private const int ShortRead = IoErr | (2 << 8), DeleteNoEntry = IoErr | (23 << 8);
    private const int MaxPath = 512;
    private const int OpenCreate = 0x4, OpenWal = 0x80000;

    // As the VFS of Linux says, which is the one that ships: a write leaves the bytes beside it alone.
    private const int PowersafeOverwrite = 0x1000, SectorSize = 4096;

    private static readonly ConcurrentDictionary<string, SimulatedDisk> Disks = new();
    private static readonly nint Methods = MakeMethods();
    private static readonly int Registered = Register();

    public static void Attach(SimulatedDisk disk)
    {
        if (Registered != Ok)
        {
            throw new InvalidOperationException($"SQLite does not take the simulated disk: {Registered}.");
        }

        Disks[disk.Root] = disk;
    }

    public static void Detach(SimulatedDisk disk) => Disks.TryRemove(disk.Root, out _);

    private static int Register()
    {
        // As long as the process lives.
        SqliteVfs* vfs = (SqliteVfs*)NativeMemory.AllocZeroed((nuint)sizeof(SqliteVfs));
        vfs->Version = 1;
        vfs->FileSize = sizeof(SqliteFile);
        vfs->MaxPathname = MaxPath;
        vfs->Name = Marshal.StringToCoTaskMemUTF8(Name);
        vfs->Open = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, SqliteFile*, int, int*, int>)&OnOpen;
        vfs->Delete = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, int>)&OnDelete;
        vfs->Access = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, int*, int>)&OnAccess;
        vfs->FullPathname = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, byte*, int>)&OnFullPathname;
        vfs->Randomness = (nint)(delegate* unmanaged[Cdecl]<nint, int, byte*, int>)&OnRandomness;
        vfs->Sleep = (nint)(delegate* unmanaged[Cdecl]<nint, int, int>)&OnSleep;
        vfs->CurrentTime = (nint)(delegate* unmanaged[Cdecl]<nint, double*, int>)&OnCurrentTime;
        vfs->GetLastError = (nint)(delegate* unmanaged[Cdecl]<nint, int, byte*, int>)&OnGetLastError;
        return RegisterVfs(vfs, makeDefault: 0);
    }

    private static nint MakeMethods()
    {
        SqliteIoMethods* methods = (SqliteIoMethods*)NativeMemory.AllocZeroed((nuint)sizeof(SqliteIoMethods));
        methods->Version = 1;
        methods->Close = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, int>)&OnClose;
        methods->Read = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int>)&OnRead;
        methods->Write = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int>)&OnWrite;
        methods->Truncate = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, long, int>)&OnTruncate;
        methods->Sync = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, int, int>)&OnSync;
        methods->FileSize = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, long*, int>)&OnFileSize;
        methods->Lock = methods->Unlock = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, int, int>)&OnLock;
        methods->CheckReservedLock = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, int*, int>)&OnCheckReservedLock;
        methods->FileControl = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, int, nint, int>)&OnFileControl;
        methods->SectorSize = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, int>)&OnSectorSize;
        methods->DeviceCharacteristics = (nint)(delegate* unmanaged[Cdecl]<SqliteFile*, int>)&OnDeviceCharacteristics;
        return (nint)methods;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RegisterVfs(SqliteVfs* vfs, int makeDefault);

    private static SimulatedDisk? DiskOf(string path)
    {
        int end = path.IndexOf('/', 1);
        return end > 0 && Disks.TryGetValue(path[..end], out SimulatedDisk? disk) ? disk : null;
    }

    private static string PathOf(byte* text) => (Marshal.PtrToStringUTF8((nint)text) ?? "").Replace('\\', '/');

    private static OpenFile FileOf(SqliteFile* file) => (OpenFile)GCHandle.FromIntPtr(file->Opened).Target!;

    private static int Said(DiskAnswer answer) => answer switch { DiskAnswer.Done => Ok, DiskAnswer.Full => Full, _ => IoErr };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(nint vfs, byte* name, SqliteFile* file, int flags, int* outFlags)
    {
        file->Methods = 0;
        string path = PathOf(name);
        if (DiskOf(path) is not { Dead: false } disk || disk.Open(path, (flags & OpenCreate) != 0) is not { } opened)
        {
            return CantOpen;
        }

        file->Opened = GCHandle.ToIntPtr(GCHandle.Alloc(new OpenFile(disk, disk.Generation, opened, (flags & OpenWal) != 0)));
        file->Methods = Methods;
        if (outFlags is not null)
        {
            *outFlags = flags;
        }

        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDelete(nint vfs, byte* name, int syncFolder)
    {
        string path = PathOf(name);
        return DiskOf(path) is not { Dead: false } disk ? IoErr
            : disk.Open(path, create: false) is null ? DeleteNoEntry
            : Said(disk.Delete(path, syncFolder != 0));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnAccess(nint vfs, byte* name, int flags, int* result)
    {
        string path = PathOf(name);
        *result = DiskOf(path) is { Dead: false } disk && disk.Exists(path) ? 1 : 0;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnFullPathname(nint vfs, byte* name, int size, byte* into)
    {
        ReadOnlySpan<byte> path = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
        if (path.Length + 1 > size)
        {
            return CantOpen;
        }

        path.CopyTo(new Span<byte>(into, size));
        into[path.Length] = 0;
        return Ok;
    }

    // The same for each disk: with a seed there is no other chance.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnRandomness(nint vfs, int count, byte* into)
    {
        new Span<byte>(into, count).Clear();
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSleep(nint vfs, int microseconds) => microseconds;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCurrentTime(nint vfs, double* julianDay)
    {
        *julianDay = 2_461_000.5;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnGetLastError(nint vfs, int size, byte* into) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClose(SqliteFile* file)
    {
        GCHandle.FromIntPtr(file->Opened).Free();
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnRead(SqliteFile* file, byte* into, int count, long offset)
    {
        OpenFile opened = FileOf(file);
        return !opened.IsAlive ? IoErr : opened.File.Read(offset, new Span<byte>(into, count)) == count ? Ok : ShortRead;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(SqliteFile* file, byte* from, int count, long offset)
    {
        OpenFile opened = FileOf(file);
        return opened.IsAlive ? Said(opened.Disk.Write(opened.File, offset, new ReadOnlySpan<byte>(from, count))) : IoErr;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTruncate(SqliteFile* file, long length)
    {
        OpenFile opened = FileOf(file);
        return opened.IsAlive ? Said(opened.Disk.SetLength(opened.File, length)) : IoErr;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSync(SqliteFile* file, int flags)
    {
        OpenFile opened = FileOf(file);
        return opened.IsAlive ? Said(opened.Disk.Sync(opened.File, opened.IsLog)) : IoErr;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnFileSize(SqliteFile* file, long* size)
    {
        OpenFile opened = FileOf(file);
        *size = opened.File.Length;
        return opened.IsAlive ? Ok : IoErr;
    }

    // One connection only, and that one is exclusive.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnLock(SqliteFile* file, int level) => Ok;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCheckReservedLock(SqliteFile* file, int* result)
    {
        *result = 0;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnFileControl(SqliteFile* file, int operation, nint argument) => NotFound;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSectorSize(SqliteFile* file) => SectorSize;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDeviceCharacteristics(SqliteFile* file) => PowersafeOverwrite;

    private sealed record OpenFile(SimulatedDisk Disk, int Generation, SimulatedFile File, bool IsLog)
    {
        public bool IsAlive => Generation == Disk.Generation && !Disk.Dead;
    }
}
