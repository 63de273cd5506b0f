namespace EdgeLine.Simulator.Demo;

/// <summary>Waits for other programs: asks often, gives up with the name of what did not come.</summary>
internal static class Patience
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait for a program to come up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Until something is true.</summary>
    /// <exception cref="DemoException">It did not become true in time, or <paramref name="ended"/> completed.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isTrue, Task ended, string what, CancellationToken stop)
    {
        if (!await TryAsync(isTrue, Longest, stop, ended))
        {
            throw new DemoException($"Waited in vain for {what}.");
        }
    }

    /// <summary>Until something is true; false when it takes too long.</summary>
    public static async Task<bool> TryAsync(Func<Task<bool>> isTrue, TimeSpan within, CancellationToken stop, Task? ended = null)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!await isTrue())
        {
            if (ended is { IsCompleted: true } || TimeProvider.System.GetElapsedTime(began) > within)
            {
                return false;
            }

            await Task.Delay(Often, TimeProvider.System, stop);
        }

        return true;
    }
}
