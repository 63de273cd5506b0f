using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Tests.Line;

/// <summary>A line that was enrolled anew: held, everything on belt and bin can be shown, a clearance settles the rest.</summary>
public sealed class AfterEnrolmentTests
{
    private static readonly CodeRef OfOrder = new(1, Some.Code(1));
    private static readonly CodeRef Other = new(2, Some.Code(2));
    private static readonly CodeRef OfOtherOrder = new(3, Some.Code(3));

    private readonly PackagingLine _core = new(
        new LineSettings { Station = Station.Conveyor, SendAhead = 1, LabelsToScanner = 2 },
        new LineMemory
        {
            HasHistory = true,
            Run = Some.Order(10),
            LastRun = Some.Order(10),
            HeldFor = "enrolled",
            NeedsClearance = true,
            InDoubt = [OfOrder, Other],
            Strays = [OfOtherOrder],
            ClosedLeases = [new LeaseTerms("lease-1", "order-1", Some.WallMs, 10, 1, 2)],
        });

    private readonly List<LineEffect> _effects = [];

    public AfterEnrolmentTests()
    {
        foreach (LineEvent e in (LineEvent[])[new LineEvent.Begin(), new LineEvent.ScannerUp(), new LineEvent.GateUp(), new LineEvent.PrinterReady(1)])
        {
            Apply(e);
        }
    }

    [Fact]
    public void Nothing_is_printed_before_the_clearance_and_no_button_but_that_one_helps()
    {
        Assert.Equal((PackMlState.Held, "enrolled", 3), (_core.State, _core.Reason, _core.ClearanceMax));
        Apply(new LineEvent.Resume(1, "li"));
        Assert.Equal("clearance", Assert.Single(_effects.OfType<LineEffect.Answer>()).Refused);
        Assert.DoesNotContain(_effects, e => e is LineEffect.Send or LineEffect.AskCodes);
        Clear(2);
        Assert.Contains(_effects, e => e is LineEffect.AskCodes);
        Assert.NotEqual(PackMlState.Held, _core.State);
    }

    [Fact]
    public void A_label_shown_at_rework_is_accepted_once_and_the_clearance_withdraws_the_others_of_every_order()
    {
        Apply(new LineEvent.ReworkHeard(1, ""));
        Apply(new LineEvent.ReworkRead(1, 1, "li", new CodeRead(ReadKind.Known, OfOrder, CodeState.InDoubt, false), Typed: false));
        Assert.Equal("accept", _effects.OfType<LineEffect.Tell>().Last().Card.Answer);
        Apply(new LineEvent.ReworkHeard(2, ""));
        Apply(new LineEvent.ReworkRead(2, 2, "li", new CodeRead(ReadKind.Known, OfOtherOrder, CodeState.InDoubt, false), Typed: false));
        Assert.Equal("other-run", _effects.OfType<LineEffect.Tell>().Last().Card.Answer);
        _effects.Clear();
        Clear(2);
        LineEntry[] voids = [.. Entries().Where(e => e.Kind == JournalKind.Void)];
        Assert.Equal([Other, OfOtherOrder], voids.Select(e => e.Code));
        // The counts of this run are not concerned by what another order printed.
        Assert.Equal(["run-1", ""], voids.Select(e => e.RunId));
    }

    [Fact]
    public void A_label_of_another_order_that_comes_past_goes_to_the_bin_and_is_withdrawn_only_once()
    {
        Apply(new LineEvent.FrameRead(1, [new CodeRead(ReadKind.Known, OfOtherOrder, CodeState.InDoubt, false)]));
        Assert.False(Assert.Single(_effects.OfType<LineEffect.Verdict>()).Pass);
        Assert.Equal(2, _core.ClearanceMax);
        _effects.Clear();
        Clear(2);
        Assert.DoesNotContain(Entries(), e => e.Code == OfOtherOrder);
    }

    private IEnumerable<LineEntry> Entries() => _effects.OfType<LineEffect.Journal>().SelectMany(j => j.Entries);

    private void Clear(int found) => Apply(new LineEvent.ClearanceDone(9, "li", found, "after the enrolment", Supervisor: false));

    private void Apply(LineEvent e)
    {
        LineEffect[] effects = [.. _core.Apply(new Moment(1000, Some.WallMs), e)];
        _effects.AddRange(effects);
        foreach (LineEffect.Journal journal in effects.OfType<LineEffect.Journal>())
        {
            Apply(new LineEvent.Committed(journal.Ticket));
        }
    }
}
