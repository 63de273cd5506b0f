using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Codes at hand, and the terms under which each of them was lent.</content>
public sealed partial class PackagingLine
{
    /// <summary>Codes that a used-up lease keeps at hand; what else is left of it waits in the ledger until it is wanted.</summary>
    private const int SparesKept = 64;

    private readonly List<OpenLease> _leases = [];
    /// <summary>Leases of which nothing is printed any more; what their codes may still do in the bin goes on counting.</summary>
    private readonly List<OpenLease> _closedLeases = [];
    private readonly HashSet<string> _endedLeases = [];
    private long _lastSuppliedId;
    private (OpenLease Lease, long AfterId)? _askedForSpares;
    private bool _supplyAsked;
    private string _supplyTrouble = "";

    /// <summary>Codes at hand, not printed.</summary>
    public int SupplyCount
    {
        get
        {
            int count = 0;
            foreach (OpenLease lease in _leases)
            {
                count += lease.Codes.Count;
            }

            return count;
        }
    }

    /// <summary>End of the open lease that runs out first, Unix milliseconds; 0 for none.</summary>
    public long LeaseExpiresMs => _leases.Count == 0 ? 0 : _leases.Min(l => l.Terms.ExpiresAtMs);

    private void OnCodes(LineEvent.CodesSupplied supplied)
    {
        if (supplied.Leases.Any(l => l.OrderId != _run?.OrderId))
        {
            // The answer to a run that is over: no code of another order is ever printed in this one.
            GiveBackLate(supplied.Leases);
            return;
        }

        OpenLease? spares = _askedForSpares is { } asked && asked.AfterId == supplied.AfterId ? asked.Lease : null;
        if (spares is null)
        {
            _supplyAsked = false;
            _supplyTrouble = "";
        }

        foreach (LeaseTerms terms in supplied.Leases)
        {
            if (!_endedLeases.Contains(terms.LeaseId) && FindLease(terms.LeaseId) is null)
            {
                _leases.Add(new OpenLease(terms));
            }
        }

        foreach (SuppliedCode supply in supplied.Codes)
        {
            // An answer to an older question may overlap with a newer one; the codes of a lease come in the order of their ids.
            if (FindLease(supply.LeaseId) is { } lease && supply.Code.Id > lease.LastId && !_withheld.Contains(supply.Code.Id))
            {
                lease.Take(supply.Code);
                _lastSuppliedId = Math.Max(_lastSuppliedId, supply.Code.Id);
            }
        }

        if (spares is not null)
        {
            _askedForSpares = null;
            spares.Left = spares.Codes.Count == 0 ? 0 : spares.Left;
        }

        LeaveSpares();
    }

    // A long run uses up many leases; their allowances for waste are hardly ever wanted.
    private void LeaveSpares()
    {
        foreach (OpenLease lease in _leases)
        {
            if (lease.Codes.Count > 2 * SparesKept && RoomOf(lease) == 0)
            {
                lease.Keep(SparesKept);
            }
        }
    }

    private OpenLease? FindLease(string leaseId)
    {
        foreach (OpenLease lease in _leases)
        {
            if (lease.Terms.LeaseId == leaseId)
            {
                return lease;
            }
        }

        return null;
    }

    private OpenLease? LeaseOf(CodeRef code)
    {
        foreach (OpenLease lease in _leases)
        {
            if (lease.Terms.Holds(code.Id))
            {
                return lease;
            }
        }

        return _closedLeases.Find(l => l.Terms.Holds(code.Id));
    }

    // How many more codes of a lease may be printed without taking the risk that too many are read back.
    private int RoomOf(OpenLease lease) => Math.Clamp(PlacesOf(lease), 0, lease.Codes.Count);

    private int PlacesOf(OpenLease lease)
    {
        int room = lease.MayVerify + ProbablyUnread;
        foreach (InFlight label in _window)
        {
            room -= label.Lease == lease ? 1 : 0;
        }

        foreach (InFlight label in _byHand)
        {
            room -= label.Lease == lease ? 1 : 0;
        }

        return room;
    }

    // Codes for waste may be at hand that their lease does not allow to be used.
    private bool MayTakeCode => _leases.Exists(l => RoomOf(l) > 0);

    // Leases are used up in the order in which they came; what is left of one is its allowance for waste.
    private (CodeRef Code, OpenLease Lease)? TakeCode()
    {
        foreach (OpenLease lease in _leases)
        {
            if (lease.Codes.Count > 0 && RoomOf(lease) > 0)
            {
                return (lease.Codes.Dequeue(), lease);
            }
        }

        return null;
    }

    // Asked once; the supply goes on trying until it has some. What a lease left to the ledger is there in any case.
    private void AskForCodes()
    {
        OpenLease? spares = _askedForSpares is null ? _leases.Find(l => l.Left > 0 && l.Codes.Count == 0 && PlacesOf(l) > 0) : null;
        if (_phase != Phase.Running || (_supplyAsked && spares is null) || WhyBlocked().Length > 0)
        {
            return;
        }

        int atHand = 0;
        foreach (OpenLease lease in _leases)
        {
            atHand += lease.Codes.Count == 0 ? 0 : RoomOf(lease);
        }

        if (atHand >= _settings.SupplyLow || Wanted <= atHand)
        {
            return;
        }

        if (spares is not null)
        {
            _askedForSpares = (spares, spares.LastId);
            _effects.Add(new LineEffect.AskCodes(spares.Left, spares.LastId));
        }
        else
        {
            _supplyAsked = true;
            _effects.Add(new LineEffect.AskCodes(_settings.SupplyLow * 4, _lastSuppliedId));
        }
    }

    // An unprinted code dies with its lease; what was printed in time is never refused for being late.
    private void CheckLeases()
    {
        for (int i = _leases.Count - 1; i >= 0; i--)
        {
            OpenLease lease = _leases[i];
            if (TrustedMs >= lease.Terms.ExpiresAtMs)
            {
                // Entered, but not one byte of it left in time.
                List<InFlight> unsent = _window.FindAll(l => l.Lease == lease && !l.Sent);
                _window.RemoveAll(unsent.Contains);
                EndLease(lease, JournalKind.Expired, "lease-expired", unsent);
                _supplyTrouble = "lease-expired";
            }
        }
    }

    private void EndLease(OpenLease lease, JournalKind kind, string reason, List<InFlight> unsent)
    {
        Close(lease);
        Journal([
            .. unsent.Select(l => Move(l.Code, CodeState.Printing, JournalKind.Void, "never-sent")),
            Entry(kind, reason) with { LeaseId = lease.Terms.LeaseId },
        ]);
    }

    private void GiveBackLate(IReadOnlyList<LeaseTerms> leases)
    {
        foreach (LeaseTerms terms in leases.Where(l => l.OrderId != _run?.OrderId && !_endedLeases.Contains(l.LeaseId)))
        {
            EndLease(FindLease(terms.LeaseId) ?? new OpenLease(terms), JournalKind.Returned, "run-ended", []);
        }
    }

    private void ForgetLeasesOf(RunOrder run)
    {
        foreach (OpenLease lease in _leases.FindAll(l => l.Terms.OrderId == run.OrderId))
        {
            Close(lease);
        }
    }

    private void Close(OpenLease lease)
    {
        _leases.Remove(lease);
        lease.Keep(0);
        _closedLeases.Add(lease);
        _endedLeases.Add(lease.Terms.LeaseId);
    }

    private sealed class OpenLease(LeaseTerms terms)
    {
        public LeaseTerms Terms { get; } = terms;

        /// <summary>How many codes of it may still be verified; never more than its signed manifest says.</summary>
        public int MayVerify { get; set; } = terms.MayVerifyLeft;

        public Queue<CodeRef> Codes { get; private set; } = new();

        /// <summary>Row of the last code that was at hand; the available ones after it are still in the ledger.</summary>
        public long LastId { get; private set; }

        /// <summary>Codes of it that were at hand and were left to the ledger.</summary>
        public int Left { get; set; }

        public void Take(CodeRef code)
        {
            Codes.Enqueue(code);
            LastId = code.Id;
            Left = Math.Max(0, Left - 1);
        }

        /// <summary>Keeps its next codes, in a queue of their size, and leaves the rest to the ledger.</summary>
        public void Keep(int codes)
        {
            Left += Math.Max(0, Codes.Count - codes);
            Codes = new Queue<CodeRef>(Codes.Take(codes).ToArray());
            LastId = Codes.Count > 0 ? Codes.Last().Id : LastId;
        }

        public void Drop(CodeRef code) => Codes = new Queue<CodeRef>(Codes.Where(c => c != code));
    }
}
