using System.Globalization;

namespace EdgeLine.Service.Ledger;

/// <summary>A lease as its row says.</summary>
internal sealed record RecountedLease(long Number, string Id, long Codes, long FirstId, bool Ended, StoredLease Stored);

/// <summary>
/// Tells again, from the entries alone, in which state every code must be and what every count must say, with rules
/// written down here a second time. Every difference from the tables is a finding.
/// </summary>
internal sealed class LedgerRecount(Action<string, string> find)
{
    // The numbers of the journal's kinds are part of the stored bytes; see the contract of the journal.
    private const int Leased = 2, RunStarted = 3, Print = 4, Verified = 5, Rejected = 6, InDoubt = 7, Void = 8, Sampled = 9;
    private const int Returned = 10, Expired = 11, ItemRejected = 12, Intruder = 18;

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

    private readonly Dictionary<string, Code> _codes = [];
    private readonly Dictionary<string, RecountedLease> _leases = [];
    private readonly Dictionary<long, List<Code>> _codesOf = [];
    private readonly HashSet<string> _taken = [];
    private readonly HashSet<string> _ended = [];
    private readonly Dictionary<string, long> _states = [];
    private readonly Dictionary<string, long> _counts = [];
    private long _lastSeq;
    private long _verifiedInRun;

    /// <summary>Names as in the stored fold, with what the entries give.</summary>
    public IEnumerable<(string Name, long Count)> Counts
    {
        get
        {
            yield return ("AsOfSeq", _lastSeq);
            yield return ("VerifiedInRun", _verifiedInRun);
            yield return ("Account.Leased", _states.Values.Sum());
            foreach ((string name, string state) in (IEnumerable<(string, string)>)
            [
                ("Available", "available"), ("Printing", "printing"), ("InDoubt", "in-doubt"), ("Rejected", "rejected"), ("Verified", "verified"),
                ("Sampled", "sampled"), ("Void", "void"), ("Returned", "returned"), ("Expired", "expired"),
            ])
            {
                yield return ($"Account.{name}", _states.GetValueOrDefault(state));
            }

            foreach (string name in (string[])["Printed", "Verified", "Rejected", "NoRead", "Intruders", "Unlabelled", "Slips", "Voided", "Reworked"])
            {
                yield return ($"Totals.{name}", _counts.GetValueOrDefault(name));
            }
        }
    }

    public void AddLease(RecountedLease lease) => _leases[lease.Id] = lease;

    public void AddCode(long id, string value, string state, long lease, string run)
    {
        var code = new Code(id, value, state, lease, run);
        _codes[value] = code;
        (_codesOf.TryGetValue(lease, out List<Code>? of) ? of : _codesOf[lease] = []).Add(code);
    }

    /// <summary>Takes one entry into the count.</summary>
    public void Step(string place, LeafBytes entry, long? codeId)
    {
        _lastSeq = entry.Seq;
        switch (entry.Kind)
        {
            case Leased: Take(place, entry); break;
            case Returned or Expired: End(place, entry); break;
            case RunStarted: _verifiedInRun = 0; break;
            case >= Print and <= Sampled: Move(place, entry, codeId); break;
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

    /// <summary>Compares every code and every lease with what the entries gave.</summary>
    public void CompareWithTables()
    {
        foreach (Code code in _codes.Values.Where(c => c.Counted != c.Stored))
        {
            find(PlaceOf(code), $"is stored as {code.Stored}, its entries give {(code.Counted.Length > 0 ? code.Counted : "no lease")}");
        }

        foreach (Code code in _codes.Values.Where(c => c.Run != c.CountedRun))
        {
            find(PlaceOf(code), $"is stored as printed in run '{code.Run}', its entries say '{code.CountedRun}'");
        }

        foreach (RecountedLease lease in _leases.Values)
        {
            long there = _codesOf.GetValueOrDefault(lease.Number)?.Count ?? 0;
            Expect(there == lease.Codes, $"lease {lease.Id}", $"names {lease.Codes} codes, {there} are there");
            Expect(_taken.Contains(lease.Id), $"lease {lease.Id}", "has no entry that it was taken");
            Expect(_ended.Contains(lease.Id) == lease.Ended, $"lease {lease.Id}", $"is stored as {(lease.Ended ? "ended" : "open")}, its entries say otherwise");
        }
    }

    private void Take(string place, LeafBytes entry)
    {
        if (!_leases.TryGetValue(entry.LeaseId, out RecountedLease? lease) || !_taken.Add(entry.LeaseId))
        {
            find(place, $"takes lease {entry.LeaseId}, which is not there or was taken before");
            return;
        }

        List<Code> codes = _codesOf.GetValueOrDefault(lease.Number) ?? [];
        foreach (string problem in ManifestWitness.Problems(lease.Stored, entry.Detail))
        {
            find($"lease {lease.Id}", problem);
        }

        Expect(entry.Count == codes.Count, place, $"took {entry.Count} codes, {codes.Count} are there");
        foreach (Code code in codes)
        {
            Expect(code.Id >= lease.FirstId && code.Id < lease.FirstId + lease.Codes, PlaceOf(code), $"is outside the rows of lease {lease.Id}");
            SetState(code, "available");
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
        foreach (Code code in (_codesOf.GetValueOrDefault(lease.Number) ?? []).Where(c => c.Counted == "available"))
        {
            SetState(code, entry.Kind == Returned ? "returned" : "expired");
            count++;
        }

        Expect(count == entry.Count, place, $"ends {entry.Count} codes of lease {entry.LeaseId}, {count} were left");
    }

    private void Move(string place, LeafBytes entry, long? codeId)
    {
        if (!_codes.TryGetValue(entry.Code, out Code? code))
        {
            find(place, $"moves code {entry.Code}, which is not there");
            return;
        }

        Expect(codeId == code.Id, place, $"is filed under code row {codeId}, its leaf names row {code.Id}");
        Expect(entry.Kind != Print || !code.Printed, place, $"prints code {entry.Code} a second time");
        Expect(MayLeave[entry.Kind].Contains(code.Counted), place, $"makes code {entry.Code} {StateAfter[entry.Kind]}, but it was {code.Counted}");
        (code.Printed, code.CountedRun) = entry.Kind == Print ? (true, entry.RunId) : (code.Printed, code.CountedRun);
        Tally(entry, code.Counted);
        SetState(code, StateAfter[entry.Kind]);
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

    private void SetState(Code code, string state)
    {
        if (code.Counted.Length > 0)
        {
            _states[code.Counted]--;
        }

        code.Counted = state;
        _states[state] = _states.GetValueOrDefault(state) + 1;
    }

    private void Count(string name, long by = 1) => _counts[name] = _counts.GetValueOrDefault(name) + by;

    private void Expect(bool sound, string place, string what)
    {
        if (!sound)
        {
            find(place, what);
        }
    }

    private static string PlaceOf(Code code) => string.Create(CultureInfo.InvariantCulture, $"code row {code.Id} (...{code.Value[^Math.Min(4, code.Value.Length)..]})");

    private sealed class Code(long id, string value, string stored, long lease, string run)
    {
        public long Id { get; } = id;

        public string Value { get; } = value;

        public string Stored { get; } = stored;

        public long Lease { get; } = lease;

        public string Run { get; } = run;

        public string Counted { get; set; } = "";

        public string CountedRun { get; set; } = "";

        public bool Printed { get; set; }
    }
}
