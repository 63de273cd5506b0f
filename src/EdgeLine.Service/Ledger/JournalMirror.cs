using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Ledger;

/// <summary>What became of the second copy.</summary>
/// <param name="Through">Last entry that is surely on the other disk.</param>
/// <param name="Problem">Why nothing is written at present, or empty.</param>
/// <param name="Locked">Why this ledger cannot be the past that was copied, or empty.</param>
public sealed record MirrorNews(long Through, string Problem = "", string Locked = "");

/// <summary>
/// Keeps a second copy of the journal on another disk: the same bytes, in order, each synchronised. What was verified and
/// not yet uploaded then outlives the first disk. The line waits for its first look only, and not long: a disk that is gone or hangs is an alarm.
/// </summary>
/// <param name="ledger">The open ledger.</param>
/// <param name="folder">Folder of the line on the other disk.</param>
/// <param name="head">Number of the newest entry, from memory.</param>
/// <param name="time">Pauses.</param>
/// <param name="log">Problems.</param>
public sealed class JournalMirror(LineLedger ledger, string folder, Func<long> head, TimeProvider time, ILogger log) : IDisposable
{
    private const int AtOnce = 500;

    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>Asked before the copy is opened: why it would be none, or empty.</summary>
    public Func<string> WhyNone { get; init; } = () => "";

    /// <summary>Done when the copy was looked at once, or could not be.</summary>
    public Task FirstLook => _firstLook.Task;

    private readonly TaskCompletionSource _firstLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MirrorFolder _files = new(folder, ledger.LedgerId, ledger.Epoch);

    /// <summary>Runs until stopped, or until the copy is found to be of another past.</summary>
    public async Task RunAsync(Action<MirrorNews> tell, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(tell);
        bool open = false;
        string problem = "";
        while (true)
        {
            try
            {
                if (!open)
                {
                    if (await OpenAsync(stop) is { Length: > 0 } locked)
                    {
                        log.LogCritical("{Folder}: {Detail}", folder, locked);
                        tell(new MirrorNews(0, Locked: locked));
                        Note(locked);
                        _firstLook.TrySetResult();
                        return;
                    }

                    (open, problem) = (true, "");
                    tell(new MirrorNews(_files.Through));
                    _firstLook.TrySetResult();
                }

                await FollowAsync(tell, stop);
                await Task.Delay(Gather, time, stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (problem != e.Message)
                {
                    log.LogError("{Folder}: the second copy of the journal is not written: {Detail}", folder, e.Message);
                }

                (open, problem) = (false, e.Message);
                _firstLook.TrySetResult();
                tell(new MirrorNews(_files.Through, problem));
                await Task.Delay(Retry, time, stop);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _files.Dispose();

    private async Task FollowAsync(Action<MirrorNews> tell, CancellationToken stop)
    {
        while (head() > _files.Through)
        {
            long after = _files.Through;
            IReadOnlyList<byte[]> leaves = await ledger.AskAsync(db => LedgerQueries.Leaves(db, after, AtOnce));
            if (leaves.Count == 0)
            {
                return;
            }

            await OnOwnThread(() => _files.Append(leaves), stop);
            tell(new MirrorNews(_files.Through));
        }
    }

    private void Note(string locked)
    {
        try
        {
            ledger.SecondPast.Note($"{SecondPast.BehindCopy}: {locked}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The line is locked; only a later start without the copy would not know it.
            log.LogError("{Folder}: the finding could not be noted: {Detail}", folder, e.Message);
        }
    }

    // Empty, or why the copy tells of another past than this ledger.
    private async Task<string> OpenAsync(CancellationToken stop)
    {
        if (WhyNone() is { Length: > 0 } none)
        {
            throw new IOException(none);
        }

        long before = await ledger.AskAsync(LedgerQueries.FirstKept) - 1;
        await OnOwnThread(() => _files.Open(before), stop);
        if (_files.Hash.Length == 0)
        {
            return "";
        }

        string? ours = await ledger.AskAsync(db => LedgerQueries.HashAt(db, _files.Through));
        return ours == _files.Hash || _files.Through < before ? ""
            : ours is null ? $"The second copy has entry {_files.Through}, this ledger ends before it: a restored backup or lost entries."
            : $"Entry {_files.Through} of the second copy is not the one of this ledger.";
    }

    // A disk that hangs holds this thread and nobody else, not even the end of the service.
    private static Task OnOwnThread(Action work, CancellationToken stop) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(stop);
}
