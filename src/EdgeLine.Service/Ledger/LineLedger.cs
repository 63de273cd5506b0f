using System.Globalization;
using EdgeLine.Contracts;
using EdgeLine.Service.Line;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Ledger;

/// <summary>Entries that are on disk now.</summary>
/// <param name="Ticket">Ticket of the core, or 0 for entries of the shell.</param>
/// <param name="Entries">The entries as decided.</param>
/// <param name="Fold">The counts after the last of them.</param>
public sealed record CommittedEntries(long Ticket, IReadOnlyList<LineEntry> Entries, LineFold Fold);

/// <summary>
/// The ledger of one line: one file, one connection, one thread. Whatever queued while the last transaction was being
/// synchronised goes into the next one; nothing waits to be batched. When the queue's callback runs, the entries are
/// on disk.
/// </summary>
public sealed partial class LineLedger : IDisposable
{
    /// <summary>Most jobs of one transaction: bounds how long the first of them waits for the last.</summary>
    private const int GroupMax = 64;

    /// <summary>Jobs that may wait for the disk. The window bounds the codes among them; the rest are rejected items.</summary>
    private const int QueueMax = 8192;

    private const int DiskFull = 13; // SQLITE_FULL

    private readonly SqliteConnection _connection;
    private readonly LedgerWriter _writer;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _onFatal;
    // A plain queue and a monitor, because the ready-made blocking ones spin before they sleep: on two cores that time is
    // taken from those who have something to do.
    private readonly Queue<Job> _jobs = new();
    private readonly object _turn = new();
    private readonly HighWaterMark _highWater;
    private readonly SealedEntries _sealed;
    private readonly SemaphoreSlim _sealedTurn = new(1);
    private readonly Ballast _ballast;
    private readonly Thread _thread;
    private LineFold _fold;
    private long _storedFoldSeq;
    private long _durableSeq;
    private byte[] _durableHash = [];
    private Exception? _failed;
    private bool _closed;

    private LineLedger(SqliteConnection connection, string folder, LedgerDisk disk, TimeProvider time, Action<Exception> onFatal)
    {
        (_connection, _folder, _time, _onFatal) = (connection, folder, time, onFatal);
        LedgerId = Guid.Parse(Meta("ledger_id"), CultureInfo.InvariantCulture);
        Epoch = int.Parse(Meta("epoch"), CultureInfo.InvariantCulture);
        _fold = FoldAtOpen = StoredFold.Read(connection);
        _storedFoldSeq = _fold.AsOfSeq;
        if (LedgerTail.WhatIsWrong(connection, LedgerId, Epoch, _fold.AsOfSeq) is { Length: > 0 } wrong)
        {
            throw LedgerFile.Damaged(folder, wrong);
        }

        EndedInOrder = LedgerFile.WasClosed(connection);
        _writer = new LedgerWriter(connection, LedgerId, Epoch, _fold.AsOfSeq, HeadOf(_fold.AsOfSeq), _fold.AsOfMs);
        (_ballast, _sealed) = (new Ballast(folder), new SealedEntries(folder));
        _highWater = new HighWaterMark(disk, folder, LedgerId);
        SecondPast = new SecondPast(disk, folder);
        _highWater.Demand(_fold.AsOfSeq, seq => LedgerQueries.HashAt(connection, seq));
        (_durableSeq, _durableHash) = (_writer.HeadSeq, _writer.HeadHash.ToArray());
        Memory = LedgerQueries.MemoryOf(connection, _fold);
        _thread = new Thread(Work) { IsBackground = true, Name = "ledger" };
    }

    /// <summary>Identity of this file.</summary>
    public Guid LedgerId { get; }

    /// <summary>Which ledger of the line this is, from 1.</summary>
    public int Epoch { get; }

    /// <summary>What platform or second copy said against this ledger.</summary>
    internal SecondPast SecondPast { get; }

    /// <summary>The process before closed this ledger in order; false for a new one.</summary>
    public bool EndedInOrder { get; }

    /// <summary>What the line remembers.</summary>
    public LineMemory Memory { get; }

    /// <summary>Counts when the ledger was opened.</summary>
    public LineFold FoldAtOpen { get; private set; }

    /// <summary>Called on the ledger thread after each commit with what it holds, in the order of the entries.</summary>
    public Action<IReadOnlyList<CommittedEntries>> Committed { get; set; } = _ => { };

    /// <summary>Queues entries for one transaction; <see cref="Committed"/> tells when they are on disk.</summary>
    public void Append(long ticket, IReadOnlyList<LineEntry> entries) => Add(new AppendJob(ticket, entries));

    /// <summary>Runs a query or a small write on the ledger thread, inside a transaction.</summary>
    /// <param name="question">What is asked; it must be short.</param>
    /// <param name="withCounts">The stored counts belong to the last entry that the question sees.</param>
    public Task<T> AskAsync<T>(Func<SqliteConnection, T> question, bool withCounts = false)
    {
        var job = new AskJob<T>(question, withCounts);
        Add(job);
        return job.Answer;
    }

    /// <summary>Takes a lease with all its codes and its journal entry, or nothing of it.</summary>
    public Task TakeLeaseAsync(LeaseManifest manifest, string jws, IReadOnlyList<CertificateCode> codes)
    {
        var job = new LeaseJob(manifest, jws, codes);
        Add(job);
        return job.Done;
    }

    private void Add(Job job)
    {
        Exception? failed;
        bool full;
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            (failed, full) = (_failed, _jobs.Count >= QueueMax);
            if (failed is null && !full)
            {
                _jobs.Enqueue(job);
                Monitor.Pulse(_turn);
                return;
            }
        }

        if (failed is not null)
        {
            job.Fail(failed);
        }
        else
        {
            // No verdict may wait behind so many others: the gate rejects by itself, the service starts again.
            _onFatal(new LedgerException($"More than {QueueMax} entries wait for the disk."));
        }
    }

    private void Work()
    {
        var group = new List<Job>(GroupMax);
        while (Take(group, wait: true) && Turn(group))
        {
        }
    }

    /// <summary>True when a turn has something to do.</summary>
    internal bool Waits
    {
        get
        {
            lock (_turn)
            {
                return _jobs.Count > 0;
            }
        }
    }

    /// <summary>One turn of the ledger's thread on the caller's; false when nothing waits, and after a failure.</summary>
    internal bool Step()
    {
        var group = new List<Job>();
        return _failed is null && Take(group, wait: false) && Turn(group);
    }

    private bool Turn(List<Job> group)
    {
        try
        {
            if (group is [CopyJob copy])
            {
                copy.Copy(_connection);
            }
            else
            {
                RunGroup(group);
            }

            return true;
        }
        catch (Exception e)
        {
            // A failed COMMIT is an unknown, not a failure: never retry here, let a new process read what is there.
            Job[] waiting;
            lock (_turn)
            {
                _failed = e;
                waiting = [.. _jobs];
                _jobs.Clear();
            }

            if (e is SqliteException { SqliteErrorCode: DiskFull })
            {
                // Not for us: the next process finds room to write down what becomes of the labels that are out.
                _ballast.Free();
            }

            group.ForEach(j => j.Fail(e));
            _onFatal(e);
            Array.ForEach(waiting, j => j.Fail(e));
            return false;
        }
    }

    // What is there now, and never a wait for more. False when closed and done, or when nothing is there to wait for.
    private bool Take(List<Job> group, bool wait)
    {
        group.Clear();
        lock (_turn)
        {
            while (wait && _jobs.Count == 0 && !_closed)
            {
                Monitor.Wait(_turn);
            }

            // A copy is no part of a transaction: it comes alone.
            while (group.Count < GroupMax && _jobs.TryPeek(out Job? next) && (next is not CopyJob || group.Count == 0))
            {
                group.Add(_jobs.Dequeue());
                if (next is CopyJob)
                {
                    break;
                }
            }
        }

        return group.Count > 0;
    }

    private void RunGroup(List<Job> group)
    {
        _writer.Begin();
        long wallMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (Job job in group)
        {
            job.Run(this, wallMs);
        }

        StoreFold();
        _writer.Commit();
        (_durableSeq, _durableHash) = (_writer.HeadSeq, _writer.HeadHash.ToArray());
        CommittedEntries[] told = [.. group.Select(j => j.Entries).OfType<CommittedEntries>()];
        if (told.Length > 0)
        {
            Committed(told);
        }

        // After the entries, so that whoever asked finds them reported.
        group.ForEach(j => j.Tell());
        _highWater.Follow(_durableSeq, _durableHash, wallMs);
    }

    private LineFold Write(LineEntry entry, long wallMs)
    {
        long count = _writer.Append(entry, wallMs);
        _fold = _fold.With(_writer.HeadSeq, _writer.HeadMs, entry, count);
        return _fold;
    }

    // The counts go with their entries, so that a start needs one row and no second truth can creep in between.
    private void StoreFold()
    {
        if (_fold.AsOfSeq != _storedFoldSeq)
        {
            _storedFoldSeq = _fold.AsOfSeq;
            _writer.StoreFold(StoredFold.Write(_fold));
        }
    }
}
