using EdgeLine.Contracts;

namespace EdgeLine.Service.Reporting;

/// <summary>
/// Tells the events of the journal in their order, each at least once: the cursor passes an event only when the broker
/// acknowledged it, or refused it for what it is. It outlives connections.
/// </summary>
internal sealed class EventPump(MqttSettings settings, JournalCursor journal, TimeProvider clock, ILogger log)
{
    private const int EntriesAtOnce = 500;

    // The cursor is saved after every event, and otherwise so often that a restart reads little twice.
    private const int EntriesBetweenSaves = 1_000;

    private static readonly TimeSpan _poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _afterTrouble = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _untilAllowed = TimeSpan.FromSeconds(60);

    private long _cursor = journal.DeliveredThrough;
    private long _saved = journal.DeliveredThrough;

    /// <summary>Entries that were not looked through yet.</summary>
    public long Backlog => Math.Max(0, journal.Head() - Interlocked.Read(ref _cursor));

    public async Task RunAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            long head = journal.Head();
            if (head <= _cursor)
            {
                await Task.Delay(_poll, clock, cancellationToken);
                continue;
            }

            IReadOnlyList<JournalEntry>? entries = await ReadAsync(cancellationToken);
            if (entries is null)
            {
                await Task.Delay(_afterTrouble, clock, cancellationToken);
                continue;
            }

            foreach (JournalEntry entry in entries)
            {
                if (RunEvents.Of(settings.LineId, entry) is { } happened)
                {
                    await TellAsync(happened, delivery, cancellationToken);
                    Interlocked.Exchange(ref _cursor, entry.Seq);
                    await SaveAsync();
                }

                Interlocked.Exchange(ref _cursor, entry.Seq);
            }

            if (entries.Count < EntriesAtOnce)
            {
                Interlocked.Exchange(ref _cursor, Math.Max(_cursor, head));
            }

            if (_cursor - _saved >= EntriesBetweenSaves)
            {
                await SaveAsync();
            }
        }
    }

    /// <summary>Saves the cursor; a failure costs only that events are told twice.</summary>
    public async Task SaveAsync()
    {
        if (_cursor == _saved)
        {
            return;
        }

        try
        {
            await journal.Save(_cursor);
            _saved = _cursor;
        }
        catch (Exception e)
        {
            log.LogWarning(e, "MQTT of {Line}: the cursor could not be saved.", settings.LineId);
        }
    }

    private async Task TellAsync(Report happened, Delivery delivery, CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromSeconds(1);
        while (true)
        {
            switch (await delivery.SendAsync(happened, cancellationToken))
            {
                case Delivered.Yes or Delivered.Never:
                    return;
                case Delivered.Later:
                    await Task.Delay(pause, clock, cancellationToken);
                    pause = pause * 2 < _untilAllowed ? pause * 2 : _untilAllowed;
                    break;
                default:
                    await Task.Delay(_untilAllowed, clock, cancellationToken);
                    break;
            }
        }
    }

    // The ledger has its own alarms; here its trouble only means that events wait.
    private async Task<IReadOnlyList<JournalEntry>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await journal.Read(_cursor, EntriesAtOnce, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(e, "MQTT of {Line}: the journal cannot be read; events wait.", settings.LineId);
            return null;
        }
    }
}
