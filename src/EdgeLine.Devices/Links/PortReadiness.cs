using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeLine.Devices.Links;

/// <summary>
/// One thread that sleeps in poll(2) for one serial line and wakes whoever waits to read or write. It owns the
/// closing of the line, so that a driver that is slow to close can never hold up its caller.
/// </summary>
internal sealed class PortReadiness
{
    private readonly Lock _gate = new();
    private readonly TerminalHandle _port;
    private readonly TerminalHandle _wake;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _reader;
    private TaskCompletionSource? _writer;
    private bool _closing;

    public PortReadiness(TerminalHandle port, string name)
    {
        _port = port;
        _wake = Termios.EventFd();
        if (_wake.IsInvalid)
        {
            throw new DeviceLinkException($"{name}: no file descriptor left ({Termios.LastErrorText()}).");
        }

        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Completes after the thread has closed the line.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when a read would say something: bytes, hang-up or an error. Also when closing.</summary>
    public Task Readable() => Await(ref _reader);

    /// <summary>Completes when a write would say something. Also when closing.</summary>
    public Task Writable() => Await(ref _writer);

    /// <summary>Ends the waits and the thread, which then closes the line.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closing = true;
        }

        Wake();
    }

    private Task Await(ref TaskCompletionSource? place)
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closing)
            {
                return Task.CompletedTask;
            }

            place = waiter;
        }

        Wake();
        return waiter.Task;
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        try
        {
            _ = Termios.Write(_wake, (byte*)&one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The thread has ended: there is nobody to wake.
        }
    }

    private unsafe void Run()
    {
        Termios.PollEntry* entries = stackalloc Termios.PollEntry[2];
        while (Arm(entries))
        {
            if (Termios.Poll(entries, 2, -1) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Termios.Eintr)
                {
                    throw new UnreachableException($"poll failed: {Termios.LastErrorText()}");
                }

                continue;
            }

            if (entries[1].Happened != 0)
            {
                ulong count;
                _ = Termios.Read(_wake, (byte*)&count, sizeof(ulong));
            }

            Release(entries[0].Happened);
        }

        Release(~0);
        _wake.Dispose();
        _port.Dispose();
        _ended.SetResult();
    }

    private unsafe bool Arm(Termios.PollEntry* entries)
    {
        lock (_gate)
        {
            int events = (_reader is null ? 0 : Termios.PollIn) | (_writer is null ? 0 : Termios.PollOut);

            // poll reports a hang-up even when nothing was asked for; a negative descriptor keeps it from spinning.
            int descriptor = events == 0 ? -1 : (int)_port.DangerousGetHandle();
            entries[0] = new() { Descriptor = descriptor, Events = (short)events };
            entries[1] = new() { Descriptor = (int)_wake.DangerousGetHandle(), Events = Termios.PollIn };
            return !_closing;
        }
    }

    private void Release(int happened)
    {
        int broken = happened & ~(Termios.PollIn | Termios.PollOut);
        TaskCompletionSource? reader = null, writer = null;
        lock (_gate)
        {
            if ((happened & Termios.PollIn) != 0 || broken != 0)
            {
                (reader, _reader) = (_reader, null);
            }

            if ((happened & Termios.PollOut) != 0 || broken != 0)
            {
                (writer, _writer) = (_writer, null);
            }
        }

        reader?.SetResult();
        writer?.SetResult();
    }
}
