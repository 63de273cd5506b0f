namespace EdgeLine.Simulator.Faults.Disk;

/// <summary>
/// One file: what programs see of it, and what would be left of it if the power went now. Between the two lie the writes
/// since the last sync.
/// </summary>
internal sealed class SimulatedFile
{
    /// <summary>What a disk writes whole or not at all, bytes.</summary>
    private const int Sector = 512;

    private readonly DiskBytes _seen = new();
    private readonly DiskBytes _kept = new();
    private readonly List<Unsynced> _unsynced = [];
    private readonly List<(long Offset, int Count)> _forgotten = [];

    public long Length => _seen.Length;

    /// <summary>Its name has reached the disk: it is still there after a power cut.</summary>
    public bool NameKept { get; private set; }

    public int Read(long offset, Span<byte> into) => _seen.Read(offset, into);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        _seen.Write(offset, bytes);
        _unsynced.Add(new Unsynced(offset, bytes.ToArray()));
    }

    public void SetLength(long length)
    {
        // What is cut off here may still be on the disk.
        _forgotten.Add((length, (int)Math.Max(0, _seen.Length - length)));
        _seen.SetLength(length);
        _unsynced.Add(new Unsynced(length, null));
    }

    public void Sync()
    {
        NameKept = true;
        _unsynced.ForEach(u => u.Into(_kept));
        _unsynced.Clear();
    }

    /// <summary>
    /// The sync failed. As on Linux, the system takes the pages for clean all the same: some of them are on disk, the others
    /// are seen by programs, but no later sync ever writes them.
    /// </summary>
    public void SyncFails(SeededRandom random)
    {
        foreach (Unsynced write in _unsynced)
        {
            if (random.Happens(0.5))
            {
                write.Into(_kept);
            }

            _forgotten.Add((write.Offset, write.Bytes?.Length ?? 0));
        }

        _unsynced.Clear();
    }

    /// <summary>Each write since the last sync is on the disk, is not, or is torn between its sectors.</summary>
    public void LosePower(SeededRandom random, CutKind kind)
    {
        foreach (Unsynced write in _unsynced)
        {
            _forgotten.Add((write.Offset, write.Bytes?.Length ?? 0));
            int fate = kind switch { CutKind.NothingKept => 0, CutKind.AllKept => 1, _ => random.Below(3) };
            if (fate == 1 || (fate == 2 && write.Bytes is null))
            {
                write.Into(_kept);
            }
            else if (fate == 2)
            {
                Tear(write, random);
            }
        }

        _unsynced.Clear();
        // Programs see again what is on the disk.
        foreach ((long offset, int count) in _forgotten)
        {
            byte[] bytes = new byte[count];
            _kept.Read(offset, bytes);
            _seen.Write(offset, bytes);
        }

        _forgotten.Clear();
        _seen.SetLength(_kept.Length);
    }

    private void Tear(Unsynced write, SeededRandom random)
    {
        for (int at = 0; at < write.Bytes!.Length;)
        {
            // Sectors lie where the disk has them, not where the write begins.
            int count = Math.Min(write.Bytes.Length - at, Sector - (int)((write.Offset + at) % Sector));
            if (random.Happens(0.5))
            {
                _kept.Write(write.Offset + at, write.Bytes.AsSpan(at, count));
            }

            at += count;
        }
    }

    /// <summary>A write, or a new length when there are no bytes.</summary>
    private readonly record struct Unsynced(long Offset, byte[]? Bytes)
    {
        public void Into(DiskBytes file)
        {
            if (Bytes is null)
            {
                file.SetLength(Offset);
            }
            else
            {
                file.Write(Offset, Bytes);
            }
        }
    }
}
