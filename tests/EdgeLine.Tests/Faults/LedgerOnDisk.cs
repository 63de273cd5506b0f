using System.Globalization;
using EdgeLine.Contracts;
using EdgeLine.Service.Ledger;
using EdgeLine.Service.Line;
using EdgeLine.Simulator.Faults.Disk;
using EdgeLine.Tests.Ledger;
using EdgeLine.Tests.Line;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Tests.Faults;

/// <summary>
/// The real ledger on a simulated disk, with a line's kind of entries from one seed. It remembers what was asked and what
/// was told, and after each start what is on the disk must be exactly all that was told, or that and the whole transaction
/// that was under way.
/// </summary>
internal sealed class LedgerOnDisk : IDisposable
{
    private const int LeaseCodes = 30;

    private const int ComparedAgain = 200;

    private readonly SeededRandom _random;
    private readonly ManualTime _time = new(Some.WallMs);
    private readonly string _folder;
    private readonly List<Written> _asked = [];
    private readonly List<(CodeRef Code, CodeState State)> _codes = [];
    private readonly List<Exception> _fatal = [];
    private readonly List<LineEntry> _underWay = [];
    private LineLedger? _ledger;
    private bool _gaveUp;
    private bool _lost;
    private int _told;
    private long _ticket;
    private int _drawn;
    private int _firstAvailable;

    public LedgerOnDisk(ulong seed, bool syncsLikeNormal = false)
    {
        _random = new SeededRandom(seed);
        Disk = new SimulatedDisk(seed) { SyncsLikeNormal = syncsLikeNormal };
        _folder = $"{Disk.Root}/line-1";
    }

    public SimulatedDisk Disk { get; }

    /// <summary>What is not as it must be.</summary>
    public List<string> Violations { get; } = [];

    public int Entries => _asked.Count;

    /// <summary>A control: what failed is asked for again, as if a failed COMMIT were a failure.</summary>
    public bool RetriesAfterFailure { get; init; }

    /// <summary>Opens it; false when the disk failed meanwhile.</summary>
    public bool Start()
    {
        int met = Disk.FaultsMet;
        try
        {
            _fatal.Clear();
            _ledger = LineLedger.OpenStepped(_folder, LedgerUnderTest.LineId, _time, _fatal.Add, Disk.ForLedger());
            _ledger.Committed = group => _told += group.Sum(c => c.Entries.Count);
        }
        catch (Exception e) when (e is LedgerException or IOException)
        {
            if (Disk.FaultsMet == met)
            {
                Violations.Add($"does not open on a sound disk: {e.Message}");
            }

            return false;
        }

        Compare();
        if (_fatal.Count == 0 && RetriesAfterFailure)
        {
            AskAgain();
        }

        _gaveUp = false;
        return _fatal.Count == 0;
    }

    /// <summary>A few entries in one or more transactions; false when the ledger gave up.</summary>
    public bool Work()
    {
        _time.WallMs += 700;
        _underWay.Clear();
        if (_codes.Count - _firstAvailable < 10 && !Lease())
        {
            return false;
        }

        for (int jobs = 1 + _random.Below(3); jobs > 0; jobs--)
        {
            List<LineEntry> entries = [];
            for (int i = 1 + _random.Below(3); i > 0; i--)
            {
                entries.Add(Next());
            }

            _ledger!.Append(++_ticket, entries);
        }

        _ledger!.Step();
        _gaveUp = _fatal.Count > 0;
        if (_fatal.Count > 1)
        {
            Violations.Add($"the ledger gave up and told {_fatal.Count} times");
        }

        return !_gaveUp;
    }

    /// <summary>The program ends without a word, and so does the power, or only the program.</summary>
    public void Stop(CutKind? power)
    {
        Disk.Halt();
        _ledger?.Dispose();
        _ledger = null;
        if (power is { } kind)
        {
            Disk.PowerOn(kind);
        }
        else
        {
            Disk.Kill();
        }
    }

    /// <summary>The check with other eyes: its own SQL and its own reader, over the files as they lie there.</summary>
    public void Verify()
    {
        _ledger?.Dispose();
        _ledger = null;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("edgeline-disk-");
        Disk.CopyTo(folder.FullName);
        Violations.AddRange(LedgerVerification.Verify(folder.FullName));
        folder.Delete(recursive: true);
    }

    public void Dispose()
    {
        Disk.PowerOn(CutKind.AllKept);
        _ledger?.Dispose();
        Disk.Dispose();
    }

    // All that was told, or with it the whole transaction under way; and nothing else.
    private void Compare()
    {
        // The long past was compared before, and the chain of hashes holds it together.
        int known = Math.Max(0, _told - ComparedAgain);
        Task<(long Head, IReadOnlyList<byte[]> Leaves)> reading = _ledger!.AskAsync(db =>
            (long.Parse(LedgerFile.Scalar(db, "SELECT max(seq) FROM journal")!, CultureInfo.InvariantCulture), LedgerQueries.Leaves(db, known + 1, int.MaxValue)));
        if (!_ledger.Step())
        {
            return;
        }

        // The first entry is the ledger's own.
        int kept = (int)reading.Result.Head - 1;
        if (kept > _asked.Count || (kept != _told && kept != _asked.Count))
        {
            Violations.Add($"{_told} entries were told, {_asked.Count} asked for, {kept} are on the disk");
        }

        List<Written> found = [.. reading.Result.Leaves.Select(leaf => Written.Of(JournalLeaf.Decode(leaf)))];
        for (int i = 0; i < found.Count && known + i < _asked.Count; i++)
        {
            if (found[i] != _asked[known + i])
            {
                Violations.Add($"entry {known + i + 2} is {found[i]}, {_asked[known + i]} was asked for");
                break;
            }
        }

        _lost = _asked.Count > kept;
        _asked.RemoveRange(Math.Min(kept, _asked.Count), Math.Max(0, _asked.Count - kept));
        _told = kept;
        Recall();
    }

    private void AskAgain()
    {
        foreach (LineEntry entry in _gaveUp ? _underWay.Where(e => !e.MovesCode) : [])
        {
            // It is asked for once, whoever carries it out how often.
            if (_lost)
            {
                _asked.Add(Written.Of(entry));
            }

            _ledger!.Append(++_ticket, [entry]);
        }

        _ledger!.Step();
    }

    // The codes are where the file says.
    private void Recall()
    {
        Task<List<(CodeRef, CodeState)>> reading = _ledger!.AskAsync(db =>
        {
            var rows = new List<(CodeRef, CodeState)>();
            using SqliteCommand command = db.CreateCommand();
            command.CommandText = "SELECT id, value, state FROM code ORDER BY id";
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add((new CodeRef(reader.GetInt64(0), CertificateCode.Parse(reader.GetString(1))), CodeStates.Parse(reader.GetString(2))));
            }

            return rows;
        });
        _ledger.Step();
        _codes.Clear();
        _codes.AddRange(reading.Result);
        _drawn = _codes.Count;
        _firstAvailable = _codes.TakeWhile(c => c.State != CodeState.Available).Count();
    }

    private bool Lease()
    {
        List<CertificateCode> drawn = [.. Enumerable.Range(_drawn, LeaseCodes).Select(n => Some.Code(n))];
        string lease = $"lease-{_drawn}-{_ticket}";
        LeaseManifest manifest = LedgerUnderTest.Manifest(lease, LeaseCodes);
        _asked.Add(new Written(JournalKind.Leased, "", "", LeaseCodes));
        Task taken = _ledger!.TakeLeaseAsync(manifest, LedgerUnderTest.Jws(manifest), drawn);
        _ledger.Step();
        _gaveUp = _fatal.Count > 0;
        if (!_gaveUp)
        {
            Assert.True(taken.IsCompletedSuccessfully);
            int before = _codes.Count;
            _codes.AddRange(drawn.Select((c, i) => (new CodeRef(before + i + 1, c), CodeState.Available)));
            _drawn += LeaseCodes;
        }

        return !_gaveUp;
    }

    private LineEntry Next()
    {
        LineEntry entry = _random.Below(11) switch
        {
            < 5 when _firstAvailable < _codes.Count => Move(_firstAvailable++, JournalKind.Print),
            5 or 6 or 7 when At(CodeState.Printing) is { } at => Move(at, JournalKind.Verified),
            8 when At(CodeState.Printing) is { } at => Move(at, _random.Below(2) == 0 ? JournalKind.InDoubt : JournalKind.Rejected),
            9 when At(CodeState.Verified) is { } at => Move(at, JournalKind.Rejected),
            _ => LedgerUnderTest.Entry(JournalKind.ItemRejected, "no-read", ++_ticket),
        };
        _asked.Add(Written.Of(entry));
        _underWay.Add(entry);
        return entry;
    }

    private int? At(CodeState state)
    {
        int from = _random.Below(Math.Max(1, _firstAvailable));
        int found = _codes.FindIndex(from, c => c.State == state);
        return found < 0 ? null : found;
    }

    private LineEntry Move(int at, JournalKind kind)
    {
        LineEntry entry = LedgerUnderTest.Move(_codes[at].Code, _codes[at].State, kind);
        _codes[at] = (_codes[at].Code, entry.To);
        return entry;
    }

    private sealed record Written(JournalKind Kind, string Code, string Reason, long Count)
    {
        public static Written Of(LineEntry e) => new(e.Kind, e.Code.Id == 0 ? "" : e.Code.Code.Value, e.Reason, e.Count);

        public static Written Of(JournalEntry e) => new(e.Kind, e.Code, e.Reason, e.Count);
    }
}
