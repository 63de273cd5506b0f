using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Holding the line, and the rolls in its printer.</content>
public sealed partial class PackagingLine
{
    /// <summary>Lots of the rolls in the printer.</summary>
    public MediaSnapshot Media { get; private set; } = new();

    private void OnRollChanged(LineEvent.RollChanged changed)
    {
        string lot = changed.Lot.Trim();
        if (changed.What is not ("media" or "ribbon") || lot.Length == 0)
        {
            Answer(changed, lot.Length == 0 ? "lot-missing" : "unknown-roll");
            return;
        }

        // A new roll begins with blanks or with what was under the head before; both are rejected, neither counts as bad print.
        HeadEvent();
        _reads.Reset();
        Media = Media.After(changed.What, lot, TrustedMs);
        Journal(Entry(JournalKind.MediaChanged, changed.What, who: changed.Who, detail: lot));
        Answer(changed, "");
    }

    private void Hold(string reason, bool rejectAll = false, string detail = "")
    {
        if (_run is null)
        {
            return;
        }

        _rejectAll |= rejectAll;
        // The first cause of a stop is the one to mend; what follows from it must not cover it up. A loss of tracking
        // is worse than any other hold and takes its place.
        if (_phase != Phase.Held || (rejectAll && !_heldForTracking))
        {
            Journal(Entry(JournalKind.Held, reason, count: _rejectAll ? 1 : 0, detail: detail));
            _phase = Phase.Held;
            _reason = reason;
            _heldForTracking = _rejectAll;
        }

        RequestStop(true);
    }

    private bool _heldForTracking;

    private void RequestStop(bool on)
    {
        if (_stopRequested != on)
        {
            _stopRequested = on;
            _effects.Add(new LineEffect.StopRequest(on));
        }
    }
}
