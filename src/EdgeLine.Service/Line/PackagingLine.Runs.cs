using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Begin, start, pause, resume, end, clearance: what people and the automatic start may do.</content>
public sealed partial class PackagingLine
{
    private RunOrder? _lastRun;
    private bool _cleared;
    private long _endTicket;

    /// <summary>Items of the run that were verified, entries on their way to the disk included.</summary>
    public int VerifiedInRun => _verified;

    /// <summary>True when the next run of another batch needs a clearance first.</summary>
    public bool NeedsChangeover => _run is null && _lastRun is not null && !_cleared;

    private void OnBegin()
    {
        _beganMs = TrustedMs;
        RestoreArticle();
        ThreadWeb();
        if (!_restored.HasHistory)
        {
            return;
        }

        // A code that was printing when the service died may or may not be on a label. About half of them are, so
        // neither printing again nor withdrawing is right: the belt runs out, reads resolve, a person clears the rest.
        _inDoubt.AddRange(_restored.InDoubt);
        _inDoubt.AddRange(_restored.Printing);
        _inDoubt.ForEach(OnWeb);
        _strays.AddRange(_restored.Strays);
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

        if (WhyNotStart(start.Order) is { Length: > 0 } refused)
        {
            if (refused == "clearance")
            {
                // A line that starts by itself would otherwise stand without a word.
                _alarms.Raise("changeover", AlarmSeverity.High, TrustedMs);
            }

            Answer(start, refused);
            return;
        }

        _run = _lastRun = start.Order;
        // A label of an earlier run is no chatter of the sensor.
        _lastPassed = default;
        _cleared = false;
        _replaceable = 0;
        _article = _settings.FirstArticle ? Article.Wanted : Article.None;
        _verified = 0;
        _supplyAsked = false;
        _askedForSpares = null;
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

    private string WhyNotStart(RunOrder order) =>
        order.Target <= 0 ? "target-met"
        : _binFull ? BinIsFull
        : _pending.ContainsKey(_endTicket) ? "run-active"
        // Whatever printer, peel bar and belt still hold of the batch before: a person has looked.
        : NeedsChangeover && order.BatchId != _lastRun!.BatchId ? "clearance"
        : _checks.Failed ? "scanner-check-failed"
        : CheckIsOverdue ? "scanner-check-overdue"
        : "";

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

        if (NeedsClearance || _article == Article.Refused || _binFull)
        {
            Answer(resume, NeedsClearance ? "clearance" : _binFull ? BinIsFull : "first-article");
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

    private void GoOn()
    {
        SomethingCame();
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

        if (_phase != Phase.Completing || _byHand.Count > 0 || !NothingUnderWay || ItemsBeforeGate)
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
        _endTicket = _ticket;
        _phase = Phase.Complete;
        _reason = _endReason;
        ForgetLeasesOf(_run!);
        _run = null;
        _cleared = false;
        _article = Article.None;
        _checks = _checks with { SinceRun = false };
        CloseGaps();
        _endWhenClear = false;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
