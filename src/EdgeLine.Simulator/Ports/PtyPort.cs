using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace EdgeLine.Simulator.Ports;

/// <summary>
/// A serial line as a kernel pseudo-terminal in raw mode: the device holds the master, a host opens <see cref="Path"/>
/// like any serial port. Bytes pass unchanged, as fast as both ends go or, with a <see cref="WirePace"/>, no faster than a
/// real line of that speed in each direction; what the host sets has no effect. Linux only.
/// </summary>
internal sealed partial class PtyPort : DevicePort
{
    // O_RDWR, O_NOCTTY, O_CLOEXEC: a child process must not keep the line plugged in.
    private const int ReadWriteNoTty = 0x2 | 0x100 | 0x80000;
    private const int NonBlocking = 0x800;
    private const int Again = 11;
    private const short PollIn = 1;
    private const short PollOut = 4;
    private readonly BytesArrived _arrived;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _toHost = Channel.CreateUnbounded<byte[]>();
    private readonly int _master;
    private readonly int _slave;
    private readonly Thread _reader;
    private readonly Thread _writer;
    private readonly string? _alias;
    private readonly WirePace? _fromHostPace;
    private readonly WirePace? _toHostPace;
    private volatile bool _off;
    private bool _unplugged;

    private PtyPort(BytesArrived arrived, string? alias, int? baud)
    {
        _arrived = arrived;
        if (baud is int speed)
        {
            _fromHostPace = new WirePace(speed, TimeProvider.System);
            _toHostPace = new WirePace(speed, TimeProvider.System);
        }

        _master = Checked(posix_openpt(ReadWriteNoTty | NonBlocking), "posix_openpt");
        Checked(grantpt(_master), "grantpt");
        Checked(unlockpt(_master), "unlockpt");
        byte[] name = new byte[128];
        Checked(ptsname_r(_master, name, name.Length), "ptsname_r");
        Path = Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
        // Our own hold on the slave keeps the master readable while no host has it open.
        _slave = Checked(open(Path, ReadWriteNoTty), $"open {Path}");
        byte[] termios = new byte[256];
        Checked(tcgetattr(_slave, termios), "tcgetattr");
        cfmakeraw(termios);
        Checked(tcsetattr(_slave, 0, termios), "tcsetattr");
        if (alias is not null)
        {
            File.Delete(alias);
            File.CreateSymbolicLink(alias, Path);
            _alias = alias;
        }

        _reader = new Thread(Read) { IsBackground = true, Name = $"{Path} reader" };
        _writer = new Thread(Write) { IsBackground = true, Name = $"{Path} writer" };
        _reader.Start();
        _writer.Start();
    }

    /// <summary>Device path that a host opens.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public override string Link => $"serial:{_alias ?? Path}";

    /// <summary>
    /// Makes a serial line; <paramref name="alias"/> is a symbolic link with a name that stays the same, <paramref name="baud"/>
    /// the speed of the wire (8N1), null for as fast as it goes.
    /// </summary>
    public static PtyPort Open(BytesArrived arrived, string? alias = null, int? baud = null) => OperatingSystem.IsLinux()
        ? new PtyPort(arrived, alias, baud)
        : throw new PlatformNotSupportedException("Virtual serial lines need Linux; use --listen and a tcp:// link here.");

    /// <inheritdoc />
    public override void WriteToAll(ReadOnlySpan<byte> bytes)
    {
        if (!_off)
        {
            _toHost.Writer.TryWrite(bytes.ToArray());
        }
    }

    /// <inheritdoc />
    public override void Cut(bool off) => _off = off;

    /// <inheritdoc />
    public override void SwitchOn() => _off = false;

    /// <inheritdoc />
    /// <remarks>For the host the adapter is unplugged; another port may then take its alias.</remarks>
    public override async ValueTask DisposeAsync()
    {
        if (_unplugged)
        {
            return;
        }

        _unplugged = true;
        await _stop.CancelAsync();
        _toHost.Writer.TryComplete();
        _reader.Join();
        _writer.Join();
        if (_alias is not null)
        {
            File.Delete(_alias);
        }

        _ = close(_slave);
        _ = close(_master);
        _stop.Dispose();
    }

    private void Read()
    {
        byte[] buffer = new byte[4096];
        var answer = new Line(this);
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var wait = new PollFd { Fd = _master, Events = PollIn };
                bool idle = _fromHostPace is not null && poll(ref wait, 1, 0) == 0;

                // The time-out only lets the thread see that it should end; bytes wake it at once.
                if (poll(ref wait, 1, 100) <= 0)
                {
                    continue;
                }

                if (idle)
                {
                    // The wire was empty until now; time in which it had nothing to carry is not given back.
                    _fromHostPace!.Idle();
                }

                nint count = read(_master, buffer, _fromHostPace?.Bite ?? buffer.Length);
                if (count < 0 && Marshal.GetLastPInvokeError() == Again)
                {
                    continue;
                }

                if (count <= 0)
                {
                    return;
                }

                WaitForWire(_fromHostPace, (int)count);
                if (!_off)
                {
                    _arrived(buffer.AsMemory(0, (int)count), answer, _stop.Token).AsTask().GetAwaiter().GetResult();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    private void Write()
    {
        while (_toHost.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            _toHostPace?.Idle();
            while (_toHost.Reader.TryRead(out byte[]? bytes))
            {
                for (int done = 0; done < bytes.Length && !_stop.IsCancellationRequested;)
                {
                    int bite = Math.Min(bytes.Length - done, _toHostPace?.Bite ?? int.MaxValue);
                    WaitForWire(_toHostPace, bite);
                    for (int end = done + bite; done < end && !_stop.IsCancellationRequested;)
                    {
                        var wait = new PollFd { Fd = _master, Events = PollOut };
                        if (poll(ref wait, 1, 100) > 0)
                        {
                            done += (int)Math.Max(write(_master, bytes[done..end], end - done), 0);
                        }
                    }
                }
            }
        }
    }

    // A byte is there when its last bit is.
    private void WaitForWire(WirePace? pace, int bytes)
    {
        if (pace?.Carry(bytes) is { } wait && wait > TimeSpan.Zero)
        {
            _stop.Token.WaitHandle.WaitOne(wait);
        }
    }

    private static int Checked(int result, string call) => result >= 0
        ? result
        : throw new IOException($"{call} failed with errno {Marshal.GetLastPInvokeError()}.");

    private sealed class Line(PtyPort port) : Outlet
    {
        public override void Write(ReadOnlySpan<byte> bytes) => port.WriteToAll(bytes);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ptsname_r(int fd, [Out] byte[] name, nint length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int fd, [Out] byte[] termios);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int fd, int when, byte[] termios);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte[] termios);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollFd fds, nuint count, int timeoutMs);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, [Out] byte[] buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, byte[] buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);
}
