using System.Diagnostics.CodeAnalysis;
using EdgeLine.Devices.Links;

namespace EdgeLine.Devices.Gates;

/// <summary>A reply: the function code and what follows it, or the exception code.</summary>
internal readonly record struct ModbusReply(byte[] Pdu)
{
    public bool IsException => (Pdu[0] & ModbusFrame.ExceptionFlag) != 0;
}

/// <summary>
/// One Modbus TCP connection with several requests under way. A reply belongs to the request with the same
/// transaction number; anything that does not fit ends the connection, because a byte stream has no second chance.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing to free.")]
internal sealed class ModbusConnection(
    DeviceLink link, byte unit, int inFlightMax, TimeSpan replyTimeout, TimeProvider time)
{
    // More than all replies that can be under way.
    private const int BufferBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _slots = new(inFlightMax);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Dictionary<ushort, Pending> _pending = [];
    private ushort _transaction;
    private string? _ended;

    public byte Unit => unit;

    public string Address => link.Address;

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <param name="frame">Makes the request, in the order of the wire.</param>
    /// <param name="ct">Ends the wait for a place; a request on its way cannot be taken back.</param>
    /// <exception cref="DeviceLinkException">The connection ended, or no reply came in time.</exception>
    public async Task<ModbusReply> AskAsync(Func<ushort, byte[]> frame, CancellationToken ct)
    {
        await _slots.WaitAsync(ct);
        try
        {
            Pending pending = await SendAsync(frame, ct);
            return await pending.Reply.Task.WaitAsync(replyTimeout, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            throw End($"{link.Address}: the gate gave no answer for {replyTimeout.TotalMilliseconds:0} ms.");
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Reads replies until the connection ends, which is always an exception.</summary>
    public async Task ReadLoopAsync(CancellationToken end)
    {
        byte[] buffer = new byte[BufferBytes];
        int filled = 0;
        try
        {
            while (true)
            {
                int count = await link.ReadAsync(buffer.AsMemory(filled), end);
                filled = count > 0
                    ? filled + count
                    : throw new DeviceLinkException($"{link.Address}: the gate closed the connection.");
                int taken = TakeAll(buffer.AsSpan(0, filled));
                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
            }
        }
        catch (DeviceLinkException e)
        {
            throw End(e.Message);
        }
    }

    /// <summary>Ends the connection: every open request is lost with this reason.</summary>
    public DeviceLinkException End(string reason)
    {
        Pending[] open;
        lock (_gate)
        {
            _ended ??= reason;
            open = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (Pending pending in open)
        {
            pending.Reply.TrySetException(new DeviceLinkException(reason));
        }

        return new DeviceLinkException(reason);
    }

    private async Task<Pending> SendAsync(Func<ushort, byte[]> frame, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            Pending pending = Open(frame);
            LinkWrite write = await link.WriteAsync(pending.Request, replyTimeout, CancellationToken.None);
            return write.IsComplete ? pending : throw End(write.Stopped!);
        }
        finally
        {
            _writing.Release();
        }
    }

    private Pending Open(Func<ushort, byte[]> frame)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                throw new DeviceLinkException(_ended);
            }

            Pending pending = new(frame(++_transaction));
            _pending.Add(_transaction, pending);
            return pending;
        }
    }

    // Whole replies at the beginning of what has arrived; a part of one stays for the next read.
    private int TakeAll(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (bytes.Length - taken >= ModbusFrame.HeaderBytes)
        {
            ReadOnlySpan<byte> frame = bytes[taken..];
            int length = ModbusFrame.Word(frame, 2);
            if (ModbusFrame.Word(frame, 1) != 0 || length is < 3 or > ModbusFrame.LengthMax || frame[6] != unit)
            {
                throw new DeviceLinkException(
                    $"{link.Address}: what answers there does not speak Modbus TCP with unit {unit}. "
                    + "Check address and profile.");
            }

            int end = ModbusFrame.HeaderBytes + length - 1;
            if (frame.Length < end)
            {
                break;
            }

            Take(ModbusFrame.Word(frame, 0), frame[ModbusFrame.HeaderBytes..end].ToArray());
            taken += end;
        }

        return taken;
    }

    private void Take(ushort transaction, byte[] pdu)
    {
        Pending? pending;
        lock (_gate)
        {
            if (!_pending.Remove(transaction, out pending))
            {
                throw new DeviceLinkException(
                    $"{link.Address}: the gate answered request {transaction}, which is not open.");
            }
        }

        if (!ModbusFrame.IsReplyTo(pending.Request, pdu))
        {
            string reason = $"{link.Address}: the gate answered {Convert.ToHexString(pdu)} "
                + $"to {Convert.ToHexString(pending.Request)}.";
            pending.Reply.TrySetException(new DeviceLinkException(reason));
            throw new DeviceLinkException(reason);
        }

        pending.Reply.TrySetResult(new ModbusReply(pdu));
    }

    private sealed class Pending(byte[] request)
    {
        public byte[] Request { get; } = request;

        // Whoever waits goes on in the reading loop: nobody behind it blocks, and a reply a verdict comes in.
        public TaskCompletionSource<ModbusReply> Reply { get; } = new();
    }
}
