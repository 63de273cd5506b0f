using System.Threading.Channels;

namespace EdgeLine.Devices.Printing;

/// <summary>
/// Formats that wait for one connection. Every format gets exactly one outcome: written by this connection, withdrawn
/// before its first byte, or never begun because the connection ended.
/// </summary>
internal sealed class FormatQueue
{
    // More than any printer may hold (sendAhead is at most 32); a full queue makes the sender wait.
    private const int Capacity = 64;

    private readonly Channel<QueuedFormat> _waiting = Channel.CreateBounded<QueuedFormat>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<QueuedFormat> Waiting => _waiting.Reader;

    public async ValueTask<SendOutcome> SendAsync(ReadOnlyMemory<byte> format, RecalledLabel? recall, CancellationToken ct)
    {
        QueuedFormat queued = new(format, recall);
        try
        {
            await _waiting.Writer.WriteAsync(queued, ct);
        }
        catch (ChannelClosedException)
        {
            return new SendOutcome.NotOneByte("the connection to the printer ended");
        }
        catch (OperationCanceledException)
        {
            return new SendOutcome.NotOneByte("withdrawn before the first byte");
        }

        using CancellationTokenRegistration withdraw = ct.UnsafeRegister(
            static state => ((QueuedFormat)state!).Withdraw(), queued);
        return await queued.Outcome;
    }

    /// <summary>Ends the queue: what still waits was not begun.</summary>
    public void Close(string reason)
    {
        _waiting.Writer.TryComplete();
        Refuse(reason);
    }

    /// <summary>Gives back what waits.</summary>
    public void Refuse(string reason)
    {
        while (_waiting.Reader.TryRead(out QueuedFormat? left))
        {
            if (left.TryBegin())
            {
                left.End(new SendOutcome.NotOneByte(reason));
            }
        }
    }
}

/// <summary>One format on its way to the printer. It is either begun or withdrawn, never both.</summary>
internal sealed class QueuedFormat(ReadOnlyMemory<byte> whole, RecalledLabel? recall)
{
    // The sender goes on in the writing loop: it notes the outcome and blocks nothing.
    private readonly TaskCompletionSource<SendOutcome> _outcome = new();

    private int _settled;
    private bool _recalled;

    public ReadOnlyMemory<byte> Bytes => _recalled ? recall!.Bytes : whole;

    public Task<SendOutcome> Outcome => _outcome.Task;

    /// <summary>
    /// Whole, or as a recall while its stored format is there. Decided when it is about to be written: what was there when
    /// it was queued may have been lost since.
    /// </summary>
    public void Choose(FormatStore store) => _recalled = recall is not null && store.Holds(recall.Name);

    /// <summary>False when it was withdrawn: then not one byte of it may be sent.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _settled, 1) == 0;

    public void Withdraw()
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            _outcome.TrySetResult(new SendOutcome.NotOneByte("withdrawn before the first byte"));
        }
    }

    public void End(SendOutcome outcome) => _outcome.TrySetResult(outcome);
}
