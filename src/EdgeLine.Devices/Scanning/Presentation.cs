using EdgeLine.Devices.Profiles;

namespace EdgeLine.Devices.Scanning;

/// <summary>
/// A fixed reader without a photo-eye over a table: we keep it reading, and pass on what is held under it, once. That there is nothing
/// under it is no bad read, so no-reads are not passed on; they show that the label was taken away.
/// </summary>
internal sealed class Presentation
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private string? _shown;
    private volatile bool _isOver;

    /// <summary>True for a read of something that was not under the reader just before.</summary>
    public bool IsNews(ScannerEvent heard)
    {
        _isOver = true;
        string? text = heard is ScannerEvent.Frame frame ? string.Join('\n', frame.Payloads) : null;
        bool news = text is not null && text != _shown;
        _shown = text;
        return news;
    }

    /// <summary>Begins a read, waits for its result, ends it when there is none, and begins the next.</summary>
    public async Task KeepReadingAsync(
        Conversation talk, ScanTrigger trigger, TimeSpan decodeMax, TimeProvider time, CancellationToken end)
    {
        while (true)
        {
            await WaitAsync(() => talk.HasBegun, Timeout.InfiniteTimeSpan, time, end);
            _isOver = false;
            await talk.WriteAsync(trigger.Start!, end);
            if (!await WaitAsync(() => _isOver, decodeMax, time, end) && trigger.Stop is { } stop)
            {
                await talk.WriteAsync(stop, end);
                await WaitAsync(() => _isOver, decodeMax, time, end);
            }

            await Task.Delay(Pause, time, end);
        }
    }

    private static async Task<bool> WaitAsync(Func<bool> condition, TimeSpan limit, TimeProvider time, CancellationToken end)
    {
        long start = time.GetTimestamp();
        while (!condition())
        {
            if (limit >= TimeSpan.Zero && time.GetElapsedTime(start) >= limit)
            {
                return false;
            }

            await Task.Delay(Pause, time, end);
        }

        return true;
    }
}
