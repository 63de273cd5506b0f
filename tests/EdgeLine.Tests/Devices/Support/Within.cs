namespace EdgeLine.Tests.Devices.Support;

/// <summary>Waits for a condition, never for a time; the deadline only ends a test that would hang.</summary>
public static class Within
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task Async(Func<bool> condition, string what = "the condition")
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline,
                $"{what} did not come true within {Deadline.TotalSeconds} s");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}

/// <summary>Events in the order they came, from whatever thread.</summary>
public sealed class EventLog<T>
    where T : class
{
    private readonly List<T> _all = [];

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    public void Add(T item)
    {
        lock (_all)
        {
            _all.Add(item);
        }
    }

    public async Task<T> WaitForAsync(Func<T, bool> wanted, int from = 0)
    {
        T? found = null;
        try
        {
            await Within.Async(() => (found = All.Skip(from).FirstOrDefault(wanted)) is not null);
        }
        catch (Xunit.Sdk.TrueException)
        {
            Assert.Fail($"not among: {string.Join(" | ", All)}");
        }

        return found!;
    }
}
