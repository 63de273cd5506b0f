using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Begin, start, pause, resume, end, clearance: what people and the automatic start may do.</content>
public sealed partial class PackagingLine
{
    private void OnBegin()
    {
        if (!_restored.HasHistory)
        {
            return;
        }

        // A code that was printing when the service died may or may not be on a label. About half of them are, so
        // neither printing again nor withdrawing is right: the belt runs out, reads resolve, a person clears the rest.
        _inDoubt.AddRange(_restored.InDoubt);
        _inDoubt.AddRange(_restored.Printing);
        Journal([Entry(JournalKind.Restarted), .. _restored.Printing.Select(c => Move(c, CodeState.Printing, JournalKind.InDoubt, "restart"))]);
        if (_run is null)
        {
            return;
        }

        _endReason = _restored.EndReason;
        _endWhenClear = _endReason.Length > 0;
        if (_restored.HeldFor.Length > 0)
        {
            _phase = Phase.Held;
            _reason = _restored.HeldFor;
            _rejectAll = _heldForTracking = _restored.NeedsClearance;
            RequestStop(true);
        }
        else if (_inDoubt.Count > 0)
        {
            BeginRunOut();
        }
        else
        {
            GoOn();
        }
    }

    private void OnStart(LineEvent.Start start)
    {
        if (_run is not null)
        {
            Answer(start, "run-active");
            return;
        }

        if (start.Order.Target <= 0)
        {
            Answer(start, "target-met");
            return;
        }

        _run = start.Order;
        _verified = 0;
        _supplyAsked = false;
        _supplyTrouble = "";
        _lastSuppliedId = 0;
        _bareItems = _settings.LabelsToScanner;
        _suspended = false;
        _endWhenClear = false;
        _endReason = "";
        ForgetBadReads();
        _phase = Phase.Running;
        RequestStop(false);
        RunOrder o = start.Order;
        Journal(Entry(
            JournalKind.RunStarted, count: o.Target, who: start.Who, detail: RunDetail.Of(o)));
        Answer(start, "");
    }

    private void OnEnd(LineEvent.End end)
    {
        if (_run is null)
        {
            Answer(end, "no-run");
            return;
        }

        Journal(Entry(JournalKind.RunEnding, "ended", who: end.Who));
        if (_phase == Phase.Held)
        {
            // Nothing may be closed over labels that nobody has accounted for: clear first, then the run ends.
            _endWhenClear = true;
            _endReason = "ended";
            if (!NeedsClearance)
            {
                Journal(Entry(JournalKind.Resumed, "ended", who: end.Who));
                BeginCompleting("ended");
            }
        }
        else
        {
            BeginCompleting("ended");
        }

        Answer(end, "");
    }

    private void OnPause(LineEvent.Pause pause)
    {
        if (_phase is not (Phase.Running or Phase.RunOut))
        {
            Answer(pause, _run is null ? "no-run" : "not-running");
            return;
        }

        if (_phase == Phase.RunOut)
        {
            WindowToDoubt("run-out");
        }

        Journal(Entry(JournalKind.Held, "paused", who: pause.Who));
        _phase = Phase.Held;
        _reason = "paused";
        RequestStop(true);
        Answer(pause, "");
    }

    private void OnResume(LineEvent.Resume resume)
    {
        if (_phase != Phase.Held)
        {
            Answer(resume, "not-held");
            return;
        }

        if (NeedsClearance)
        {
            Answer(resume, "clearance");
            return;
        }

        Journal(Entry(JournalKind.Resumed, _reason, who: resume.Who));
        if (_window.Count > 0 && Expected == 0)
        {
            // All of them went past unread. Nothing that is still to come can tell; without this nothing would be printed.
            WindowToDoubt("no-read");
        }

        GoOn();
        Answer(resume, "");
    }

    private void OnClearance(LineEvent.ClearanceDone done)
    {
        if (_phase != Phase.Held)
        {
            Answer(done, "not-held");
            return;
        }

        if (done.Found < 0)
        {
            Answer(done, "found-negative");
            return;
        }

        int max = ClearanceMax;
        if (done.Found > max)
        {
            // More labels than codes in flight: somebody or something printed a code twice. Fewer is normal.
            _alarms.Raise("more-labels-than-possible", AlarmSeverity.Critical, TrustedMs, ("found", Text(done.Found)), ("max", Text(max)));
            Answer(done, "more-labels-than-possible");
            return;
        }

        var entries = new List<LineEntry> { Entry(JournalKind.Cleared, _reason, count: done.Found, who: done.Who, detail: done.Why) };
        entries.AddRange(_window.Select(l => Move(l.Code, CodeState.Printing, JournalKind.Void, "line-clearance", who: done.Who)));
        entries.AddRange(_inDoubt.Select(c => Move(c, CodeState.InDoubt, JournalKind.Void, "line-clearance", who: done.Who)));
        _window.Clear();
        _inDoubt.Clear();
        CloseGaps();
        // Items between printer and scanner had their labels taken away.
        _bareItems = _settings.LabelsToScanner;
        // What was read before the line was cleared is not on the belt any more.
        _noPassThrough = _ticket;
        _alarms.Clear("more-labels-than-possible");
        _effects.Add(new LineEffect.PrinterCancel());
        _rejectAll = _heldForTracking = false;
        Journal(entries);
        GoOn();
        Answer(done, "");
    }

    private void GoOn()
    {
        ForgetBadReads();
        RequestStop(false);
        if (_endWhenClear)
        {
            BeginCompleting(_endReason);
        }
        else
        {
            _phase = _run is null ? Phase.Idle : Phase.Running;
            _reason = _run is null ? "no-run" : "";
        }
    }

    private void BeginCompleting(string reason)
    {
        _phase = Phase.Completing;
        _reason = _endReason = reason;
        _endWhenClear = true;
        RequestStop(false);
        _runOutUntilMs = _now.Ms + _settings.RunOutMs;
    }

    // A run is over when its target is met or its end was asked for, and nothing is on the way any more.
    private void FinishWhatIsDone()
    {
        if (_phase == Phase.Running && _run is { } run && _verified >= run.Target)
        {
            BeginCompleting("target-met");
        }

        if (_phase != Phase.Completing || _window.Exists(l => l.Sent) || _inDoubt.Count > 0 || _pending.Values.Any(p => p is Pending.Pass or Pending.Print))
        {
            return;
        }

        // A late verdict takes its code back; then the target is not met after all.
        if (_endReason == "target-met" && _verified < _run!.Target)
        {
            _endWhenClear = false;
            _phase = Phase.Running;
            return;
        }

        // Entered, but never sent and no longer wanted.
        var entries = _window.Select(l => Move(l.Code, CodeState.Printing, JournalKind.Void, "never-sent")).ToList();
        _window.Clear();
        entries.AddRange(_leases
            .Where(l => l.Terms.OrderId == _run!.OrderId)
            .Select(l => Entry(JournalKind.Returned, "run-ended") with { LeaseId = l.Terms.LeaseId }));
        entries.Add(Entry(JournalKind.RunEnded, _endReason, count: _verified));
        Journal(entries);
        _phase = Phase.Complete;
        _reason = _endReason;
        ForgetLeasesOf(_run!);
        _run = null;
        CloseGaps();
        _endWhenClear = false;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
