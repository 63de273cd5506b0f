using EdgeLine.Contracts;
using EdgeLine.Devices.Gates;

namespace EdgeLine.Service.Line;

/// <content>What the gate says became of the items. It is the only one who saw them leave.</content>
public sealed partial class PackagingLine
{
    /// <summary>Passes that no report came for: more than can be between scanner and gate are of another time.</summary>
    private const int PassesMax = 1024;

    private const string BinIsFull = "reject-bin-full";

    /// <summary>Items that got their PASS and of which the gate has not told yet.</summary>
    private readonly SortedDictionary<long, CodeRef> _passes = [];

    /// <summary>Items in the bin whose entry is still on its way to the disk.</summary>
    private readonly HashSet<long> _inBin = [];

    /// <summary>Lost reports are told at most so often, milliseconds: a PC that is too slow once is too slow for a while.</summary>
    private const long TellLostEveryMs = 60_000;

    private const string ReportsLost = "gate-reports-lost";

    private int _lostReports;
    private bool _lostUntold;
    private long _lostToldMs = long.MinValue / 2;
    private long _lastReported;
    private long _passedMs;
    private long _gateUpMs;
    private bool _binFull;

    private void RememberPass(long item, CodeRef code)
    {
        if (!_settings.GateReports || item <= _lastReported)
        {
            return;
        }

        _passes[item] = code;
        _passedMs = _now.Ms;
        if (_passes.Count > PassesMax)
        {
            _passes.Remove(_passes.First().Key);
        }
    }

    private void OnGateReport(long item, ItemOutcome outcome)
    {
        if (item <= _lastReported)
        {
            return; // told before; a gate that was switched off and on begins anew
        }

        _lastReported = item;
        bool hadPass = _passes.Remove(item, out CodeRef code);
        while (_passes.Count > 0 && _passes.First().Key is long older && older < item)
        {
            _passes.Remove(older); // overwritten before it was read: nobody knows
        }

        if (outcome == ItemOutcome.Missed)
        {
            GateFailed("gate-missed", item);
        }
        else if (outcome == ItemOutcome.Passed)
        {
            // Items of before the start are unknown here; any other went on against our word.
            if (!hadPass && item > _restored.LastItem)
            {
                GateFailed("gate-passed", item);
            }
        }
        else if (hadPass && code != default)
        {
            // Our PASS came too late, or the belt lost its watchdog in between: the product is in the bin, its label is good.
            Unverify(item, code, "gate-rejected");
        }
        else if (_pending.Values.OfType<Pending.Pass>().Any(p => p.Item == item))
        {
            _inBin.Add(item);
        }
    }

    // Each of them may have gone on against our word. Nobody knows that it did, so the line is not held for it.
    private void OnReportsLost(int items)
    {
        _lostReports = items + (_lostUntold || _alarms.Has(ReportsLost) ? _lostReports : 0);
        _lostUntold = true;
        TellLostReports();
    }

    private void TellLostReports()
    {
        if (_lostUntold && _now.Ms - _lostToldMs >= TellLostEveryMs)
        {
            _alarms.Note(ReportsLost, SeverityOf(ReportsLost), TrustedMs, ("items", Text(_lostReports)));
            (_lostUntold, _lostToldMs) = (false, _now.Ms);
        }
    }

    // A product left that must not: nobody knows which others did.
    private void GateFailed(string reason, long item)
    {
        NotClear();
        if (_run is null)
        {
            _alarms.Note(reason, SeverityOf(reason), TrustedMs, ("item", Text(item)));
        }

        Hold(reason, rejectAll: true, detail: $"item {Text(item)}");
    }

    private void OnBinFull(bool full)
    {
        if (full && !_binFull)
        {
            Hold(BinIsFull);
        }

        _binFull = full;
    }

    // What moved on by a person's word is not the gate's any more.
    private void ForgetPass(long codeId)
    {
        foreach ((long item, CodeRef code) in _passes)
        {
            if (code.Id == codeId)
            {
                _passes.Remove(item);
                return;
            }
        }
    }

    // A verified item on the rework table may be one that the gate rejected and has not reported yet, or one whose verdict a
    // slow disk or a missing count still keeps back.
    private bool GateMayTell(CodeRef code) =>
        (ItemsBeforeGate && _passes.ContainsValue(code)) || (_settings.Gated && _pending.Values.OfType<Pending.Pass>().Any(p => p.Code.Id == code.Id));

    /// <summary>
    /// True while the gate may still tell what became of items with a PASS: as long as it is away, and then for the time in
    /// which a belt runs out. A belt that stands is not waited for for ever.
    /// </summary>
    private bool ItemsBeforeGate =>
        _passes.Count > 0 && (!_gateUp || _now.Ms < Math.Max(_passedMs, _gateUpMs) + _settings.RunOutMs);
}
