using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>What is unknown after a fault of printer, scanner or gate, and how the belt runs out.</content>
public sealed partial class PackagingLine
{
    private long _quietSinceMs;
    private bool _labelsMissing;

    // After the head was open the printer feeds blank labels; they are rejected like any other, but they are no sign of
    // bad print.
    private void HeadEvent() => _bareItems = _nearHeadEvent = _settings.LabelsToScanner + 3;

    private void DeviceGone(ref bool up, string why)
    {
        bool was = up;
        up = false;
        LoseItems(why);
        if (was)
        {
            WantCheck(why);
        }
    }

    // Scanner and gate agree on item numbers only while both are there: no item that was read before gets its pass.
    private void LoseItems(string why)
    {
        _noPassThrough = _ticket;
        LoseUncounted();
        LoseTrack(why);
    }

    /// <summary>
    /// What the printer or the belt did is unknown: every label in flight is in doubt as a first-class fact, not as a
    /// guess which one printed. The belt runs out, reads resolve what passes, a person clears the rest.
    /// </summary>
    private void LoseTrack(string why)
    {
        LoseArticle();
        if (_run is null || !(_window.Exists(l => l.Sent) || _byHand.Exists(l => l.Sent)))
        {
            return;
        }

        WindowToDoubt(why);
        _effects.Add(new LineEffect.PrinterCancel());
        if (_phase is Phase.Running)
        {
            BeginRunOut();
        }
    }

    private void WindowToDoubt(string why)
    {
        List<CodeRef> doubtful = [.. _window.Concat(_byHand).Where(l => l.Sent).Select(l => l.Code)];
        CloseGaps();
        if (doubtful.Count > 0)
        {
            // A label of which not one byte left is in nobody's memory: it stays, and goes out later or is withdrawn.
            _window.RemoveAll(l => l.Sent);
            _byHand.RemoveAll(l => l.Sent);
            _inDoubt.AddRange(doubtful);
            Journal(doubtful.ConvertAll(c => Move(c, CodeState.Printing, JournalKind.InDoubt, why)));
        }
    }

    private void BeginRunOut()
    {
        _phase = Phase.RunOut;
        _reason = "run-out";
        _runOutUntilMs = _now.Ms + _settings.RunOutMs;
        RequestStop(false);
    }

    // While scanner or gate was away nothing could be resolved: the belt gets its full time again.
    private void DevicesBack()
    {
        if (_phase is Phase.RunOut or Phase.Completing)
        {
            _runOutUntilMs = _now.Ms + _settings.RunOutMs;
        }
    }

    // Nothing else can be printed, and labels that were do not come: the last of the order on a belt, where no label follows
    // that could tell, or those that slipped away and keep the last places of the order. At a bench a person has them in hand.
    private bool LabelsMayBeMissing
    {
        get
        {
            bool nothingMore = Wanted <= 0 || (!MayTakeCode && _supplyTrouble is "no-codes" or "codes-in-bin");
            bool onTheWay = _window.Count > 0 && _settings.Station != Station.Bench && _window.TrueForAll(l => l.Sent);
            bool slippedAway = _window.Count == 0 && _inDoubt.Count > 0 && Wanted > 0 && _supplyTrouble == "no-codes";
            return nothingMore && (onTheWay || slippedAway) && WhyBlocked().Length == 0 && !WebIsTooLong;
        }
    }

    // The line is not held for it: they may still come, if the belt was only stopped.
    private void LookForMissing()
    {
        if (_phase != Phase.Running || !LabelsMayBeMissing)
        {
            SomethingCame();
        }

        _labelsMissing = _now.Ms - _quietSinceMs >= _settings.RunOutMs;
    }

    private void SomethingCame()
    {
        _quietSinceMs = _now.Ms;
        _labelsMissing = false;
    }

    private void OnTick()
    {
        Follow("scanner-check-overdue", CheckIsOverdue);
        Follow("print-drift", _run is not null && _reads.Warns);
        DecideCounted();
        LookForSilence();
        LookForMissing();
        TellLostReports();
        if (_phase == Phase.Running && (_check == CheckStep.Draining || _article == Article.Wanted)
            && (_window.Exists(l => l.Sent) || _inDoubt.Count > 0) && _now.Ms >= _drainUntilMs && BeltMoves)
        {
            // Wanted before anything else is printed, and some labels do not come: unread, or not on the belt any more.
            WindowToDoubt("run-out");
            Hold("clearance");
        }

        if (_phase is not (Phase.RunOut or Phase.Completing))
        {
            return;
        }

        bool drained = _inDoubt.Count == 0 && _byHand.Count == 0 && !_window.Exists(l => l.Sent);
        if (_phase == Phase.RunOut && drained)
        {
            CloseGaps();
            ThreadWeb();
            GoOn();
        }
        else if (!drained && _now.Ms >= _runOutUntilMs && BeltMoves)
        {
            WindowToDoubt("run-out");
            Hold("clearance");
        }
    }
}
