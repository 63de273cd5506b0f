using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EdgeLine.Devices.Links;

/// <summary>
/// The few Linux calls that a serial line needs (termios(3), tty_ioctl(4), poll(2)), with the numbers of the
/// asm-generic ABI: x64, arm64 and arm. Nothing here decides anything.
/// </summary>
internal static partial class Termios
{
    public const int ReadWrite = 0x2, NoCtty = 0x100, NonBlock = 0x800, CloseOnExec = 0x80000;
    public const uint IXon = 0x400, IXoff = 0x1000;
    public const uint CSize = 0x30, Cs7 = 0x20, Cs8 = 0x30, CStopB = 0x40, CRead = 0x80, ParEnb = 0x100, ParOdd = 0x200;
    public const uint HupCl = 0x400, CLocal = 0x800, ParStick = 0x40000000, CRtsCts = 0x80000000;
    public const uint InpCk = 0x10;
    public const int VTime = 5, VMin = 6, VStart = 8, VStop = 9;
    public const byte Xon = 0x11, Xoff = 0x13;
    public const int FlushBoth = 2;
    public const nuint Exclusive = 0x540C, NotExclusive = 0x540D, ModemGet = 0x5415, ModemSet = 0x5416;
    public const int ModemDtr = 0x2, ModemRts = 0x4;
    public const int LockExclusiveNow = 0x2 | 0x4;
    public const short PollIn = 0x1, PollOut = 0x4;
    public const int Eintr = 4, Eio = 5, Enxio = 6, Eagain = 11, Eacces = 13, Ebusy = 16, Enodev = 19, Enoent = 2;

    /// <summary>Speed constant of a baud rate, 0 when there is none.</summary>
    public static uint SpeedOf(int baud) => baud switch
    {
        300 => 7,
        600 => 8,
        1200 => 9,
        2400 => 11,
        4800 => 12,
        9600 => 13,
        19200 => 14,
        38400 => 15,
        57600 => 0x1001,
        115200 => 0x1002,
        230400 => 0x1003,
        _ => 0,
    };

    public static TerminalHandle Open(string path, int flags) => new(OpenDescriptor(path, flags));

    public static TerminalHandle EventFd() => new(EventDescriptor(0, NonBlock | CloseOnExec));

    public static string LastErrorText() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(TerminalHandle port, byte* into, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(TerminalHandle port, byte* from, nuint count);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int Get(TerminalHandle port, out Settings settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int Set(TerminalHandle port, int when, in Settings settings);

    [LibraryImport("libc", EntryPoint = "cfsetspeed", SetLastError = true)]
    public static partial int SetSpeed(ref Settings settings, uint speed);

    [LibraryImport("libc", EntryPoint = "cfgetospeed")]
    public static partial uint OutputSpeed(in Settings settings);

    [LibraryImport("libc", EntryPoint = "cfgetispeed")]
    public static partial uint InputSpeed(in Settings settings);

    [LibraryImport("libc", EntryPoint = "tcflush", SetLastError = true)]
    public static partial int Flush(TerminalHandle port, int queue);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(TerminalHandle port, nuint request, in int value);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Modem(TerminalHandle port, nuint request, out int wires);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(TerminalHandle port, int operation);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(nint descriptor);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    /// <summary>struct termios of glibc and musl on Linux: 60 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Settings
    {
        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public byte Line;
        public fixed byte Characters[32];
        public uint InputSpeed;
        public uint OutputSpeed;
    }
}

/// <summary>A file descriptor that is closed once, and never while a call uses it.</summary>
internal sealed class TerminalHandle : SafeHandle
{
    // A C int is not sign-extended when it is taken for a pointer, so it comes here as what it is.
    public TerminalHandle(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    public override bool IsInvalid => handle == -1;

    protected override bool ReleaseHandle() => Termios.Close(handle) == 0;
}
