using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Codes at hand, and the terms under which each of them was lent.</content>
public sealed partial class PackagingLine
{
    private readonly List<OpenLease> _leases = [];
    /// <summary>Leases of which nothing is printed any more; what their codes may still do in the bin goes on counting.</summary>
    private readonly List<OpenLease> _closedLeases = [];
    private readonly HashSet<string> _endedLeases = [];
    private long _lastSuppliedId;
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

        _supplyAsked = false;
        _supplyTrouble = "";
        foreach (LeaseTerms terms in supplied.Leases)
        {
            if (!_endedLeases.Contains(terms.LeaseId) && FindLease(terms.LeaseId) is null)
            {
                _leases.Add(new OpenLease(terms));
            }
        }

        foreach (SuppliedCode supply in supplied.Codes)
        {
            // An answer to an older question may overlap with a newer one; codes come in the order of their ids.
            if (supply.Code.Id > _lastSuppliedId && !_withheld.Contains(supply.Code.Id) && FindLease(supply.LeaseId) is { } lease)
            {
                lease.Codes.Enqueue(supply.Code);
                _lastSuppliedId = supply.Code.Id;
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
    private int RoomOf(OpenLease lease)
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

        return Math.Clamp(room, 0, lease.Codes.Count);
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

    // Asked once; the supply goes on trying until it has some.
    private void AskForCodes()
    {
        if (_phase != Phase.Running || _supplyAsked || WhyBlocked().Length > 0)
        {
            return;
        }

        int atHand = 0;
        foreach (OpenLease lease in _leases)
        {
            atHand += lease.Codes.Count == 0 ? 0 : RoomOf(lease);
        }

        if (atHand < _settings.SupplyLow && Wanted > atHand)
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
        lease.Codes.Clear();
        _closedLeases.Add(lease);
        _endedLeases.Add(lease.Terms.LeaseId);
    }

    private sealed class OpenLease(LeaseTerms terms)
    {
        public LeaseTerms Terms { get; } = terms;

        /// <summary>How many codes of it may still be verified; never more than its signed manifest says.</summary>
        public int MayVerify { get; set; } = terms.MayVerifyLeft;

        public Queue<CodeRef> Codes { get; private set; } = new();

        public void Drop(CodeRef code) => Codes = new Queue<CodeRef>(Codes.Where(c => c != code));
    }
}
