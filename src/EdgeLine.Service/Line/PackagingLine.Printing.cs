using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>When a label may be printed, and what happens when the printer or the tracking fails.</content>
public sealed partial class PackagingLine
{
    /// <summary>Wall clock may lag behind what is already known by this much before printing stops, milliseconds.</summary>
    private const long ClockToleranceMs = 120_000;

    private string WhyNotPrinting()
    {
        // In the order of what a person should look at first.
        if (_ledgerLocked)
        {
            return "ledger-locked";
        }

        if (!_printerReady)
        {
            return _printerFault;
        }

        if (!_scannerUp)
        {
            return "scanner-down";
        }

        if (!_gateUp)
        {
            return "gate-down";
        }

        if (_storageLow)
        {
            return "storage-low";
        }

        if (_now.WallMs < _latestKnownMs - ClockToleranceMs)
        {
            return "clock-set-back";
        }

        if (_suspended)
        {
            return "batch-suspended";
        }

        return _supply.Count == 0 && _window.Count == 0 && _supplyTrouble.Length > 0 ? _supplyTrouble : "";
    }

    private void OnCodes(LineEvent.CodesSupplied supplied)
    {
        _supplyAsked = false;
        _supplyTrouble = "";
        foreach (LeaseTerms lease in supplied.Leases)
        {
            if (!_leases.ContainsKey(lease.LeaseId))
            {
                _allowance += lease.MayVerifyLeft;
            }

            _leases[lease.LeaseId] = lease;
        }

        foreach (SuppliedCode supply in supplied.Codes)
        {
            // An answer to an older question may overlap with a newer one; codes are printed in the order of their ids.
            if (supply.Code.Id > _lastSuppliedId && _leases.ContainsKey(supply.LeaseId))
            {
                _supply.Enqueue(supply);
                _lastSuppliedId = supply.Code.Id;
            }
        }
    }

    private void OnPlatform(LineEvent.PlatformSaid said)
    {
        _latestKnownMs = Math.Max(_latestKnownMs, said.PlatformMs);
        if (said.Suspended && !_suspended && _run is not null)
        {
            // A suspended batch must not leave the plant: what is on the belt is rejected too.
            _suspended = true;
            LoseTrack("batch-suspended");
            Hold("batch-suspended", rejectAll: true);
        }

        _suspended = said.Suspended;
    }

    // An unprinted code dies with its lease; what was printed in time is never refused for being late.
    private void CheckLeases()
    {
        if (_leases.Count == 0 || TrustedMs < LeaseExpiresMs)
        {
            return;
        }

        foreach (LeaseTerms lease in _leases.Values.Where(l => TrustedMs >= l.ExpiresAtMs).ToList())
        {
            _leases.Remove(lease.LeaseId);
            Journal(Entry(JournalKind.Expired, "lease-expired") with { LeaseId = lease.LeaseId });
        }

        List<SuppliedCode> left = [.. _supply.Where(s => _leases.ContainsKey(s.LeaseId))];
        _supply.Clear();
        left.ForEach(_supply.Enqueue);
        _supplyTrouble = "lease-expired";
    }

    private void PrintWhatFits()
    {
        if (_phase != Phase.Running || WhyNotPrinting().Length > 0)
        {
            return;
        }

        ResendUntouched();
        while (_window.Count < _settings.Window && Wanted() > 0 && _supply.TryDequeue(out SuppliedCode supply))
        {
            CodeRef code = supply.Code;
            var label = new InFlight(code);
            _window.Add(label);
            Journal(Move(code, CodeState.Available, JournalKind.Print), new Pending.Print(label));
        }

        if (_supply.Count < _settings.SupplyLow && !_supplyAsked && Wanted() > _supply.Count)
        {
            _supplyAsked = true;
            _effects.Add(new LineEffect.AskCodes(_settings.SupplyLow * 4, _lastSuppliedId));
        }
    }

    // Labels still to be printed. A label whose item was probably a no-read is not expected to count: a top-up is
    // printed for it, or the run could never end. If it is read after all, the surplus one is rejected.
    private int Wanted()
    {
        int missing = _run!.Target - _verified;
        return (_leases.Count == 0 ? missing : Math.Min(missing, _allowance)) - Expected;
    }

    // Labels in the window that will probably be read.
    private int Expected => _window.Count - Math.Min(_gapItems.Count, _window.Count);

    private void OnPrintCommitted(Pending.Print print)
    {
        print.Label.Durable = true;
        if (_window.Contains(print.Label) && _phase == Phase.Running && WhyNotPrinting().Length == 0)
        {
            print.Label.Sent = true;
            _effects.Add(new LineEffect.Send(print.Label.Code));
        }
    }

    // Entered as printed, and not one byte left: the same label may go out under the same entry.
    private void ResendUntouched()
    {
        foreach (InFlight label in _window.Where(l => l is { Durable: true, Sent: false }))
        {
            label.Sent = true;
            _effects.Add(new LineEffect.Send(label.Code));
        }
    }

    private void OnSendEnded(LineEvent.SendEnded ended)
    {
        InFlight? label = _window.Find(l => l.Code.Id == ended.Code.Id);
        if (ended.Result == SendResult.NotOneByte && label is not null)
        {
            label.Sent = false;
            (_printerReady, _printerFault) = (false, "printer-down");
        }
        else if (ended.Result == SendResult.Unknown)
        {
            LoseTrack("printer-down");
        }
    }

    private void OnPrinterFault(string reason)
    {
        _printerReady = false;
        _printerFault = reason;
        // After the head was open the printer feeds blank labels; they are rejected like any other, but they are
        // no sign of bad print.
        _forgive = _settings.LabelsToScanner + 3;
        LoseTrack(reason);
    }

    /// <summary>
    /// What the printer or the belt did is unknown: every label in flight is in doubt as a first-class fact, not as a
    /// guess which one printed. The belt runs out, reads resolve what passes, a person clears the rest.
    /// </summary>
    private void LoseTrack(string why)
    {
        if (_run is null || !_window.Exists(l => l.Sent))
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
        List<CodeRef> doubtful = [.. _window.Where(l => l.Sent).Select(l => l.Code)];
        _gapItems.Clear();
        if (doubtful.Count > 0)
        {
            // A label of which not one byte left is in nobody's memory: it stays, and goes out later or is withdrawn.
            _window.RemoveAll(l => l.Sent);
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

    private void OnTick()
    {
        if (_phase is not (Phase.RunOut or Phase.Completing))
        {
            return;
        }

        bool drained = _inDoubt.Count == 0 && !_window.Exists(l => l.Sent);
        if (_phase == Phase.RunOut && drained)
        {
            _gapItems.Clear();
            GoOn();
        }
        else if (!drained && _now.Ms >= _runOutUntilMs && _scannerUp && _gateUp)
        {
            WindowToDoubt("run-out");
            Hold("clearance");
        }
    }
}
