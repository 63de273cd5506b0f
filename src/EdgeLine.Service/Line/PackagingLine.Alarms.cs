using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Which alarm stands for what, and why the line stands: one cause, one alarm, the first cause kept.</content>
public sealed partial class PackagingLine
{
    /// <summary>Codes that are valid for less than this are told, milliseconds: time to mend a link.</summary>
    private const long LeaseNearEndMs = 30 * 60_000L;

    /// <summary>After a start devices are not missed before they had time to connect, milliseconds.</summary>
    private const long ConnectMs = 5_000;

    private static readonly string[] DealtWith = ["slip", "verdict-late", "more-labels-than-possible", "clearance", "changeover"];

    private readonly List<string> _stopAlarms = [];
    private string _blockAlarm = "";
    private string _holdAlarm = "";
    private readonly HashSet<string> _heardOf = [];
    private long _startedMs;

    /// <summary>First cause of the present stop, or null while the line runs or has nothing to do.</summary>
    public StopCause? Stop { get; private set; }

    /// <summary>PackML: items cannot be given on.</summary>
    public bool Blocked => State == PackMlState.Suspended && !_gateUp;

    /// <summary>PackML: there is nothing to work with, here codes.</summary>
    public bool Starved => _phase == Phase.Running && WhyBlocked().Length == 0 && WhyWaiting().Length == 0 && WhyNotPrinting().Length > 0;

    /// <summary>How bad an alarm of this key is.</summary>
    public static AlarmSeverity SeverityOf(string key) => key switch
    {
        "duplicate" or "foreign" or "voided-label-alive" or "repeated-read" or "clock-set-back" or "ledger-locked" or "ledger-behind-copy" or "ledger-damaged" or "gate-missed" or "gate-passed"
            or "account-remainder" or "more-labels-than-possible" or "scanner-silent" or UnknownLabels => AlarmSeverity.Critical,
        "platform-down" or "mirror-down" or "lease-near-end" or "slip" or "labels-missing" or "print-drift" or "scanner-check-overdue" => AlarmSeverity.Medium,
        "mqtt-down" => AlarmSeverity.Low,
        _ => AlarmSeverity.High,
    };

    // After every event, when the core has decided what it means.
    private void FollowAlarms(LineEvent e)
    {
        Hear(e);
        bool wentOn = e is LineEvent.Resume or LineEvent.ClearanceDone && _phase != Phase.Held
            && _effects.Exists(effect => effect is LineEffect.Answer { Refused.Length: 0 });
        FollowStop(e, wentOn);
        _holdAlarm = Swap(_holdAlarm, _phase == Phase.Held && _reason is not ("paused" or "clearance") ? _reason : "");
        _blockAlarm = Swap(_blockAlarm, BlockAlarm());
        bool labelsWait = _phase == Phase.Held && _reason == "clearance";
        // A clearance follows from something; it is its own alarm only when nothing is left that tells of that.
        Follow("clearance", labelsWait && (_alarms.IsPresent("clearance") || !_stopAlarms.Exists(_alarms.Has)));
        Follow("lease-near-end", _run is not null && Wanted > 0 && LastLeaseEndsMs is > 0 and long ends && ends - TrustedMs < LeaseNearEndMs);
        if (wentOn && e is LineEvent.Command person)
        {
            // Who cleared the line or let it go on has dealt with what stopped it.
            foreach (string key in _stopAlarms.Where(k => !_alarms.IsPresent(k)).Concat(DealtWith))
            {
                _alarms.Acknowledge(key, person.Who);
            }

            _stopAlarms.Clear();
        }
    }

    private void Hear(LineEvent e)
    {
        switch (e)
        {
            case LineEvent.Begin: _startedMs = _now.Ms; break;
            case LineEvent.PrinterReady or LineEvent.PrinterFault: _heardOf.Add("printer-down"); break;
            case LineEvent.ScannerUp or LineEvent.ScannerDown: _heardOf.Add("scanner-down"); break;
            case LineEvent.GateUp or LineEvent.GateDown: _heardOf.Add("gate-down"); break;
            default: break;
        }
    }

    private void FollowStop(LineEvent e, bool wentOn)
    {
        if (_run is null || State is not (PackMlState.Suspended or PackMlState.Held))
        {
            Stop = null;
            _stopAlarms.RemoveAll(key => !_alarms.Has(key));
        }
        else if (Stop is null || wentOn)
        {
            Stop = new StopCause(_phase == Phase.RunOut ? CauseOf(e) : Reason, TrustedMs);
        }
    }

    // The belt runs out because of what just happened.
    private string CauseOf(LineEvent e) => e switch
    {
        LineEvent.Begin => "restart",
        LineEvent.PrinterFault fault => fault.Reason,
        LineEvent.PrinterReady or LineEvent.SendEnded => "printer-down",
        LineEvent.ScannerDown => "scanner-down",
        LineEvent.GateDown => "gate-down",
        _ => Reason,
    };

    // What keeps the line from printing. What was there first stays the alarm until it is gone; what follows from it, and
    // what people do to mend it, is no alarm.
    private string BlockAlarm()
    {
        if (_blockAlarm.Length > 0 && StillBlocks(_blockAlarm))
        {
            return _blockAlarm;
        }

        string now = _ledgerLocked.Length > 0 ? _ledgerLocked : _storageLow ? "storage-low" : _run is null ? "" : WhyNotPrinting();
        // Steps of the day that wait for a person are no alarm.
        now = now is "scanner-check" or "first-article" ? "" : now;
        bool ofThisPc = now is "ledger-locked" or "ledger-behind-copy" or "ledger-damaged" or "storage-low" or "unconfirmed-limit" or "clock-set-back";
        bool connecting = _now.Ms - _startedMs < ConnectMs && now is "printer-down" or "scanner-down" or "gate-down" && !_heardOf.Contains(now);
        return now == _holdAlarm || connecting || (_phase == Phase.Held && !ofThisPc) ? "" : now;
    }

    private bool StillBlocks(string key) => _run is not null && key switch
    {
        "scanner-down" => !_scannerUp,
        "gate-down" => !_gateUp,
        "batch-suspended" => _suspended,
        "printer-down" => !_printerReady && _printerFault == key,
        // The head is opened to load labels, the printer is switched off and on: still the same trouble.
        _ when key.StartsWith("printer-", StringComparison.Ordinal) => !_printerReady,
        _ => WhyNotPrinting() == key,
    };

    private string Swap(string from, string to)
    {
        if (from == to)
        {
            return to;
        }

        if (from.Length > 0)
        {
            _alarms.Clear(from);
        }

        if (to.Length > 0)
        {
            _alarms.Raise(to, SeverityOf(to), TrustedMs);
            _stopAlarms.Add(to);
        }

        return to;
    }

    private void Follow(string key, bool active)
    {
        if (active)
        {
            _alarms.Raise(key, SeverityOf(key), TrustedMs);
        }
        else
        {
            _alarms.Clear(key);
        }
    }

    // A lease that is used up or replaced by a newer one is nobody's concern.
    private long LastLeaseEndsMs => _leases.Count == 0 ? 0 : _leases.Max(l => l.Terms.ExpiresAtMs);

    private void OnAcknowledge(LineEvent.Acknowledge seen) => HandleAlarm(
        seen, seen.Key, "acknowledged", _alarms.Acknowledge(seen.Key, seen.Who) ? "" : "no-such-alarm");

    private void OnShelve(LineEvent.Shelve shelve) => HandleAlarm(
        shelve, shelve.Key, $"shelved {Text(shelve.UntilWallMs)}", _alarms.Shelve(shelve.Key, shelve.UntilWallMs));

    private void OnUnshelve(LineEvent.Unshelve back) => HandleAlarm(
        back, back.Key, "unshelved", _alarms.Unshelve(back.Key) ? "" : "not-shelved");

    private void HandleAlarm(LineEvent.Command command, string key, string how, string refused)
    {
        if (refused.Length == 0)
        {
            Journal(Entry(JournalKind.AlarmHandled, key, who: command.Who, detail: how));
        }

        Answer(command, refused);
    }
}
