using System.Runtime.InteropServices;

namespace EdgeLine.Simulator.Faults.Disk;

/// <summary><c>sqlite3_vfs</c>, version 1, as in sqlite3.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SqliteVfs
{
    public int Version;
    public int FileSize;
    public int MaxPathname;
    public nint Next;
    public nint Name;
    public nint AppData;
    public nint Open;
    public nint Delete;
    public nint Access;
    public nint FullPathname;
    public nint DlOpen;
    public nint DlError;
    public nint DlSym;
    public nint DlClose;
    public nint Randomness;
    public nint Sleep;
    public nint CurrentTime;
    public nint GetLastError;
}

/// <summary>
/// <c>sqlite3_io_methods</c>, version 1: without shared memory, which a ledger does not need because it is exclusive before
/// it uses a write-ahead log.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SqliteIoMethods
{
    public int Version;
    public nint Close;
    public nint Read;
    public nint Write;
    public nint Truncate;
    public nint Sync;
    public nint FileSize;
    public nint Lock;
    public nint Unlock;
    public nint CheckReservedLock;
    public nint FileControl;
    public nint SectorSize;
    public nint DeviceCharacteristics;
}

/// <summary>Our <c>sqlite3_file</c>: what SQLite wants first, then which open file it is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SqliteFile
{
    public nint Methods;
    public nint Opened;
}
