using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// The few Win32 calls that a serial line needs (fileapi, winbase "Communications Resources"), with their numbers. Nothing
/// here decides anything.
/// </summary>
[SupportedOSPlatform("windows")]
internal static partial class Win32Comm
{
    public const uint ReadWrite = 0xC0000000, OpenExisting = 3, Overlapped = 0x40000000;
    public const uint PurgeAll = 0x1 | 0x2 | 0x4 | 0x8;
    public const int FileNotFound = 2, AccessDenied = 5, OperationAborted = 995, IoPending = 997;

    // Flags of DCB: fBinary, fParity, fOutxCtsFlow, fDtrControl, fTXContinueOnXoff, fOutX, fInX, fRtsControl.
    public const uint Binary = 0x1, CheckParity = 0x2, CtsFlow = 0x4, DtrOn = 0x10, SendAfterXoff = 0x80;
    public const uint XonXoffOut = 0x100, XonXoffIn = 0x200, RtsOn = 0x1000, RtsHandshake = 0x2000;

    // Flags of COMSTAT: fCtsHold, fDsrHold, fRlsdHold, fXoffHold.
    public const uint AnyHold = 0x1 | 0x2 | 0x4 | 0x8;

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle Open(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", EntryPoint = "GetCommState", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Get(SafeFileHandle port, ref Settings settings);

    [LibraryImport("kernel32", EntryPoint = "SetCommState", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Set(SafeFileHandle port, in Settings settings);

    [LibraryImport("kernel32", EntryPoint = "SetCommTimeouts", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetTimeouts(SafeFileHandle port, in Timeouts timeouts);

    [LibraryImport("kernel32", EntryPoint = "PurgeComm", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Purge(SafeFileHandle port, uint what);

    [LibraryImport("kernel32", EntryPoint = "ClearCommError", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool State(SafeFileHandle port, out uint errors, out Status status);

    [LibraryImport("kernel32", EntryPoint = "ReadFile", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static unsafe partial bool Read(
        SafeFileHandle port, byte* into, int count, nint none, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "WriteFile", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static unsafe partial bool Write(
        SafeFileHandle port, byte* from, int count, nint none, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "GetOverlappedResult", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static unsafe partial bool Result(
        SafeFileHandle port, NativeOverlapped* overlapped, out int count, [MarshalAs(UnmanagedType.Bool)] bool wait);

    [LibraryImport("kernel32", EntryPoint = "CancelIoEx", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static unsafe partial bool Cancel(SafeFileHandle port, NativeOverlapped* overlapped);

    /// <summary>DCB: 28 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Settings
    {
        public uint Length;
        public uint Baud;
        public uint Flags;
        public ushort Reserved;
        public ushort XonLimit;
        public ushort XoffLimit;
        public byte DataBits;
        public byte Parity;
        public byte StopBits;
        public byte Xon;
        public byte Xoff;
        public byte ErrorCharacter;
        public byte EndCharacter;
        public byte EventCharacter;
        public ushort Reserved1;
    }

    /// <summary>COMMTIMEOUTS, milliseconds.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Timeouts
    {
        public uint ReadInterval;
        public uint ReadMultiplier;
        public uint ReadConstant;
        public uint WriteMultiplier;
        public uint WriteConstant;
    }

    /// <summary>COMSTAT.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Status
    {
        public uint Flags;
        public uint InQueue;
        public uint OutQueue;
    }
}
