using System.Runtime.Versioning;
using System.Threading.Channels;
using EdgeLine.Devices.Profiles;
using Microsoft.Win32.SafeHandles;

namespace EdgeLine.Devices.Links;

/// <summary>
/// A serial line on Windows over the Win32 comm API; the counterpart of <see cref="SerialLink"/>, with the same outcomes. The
/// port is opened for us alone, DTR is on all the time, an unplugged adapter ends reads and writes, and a close never waits
/// for bytes that the device does not take.
/// </summary>
[SupportedOSPlatform("windows")]
public sealed class ComPortLink : DeviceLink
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HeldOffPause = TimeSpan.FromMilliseconds(20);

    private readonly SafeFileHandle _port;
    private readonly TimeProvider _time;
    private readonly SerialSettings _settings;
    private readonly CancellationTokenSource _over = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ComTransfer _out;
    private readonly Channel<ReadOnlyMemory<byte>> _arrived = Channel.CreateBounded<ReadOnlyMemory<byte>>(64);
    private readonly Task _reading;
    private ReadOnlyMemory<byte> _rest;
    private int _closed;

    private ComPortLink(LinkAddress.Serial address, SafeFileHandle port, TimeProvider time)
    {
        Address = address.ToString();
        _settings = address.Settings;
        _port = port;
        _time = time;
        _out = new ComTransfer(port, $"{Address} out", time);
        _reading = Task.WhenAll(ReadLoopAsync(), WatchLoopAsync());
    }

    /// <inheritdoc />
    public override string Address { get; }

    /// <summary>Opens the line; bytes that waited in the driver are dropped.</summary>
    /// <exception cref="DeviceLinkException">It cannot be opened; the message says what to check.</exception>
    public static ComPortLink Open(LinkAddress.Serial address, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new ComPortLink(address, ComSetup.Open(address), time);
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken ct)
    {
        while (_rest.IsEmpty)
        {
            if (!await _arrived.Reader.WaitToReadAsync(ct))
            {
                throw new DeviceLinkException(
                    $"{Address}: the line is gone. Check that the adapter is plugged in and the device has power.");
            }

            _arrived.Reader.TryRead(out _rest);
        }

        int count = Math.Min(into.Length, _rest.Length);
        _rest[..count].CopyTo(into);
        _rest = _rest[count..];
        return count;
    }

    /// <inheritdoc />
    /// <remarks>
    /// A piece that the driver took and did not finish may have left but for its last byte, whatever the driver says it
    /// counted: not every driver counts. So "not one byte" is said only when nothing was handed over.
    /// </remarks>
    public override async ValueTask<LinkWrite> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan limit, CancellationToken ct)
    {
        long start = _time.GetTimestamp();
        await _writing.WaitAsync(CancellationToken.None);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(ct, _over.Token);
        try
        {
            int taken = 0;
            while (taken < bytes.Length)
            {
                TimeSpan left = limit - _time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !await MayWriteAsync(left, end.Token))
                {
                    return Stopped(taken, limit, ct);
                }

                int piece = Math.Min(bytes.Length - taken, ComTransfer.Most);
                ComEnd wrote = await _out.WriteAsync(bytes.Span.Slice(taken, piece), limit - _time.GetElapsedTime(start), end.Token);
                if (wrote is { Begun: true, Error: 0 } && wrote.Count == piece)
                {
                    taken += piece;
                    continue;
                }

                return Stopped(wrote.Begun ? taken + Math.Max(wrote.Count, Math.Max(piece - 1, 1)) : taken, limit, ct, wrote.Error);
            }

            return new LinkWrite(taken, null);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc />
    /// <remarks>Twelve bits a byte: start, eight, parity and two stop bits.</remarks>
    public override TimeSpan WireTime(int bytes) => TimeSpan.FromSeconds(bytes * 12.0 / _settings.Baud);

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        // A driver may be slow in each of these calls; nobody waits for it longer than the limit.
        Task closed = Task.Run(CloseAsync);
        await Task.WhenAny(closed, Task.Delay(CloseLimit, _time));
    }

    private async Task CloseAsync()
    {
        await _over.CancelAsync();
        _ = Win32Comm.Purge(_port, Win32Comm.PurgeAll);
        await _reading;
        await _writing.WaitAsync();
        _port.Dispose();
        _out.Dispose();
        _writing.Release();
    }

    private LinkWrite Stopped(int taken, TimeSpan limit, CancellationToken ct, int error = Win32Comm.OperationAborted) => new(
        taken,
        ct.IsCancellationRequested ? $"{Address}: cancelled."
        : _over.IsCancellationRequested || error != Win32Comm.OperationAborted ? $"{Address}: the line is gone."
        : $"{Address}: the device took no more bytes for {limit.TotalMilliseconds:0} ms; check the handshake.");

    // While the device holds us off nothing is handed over, so that nothing of it can be in doubt.
    private async Task<bool> MayWriteAsync(TimeSpan left, CancellationToken stop)
    {
        long start = _time.GetTimestamp();
        while (!stop.IsCancellationRequested && _time.GetElapsedTime(start) < left)
        {
            if (!Win32Comm.State(_port, out _, out Win32Comm.Status status))
            {
                await _over.CancelAsync();
                return false;
            }

            if ((status.Flags & Win32Comm.AnyHold) == 0)
            {
                return true;
            }

            await Task.Delay(HeldOffPause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    // The first byte is waited for; what came with it is then taken at once.
    private async Task ReadLoopAsync()
    {
        using ComTransfer transfer = new(_port, $"{Address} in", _time);
        try
        {
            int wanted = 1;
            while (!_over.IsCancellationRequested)
            {
                ComEnd read = await transfer.ReadAsync(wanted, _over.Token);
                if (read.Count > 0)
                {
                    await _arrived.Writer.WriteAsync(transfer.Taken(read.Count), _over.Token);
                }

                if (read.Error != 0 || read.Count == 0 || !Win32Comm.State(_port, out _, out Win32Comm.Status status))
                {
                    return;
                }

                wanted = (int)Math.Clamp(status.InQueue, 1, ComTransfer.Most);
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
        finally
        {
            await _over.CancelAsync();
            _arrived.Writer.TryComplete();
        }
    }

    // Some drivers leave a read waiting when the adapter is pulled: a port that cannot tell its state is gone.
    private async Task WatchLoopAsync()
    {
        using PeriodicTimer look = new(LookEvery, _time);
        try
        {
            while (await look.WaitForNextTickAsync(_over.Token))
            {
                if (!Win32Comm.State(_port, out _, out _))
                {
                    await _over.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closing, or gone.
        }
    }
}
