using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>When a label may be printed, and how its sending ended.</content>
public sealed partial class PackagingLine
{
    /// <summary>Wall clock may lag behind what is already known by this much before printing stops, milliseconds.</summary>
    private const long ClockToleranceMs = 120_000;

    /// <summary>Reason key of a printer that printed more labels than it was sent.</summary>
    public const string UnknownLabels = "printer-unknown-labels";

    private string WhyNotPrinting()
    {
        string blocked = WhyBlocked() is { Length: > 0 } why ? why : WhyWaiting();
        return blocked.Length > 0 || _window.Count > 0 || Wanted <= 0 || MayTakeCode ? blocked : _supplyTrouble;
    }

    // A person has to do something first.
    private string WhyWaiting() =>
        _checks.Failed && _check == CheckStep.None ? "scanner-check-failed"
        : AwaitsCheck ? "scanner-check"
        : AwaitsArticle ? "first-article"
        : _labelsMissing ? "labels-missing"
        : "";

    private string WhyBlocked()
    {
        // In the order of what a person should look at first.
        if (_ledgerLocked.Length > 0)
        {
            return _ledgerLocked;
        }

        if (!_printerReady)
        {
            return _printerFault;
        }

        if (AwaitsReprintOff)
        {
            return "reprint-off-unconfirmed";
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

        if (_exposed)
        {
            return "unconfirmed-limit";
        }

        if (_now.WallMs < _latestKnownMs - ClockToleranceMs)
        {
            return "clock-set-back";
        }

        if (_suspended)
        {
            return "batch-suspended";
        }

        return "";
    }

    private void OnPlatform(LineEvent.PlatformSaid said)
    {
        _latestKnownMs = Math.Max(_latestKnownMs, said.PlatformMs);
        if (said.Suspended is not bool suspended)
        {
            return;
        }

        if (suspended && !_suspended && _run is not null)
        {
            // A suspended batch must not leave the plant: what is on the belt is rejected too.
            _suspended = true;
            LoseTrack("batch-suspended");
            Hold("batch-suspended", rejectAll: true);
        }

        _suspended = suspended;
    }

    private void PrintWhatFits()
    {
        if (_phase != Phase.Running || WhyBlocked().Length > 0 || WhyWaiting().Length > 0)
        {
            return;
        }

        ResendUntouched();
        while (HasRoom && Wanted > 0 && TakeCode() is (CodeRef code, OpenLease lease))
        {
            var label = new InFlight(code, lease);
            _window.Add(label);
            Journal(Move(code, CodeState.Available, JournalKind.Print), new Pending.Print(label));
        }
    }

    // When every label in the window was probably unreadable, one more may go out: without it nothing could ever come
    // to the scanner that tells what became of the others.
    // A web does not move by itself: there each label that is probably unreadable makes room for one that pushes the others on.
    private bool HasRoom => _window.Count < _settings.Window
        || (_window.Count < 2 * _settings.Window && (IsWeb ? Expected < _settings.Window : Expected == 0));

    // Labels still to be printed. A label whose item was probably a no-read is not expected to count: a top-up is
    // printed for it, or the run could never end. If it is read after all, the surplus one is rejected.
    private int Wanted => (_run ?? _lastRun)!.Target - _verified - Expected - _byHand.Count;

    // Labels in the window that will probably be read.
    private int Expected => _window.Count - ProbablyUnread;

    private int ProbablyUnread => Math.Min(_mayBeUnread, _window.Count);

    private void OnPrintCommitted(Pending.Print print)
    {
        print.Label.Durable = true;
        if (_byHand.Contains(print.Label))
        {
            SendByHand(print.Label);
            return;
        }

        if (_window.Contains(print.Label) && _phase == Phase.Running && WhyNotPrinting().Length == 0)
        {
            print.Label.Sent = true;
            print.Label.SentAtItem = _scannerItem;
            Send(print.Label.Code);
        }
    }

    private void Send(CodeRef code)
    {
        SomethingCame();
        OnWeb(code);
        _effects.Add(new LineEffect.Send(code));
    }

    private void SendByHand(InFlight label)
    {
        if (_run is null || WhyBlocked().Length > 0)
        {
            NeverSentByHand(label);
            return;
        }

        label.Sent = true;
        Send(label.Code);
    }

    // Entered as printed, and not one byte left: the same label may go out under the same entry.
    private void ResendUntouched()
    {
        foreach (InFlight label in _window)
        {
            if (label is { Durable: true, Sent: false })
            {
                label.Sent = true;
                label.SentAtItem = _scannerItem;
                Send(label.Code);
            }
        }
    }

    private void OnSendEnded(LineEvent.SendEnded ended)
    {
        InFlight? label = _window.Find(l => l.Code.Id == ended.Code.Id);
        if (ended.Code.Id == 0)
        {
            LoseArticle();
        }

        if (ended.Result == SendResult.NotOneByte)
        {
            label?.Sent = false;
            OffWeb(ended.Code);
            (_printerReady, _printerFault) = (false, "printer-down");
            if (_byHand.Find(l => l.Code.Id == ended.Code.Id) is { } byHand)
            {
                NeverSentByHand(byHand);
            }
        }
        else if (ended.Result == SendResult.Unknown)
        {
            LoseTrack("printer-down");
        }
    }

    private void OnPrinterReady(long epoch)
    {
        if (_printerEpoch != 0 && epoch != _printerEpoch)
        {
            // It was switched off and on between two looks: what it had in memory is gone, or was printed.
            HeadEvent();
            LoseTrack("printer-down");
        }

        (_printerReady, _printerFault, _printerEpoch) = (true, "", epoch);
    }

    private void OnPrinterFault(string reason)
    {
        _printerReady = false;
        _printerFault = reason;
        HeadEvent();
        ForgetBlanks();
        LoseTrack(reason);
        if (reason == UnknownLabels)
        {
            OnUnknownLabels();
        }
    }

    // Somebody's labels are among ours, perhaps with our codes: no item passes before a person has looked at all of them.
    private void OnUnknownLabels()
    {
        if (_run is null)
        {
            _alarms.Note(UnknownLabels, SeverityOf(UnknownLabels), TrustedMs);
        }

        Hold(UnknownLabels, rejectAll: true);
    }

    private sealed class InFlight(CodeRef code, OpenLease lease)
    {
        public CodeRef Code { get; } = code;

        public OpenLease Lease { get; } = lease;

        public bool Sent { get; set; }

        public bool Durable { get; set; }

        public int PassedOver { get; set; }

        /// <summary>Newest item at the scanner when it was sent.</summary>
        public long SentAtItem { get; set; }
    }
}
