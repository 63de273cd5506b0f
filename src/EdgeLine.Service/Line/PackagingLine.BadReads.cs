using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Items without one good code: nothing read, too much read, or a label that should not be there.</content>
public sealed partial class PackagingLine
{
    /// <summary>A second repeat of the last code within this time is no chattering sensor any more, milliseconds.</summary>
    private const long RepeatWindowMs = 600_000;

    private void OnSeveral(long item, List<CodeRead> ours)
    {
        var entries = new List<LineEntry> { Entry(JournalKind.ItemRejected, "several-codes", item, ours.Count) };
        string intruder = "";
        foreach (CodeRead read in ours)
        {
            CodeState state = StateNow(read);
            if (read.Kind == ReadKind.Known && state is CodeState.Printing or CodeState.InDoubt)
            {
                entries.Add(Move(read.Code, state, JournalKind.Rejected, "several-codes", item));
                _window.RemoveAll(l => l.Code.Id == read.Code.Id);
                _byHand.RemoveAll(l => l.Code.Id == read.Code.Id);
                NotInDoubt(read.Code);
            }
            else if (read.Kind != ReadKind.Test && state != CodeState.Rejected)
            {
                intruder = read.Kind == ReadKind.Known && state is CodeState.Verified or CodeState.Sampled ? "duplicate"
                    : read.Kind == ReadKind.Known && state == CodeState.Void ? "voided-label-alive"
                    : "foreign";
            }
        }

        Journal(entries);
        _effects.Add(new LineEffect.Verdict(item, false, "several-codes", ""));
        if (intruder.Length > 0)
        {
            Hold(intruder, rejectAll: true);
        }
        else
        {
            CountBad();
        }
    }

    // A no-read never consumes the head of the window: the label may still be upstream on another item.
    private void OnBadRead(long item, string reason)
    {
        if (IsBlankOfWeb)
        {
            // No item at all: nobody waits for a label there.
            _effects.Add(new LineEffect.Verdict(item, false, "blank", ""));
            return;
        }

        RejectItem(item, reason, default);
        if (_run is null || _settings.Station == Station.Bench)
        {
            return;
        }

        int onTheWay = _window.Count(l => l.Sent);
        _gapItems.Add(item);
        _mayBeUnread = Math.Min(_mayBeUnread + 1, onTheWay);
        // An item that cannot have a label, because none was printed for it, says nothing about the print.
        if (_phase == Phase.Running && onTheWay > 0 && _bareItems == 0)
        {
            _reads.Add(0);
            CountBad();
        }
    }

    private void CloseGaps()
    {
        _gapItems.Clear();
        _mayBeUnread = 0;
    }

    private void CountItem()
    {
        _bareItems = Math.Max(0, _bareItems - 1);
        _nearHeadEvent = Math.Max(0, _nearHeadEvent - 1);
    }

    private void CountBad()
    {
        _badInRow++;
        _bucket++;
        if (_badInRow >= _settings.BadReadsInRow)
        {
            Hold("bad-reads-in-row");
        }
        else if (_bucket >= _settings.BadReadBucket)
        {
            Hold("bad-read-bucket");
        }
    }

    private void ForgetBadReads() => (_badInRow, _bucket, _lateInRow) = (0, 0, 0);

    // The last label again, at another item: a product in front of a chattering sensor, or a printer's own repeat.
    // They look the same, so the item is rejected; the second time within ten minutes it is no chatter.
    private void RejectRepeat(long item, CodeRef code)
    {
        if (_settings.Station == Station.Bench)
        {
            HearRework(0, code.Tail);
            _effects.Add(new LineEffect.Tell(new ReworkCard("already-final", "repeat-of-last", code.Tail, TrustedMs)));
            return;
        }

        NotClear();
        bool again = _now.Ms - _lastRepeatMs < RepeatWindowMs;
        _lastRepeatMs = _now.Ms;
        Journal(Entry(JournalKind.Intruder, "repeat-of-last", item) with { Code = code });
        _effects.Add(new LineEffect.Verdict(item, false, "repeat-of-last", code.Tail));
        if (again || _nearHeadEvent > 0)
        {
            Hold("repeated-read", rejectAll: true);
        }
    }

    // A label came past although no run is active: whoever cleared the line has overlooked something.
    private void NotClear() => _cleared &= _run is not null;

    private void Intruder(long item, string reason, CodeRef code, params LineEntry[] also)
    {
        NotClear();
        Journal([Entry(JournalKind.Intruder, reason, item) with { Code = code }, .. also]);
        _effects.Add(new LineEffect.Verdict(item, false, reason, code.Tail));
        if (_run is not null)
        {
            Hold(reason, rejectAll: true);
        }
    }

    private void RejectItem(long item, string reason, CodeRef code)
    {
        Journal(Entry(JournalKind.ItemRejected, reason, item));
        _effects.Add(new LineEffect.Verdict(item, false, reason, code.Code == default ? "" : code.Tail));
    }

    private void RejectCode(long item, CodeRead read, CodeState state, string reason)
    {
        NotClear();
        _window.RemoveAll(l => l.Code.Id == read.Code.Id);
        _byHand.RemoveAll(l => l.Code.Id == read.Code.Id);
        NotInDoubt(read.Code);
        Journal(state == CodeState.Rejected
            ? Entry(JournalKind.ItemRejected, reason, item)
            : Move(read.Code, state, JournalKind.Rejected, reason, item));
        _effects.Add(new LineEffect.Verdict(item, false, reason, read.Code.Tail));
    }
}
