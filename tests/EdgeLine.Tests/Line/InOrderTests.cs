using System.Collections.Concurrent;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>Scanner events reach the line in the order of the items, also when one of them has to be looked up first.</summary>
public sealed class InOrderTests
{
    private const int Timeout = 20_000;

    [Fact]
    public void What_needs_no_wait_is_taken_on_the_thread_that_brings_it()
    {
        int here = Environment.CurrentManagedThreadId, there = 0;
        var order = new InOrder<int>(_ =>
        {
            there = Environment.CurrentManagedThreadId;
            return ValueTask.CompletedTask;
        });

        order.Bring(1);

        Assert.Equal(here, there);
        Assert.Equal(0, order.Behind);
    }

    [Fact(Timeout = Timeout)]
    public async Task Nothing_overtakes_an_event_that_has_to_wait()
    {
        var lookedUp = new TaskCompletionSource();
        var taken = new ConcurrentQueue<int>();
        using var stop = new CancellationTokenSource();
        var order = new InOrder<int>(async n =>
        {
            if (n == 2)
            {
                await lookedUp.Task;
            }

            taken.Enqueue(n);
        });
        Task running = order.RunAsync(stop.Token);

        for (int n = 1; n <= 100; n++)
        {
            order.Bring(n);
        }

        Assert.Equal([1], taken);
        Assert.Equal(99, order.Behind);
        lookedUp.SetResult();
        while (order.Behind > 0)
        {
            await Task.Yield();
        }

        order.Bring(101);
        Assert.Equal(Enumerable.Range(1, 101), taken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact(Timeout = Timeout)]
    public async Task What_the_taker_throws_is_not_lost()
    {
        var order = new InOrder<int>(_ => ValueTask.FromException(new InvalidOperationException("broken")));
        order.Bring(1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => order.RunAsync(CancellationToken.None));
    }
}
