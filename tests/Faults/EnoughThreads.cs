namespace EdgeLine.Faults;

/// <summary>
/// The pool begins with as many threads as there are processors and adds one now and then. Tests that work without a pause
/// hold all of them, and what waits for a turn in another test would wait for seconds.
/// </summary>
internal static class EnoughThreads
{
    // More than tests run at once, so that the first ones cannot hold them all.
    private const int AtFirst = 5;
    private const int Threads = 32;

    private static readonly TimeSpan WhenAllQueue = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Call before the first test. xunit hands all collections to the pool at once, and each takes its place in a queue there:
    /// many threads would do that in any order, and what takes longest would now and then be last.
    /// </summary>
    public static void Make()
    {
        ThreadPool.SetMinThreads(AtFirst, AtFirst);
        _ = Task.Delay(WhenAllQueue, TimeProvider.System).ContinueWith(_ => ThreadPool.SetMinThreads(Threads, Threads), TaskScheduler.Default);
    }
}
