using System.Threading.Channels;
using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Batches;

/// <summary>What the uploader learned; the line loop turns it into events and figures.</summary>
public abstract record UploadNews
{
    private UploadNews()
    {
    }

    /// <summary>Entries arrived.</summary>
    public sealed record Accepted(long Through, int VerifiedAmongThem, long RefusedInAll, IReadOnlyList<BatchStatus> Batches, long PlatformMs) : UploadNews;

    /// <summary>Nobody answers.</summary>
    public sealed record Outage(string Detail) : UploadNews;

    /// <summary>This ledger is not the line's only past.</summary>
    public sealed record Locked(string Detail) : UploadNews;
}

/// <summary>
/// Sends the stored bytes of the journal to the platform, in order, for ever. Weeks offline lose nothing; a platform
/// that was itself set back is sent the rest again, with the leases and the enrolment that it signed and lost; a ledger that
/// is behind the platform locks itself.
/// </summary>
public sealed class JournalUploader(string lineId, LineLedger ledger, PlatformClient platform, TimeProvider time, ILogger log)
{
    /// <summary>Name of the cursor.</summary>
    public const string CursorName = "platform";

    /// <summary>Entries of one upload: read in about a millisecond, so that decisions hardly wait behind it.</summary>
    private const int UploadEntries = 250;

    /// <summary>A fast line gathers: an upload for every few entries would keep both sides busier than the line itself.</summary>
    private static readonly TimeSpan GatherFor = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(10);
    // One waiting nudge is enough: the next look reads everything there is.
    private readonly Channel<bool> _more = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly TaskCompletionSource _firstLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _givenUp = [];
    private volatile bool _compared;
    private bool _receiptShown;

    /// <summary>
    /// Done when the platform has taken the first entries of this start, or has refused them, or cannot be asked. A second PC
    /// with a copy of this ledger is found out by then, before it printed anything.
    /// </summary>
    public Task FirstLook => _firstLook.Task;

    /// <summary>Tells that there is something to send.</summary>
    public void Nudge() => _more.Writer.TryWrite(true);

    /// <summary>Runs until stopped, or until the ledger is found to be locked.</summary>
    public async Task RunAsync(Action<UploadNews> tell, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(tell);
        long cursor = await ledger.AskAsync(db => LedgerQueries.Cursor(db, CursorName));
        var backOff = TimeSpan.FromSeconds(1);
        string? noted = ledger.SecondPast.Noted;
        if (noted is not null)
        {
            tell(new UploadNews.Locked(noted));
        }

        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!_compared)
                {
                    long head = await CompareHeadsAsync(stop);
                    // At the first look always, so that the figures begin right.
                    cursor = head == cursor && _firstLook.Task.IsCompleted ? cursor : await MoveAsync(cursor, head, tell);
                    _compared = true;
                }

                cursor = await SendNextAsync(cursor, tell, stop);
                backOff = TimeSpan.FromSeconds(1);
                if (noted is not null)
                {
                    noted = null;
                    if (ledger.SecondPast.TryClear())
                    {
                        log.LogWarning("Line {Line}: the platform takes this ledger again; it prints after the next start", lineId);
                    }
                }
            }
            catch (PlatformProblemException e) when (e.IsOutage)
            {
                tell(new UploadNews.Outage(e.Message));
                _compared = false;
                _firstLook.TrySetResult();
                await Task.Delay(backOff, time, stop);
                backOff = TimeSpan.FromSeconds(Math.Min(30, backOff.TotalSeconds * 2));
            }
            catch (PlatformProblemException e) when (e is { Type: ProblemTypes.JournalGap, ExpectedSeq: > 0 } && e.ExpectedSeq <= cursor)
            {
                // The platform stands before us: it was set back. Everything it lost is still here.
                log.LogWarning("Line {Line}: the platform expects entry {Seq} again, sending the rest", lineId, e.ExpectedSeq);
                cursor = await MoveAsync(cursor, e.ExpectedSeq - 1, tell);
            }
            catch (PlatformProblemException e) when (e.Type == ProblemTypes.LeaseUnknown)
            {
                await BringLeaseAsync(e.LeaseId, stop);
            }
            catch (PlatformProblemException e) when (e.Type == ProblemTypes.LedgerNotCurrent && !_receiptShown)
            {
                _receiptShown = true;
                _compared = false;
                await ShowReceiptAsync(stop);
            }
            catch (PlatformProblemException e) when (e.Type is ProblemTypes.JournalFork or ProblemTypes.LedgerNotCurrent or ProblemTypes.JournalGap)
            {
                log.LogCritical("Line {Line}: {Problem}: {Detail}", lineId, e.Type, e.Message);
                ledger.SecondPast.Note($"{e.Type}: {e.Message}");
                tell(new UploadNews.Locked($"{e.Type}: {e.Message}"));
                _firstLook.TrySetResult();
                if (e.Type == ProblemTypes.LedgerNotCurrent)
                {
                    await SendAsEvidenceAsync(cursor, stop);
                }

                return;
            }
            catch (LedgerException e)
            {
                // Entries that the platform wants again are in a segment that was taken away.
                log.LogError("Line {Line}: {Detail}", lineId, e.Message);
                tell(new UploadNews.Outage(e.Message));
                await Task.Delay(PollEvery, time, stop);
            }
            catch (PlatformProblemException e)
            {
                // A wrong token, say: nothing is wrong with the ledger. It waits until a person has mended it.
                log.LogError("Line {Line}: the platform does not take the journal: {Problem} {Detail}", lineId, e.Type, e.Message);
                tell(new UploadNews.Outage($"{e.Type}: {e.Message}"));
                _firstLook.TrySetResult();
                await Task.Delay(PollEvery, time, stop);
            }
        }
    }

    private async Task<long> CompareHeadsAsync(CancellationToken stop)
    {
        LedgerHead head = await platform.HeadAsync(stop);
        if (head.LedgerId is null)
        {
            return 0;
        }

        if (head.LedgerId != ledger.LedgerId || head.Epoch != ledger.Epoch)
        {
            throw new PlatformProblemException(ProblemTypes.LedgerNotCurrent, $"The platform knows ledger {head.LedgerId} for this line.");
        }

        string? ours = head.AcceptedThrough == 0 ? "" : await ledger.HashAtAsync(head.AcceptedThrough);
        if (ours is null)
        {
            throw new PlatformProblemException(
                ProblemTypes.JournalFork, $"The platform has entry {head.AcceptedThrough}, this ledger ends before it: a restored backup.");
        }

        if (ours != head.HeadHash)
        {
            throw new PlatformProblemException(ProblemTypes.JournalFork, $"Entry {head.AcceptedThrough} differs from the platform's.");
        }

        return head.AcceptedThrough;
    }

    // The platform was set back to before it granted this lease. Labels with its codes are on products already.
    private async Task BringLeaseAsync(string leaseId, CancellationToken stop)
    {
        LostLease? lease = await ledger.AskAsync(db => LedgerQueries.LeaseOf(db, leaseId));
        try
        {
            log.LogWarning("Line {Line}: the platform does not know lease {Lease} any more, bringing it", lineId, leaseId);
            if (lease is not null)
            {
                await platform.BringLeaseAsync(leaseId, lease, stop);
                return;
            }
        }
        catch (PlatformProblemException e) when (!e.IsOutage)
        {
            log.LogError("Line {Line}: the platform does not take lease {Lease} back: {Problem} {Detail}", lineId, leaseId, e.Type, e.Message);
        }
        catch (PlatformProblemException)
        {
            // Asked again with the next upload.
            await Task.Delay(PollEvery, time, stop);
            return;
        }

        _givenUp.Add(leaseId);
    }

    // The platform may have been set back to before it enrolled this ledger: it knows its own signature. If it was not, its
    // answer to the next comparison is the same as before, and final.
    private async Task ShowReceiptAsync(CancellationToken stop)
    {
        if (await ledger.AskAsync(EnrolledLedger.ReceiptOf) is not { } receipt)
        {
            return;
        }

        try
        {
            await platform.ShowReceiptAsync(receipt, stop);
            log.LogWarning("Line {Line}: the platform has taken this ledger's enrolment back", lineId);
        }
        catch (PlatformProblemException e)
        {
            _receiptShown = !e.IsOutage;
            log.LogWarning("Line {Line}: the platform does not take this ledger's enrolment back: {Problem} {Detail}", lineId, e.Type, e.Message);
        }
    }

    // What a closed ledger still has to say is refused, and kept for people: items may have left whose codes are dead now.
    // Never done after a fork: the second of two PCs would lock the first one out as well.
    private async Task SendAsEvidenceAsync(long cursor, CancellationToken stop)
    {
        try
        {
            while (await ledger.AskAsync(db => LedgerQueries.Leaves(db, cursor, UploadEntries)) is { Count: > 0 } leaves)
            {
                try
                {
                    await platform.UploadAsync(leaves, _givenUp, stop);
                }
                catch (PlatformProblemException e) when (e.Type == ProblemTypes.LedgerNotCurrent)
                {
                    // As it must be.
                }

                cursor += leaves.Count;
            }
        }
        catch (PlatformProblemException e)
        {
            log.LogWarning("Line {Line}: the rest of this ledger could not be sent as evidence: {Detail}", lineId, e.Message);
        }
    }

    // The platform stands elsewhere than the saved cursor: after a kill between its answer and our note of it, or because
    // it was set back. The figures follow it.
    private async Task<long> MoveAsync(long from, long to, Action<UploadNews> tell)
    {
        long verified = await ledger.VerifiedBetweenAsync(from, to) - await ledger.VerifiedBetweenAsync(to, from);
        long refused = await ledger.AskAsync(db =>
        {
            LedgerQueries.SetCursor(db, CursorName, to);
            return LedgerQueries.Quarantined(db);
        });
        tell(new UploadNews.Accepted(to, (int)verified, refused, [], 0));
        return to;
    }

    private async Task<long> SendNextAsync(long cursor, Action<UploadNews> tell, CancellationToken stop)
    {
        long began = time.GetTimestamp();
        IReadOnlyList<byte[]> leaves = await ledger.LeavesAsync(cursor, UploadEntries);
        if (leaves.Count == 0)
        {
            _firstLook.TrySetResult();
            await WaitAsync(stop);
            return cursor;
        }

        JournalReceipt receipt = await platform.UploadAsync(leaves, _givenUp, stop);
        if (receipt.AcceptedThrough <= cursor || receipt.AcceptedThrough > cursor + leaves.Count)
        {
            // Believed, it would leave entries out for ever.
            throw new PlatformProblemException(
                PlatformProblemException.Outage, $"The platform says it has entries through {receipt.AcceptedThrough}; it was sent {cursor + 1} to {cursor + leaves.Count}.");
        }

        _firstLook.TrySetResult();
        int verified = leaves.Take((int)Math.Max(0, receipt.AcceptedThrough - cursor))
            .Count(l => JournalLeaf.Decode(l).Kind == JournalKind.Verified);
        long refused = await ledger.AskAsync(db =>
        {
            LedgerQueries.SetCursor(db, CursorName, receipt.AcceptedThrough);
            LedgerQueries.Quarantine(db, receipt.Refused);
            return LedgerQueries.Quarantined(db);
        });
        tell(new UploadNews.Accepted(receipt.AcceptedThrough, verified, refused, receipt.Batches, receipt.NowUnixMs));
        if (leaves.Count < UploadEntries && GatherFor - time.GetElapsedTime(began) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, time, stop);
        }

        return receipt.AcceptedThrough;
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        // A line that has nothing to say looks whether it is still the only one that speaks for itself.
        using ITimer timer = time.CreateTimer(
            _ =>
            {
                _compared = false;
                Nudge();
            },
            null,
            PollEvery,
            Timeout.InfiniteTimeSpan);
        await _more.Reader.ReadAsync(stop);
    }
}
