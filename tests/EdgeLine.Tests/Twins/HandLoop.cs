using System.Collections.Concurrent;

namespace EdgeLine.Tests.Twins;

/// <summary>
/// Runs everything that awaits under it on one thread, when told to. With a clock that stands still a driver does the
/// same in the same order each time, so that a seed names one day.
/// </summary>
internal sealed class HandLoop : SynchronizationContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<(SendOrPostCallback Do, object? State)> _todo = [];

    public bool HasWork => _todo.Count > 0;

    public override void Post(SendOrPostCallback d, object? state) => _todo.Add((d, state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody may wait for this thread.");

    /// <summary>Does what waits, and what comes of it.</summary>
    public void Settle()
    {
        while (_todo.TryTake(out (SendOrPostCallback Do, object? State) next))
        {
            next.Do(next.State);
        }
    }

    /// <summary>Does what waits until something is so: for the few steps that take another thread.</summary>
    public void Until(Func<bool> condition, string what)
    {
        Settle();
        while (!condition())
        {
            Assert.True(_todo.TryTake(out (SendOrPostCallback Do, object? State) next, Patience), $"Waited in vain: {what}.");
            next.Do(next.State);
            Settle();
        }
    }
}
