namespace EdgeLine.Service.Ledger;

/// <summary>What only this PC knows.</summary>
/// <param name="Codes">Verified codes that are neither at the platform nor on the second copy.</param>
/// <param name="OldestUnixMs">When the oldest of them was verified, Unix milliseconds; 0 for none.</param>
/// <param name="AsOfSeq">The entry after which that is so.</param>
public sealed record Exposure(long Codes, long OldestUnixMs, long AsOfSeq);

/// <summary>
/// Counts the verified codes that would be lost with this PC. Adds up what came since the last look instead of counting
/// all of it: after weeks offline that is a million entries.
/// </summary>
/// <param name="ledger">The open ledger.</param>
/// <param name="look">From memory: the newest entry, and the last one that is somewhere else too.</param>
/// <param name="time">Pauses.</param>
public sealed class ExposureWatch(LineLedger ledger, Func<(long Head, long Safe)> look, TimeProvider time)
{
    /// <summary>Entries of one question: a millisecond of the ledger's thread.</summary>
    private const long Window = 10_000;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private long _codes;
    private long _head;
    private long _safe;

    /// <summary>Looks once a second until stopped; tells what has changed.</summary>
    public async Task RunAsync(Action<Exposure> tell, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(tell);
        Exposure? told = null;
        _head = _safe = Math.Min(look().Head, look().Safe);
        while (true)
        {
            Exposure now = await LookAsync(stop);
            if (now with { AsOfSeq = 0 } != told)
            {
                told = now with { AsOfSeq = 0 };
                tell(now);
            }

            await Task.Delay(Every, time, stop);
        }
    }

    /// <summary>Looks once.</summary>
    public async Task<Exposure> LookAsync(CancellationToken stop)
    {
        (long head, long safe) = look();
        safe = Math.Min(safe, head);
        _codes += await VerifiedAsync(_head, head, stop);
        // A platform that was set back makes the way to safety longer again.
        _codes -= safe >= _safe ? await VerifiedAsync(_safe, safe, stop) : -await VerifiedAsync(safe, _safe, stop);
        (_head, _safe) = (head, safe);
        long oldest = _codes <= 0 ? 0 : await ledger.AskAsync(db => LedgerQueries.FirstVerifiedMs(db, safe));
        return new Exposure(_codes, oldest, head);
    }

    private async Task<long> VerifiedAsync(long after, long through, CancellationToken stop)
    {
        long found = 0;
        for (long from = after; from < through; from += Window)
        {
            stop.ThrowIfCancellationRequested();
            (long begin, long end) = (from, Math.Min(through, from + Window));
            found += await ledger.AskAsync(db => LedgerQueries.VerifiedBetween(db, begin, end));
        }

        return found;
    }
}
