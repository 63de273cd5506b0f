using EdgeLine.Devices.Links;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// The connections of one session: where labels go, and where the printer is asked how it is when that is another one.
/// Labels and questions on one connection never mix: each is written whole, or the session ends.
/// </summary>
/// <param name="print">Where labels go.</param>
/// <param name="channel">Where it is asked how it is; null when that is the same connection.</param>
/// <param name="limit">A write that takes longer than this has stopped.</param>
internal sealed class PrinterLinks(DeviceLink print, DeviceLink? channel, TimeSpan limit) : IAsyncDisposable
{
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Where labels go, for messages.</summary>
    public string Address => print.Address;

    /// <summary>Writes while nobody else does; the answer says how far it came.</summary>
    public async Task<LinkWrite> WriteAloneAsync(Func<ReadOnlyMemory<byte>> bytes, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            ReadOnlyMemory<byte> all = bytes();
            return all.IsEmpty ? default : await WriteAsync(print, all);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>
    /// Writes a command to where labels go. It is dropped when the printer takes no bytes at the moment: its silence will
    /// tell.
    /// </summary>
    public async Task CommandAsync(byte[] command) => Whole(await WriteAloneAsync(() => command, CancellationToken.None));

    /// <summary>Writes a question about its state to where these go.</summary>
    public async Task AskAsync(byte[] question)
    {
        if (channel is null)
        {
            await CommandAsync(question);
        }
        else
        {
            Whole(await WriteAsync(channel, question));
        }
    }

    /// <summary>A write that stopped half-way ends the session.</summary>
    public static void Whole(LinkWrite write)
    {
        if (write is { IsComplete: false, BytesTaken: > 0 })
        {
            throw new DeviceLinkException(write.Stopped!);
        }
    }

    /// <summary>Reads what comes back where labels go, until the link breaks.</summary>
    public Task ReadAsync(Action<ReadOnlyMemory<byte>> take, CancellationToken end) => ReadAsync(print, take, end);

    /// <summary>Reads the other connection until it breaks; nothing where there is none.</summary>
    public Task ReadChannelAsync(Action<ReadOnlyMemory<byte>> take, TimeProvider time, CancellationToken end) =>
        channel is null ? Task.Delay(Timeout.InfiniteTimeSpan, time, end) : ReadAsync(channel, take, end);

    /// <summary>They broke: nothing that has not been delivered reaches the printer later.</summary>
    public void Abandon()
    {
        print.Abandon();
        channel?.Abandon();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await print.DisposeAsync();
        if (channel is not null)
        {
            await channel.DisposeAsync();
        }
    }

    private static async Task ReadAsync(DeviceLink from, Action<ReadOnlyMemory<byte>> take, CancellationToken end)
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            int count = await from.ReadAsync(buffer, end);
            if (count == 0)
            {
                throw new DeviceLinkException($"{from.Address}: the printer closed the connection.");
            }

            take(buffer.AsMemory(0, count));
        }
    }

    private ValueTask<LinkWrite> WriteAsync(DeviceLink to, ReadOnlyMemory<byte> bytes) =>
        to.WriteAsync(bytes, limit + to.WireTime(bytes.Length), CancellationToken.None);
}
