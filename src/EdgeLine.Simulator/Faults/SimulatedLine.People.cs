using EdgeLine.Contracts;
using EdgeLine.Service.Line;

namespace EdgeLine.Simulator.Faults;

/// <content>The people: they see the page, do what it asks for, and show rejected items at the rework table.</content>
internal sealed partial class SimulatedLine
{
    private readonly List<Item> _bin = [];
    private Item? _atTable;
    private Task<string>? _scanOfTable;
    private ReworkCard? _cardBefore;
    private Task<string>? _wanted;
    private int _runs;

    /// <summary>Chance in a million, for each pitch, that the operator does what the page asks for.</summary>
    public int Attention { get; set; } = 50_000;

    /// <summary>When the operator did something last, milliseconds.</summary>
    public long ActedMs { get; private set; }

    public int Clearances { get; private set; }

    public int Reworked { get; private set; }

    private void People()
    {
        if (Service is not { } service)
        {
            return;
        }

        if (_wanted is { IsCompletedSuccessfully: true, Result: var refused })
        {
            _wanted = null;
            if (refused == "more-labels-than-possible")
            {
                Clear(service, "twins destroyed", supervisor: true);
            }
        }

        Rework(service);
        if (_wanted is null && Happens(Attention))
        {
            Look(service);
        }
    }

    private void Look(SimulatedService service)
    {
        LineSnapshot page = service.Snapshot;
        bool held = page.State == PackMlState.Held;
        if (page.Actions.Contains("clearance") && (_pausedToClear || !(held && page.Actions.Contains("resume"))))
        {
            _pausedToClear = false;
            Clear(service, "cleared", supervisor: false);
        }
        else if (page is { State: PackMlState.Suspended, Reason: "labels-missing" })
        {
            Acts($"pause {page.Reason}");
            _pausedToClear = true;
            _wanted = service.Ask(id => new LineEvent.Pause(id, "Li"));
        }
        else if (held)
        {
            Acts($"resume {page.Reason}");
            _wanted = service.Ask(id => new LineEvent.Resume(id, "Li"));
        }
        else if (page.Actions.Contains("start") && page.AsOfSeq > 0)
        {
            Acts($"start");
            _wanted = service.Start($"run-{++_runs}");
        }
    }

    private void Clear(SimulatedService service, string why, bool supervisor)
    {
        Acts($"clearance {service.Snapshot.Reason} {supervisor}");
        Clearances++;
        int found = _belt.Sum(i => i.Labels.Count);
        _belt.ForEach(i => i.Labels.Clear());
        _printer.Clear();
        _found = supervisor ? _found : found;
        _wanted = service.Ask(id => new LineEvent.ClearanceDone(id, "Li", _found, why, supervisor));
    }

    private int _found;
    private bool _pausedToClear;

    private void Acts(FormattableString what)
    {
        oracle.Note(what);
        ActedMs = clock.Ms;
    }

    // A label can often be read by hand where the scanner could not.
    private void Rework(SimulatedService service)
    {
        if (_atTable is { Labels: [CertificateCode only] } item && _scanOfTable is { IsCompletedSuccessfully: true, Result: var refused })
        {
            if (item.IsToDestroy)
            {
                (_scanOfTable, _atTable) = (null, null);
            }
            else if (refused.Length > 0 || (service.Snapshot.Rework is { IsAnswer: true } card && !ReferenceEquals(card, _cardBefore)))
            {
                (_scanOfTable, _atTable) = (null, null);
                FollowCard(item, only, refused.Length > 0 ? refused : service.Snapshot.Rework!.Answer);
            }
            else if (Happens(Mix.Impatience))
            {
                // No answer yet: the trigger is pulled once more.
                _scanOfTable = service.Rework(_carrier.UrlOf(only));
            }
        }

        if (_atTable is null && _bin.Count > 0 && Happens(Mix.Rework))
        {
            Item next = _bin[0];
            _bin.RemoveAt(0);
            if (next.Labels is [CertificateCode label])
            {
                (_atTable, _cardBefore) = (next, service.Snapshot.Rework);
                _scanOfTable = next.IsToDestroy
                    ? service.Ask(_carrier.UrlOf(label), (id, read) => new LineEvent.VoidAsked(id, "Wang", read, "label-destroyed"))
                    : service.Rework(_carrier.UrlOf(label));
            }
            else
            {
                next.Labels.ForEach(ToDestroy);
            }
        }
    }

    private void FollowCard(Item item, CertificateCode code, string answer)
    {
        Acts($"rework {code} {answer}");
        switch (answer)
        {
            case "accept":
                Reworked++;
                oracle.Left(code, "rework");
                break;
            case "wait":
                _bin.Add(item);
                break;
            case "other-run":
                break;
            default:
                ToDestroy(code);
                break;
        }
    }

    private void ToDestroy(CertificateCode code)
    {
        var item = new Item { IsToDestroy = true };
        item.Labels.Add(code);
        _bin.Add(item);
    }

    // Whoever asked gets no answer; the item goes back into the bin.
    private void ForgetPeople()
    {
        if (_atTable is not null)
        {
            _bin.Add(_atTable);
        }

        (_atTable, _scanOfTable, _wanted) = (null, null, null);
    }
}
