using System.Diagnostics;

namespace EdgeLine.Tests.Simulator;

/// <summary>Waits for something to become true, with a deadline.</summary>
internal static class Soon
{
    public static async Task Is(Func<bool> condition, string what, int withinMs = 10_000)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.ElapsedMilliseconds < withinMs, $"Not within {withinMs} ms: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }
}
