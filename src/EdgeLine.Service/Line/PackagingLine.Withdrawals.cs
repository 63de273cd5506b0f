using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Withdrawal and sampling of single codes, and the new label for an item whose old one was withdrawn.</content>
public sealed partial class PackagingLine
{
    /// <summary>Labels printed for the hand of a person: in no order, on no belt.</summary>
    private readonly List<InFlight> _byHand = [];

    private int _replaceable;

    private void OnVoid(LineEvent.VoidAsked asked)
    {
        CodeRead read = asked.Read;
        CodeState state = read.Kind == ReadKind.Known ? StateNow(read) : default;
        if (read.Kind != ReadKind.Known)
        {
            Answer(asked, "not-ours");
        }
        else if (IsOpen(state))
        {
            Leave(read.Code);
            VoidForPerson(read, state, asked);
        }
        else if (state == CodeState.Verified && asked.Supervisor)
        {
            // Its item is taken back or destroyed: the place of the code is free again, and one more is printed.
            if (IsOfThisRun(read))
            {
                CountVerified(read.Code, -1);
            }

            VoidForPerson(read, state, asked);
        }
        else
        {
            Answer(asked, state == CodeState.Verified ? "verified-needs-supervisor" : "already-final");
        }
    }

    private void VoidForPerson(CodeRead read, CodeState state, LineEvent.VoidAsked asked)
    {
        // The count says that a new label may be asked for in its place.
        LineEntry entry = OfRun(read, Move(read.Code, state, JournalKind.Void, asked.Reason, who: asked.Who, count: 1));
        _replaceable += entry.RunId.Length > 0 ? 1 : 0;
        Journal(entry);
        Answer(asked, "");
    }

    private void OnSample(LineEvent.SampleAsked asked)
    {
        CodeRead read = asked.Read;
        CodeState state = read.Kind == ReadKind.Known ? StateNow(read) : default;
        if (read.Kind != ReadKind.Known || state != CodeState.Verified)
        {
            Answer(asked, read.Kind != ReadKind.Known ? "not-ours" : IsOpen(state) ? "not-verified" : "already-final");
            return;
        }

        // The target counts good items that leave. A sample keeps its place in the lease, so one more is printed only when
        // the leases at hand allow more than the run needs; the count in the entry says so.
        bool oneMore = _run is not null && IsOfThisRun(read) && _leases.Sum(l => l.MayVerify) > _run.Target - _verified;
        _verified -= oneMore ? 1 : 0;
        Journal(OfRun(read, Move(read.Code, state, JournalKind.Sampled, asked.Reason, who: asked.Who, count: oneMore ? 1 : 0)));
        Answer(asked, "");
    }

    /// <summary>
    /// Prints a new code for an item on the rework table. The label does not travel with the belt: a person takes it from
    /// the printer, sticks it on by hand and shows it at rework, or puts the item back before the scanner. So it is outside
    /// the window, where order means something; until it is read it counts as expected.
    /// </summary>
    private void OnReplacement(LineEvent.ReplacementAsked asked)
    {
        string refused = WhyNoReplacement();
        if (refused.Length == 0 && TakeCode() is (CodeRef code, OpenLease lease))
        {
            var label = new InFlight(code, lease);
            _byHand.Add(label);
            _replaceable--;
            Journal(
                [Entry(JournalKind.ReplacementAsked, who: asked.Who), Move(code, CodeState.Available, JournalKind.Print, "replacement", who: asked.Who)],
                new Pending.Print(label));
            Answer(asked, "");
            return;
        }

        Answer(asked, refused.Length > 0 ? refused : "no-codes");
    }

    private string WhyNoReplacement() =>
        _run is null ? "no-run"
        : NeedsClearance ? "clearance"
        // While the belt runs, the next label is for the next item.
        : _phase != Phase.Held && !(_phase == Phase.Running && _settings.Station == Station.Bench) ? "not-paused"
        : _replaceable <= 0 ? "nothing-voided"
        : Wanted <= 0 ? "target-met"
        : WhyBlocked();

    /// <summary>True when a person may ask for a replacement label now.</summary>
    public bool MayReplace => WhyNoReplacement().Length == 0;

    // Entered, and nobody can have it in the hand: withdrawn, and the person may ask again.
    private void NeverSentByHand(InFlight label)
    {
        _byHand.Remove(label);
        _replaceable++;
        Journal(Move(label.Code, CodeState.Printing, JournalKind.Void, "never-sent", count: 1));
    }

    private readonly HashSet<long> _withheld = [];

    // A code whose label turned up before it was printed: it is not printed, also when it is still on its way to here.
    private void Withhold(CodeRef code)
    {
        _withheld.Add(code.Id);
        LeaseOf(code)?.Drop(code);
    }
}
