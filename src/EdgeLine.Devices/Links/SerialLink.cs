using System.Runtime.InteropServices;
using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// A serial line on Linux over termios; stands in for System.IO.Ports, which our build environment cannot restore.
/// The line is opened for us alone, DTR is asserted once and never toggled, an unplugged adapter ends the read, and a
/// close never waits for bytes that the device does not take.
/// </summary>
public sealed class SerialLink : DeviceLink
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly TerminalHandle _port;
    private readonly PortReadiness _ready;
    private readonly TimeProvider _time;
    private readonly int _baud;
    private readonly Lock _writing = new();
    private bool _closed;

    private SerialLink(LinkAddress.Serial address, TerminalHandle port, TimeProvider time)
    {
        Address = address.ToString();
        _baud = address.Settings.Baud;
        _port = port;
        _time = time;
        _ready = new PortReadiness(port, Address);
    }

    /// <inheritdoc />
    public override string Address { get; }

    /// <summary>Opens the line; bytes that waited in the driver are dropped.</summary>
    public static SerialLink Open(LinkAddress.Serial address, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException($"{address}: serial lines are opened on Linux and on Windows only.");
        }

        // O_NONBLOCK also keeps open() from waiting for the carrier of a modem that is not there.
        TerminalHandle port = Termios.Open(
            address.Path, Termios.ReadWrite | Termios.NoCtty | Termios.NonBlock | Termios.CloseOnExec);
        if (port.IsInvalid)
        {
            throw new DeviceLinkException($"{address}: {OpenRemedy(Marshal.GetLastPInvokeError())}.");
        }

        try
        {
            TerminalSetup.Apply(port, address);
            return new SerialLink(address, port, time);
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken ct)
    {
        while (true)
        {
            (int count, int error) = ReadNow(into.Span);
            if (count > 0)
            {
                return count;
            }

            if (count == 0 || error is not (Termios.Eagain or Termios.Eintr))
            {
                // A hung-up terminal reads as end of file, a removed USB adapter as EIO or ENXIO.
                throw new DeviceLinkException(
                    $"{Address}: the line is gone. Check that the adapter is plugged in and the device has power.");
            }

            await _ready.Readable().WaitAsync(ct);
        }
    }

    /// <inheritdoc />
    public override async ValueTask<LinkWrite> WriteAsync(
        ReadOnlyMemory<byte> bytes, TimeSpan limit, CancellationToken ct)
    {
        long start = _time.GetTimestamp();
        int taken = 0;
        while (taken < bytes.Length)
        {
            if (ct.IsCancellationRequested)
            {
                return new LinkWrite(taken, $"{Address}: cancelled.");
            }

            (int count, int error) = WriteNow(bytes.Span[taken..]);
            if (count > 0)
            {
                taken += count;
                continue;
            }

            if (error is not (Termios.Eagain or Termios.Eintr))
            {
                return new LinkWrite(taken, $"{Address}: the line is gone.");
            }

            TimeSpan left = limit - _time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || !await BecomesWritableAsync(left, ct))
            {
                return new LinkWrite(
                    taken,
                    $"{Address}: the device took no more bytes for {limit.TotalMilliseconds:0} ms; "
                    + "check the handshake.");
            }
        }

        return new LinkWrite(taken, null);
    }

    /// <inheritdoc />
    /// <remarks>Twelve bits a byte: start, eight, parity and two stop bits.</remarks>
    public override TimeSpan WireTime(int bytes) => TimeSpan.FromSeconds(bytes * 12.0 / _baud);

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;

            // Exclusive use would outlive us while any other program still has the line open.
            _ = Termios.Control(_port, Termios.NotExclusive, 0);

            // Without this, close() would wait up to 30 seconds for a device that holds us off with XOFF or CTS. Nothing is
            // written from here on, so what was unsent is gone for good: the next connection begins with its own bytes.
            _ = Termios.Flush(_port, Termios.FlushBoth);
        }

        _ready.Close();
        await Task.WhenAny(_ready.Ended, Task.Delay(CloseLimit, _time));
    }

    private async Task<bool> BecomesWritableAsync(TimeSpan left, CancellationToken ct)
    {
        try
        {
            await _ready.Writable().WaitAsync(left, _time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true; // the loop sees the token and says so
        }
    }

    private unsafe (int Count, int Error) ReadNow(Span<byte> into)
    {
        try
        {
            fixed (byte* at = into)
            {
                int count = (int)Termios.Read(_port, at, (nuint)into.Length);
                return (count, count < 0 ? Marshal.GetLastPInvokeError() : 0);
            }
        }
        catch (ObjectDisposedException)
        {
            return (-1, Termios.Enxio);
        }
    }

    private unsafe (int Count, int Error) WriteNow(ReadOnlySpan<byte> from)
    {
        lock (_writing)
        {
            if (_closed)
            {
                return (-1, Termios.Enxio);
            }

            fixed (byte* at = from)
            {
                int count = (int)Termios.Write(_port, at, (nuint)from.Length);
                return (count, count < 0 ? Marshal.GetLastPInvokeError() : 0);
            }
        }
    }

    private static string OpenRemedy(int error) => error switch
    {
        Termios.Enoent =>
            "there is no such line. Check that the adapter is plugged in; ls /dev/serial/by-id shows what is",
        Termios.Enodev or Termios.Enxio => "there is no device behind this line. Check that the adapter is plugged in",
        Termios.Eacces => "not allowed. Add the service's user to the group that owns the line, often dialout",
        Termios.Ebusy => "another program has it open. Close that program",
        _ => $"cannot be opened ({Termios.LastErrorText()})",
    };
}
