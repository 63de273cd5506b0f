namespace EdgeLine.Service.Line;

/// <content>
/// Whether each trigger is an item and each item has its frame: chatter of the photo-eye, a scanner that is silent, how
/// far labels travel, and how reading develops on a roll.
/// </content>
public sealed partial class PackagingLine
{
    /// <summary>So many items without a word of the scanner, or so many windows of one item, are silence.</summary>
    private const int SilentItems = 3;

    /// <summary>Below this share of good reads, percent, people should look at head and ribbon.</summary>
    private const double ReadsLow = 95;

    private readonly Queue<(long Item, long Ms)> _gateSaw = new();
    private readonly ReadTrend _reads = new(ReadsLow);
    private readonly List<long> _codesOfItem = [];
    private long _itemMs = long.MinValue / 2;
    private long _scannerItem = -1;
    private long _gateItem;
    private int _lateFrames;
    private bool _frameIsLate;
    private bool _tooClose;

    /// <summary>Items that pass between the sending of a label and its read; 0 until it was the same for ten reads.</summary>
    public long OffsetItems => _offset.Items;

    /// <summary>Share of items that were read on this roll, moving mean in percent; null before the first hundred.</summary>
    public double? ReadRate => _reads.Mean;

    // The eye fires again before another item can be there: what is seen is still the last one. No second item, and no
    // PASS: a label that was not seen the first time is on an item whose verdict is out.
    private bool IsChatter(List<CodeRead> ours)
    {
        bool soon = _tooClose = _now.Ms - _itemMs < _settings.MinPitchMs;
        if (!soon || !ours.TrueForAll(o => o.Kind == ReadKind.Known && _codesOfItem.Contains(o.Code.Id)))
        {
            _itemMs = _now.Ms;
            _codesOfItem.Clear();
            _codesOfItem.AddRange(ours.Where(o => o.Kind == ReadKind.Known).Select(o => o.Code.Id));
            return false;
        }

        // A product that stands there and goes on being read is still one.
        _itemMs = ours.Count > 0 ? _now.Ms : _itemMs;
        return true;
    }

    // The gate counts the triggers, the scanner answers them. Who answers later than the gate may wait has perhaps
    // answered another one.
    private void HearScanner(long item)
    {
        _scannerItem = item;
        if (_window.Count > 0)
        {
            SomethingCame();
        }

        while (_gateSaw.TryPeek(out (long Item, long Ms) seen) && seen.Item < item)
        {
            _gateSaw.Dequeue();
        }

        _frameIsLate = _gateSaw.TryPeek(out (long Item, long Ms) first) && _now.Ms - first.Ms > _settings.VerdictWithinMs;
        _lateFrames = _frameIsLate ? _lateFrames + 1 : 0;
        if (_lateFrames >= SilentItems)
        {
            ScannerIsSilent();
        }
    }

    private void OnGateSaw(long item)
    {
        if (_scannerItem < 0)
        {
            _scannerItem = item - 1;
        }

        if (item > Math.Max(_gateItem, _scannerItem))
        {
            _gateSaw.Enqueue((item, _now.Ms));
        }

        _gateItem = Math.Max(_gateItem, item);
    }

    private void LookForSilence()
    {
        if (WebIsSilent)
        {
            ScannerIsSilent();
            return;
        }

        foreach ((long item, long ms) in _gateSaw)
        {
            if (item > _scannerItem && _now.Ms - ms > _settings.VerdictWithinMs
                && (item - _scannerItem >= SilentItems || _now.Ms - ms > SilentItems * _settings.VerdictWithinMs))
            {
                ScannerIsSilent();
                return;
            }
        }
    }

    // Which frame belongs to which item nobody knows any more.
    private void ScannerIsSilent()
    {
        CountAnew();
        LoseItems("scanner-silent");
        if (_run is null)
        {
            _alarms.Note("scanner-silent", SeverityOf("scanner-silent"), TrustedMs);
        }

        Hold("scanner-silent", rejectAll: true);
        _effects.Add(new LineEffect.Resync());
    }

    // A count from now on says nothing about the items before.
    private void CountAnew()
    {
        _noPassThrough = _ticket;
        LoseUncounted();
        _gateSaw.Clear();
        (_scannerItem, _gateItem, _lateFrames) = (-1, 0, 0);
    }

    private void LearnOffset(long item, InFlight label)
    {
        if (_settings.Station == Station.Conveyor && label.Sent && _offset.Learn(item - label.SentAtItem) is > 0 and long before)
        {
            _alarms.Note("slip", SeverityOf("slip"), TrustedMs, ("was", Text(before)), ("items", Text(_offset.Items)));
        }
    }
}
