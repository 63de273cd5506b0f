using System.Globalization;
using System.Security.Cryptography;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Ledger;

/// <summary>
/// Keeps the ledger at the size of some months: a finished month, or 250,000 entries, that the platform has accepted
/// goes into a file of its own, which is read back and hashed. Long after that the entries leave the database; the chain
/// goes on from the hash of the last one, and codes and counts stay.
/// </summary>
/// <param name="ledger">The open ledger.</param>
/// <param name="folder">Folder of the line.</param>
/// <param name="keepDays">Days between sealing, which is after acceptance, and leaving the database; 0 for at once.</param>
/// <param name="time">The clock.</param>
/// <param name="log">What was done.</param>
public sealed class JournalSealer(LineLedger ledger, string folder, int keepDays, TimeProvider time, ILogger log)
{
    private const long EntriesMax = 250_000;
    private const int Window = 1000;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    // The line comes first.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The newest entries that always stay: what a start and the pages look back at.</summary>
    public long KeepEntries { get; init; } = 100_000;

    /// <summary>How far it is, or why it does not go on, for <c>edgeline ledger status</c>.</summary>
    public string Result { get; private set; } = "not yet";

    /// <summary>Runs until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                while (await SealNextAsync(stop))
                {
                    // The next month, after a long time offline.
                }

                await GiveAwayAsync(stop);
                (long through, long first) = await ledger.AskAsync(db => (Segment.All(db) is { Count: > 0 } all ? all[^1].LastSeq : 0, LedgerQueries.FirstKept(db)));
                Result = FormattableString.Invariant($"sealed through entry {through}, the ledger begins at entry {first}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or LedgerException)
            {
                if (Result != e.Message)
                {
                    log.LogError("{Folder}: the journal is not sealed: {Detail}", folder, e.Message);
                }

                Result = e.Message;
            }

            await Task.Delay(Every, time, stop);
        }
    }

    /// <summary>Seals the oldest finished part; false when there is none.</summary>
    public async Task<bool> SealNextAsync(CancellationToken stop)
    {
        (long first, string before, long accepted, long head, long firstMs) = await ledger.AskAsync(db =>
        {
            Segment? last = Segment.All(db) is { Count: > 0 } all ? all[^1] : null;
            long next = (last?.LastSeq ?? 0) + 1;
            return (
                next, last?.Head ?? Convert.ToHexStringLower(JournalEntry.Genesis), LedgerQueries.Cursor(db, JournalUploader.CursorName),
                RunReport.Head(db), MsAt(db, next));
        });
        if (first > head)
        {
            return false;
        }

        DateTimeOffset began = DateTimeOffset.FromUnixTimeMilliseconds(firstMs);
        var monthEnds = new DateTimeOffset(began.Year, began.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        bool finished = time.GetUtcNow() >= monthEnds;
        long through = finished ? await LastBeforeAsync(monthEnds.ToUnixTimeMilliseconds(), first, head) : head;
        through = Math.Min(through, first + EntriesMax - 1);
        if ((!finished && through < first + EntriesMax - 1) || through > accepted)
        {
            return false;
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"{began:yyyy-MM}-{first:D12}{SegmentFile.Extension}");
        Segment segment = await WriteAsync(name, first, through, before, stop);
        await ledger.AskAsync(db => Segment.Add(db, segment));
        log.LogInformation("{Folder}: entries {First} to {Last} were sealed in {Name}, SHA-256 {Hash}", folder, first, through, name, segment.Sha256);
        return true;
    }

    /// <summary>Takes entries out of the database that were sealed long ago and are still whole in their files.</summary>
    public async Task GiveAwayAsync(CancellationToken stop)
    {
        (IReadOnlyList<Segment> all, long first, long head) = await ledger.AskAsync(db => (Segment.All(db), LedgerQueries.FirstKept(db), RunReport.Head(db)));
        long oldest = time.GetUtcNow().AddDays(-keepDays).ToUnixTimeMilliseconds();
        foreach (Segment segment in all.Where(s => s.LastSeq >= first && s.SealedMs <= oldest))
        {
            long through = Math.Min(segment.LastSeq, head - KeepEntries);
            if (through < first)
            {
                return;
            }

            string? hash = await Task.Run(() => SealedEntries.HashOf(segment.PathIn(folder)), stop);
            if (hash != segment.Sha256)
            {
                throw new LedgerException($"{segment.PathIn(folder)} is not as it was sealed: put it back. Its entries stay in the ledger until then.");
            }

            for (; first <= through; first += Window)
            {
                (long from, long to) = (first, Math.Min(through, first + Window - 1));
                await ledger.AskAsync(db => Segment.GiveAway(db, from, to));
                await Task.Delay(Pause, time, stop);
            }

            first = through + 1;
            log.LogInformation("{Folder}: entries through {Through} are now only in {Name}", folder, through, segment.Name);
        }
    }

    private async Task<Segment> WriteAsync(string name, long first, long through, string before, CancellationToken stop)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, Segment.Folder)).FullName, name);
        string unfinished = path + ".unfinished";
        string head;
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            SegmentFile.WriteHead(file);
            for (long after = first - 1; after < through;)
            {
                long from = after;
                IReadOnlyList<byte[]> leaves = await ledger.AskAsync(db => LedgerQueries.Leaves(db, from, (int)Math.Min(Window, through - from)));
                foreach (byte[] leaf in leaves)
                {
                    SegmentFile.Write(file, leaf);
                }

                after += leaves.Count > 0 ? leaves.Count : throw new LedgerException($"{folder}: the ledger has no entry {after + 1}.");
                await Task.Delay(Pause, time, stop);
            }

            file.Flush(flushToDisk: true);
        }

        (head, string wrong) = await Task.Run(() => SegmentCheck.Read(unfinished, ledger.LedgerId, ledger.Epoch, first, through, before), stop);
        if (wrong.Length > 0)
        {
            throw new LedgerException($"{unfinished}: {wrong}");
        }

        string hash = SealedEntries.HashOf(unfinished)!;
        File.Move(unfinished, path, overwrite: true);
        return new Segment(first, through, name, hash, head, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    // Times in a journal never run backwards, so the last entry of a month is found by halving.
    private async Task<long> LastBeforeAsync(long endMs, long first, long head)
    {
        (long low, long high) = (first, head + 1);
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (await ledger.AskAsync(db => MsAt(db, middle)) < endMs)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static long MsAt(SqliteConnection db, long seq) =>
        LedgerQueries.Leaves(db, seq - 1, 1) is [byte[] leaf] ? JournalLeaf.Decode(leaf).AtUnixMs : long.MaxValue;
}
