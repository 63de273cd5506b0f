using System.Threading.Channels;

namespace EdgeLine.Service.Line;

/// <summary>
/// Hands events to their taker in the order in which they came, on the thread that brings them. Only when the taker has
/// to wait for something does the rest go through a queue, so that nothing overtakes. One thread brings events.
/// </summary>
/// <param name="take">Takes one event; most of the time it is done at once.</param>
public sealed class InOrder<T>(Func<T, ValueTask> take)
{
    /// <summary>Events that may wait; beyond it whoever brings them has to wait, and none is lost.</summary>
    private const int WaitingMax = 1024;

    private readonly Channel<(T Event, ValueTask? UnderWay)> _waiting =
        Channel.CreateBounded<(T, ValueTask?)>(new BoundedChannelOptions(WaitingMax) { SingleReader = true, SingleWriter = true });

    private int _behind;

    /// <summary>Events that were brought and are not taken yet.</summary>
    public int Behind => Volatile.Read(ref _behind);

    /// <summary>Brings an event.</summary>
    public void Bring(T e)
    {
        if (Interlocked.Increment(ref _behind) > 1)
        {
            Queue(e, null);
            return;
        }

        ValueTask taken = take(e);
        if (taken.IsCompletedSuccessfully)
        {
            Interlocked.Decrement(ref _behind);
        }
        else
        {
            Queue(e, taken);
        }
    }

    /// <summary>Works off what waits, until stopped. What a taker throws ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await _waiting.Reader.WaitToReadAsync(stop))
        {
            while (_waiting.Reader.TryRead(out (T Event, ValueTask? UnderWay) next))
            {
                await (next.UnderWay ?? take(next.Event));
                Interlocked.Decrement(ref _behind);
            }
        }
    }

    private void Queue(T e, ValueTask? underWay)
    {
        while (!_waiting.Writer.TryWrite((e, underWay)))
        {
            _waiting.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
