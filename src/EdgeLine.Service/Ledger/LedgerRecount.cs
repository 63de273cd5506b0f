using System.Globalization;

namespace EdgeLine.Service.Ledger;

/// <summary>A lease as its row says.</summary>
internal sealed record RecountedLease(long Number, string Id, long Codes, long FirstId, StoredLease Stored);

/// <summary>
/// Tells again, from the entries alone, in which state every code must be and what every count must say, with rules
/// written down here a second time. Every difference from the tables is a finding.
/// </summary>
internal sealed class LedgerRecount(Action<string, string> find)
{
    // The numbers of the journal's kinds are part of the stored bytes; see the contract of the journal.
    private const int Leased = 2, RunStarted = 3, Print = 4, Verified = 5, Rejected = 6, InDoubt = 7, Void = 8, Sampled = 9;
    private const int Returned = 10, Expired = 11, ItemRejected = 12, Intruder = 18, Enrolled = 28;

    // An enrolment brings codes in every state but these two: what may have been printed is in doubt.
    private static readonly string[] MayComeOver = ["in-doubt", "rejected", "verified", "sampled", "void", "returned", "expired"];

    private static readonly Dictionary<int, string> StateAfter = new()
    {
        [Print] = "printing",
        [Verified] = "verified",
        [Rejected] = "rejected",
        [InDoubt] = "in-doubt",
        [Void] = "void",
        [Sampled] = "sampled",
    };

    // Life of a code at the line: which states an entry may leave.
    private static readonly Dictionary<int, string[]> MayLeave = new()
    {
        [Print] = ["available"],
        [Verified] = ["printing", "in-doubt", "rejected"],
        [Rejected] = ["printing", "in-doubt", "verified"],
        [InDoubt] = ["printing"],
        [Void] = ["available", "printing", "in-doubt", "rejected", "verified"],
        [Sampled] = ["verified"],
    };

    private static readonly string[] States =
        ["", "available", "printing", "in-doubt", "rejected", "verified", "sampled", "void", "returned", "expired"];

    private const long CodesOfLeaseMax = 1_000_000;
    private const long RowsMax = 2_000_000_000;

    private readonly Dictionary<string, RecountedLease> _leases = [];
    private readonly Dictionary<long, long> _rowsOf = [];
    private readonly HashSet<string> _taken = [];
    private readonly HashSet<string> _ended = [];
    private readonly long[] _states = new long[States.Length];
    private readonly Dictionary<string, long> _counts = [];
    // One byte for each code ever leased, by its row number: years of codes have to fit.
    private byte[] _stateOf = new byte[1024];
    private byte[] _printed = new byte[1024];
    // The run of each, as a place in the list of runs.
    private int[] _runOf = new int[1024];
    private readonly List<string> _runs = [""];
    private readonly Dictionary<string, int> _placeOfRun = new() { [""] = 0 };
    // Codes that were rejected; true when an entry that says so has left the journal.
    private readonly Dictionary<long, bool> _rejected = [];
    private long _lastSeq;
    private long _verifiedInRun;

    /// <summary>Names as in the stored fold, with what the entries give.</summary>
    public IEnumerable<(string Name, long Count)> Counts
    {
        get
        {
            yield return ("AsOfSeq", _lastSeq);
            yield return ("VerifiedInRun", _verifiedInRun);
            yield return ("Account.Leased", _states.Sum());
            foreach ((string name, string state) in (IEnumerable<(string, string)>)
            [
                ("Available", "available"), ("Printing", "printing"), ("InDoubt", "in-doubt"), ("Rejected", "rejected"), ("Verified", "verified"),
                ("Sampled", "sampled"), ("Void", "void"), ("Returned", "returned"), ("Expired", "expired"),
            ])
            {
                yield return ($"Account.{name}", _states[Array.IndexOf(States, state)]);
            }

            foreach (string name in (string[])["Printed", "Verified", "Rejected", "NoRead", "Intruders", "Unlabelled", "Slips", "Voided", "Reworked"])
            {
                yield return ($"Totals.{name}", _counts.GetValueOrDefault(name));
            }
        }
    }

    /// <summary>Takes a lease as its row says, before its first entry.</summary>
    public void AddLease(RecountedLease lease)
    {
        // What a damaged row says must not decide how much memory this takes.
        if (lease is { FirstId: > 0, Codes: > 0 and <= CodesOfLeaseMax } && lease.FirstId <= RowsMax - lease.Codes)
        {
            _leases[lease.Id] = lease;
        }
        else
        {
            find($"lease {lease.Id}", $"has {lease.Codes} codes from row {lease.FirstId}, which cannot be");
        }
    }

    /// <summary>Takes one entry into the count.</summary>
    /// <param name="place">How a finding names it.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="row">How it is stored.</param>
    public void Step(string place, LeafBytes entry, AuditedEntry row)
    {
        _lastSeq = entry.Seq;
        (long? codeId, string? value) = (row.CodeId, row.Code);
        if (entry.Kind == Rejected && codeId is { } rejected)
        {
            _rejected[rejected] = _rejected.GetValueOrDefault(rejected) || row.IsGivenAway;
        }

        switch (entry.Kind)
        {
            case Leased: Take(place, entry); break;
            case Returned or Expired: End(place, entry); break;
            case RunStarted: _verifiedInRun = 0; break;
            case >= Print and <= Sampled: Move(place, entry, codeId, value); break;
            case Enrolled: ComeOver(place, entry, codeId, value); break;
            case ItemRejected:
                Count("Rejected");
                Count("NoRead", entry.Reason is "no-read" or "other-symbol" ? 1 : 0);
                break;
            case Intruder:
                Count("Rejected", entry.Reason == "second-label" ? 0 : 1);
                Count("Intruders");
                break;
            default:
                break;
        }
    }

    /// <summary>Compares one code with what the entries gave.</summary>
    public void CompareCode(AuditedCode code)
    {
        (long id, string value, string state, long lease, string run, long onceRejected) = code;
        _rowsOf[lease] = _rowsOf.GetValueOrDefault(lease) + 1;
        string counted = States[StateOf(id)];
        Expect(
            counted == state, PlaceOf(id, value), $"is stored as {state}, its entries give {(counted.Length > 0 ? counted : "no lease")}");
        string countedRun = id > 0 && id < _runOf.Length ? _runs[_runOf[id]] : "";
        Expect(countedRun == run, PlaceOf(id, value), $"is stored as printed in run '{run}', its entries say '{countedRun}'");
        // Only entries that have left are remembered in the row; while this reads, more may leave.
        Expect(
            onceRejected == 0 ? !_rejected.GetValueOrDefault(id) : onceRejected == 1 && _rejected.ContainsKey(id), PlaceOf(id, value),
            $"is stored as rejected {onceRejected} times by entries that were given away, they say otherwise");
    }

    /// <summary>Compares the leases, after all codes.</summary>
    /// <param name="ended">Identities of the leases that are stored as ended.</param>
    public void CompareLeases(IReadOnlySet<string> ended)
    {
        foreach (RecountedLease lease in _leases.Values)
        {
            long there = _rowsOf.GetValueOrDefault(lease.Number);
            Expect(there == lease.Codes, $"lease {lease.Id}", $"names {lease.Codes} codes, {there} are there");
            Expect(_taken.Contains(lease.Id), $"lease {lease.Id}", "has no entry that it was taken");
            Expect(
                _ended.Contains(lease.Id) == ended.Contains(lease.Id), $"lease {lease.Id}",
                $"is stored as {(ended.Contains(lease.Id) ? "ended" : "open")}, its entries say otherwise");
        }
    }

    private void Take(string place, LeafBytes entry)
    {
        if (!_leases.TryGetValue(entry.LeaseId, out RecountedLease? lease) || !_taken.Add(entry.LeaseId))
        {
            find(place, $"takes lease {entry.LeaseId}, which is not there or was taken before");
            return;
        }

        foreach (string problem in ManifestWitness.Problems(lease.Stored, entry.Detail))
        {
            find($"lease {lease.Id}", problem);
        }

        if (entry.Reason == "enrolled")
        {
            // A lease of the ledger before: nothing of it is ever printed here.
            _ended.Add(entry.LeaseId);
        }

        Expect(entry.Count == lease.Codes, place, $"took {entry.Count} codes, its row names {lease.Codes}");
        for (long id = lease.FirstId; id < lease.FirstId + lease.Codes; id++)
        {
            SetState(id, "available");
        }
    }

    private void End(string place, LeafBytes entry)
    {
        if (!_leases.TryGetValue(entry.LeaseId, out RecountedLease? lease))
        {
            find(place, $"ends lease {entry.LeaseId}, which is not there");
            return;
        }

        _ended.Add(entry.LeaseId);
        long count = 0;
        for (long id = lease.FirstId; id < lease.FirstId + lease.Codes; id++)
        {
            if (States[StateOf(id)] == "available")
            {
                SetState(id, entry.Kind == Returned ? "returned" : "expired");
                count++;
            }
        }

        Expect(count == entry.Count, place, $"ends {entry.Count} codes of lease {entry.LeaseId}, {count} were left");
    }

    private void Move(string place, LeafBytes entry, long? codeId, string? value)
    {
        if (codeId is not { } id || value is null || StateOf(id) == 0)
        {
            find(place, $"moves code {entry.Code}, which is not there");
            return;
        }

        if (value != entry.Code)
        {
            find(place, $"is filed under code row {id}, its leaf names another code, {entry.Code}");
            return;
        }

        string before = States[StateOf(id)];
        Expect(entry.Kind != Print || _printed[id] == 0, place, $"prints code {entry.Code} a second time");
        Expect(MayLeave[entry.Kind].Contains(before), place, $"makes code {entry.Code} {StateAfter[entry.Kind]}, but it was {before}");
        if (entry.Kind == Print)
        {
            _printed[id] = 1;
            SetRun(id, entry.RunId);
        }

        Tally(entry, before);
        SetState(id, StateAfter[entry.Kind]);
    }

    private void ComeOver(string place, LeafBytes entry, long? codeId, string? value)
    {
        if (codeId is not { } id || value is null || StateOf(id) == 0)
        {
            find(place, $"brings code {entry.Code}, which is not there");
            return;
        }

        string before = States[StateOf(id)];
        Expect(value == entry.Code, place, $"is filed under code row {id}, its leaf names another code, {entry.Code}");
        Expect(MayComeOver.Contains(entry.Reason) && before == "available", place, $"brings code {entry.Code} as {entry.Reason}, but it was {before}");
        Expect(_ended.Contains(entry.LeaseId), place, $"brings a code of lease {entry.LeaseId}, which is not of the ledger before");
        if (MayComeOver.Contains(entry.Reason))
        {
            SetState(id, entry.Reason);
            SetRun(id, entry.Reason is "in-doubt" or "rejected" ? "enrolled" : "");
        }
    }

    private void Tally(LeafBytes entry, string before)
    {
        switch (entry.Kind)
        {
            case Print: Count("Printed"); break;
            case Void:
                Count("Voided");
                _verifiedInRun -= before == "verified" && entry.RunId.Length > 0 ? 1 : 0;
                break;
            case Sampled: _verifiedInRun -= entry.Count; break;
            case Rejected:
                // An item without a usable read was counted when it went past; its label is told of later.
                Count("Rejected", entry.Reason is "no-read" or "several-codes" or "rework" ? 0 : 1);
                _verifiedInRun -= before == "verified" ? 1 : 0;
                break;
            case Verified:
                Count("Verified");
                Count("Unlabelled", entry.Count);
                Count("Slips", entry.Reason == "slip" ? 1 : 0);
                Count("Reworked", entry.Reason == "rework" ? 1 : 0);
                _verifiedInRun++;
                break;
            default:
                break;
        }
    }

    private byte StateOf(long id) => id > 0 && id < _stateOf.Length ? _stateOf[id] : (byte)0;

    private void SetRun(long id, string run)
    {
        if (!_placeOfRun.TryGetValue(run, out int place))
        {
            place = _placeOfRun[run] = _runs.Count;
            _runs.Add(run);
        }

        _runOf[id] = place;
    }

    private void SetState(long id, string state)
    {
        if (id >= _stateOf.Length)
        {
            int length = (int)Math.Max(id + 1, _stateOf.Length * 2L);
            Array.Resize(ref _stateOf, length);
            Array.Resize(ref _printed, length);
            Array.Resize(ref _runOf, length);
        }

        byte to = (byte)Array.IndexOf(States, state);
        _states[_stateOf[id]] -= _stateOf[id] == 0 ? 0 : 1;
        _states[to]++;
        _stateOf[id] = to;
    }

    private void Count(string name, long by = 1) => _counts[name] = _counts.GetValueOrDefault(name) + by;

    private void Expect(bool sound, string place, string what)
    {
        if (!sound)
        {
            find(place, what);
        }
    }

    private static string PlaceOf(long id, string value) =>
        string.Create(CultureInfo.InvariantCulture, $"code row {id} (...{value[^Math.Min(4, value.Length)..]})");
}
