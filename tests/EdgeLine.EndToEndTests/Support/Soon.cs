using System.Diagnostics;

namespace EdgeLine.EndToEndTests.Support;

/// <summary>Waits for something that must become true; fails with its name when it does not.</summary>
internal static class Soon
{
    public static async Task<T> GetAsync<T>(Func<Task<T?>> look, string what, int seconds = 20)
        where T : class
    {
        long start = Stopwatch.GetTimestamp();
        Exception? last = null;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            try
            {
                if (await look() is { } found)
                {
                    return found;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                last = e;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new TimeoutException($"Not within {seconds} s: {what}. {last?.Message}");
    }

    public static Task IsAsync(Func<Task<bool>> look, string what, int seconds = 20) =>
        GetAsync(async () => await look() ? "" : null, what, seconds);
}
