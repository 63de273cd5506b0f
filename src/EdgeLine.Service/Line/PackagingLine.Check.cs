using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>
/// The scanner check: a test label must be read and passed, an item without label must really be thrown out, a foreign
/// code must be rejected. Nothing of the run is on its way meanwhile, so no code can be touched by it.
/// </content>
public sealed partial class PackagingLine
{
    /// <summary>A check is shown as due this long before it is overdue, milliseconds.</summary>
    private const long DueSoonMs = 1_800_000;

    private CheckStep _check;
    private CheckMemory _checks = new();
    private CodeRef _checkCode;
    private bool _blankSeen;
    private long _drainUntilMs;
    private long _beganMs;

    private enum CheckStep
    {
        None,
        Draining,
        TestLabel,
        Blank,
        Foreign,
    }

    private bool ChecksAreWanted => _settings.CheckAtRunStart || _settings.CheckEveryMs > 0;

    private bool AwaitsCheck => _check != CheckStep.None || _checks.Failed || (_settings.CheckAtRunStart && !_checks.SinceRun);

    private bool CheckRuns => _check is CheckStep.TestLabel or CheckStep.Blank or CheckStep.Foreign;

    // A device that was away may have come back as another one: the check is wanted from that moment on.
    private long CheckDueMs
    {
        get
        {
            long every = _settings.CheckEveryMs == 0 ? long.MaxValue
                : _checks.GoodMs == 0 ? _beganMs : _checks.GoodMs + _settings.CheckEveryMs;
            long due = _checks.WantedMs == 0 ? every : Math.Min(every, _checks.WantedMs);
            return due == long.MaxValue ? 0 : due;
        }
    }

    private bool CheckIsOverdue => ChecksAreWanted && CheckDueMs is > 0 and long due && TrustedMs >= due;

    /// <summary>The check as the screens show it.</summary>
    public CheckSnapshot CheckPicture => new(
        _check != CheckStep.None ? "running"
        : _checks.Failed ? "failed"
        : CheckIsOverdue ? "overdue"
        : (_run is not null && AwaitsCheck) || (CheckDueMs > 0 && TrustedMs >= CheckDueMs - DueSoonMs) ? "due"
        : _checks.GoodMs > 0 ? "passed" : "none",
        _check switch
        {
            CheckStep.TestLabel => "test-label",
            CheckStep.Blank => "blank",
            CheckStep.Foreign => "foreign",
            _ => "",
        },
        CheckDueMs,
        (int)_checks.Suspects);

    private void OnCheckAsked(LineEvent.ScannerCheckAsked asked)
    {
        string refused = _check != CheckStep.None ? "check-running"
            : !_scannerUp ? "scanner-down"
            : !_gateUp ? "gate-down"
            : NeedsClearance ? "clearance"
            : _phase == Phase.Held ? "held"
            : _phase is Phase.RunOut or Phase.Completing ? "labels-under-way"
            : "";
        if (refused.Length == 0)
        {
            Journal(Entry(JournalKind.ScannerCheck, "started", who: asked.Who));
            _check = CheckStep.Draining;
            _drainUntilMs = _now.Ms + _settings.RunOutMs;
        }

        Answer(asked, refused);
    }

    // Nothing is printed while a check waits; it begins when the last label of the run was read.
    private void BeginCheckWhenEmpty()
    {
        if (_check == CheckStep.Draining && _phase is not (Phase.Held or Phase.RunOut) && NothingUnderWay)
        {
            (_check, _blankSeen, _checkCode) = (CheckStep.TestLabel, false, default);
        }
    }

    private bool NothingUnderWay =>
        !_window.Exists(l => l.Sent) && _inDoubt.Count == 0 && !_pending.Values.Any(p => p is Pending.Pass or Pending.Print);

    // True when the read belongs to the check. A code of this ledger never does: it is judged as always.
    private bool IsOfCheck(long item, List<CodeRead> ours)
    {
        if (!CheckRuns || (ours.Count > 0 && ours is not [{ Kind: ReadKind.Test or ReadKind.Foreign }]))
        {
            return false;
        }

        if (ours.Count == 0)
        {
            _blankSeen |= _check == CheckStep.Blank;
            RejectItem(item, "scanner-check", default);
        }
        else if (ours[0] is { Kind: ReadKind.Test } test && _check == CheckStep.TestLabel)
        {
            Journal(Entry(JournalKind.ScannerCheck, "test-label-read", item) with { Code = test.Code },
                new Pending.TestPass(item, test.Code, _settings.VerdictDueMs(_now.Ms)));
        }
        else if (_check == CheckStep.Foreign && ours[0].Code.Code != _checkCode.Code)
        {
            // Outside of a check this would lock the line; here it is what was wanted.
            RejectItem(item, "scanner-check", ours[0].Code);
            Journal([
                Entry(JournalKind.ScannerCheck, "foreign-held", item) with { Code = new CodeRef(0, ours[0].Code.Code) },
                Entry(JournalKind.ScannerCheck, "passed", detail: _settings.Gated ? "test-label blank foreign" : "test-label foreign"),
            ]);
            _checks = _checks.Passed(TrustedMs);
            EndCheck();
            _alarms.Clear("suspect-codes");
        }
        else
        {
            RejectItem(item, "scanner-check", ours[0].Code);
        }

        return true;
    }

    // Passed only in time, like every item: a test that is treated better than an item would test nothing.
    private void OnTestPassCommitted(long ticket, Pending.TestPass pass)
    {
        bool good = _check == CheckStep.TestLabel && _now.Ms <= pass.DueMs && ticket > _noPassThrough;
        if (good && WaitsForCount(ticket, pass))
        {
            return;
        }

        _effects.Add(new LineEffect.Verdict(pass.Item, good, good ? "" : "late", pass.Code.Tail));
        if (good)
        {
            RememberPass(pass.Item, default);
            // Without a gate nothing throws out a bare item but the person.
            _check = _settings.Gated ? CheckStep.Blank : CheckStep.Foreign;
            _checkCode = pass.Code;
        }
    }

    private void OnCheckEnded(LineEvent.ScannerCheckEnded ended)
    {
        if (_check == CheckStep.None)
        {
            Answer(ended, "no-check");
        }
        else if (!ended.BlankRejected)
        {
            GiveUpCheck(ended.Who);
            Answer(ended, "");
        }
        else if (_check != CheckStep.Blank || !_blankSeen)
        {
            Answer(ended, "blank-not-seen");
        }
        else
        {
            Journal(Entry(JournalKind.ScannerCheck, "blank-rejected", who: ended.Who));
            _check = CheckStep.Foreign;
            Answer(ended, "");
        }
    }

    private void GiveUpCheck(string who)
    {
        if (_check == CheckStep.Draining)
        {
            // Nothing was tested yet.
            AbortCheck("given-up", who);
            return;
        }

        long suspects = _settings.CheckNamesSuspects ? _checks.VerifiedSince : 0;
        Journal(Entry(JournalKind.ScannerCheck, "failed", who: who, count: suspects, detail: CheckPicture.Step));
        _checks = _checks with { Failed = true, Suspects = suspects, SinceRun = false };
        EndCheck();
        if (suspects > 0)
        {
            _alarms.Raise("suspect-codes", AlarmSeverity.High, TrustedMs, ("codes", Text(suspects)));
        }
    }

    private void AbortCheck(string why, string who = "")
    {
        Journal(Entry(JournalKind.ScannerCheck, "aborted", who: who, detail: why));
        EndCheck();
    }

    private void EndCheck()
    {
        _check = CheckStep.None;
        _bareItems = Math.Max(_bareItems, _settings.LabelsToScanner);
    }

    private void WantCheck(string why)
    {
        if (CheckRuns)
        {
            AbortCheck(why);
        }

        if (ChecksAreWanted && _checks.WantedMs == 0)
        {
            _checks = _checks with { WantedMs = TrustedMs };
            Journal(Entry(JournalKind.ScannerCheck, "wanted", detail: why));
        }
    }
}
