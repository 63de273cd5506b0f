using EdgeLine.Service.Ledger;

namespace EdgeLine.Simulator.Faults.Disk;

/// <summary>
/// A disk in memory that loses, keeps or tears at a power cut what was not synced, and fails where it is told to. All its
/// chance comes from one seed. SQLite reaches it through <see cref="DiskVfs"/>; one thread at a time.
/// </summary>
internal sealed class SimulatedDisk : IDisposable
{
    private static long _made;

    private readonly Dictionary<string, SimulatedFile> _files = [];
    private readonly Dictionary<string, (byte[] New, byte[]? Old)> _small = [];
    private readonly Dictionary<string, SimulatedFile> _deleted = [];
    private readonly SeededRandom _random;
    private SimulatedFile? _lateSync;
    private bool _halted;

    public SimulatedDisk(ulong seed)
    {
        _random = new SeededRandom(seed);
        Root = $"/{DiskVfs.Name}-{Interlocked.Increment(ref _made)}";
        DiskVfs.Attach(this);
    }

    /// <summary>Where its files are; every path on it begins so.</summary>
    public string Root { get; }

    /// <summary>Grows with each power cut and each kill: a file that was opened before answers no more.</summary>
    public int Generation { get; private set; }

    /// <summary>True from a cut until the power is back: whatever is asked fails.</summary>
    public bool Dead { get; private set; }

    /// <summary>Writes, new lengths, deletions and syncs so far.</summary>
    public long Operations { get; private set; }

    public long Writes { get; private set; }

    public long Syncs { get; private set; }

    /// <summary>Faults that were met.</summary>
    public int FaultsMet { get; private set; }

    /// <summary>The power goes after this operation; 0 for never.</summary>
    public long CutAt { get; set; }

    /// <summary>This write fails with EIO; 0 for none.</summary>
    public long WriteFailsAt { get; set; }

    /// <summary>This sync fails with EIO; 0 for none.</summary>
    public long SyncFailsAt { get; set; }

    /// <summary>This write finds no space; 0 for none.</summary>
    public long FullAt { get; set; }

    /// <summary>No file can grow.</summary>
    public bool IsFull { get; set; }

    /// <summary>
    /// A control: the write-ahead log is synced only before the database is written, which is what PRAGMA synchronous=NORMAL
    /// does. What it then loses must be found.
    /// </summary>
    public bool SyncsLikeNormal { get; init; }

    /// <summary>A control: syncs of the write-ahead log are taken, and done only when <see cref="SyncNow"/> is called.</summary>
    public bool SyncsLate { get; set; }

    /// <summary>This disk as a ledger reaches it, until the next power cut or kill.</summary>
    public LedgerDisk ForLedger()
    {
        int generation = Generation;
        return new LedgerDisk
        {
            Vfs = DiskVfs.Name,
            MakeFolder = _ => { },
            Read = path => _small.TryGetValue(path, out (byte[] New, byte[]? Old) file) ? file.New : null,
            Replace = (path, bytes) => Replace(path, bytes, generation),
            WriteAnew = WriteAnew,
        };
    }

    /// <summary>
    /// From now on nothing that a program does reaches the disk, not even what a library still does while it is torn down;
    /// until <see cref="Kill"/> or <see cref="PowerOn"/>.
    /// </summary>
    public void Halt() => Dead = _halted = true;

    /// <summary>The program is gone, and starts again: the operating system still has all that was written.</summary>
    public void Kill()
    {
        (Dead, _halted, CutAt, WriteFailsAt, SyncFailsAt, FullAt) = (false, false, 0, 0, 0, 0);
        Generation++;
    }

    /// <summary>The power went, and is back.</summary>
    public void PowerOn(CutKind kind)
    {
        Kill();
        _lateSync = null;
        foreach (string name in _files.Keys.Where(n => !_files[n].NameKept).ToArray())
        {
            _files.Remove(name);
        }

        foreach ((string name, SimulatedFile file) in _deleted)
        {
            // A deletion that never reached the disk.
            if (_random.Happens(0.5))
            {
                _files.TryAdd(name, file);
            }
        }

        _deleted.Clear();
        foreach (SimulatedFile file in _files.Values)
        {
            file.LosePower(_random, kind);
        }

        foreach ((string path, (byte[] New, byte[]? Old) file) in _small.ToArray())
        {
            // A new name is on the disk some time after the rename.
            if (file.Old is { } old && _random.Happens(0.5))
            {
                _small[path] = (old, null);
            }
        }
    }

    /// <summary>Does what <see cref="SyncsLate"/> put off.</summary>
    public void SyncNow()
    {
        if (!Dead)
        {
            _lateSync?.Sync();
            _lateSync = null;
        }
    }

    /// <summary>All files as programs see them now.</summary>
    public DiskCopy Copy()
    {
        byte[] BytesOf(SimulatedFile file)
        {
            byte[] bytes = new byte[file.Length];
            file.Read(0, bytes);
            return bytes;
        }

        return new DiskCopy(_files.ToDictionary(f => f.Key, f => BytesOf(f.Value)), _small.ToDictionary(f => f.Key, f => f.Value.New));
    }

    /// <summary>Somebody puts a copy in the place of everything. No program may run.</summary>
    public void PutBack(DiskCopy copy)
    {
        Kill();
        _lateSync = null;
        _files.Clear();
        _small.Clear();
        _deleted.Clear();
        foreach ((string name, byte[] bytes) in copy.Files)
        {
            _files[name] = new SimulatedFile();
            _files[name].Write(0, bytes);
            _files[name].Sync();
        }

        foreach ((string path, byte[] bytes) in copy.Small)
        {
            _small[path] = (bytes, null);
        }
    }

    /// <summary>Writes all files of a folder to this PC's disk, for a check that reads with other eyes.</summary>
    public void CopyTo(string folder)
    {
        foreach ((string name, SimulatedFile file) in _files)
        {
            byte[] bytes = new byte[file.Length];
            file.Read(0, bytes);
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(name)), bytes);
        }

        foreach ((string name, (byte[] New, byte[]? Old) file) in _small)
        {
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(name)), file.New);
        }
    }

    public bool Exists(string name) => _files.TryGetValue(name, out SimulatedFile? file) && file.Length > 0;

    /// <summary>Opens a file, or null when it is not there and may not be made.</summary>
    public SimulatedFile? Open(string name, bool create)
    {
        if (!_files.TryGetValue(name, out SimulatedFile? file) && create)
        {
            _files[name] = file = new SimulatedFile();
        }

        return file;
    }

    public DiskAnswer Write(SimulatedFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        if (_lateSync is not null && file != _lateSync)
        {
            SyncNow();
        }

        DiskAnswer answer = IsFull && offset + bytes.Length > file.Length ? DiskAnswer.Full : Count(isSync: false);
        if (answer == DiskAnswer.Done || (answer == DiskAnswer.Failed && _random.Happens(0.5)))
        {
            file.Write(offset, bytes);
        }

        return answer;
    }

    public DiskAnswer SetLength(SimulatedFile file, long length)
    {
        DiskAnswer answer = Count(isSync: false);
        if (answer == DiskAnswer.Done)
        {
            file.SetLength(length);
        }

        return answer;
    }

    public DiskAnswer Delete(string name, bool synced)
    {
        DiskAnswer answer = Count(isSync: false);
        if (answer == DiskAnswer.Done && _files.Remove(name, out SimulatedFile? file) && !synced && file.NameKept)
        {
            _deleted[name] = file;
        }

        return answer;
    }

    public DiskAnswer Sync(SimulatedFile file, bool isLog)
    {
        DiskAnswer answer = Count(isSync: true);
        if (answer == DiskAnswer.Failed)
        {
            // Cut in the middle of it: the fate of each write is drawn when the power is back.
            if (!Dead)
            {
                file.SyncFails(_random);
            }

            return answer;
        }

        if (isLog && (SyncsLate || SyncsLikeNormal))
        {
            _lateSync = file;
            return answer;
        }

        SyncNow();
        if (isLog && !file.NameKept)
        {
            // The first sync of a new log is one of its folder too: what was deleted there before stays deleted.
            _deleted.Clear();
        }

        file.Sync();
        return answer;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Generation++;
        DiskVfs.Detach(this);
    }

    private void WriteAnew(string path)
    {
        if (!_files.TryGetValue(path, out SimulatedFile? file))
        {
            return;
        }

        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        if (Write(file, 0, bytes) != DiskAnswer.Done || Sync(file, isLog: true) != DiskAnswer.Done)
        {
            throw new IOException($"{path} could not be written.");
        }
    }

    private DiskAnswer Count(bool isSync)
    {
        if (Dead)
        {
            return DiskAnswer.Failed;
        }

        long number = isSync ? ++Syncs : ++Writes;
        if (++Operations == CutAt)
        {
            Dead = true;
            FaultsMet++;
            return DiskAnswer.Failed;
        }

        if (number == (isSync ? SyncFailsAt : WriteFailsAt))
        {
            FaultsMet++;
            return DiskAnswer.Failed;
        }

        if (!isSync && number == FullAt)
        {
            FaultsMet++;
            return DiskAnswer.Full;
        }

        return DiskAnswer.Done;
    }

    private void Replace(string path, byte[] bytes, int generation)
    {
        // Whoever was killed writes nothing more, and learns nothing of it.
        if (_halted || generation != Generation)
        {
            return;
        }

        if (Count(isSync: false) != DiskAnswer.Done)
        {
            throw new IOException($"{path} could not be written.");
        }

        byte[]? old = _small.TryGetValue(path, out (byte[] New, byte[]? Old) before) ? before.New : null;
        _small[path] = (bytes, old);
    }
}
