using System.Runtime.InteropServices;
using System.Text;
using EdgeLine.Devices.Links;

namespace EdgeLine.Tests.Devices.Support;

/// <summary>The device's end of a kernel pseudo-terminal; <see cref="Path"/> is the end that the program
/// opens.</summary>
public sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2, NoCtty = 0x100, NonBlock = 0x800, CloseOnExec = 0x80000;

    private int _master;

    public PseudoTerminal()
    {
        _master = OpenMaster(ReadWrite | NoCtty | NonBlock | CloseOnExec);
        byte[] name = new byte[128];
        if (_master < 0 || Grant(_master) != 0 || Unlock(_master) != 0 || NameOf(_master, name, 128) != 0)
        {
            throw new InvalidOperationException($"no pseudo-terminal: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        Path = Encoding.ASCII.GetString(name).TrimEnd('\0');
    }

    public string Path { get; }

    public int Master => _master;

    /// <summary>What the line is set to, whoever has it open.</summary>
    internal unsafe Termios.Settings Settings
    {
        get
        {
            Termios.Settings settings;
            Assert.Equal(0, Get(_master, &settings));
            return settings;
        }
        set => Assert.Equal(0, Set(_master, 0, &value));
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count = Write(_master, bytes, (nuint)bytes.Length);
            Assert.True(count > 0, Marshal.GetLastPInvokeErrorMessage());
            bytes = bytes[(int)count..];
        }
    }

    public void Write(string text) => Write(Encoding.Latin1.GetBytes(text));

    /// <summary>What waits right now.</summary>
    public byte[] ReadWaiting()
    {
        List<byte> all = [];
        byte[] buffer = new byte[4096];
        nint count;
        while ((count = Read(_master, buffer, 4096)) > 0)
        {
            all.AddRange(buffer.AsSpan(0, (int)count));
        }

        return [.. all];
    }

    /// <summary>Exactly this many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        List<byte> all = [];
        await Within.Async(() =>
        {
            all.AddRange(ReadWaiting());
            return all.Count >= count;
        });
        return [.. all];
    }

    /// <summary>Pulls the cable.</summary>
    public void Unplug()
    {
        if (_master >= 0)
        {
            int master = _master;
            _master = -1;
            Assert.Equal(0, Close(master));
        }
    }

    public void Dispose() => Unplug();

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int NameOf(int master, [Out] byte[] name, nuint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int master, [Out] byte[] into, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int master, ReadOnlySpan<byte> from, nuint count);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static unsafe partial int Get(int master, Termios.Settings* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static unsafe partial int Set(int master, int when, Termios.Settings* settings);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
