using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace EdgeLine.Devices.Links;

/// <summary>How one transfer of a COM port ended.</summary>
/// <param name="Begun">False when the driver refused it: then no byte has moved.</param>
/// <param name="Count">Bytes that the driver says it moved.</param>
/// <param name="Error">0, or the Win32 error.</param>
internal readonly record struct ComEnd(bool Begun, int Count, int Error);

/// <summary>
/// One direction of a COM port: at most one overlapped transfer at a time, each with a limit. A thread of its own begins each
/// transfer and waits for it, because Windows cancels what a thread has under way when that thread ends. The memory that the
/// driver uses is given back only when the driver has let go of it; a driver that never does keeps it, and nobody waits.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class ComTransfer : IDisposable
{
    /// <summary>Bytes of one transfer at the most.</summary>
    public const int Most = 256;

    private static readonly TimeSpan CallBackLimit = TimeSpan.FromSeconds(1);

    private readonly SafeFileHandle _port;
    private readonly TimeProvider _time;
    private readonly AutoResetEvent _begin = new(false);
    private readonly AutoResetEvent _callBack = new(false);
    private readonly ManualResetEvent _done = new(false);
    private readonly unsafe NativeOverlapped* _overlapped;
    private readonly unsafe byte* _buffer;
    private TaskCompletionSource<ComEnd> _end = new();
    private bool _write;
    private int _bytes;
    private volatile bool _lost;
    private volatile bool _disposed;

    public unsafe ComTransfer(SafeFileHandle port, string name, TimeProvider time)
    {
        _port = port;
        _time = time;
        _buffer = (byte*)NativeMemory.Alloc(Most);
        _overlapped = (NativeOverlapped*)NativeMemory.AllocZeroed((nuint)sizeof(NativeOverlapped));
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>What the last read brought.</summary>
    public unsafe byte[] Taken(int count) => new ReadOnlySpan<byte>(_buffer, count).ToArray();

    /// <summary>Reads so many bytes, up to <see cref="Most"/>; waits until they are there.</summary>
    public Task<ComEnd> ReadAsync(int bytes, CancellationToken stop) => TransferAsync(false, bytes, Timeout.InfiniteTimeSpan, stop);

    /// <summary>Writes up to <see cref="Most"/> bytes; past the limit the rest is called back.</summary>
    public unsafe Task<ComEnd> WriteAsync(ReadOnlySpan<byte> bytes, TimeSpan limit, CancellationToken stop)
    {
        bytes.CopyTo(new Span<byte>(_buffer, Most));
        return TransferAsync(true, bytes.Length, limit > TimeSpan.Zero ? limit : TimeSpan.Zero, stop);
    }

    /// <summary>Ends the thread, when nothing is under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        _begin.Set();
    }

    private async Task<ComEnd> TransferAsync(bool write, int bytes, TimeSpan limit, CancellationToken stop)
    {
        if (_lost)
        {
            return new ComEnd(false, 0, Win32Comm.OperationAborted);
        }

        TaskCompletionSource<ComEnd> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        (_end, _write, _bytes) = (end, write, bytes);
        _callBack.Reset();
        _begin.Set();
        try
        {
            return await end.Task.WaitAsync(limit, _time, stop);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _callBack.Set();
            return await end.Task;
        }
    }

    private unsafe void Run()
    {
        while (_begin.WaitOne() && !_disposed)
        {
            _end.SetResult(Transfer());
        }

        if (!_lost)
        {
            NativeMemory.Free(_overlapped);
            NativeMemory.Free(_buffer);
        }
    }

    private unsafe ComEnd Transfer()
    {
        _done.Reset();
        *_overlapped = default;
        _overlapped->EventHandle = _done.SafeWaitHandle.DangerousGetHandle();
        try
        {
            bool now = _write
                ? Win32Comm.Write(_port, _buffer, _bytes, 0, _overlapped)
                : Win32Comm.Read(_port, _buffer, _bytes, 0, _overlapped);
            if (!now && Marshal.GetLastPInvokeError() is var error and not Win32Comm.IoPending)
            {
                return new ComEnd(false, 0, error);
            }

            if (WaitHandle.WaitAny([_done, _callBack]) != 0)
            {
                _ = Win32Comm.Cancel(_port, _overlapped);
                if (!_done.WaitOne(CallBackLimit))
                {
                    _lost = true;
                    return new ComEnd(true, 0, Win32Comm.OperationAborted);
                }
            }

            bool good = Win32Comm.Result(_port, _overlapped, out int count, wait: false);
            return new ComEnd(true, count, good ? 0 : Marshal.GetLastPInvokeError());
        }
        catch (ObjectDisposedException)
        {
            return new ComEnd(false, 0, Win32Comm.OperationAborted);
        }
    }
}
