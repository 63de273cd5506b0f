using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>What a read means. The item's verdict, the code's fate, and what the read says about items before it.</content>
public sealed partial class PackagingLine
{
    /// <summary>A second repeat of the last code within this time is no chattering sensor any more, milliseconds.</summary>
    private const long RepeatWindowMs = 600_000;

    private void OnFrame(long item, IReadOnlyList<CodeRead> reads)
    {
        List<CodeRead> ours = OurShape(reads);
        if (ours.Count == 0)
        {
            OnBadRead(item, "other-symbol");
        }
        else if (ours.Count > 1)
        {
            OnSeveral(item, ours);
        }
        else
        {
            OnSingle(item, ours[0]);
        }
    }

    // An EAN or a supplier's QR beside our code is normal and says nothing. The same code twice in view is one code.
    private static List<CodeRead> OurShape(IReadOnlyList<CodeRead> reads)
    {
        var ours = new List<CodeRead>(reads.Count);
        foreach (CodeRead read in reads)
        {
            if (read.Kind != ReadKind.Other && !ours.Exists(o => o.Code.Code == read.Code.Code))
            {
                ours.Add(read);
            }
        }

        return ours;
    }

    private void OnSingle(long item, CodeRead read)
    {
        if (read.Kind == ReadKind.Test)
        {
            RejectItem(item, "test-label", read.Code);
        }
        else if (read.Kind == ReadKind.Foreign)
        {
            Intruder(item, "foreign", read.Code);
        }
        else if (IsRepeatOfPending(item, read.Code, out bool sameItem))
        {
            if (!sameItem)
            {
                RejectRepeat(item, read.Code);
            }
        }
        else
        {
            OnKnown(item, read);
        }
    }

    private void OnKnown(long item, CodeRead read)
    {
        CodeState state = StateNow(read);
        switch (state)
        {
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when _rejectAll:
                RejectCode(item, read, state, "tracking-lost");
                break;
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when _run is null:
                RejectCode(item, read, state, "no-run");
                break;
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when !IsOfThisRun(read):
                RejectCode(item, read, state, "not-this-run");
                Hold("foreign", rejectAll: true, detail: "label of another run");
                break;
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when _verified >= _run!.Target:
                RejectCode(item, read, state, "surplus");
                break;
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected:
                Verify(item, read.Code, state);
                break;
            case CodeState.Verified when read.Code == _lastPassed:
                RejectRepeat(item, read.Code);
                break;
            case CodeState.Verified or CodeState.Sampled:
                Intruder(item, "duplicate", read.Code);
                break;
            case CodeState.Void:
                Intruder(item, "voided-label-alive", read.Code);
                break;
            default:
                // Available, returned, expired: never printed by this line, yet here is a label.
                Intruder(item, "foreign", read.Code);
                break;
        }
    }

    private CodeState StateNow(CodeRead read) =>
        _underway.TryGetValue(read.Code.Id, out CodeState underway) ? underway : read.State;

    private bool IsOfThisRun(CodeRead read) =>
        read.OfThisRun || _underway.ContainsKey(read.Code.Id) || _window.Exists(l => l.Code.Id == read.Code.Id)
        || _inDoubt.Exists(c => c.Id == read.Code.Id);

    private bool IsRepeatOfPending(long item, CodeRef code, out bool sameItem)
    {
        foreach (Pending pending in _pending.Values)
        {
            if (pending is Pending.Pass pass && pass.Code.Id == code.Id)
            {
                // On a bench the operator pulls the trigger twice; on a belt another item number is another item.
                sameItem = pass.Item == item || _settings.Station == Station.Bench;
                return true;
            }
        }

        sameItem = false;
        return false;
    }

    private void Verify(long item, CodeRef code, CodeState from)
    {
        int place = _window.FindIndex(l => l.Code.Id == code.Id);
        var entries = new List<LineEntry>();
        long unlabelled = 0;
        bool slipped = false;
        if (place >= 0)
        {
            (unlabelled, slipped) = ResolveBefore(place, entries);
            _window.RemoveAll(l => l.Code.Id == code.Id);
        }
        else
        {
            _inDoubt.RemoveAll(c => c.Id == code.Id);
        }

        _verified++;
        _allowance--;
        _badInRow = 0;
        _bucket = Math.Max(0, _bucket - 1);
        // Count carries the items that must have been without a label, so that the journal alone gives the figure.
        entries.Add(Move(code, from, JournalKind.Verified, slipped ? "slip" : "", item, count: unlabelled));
        Journal(entries, new Pending.Pass(item, code, _now.Ms + _settings.VerdictWithinMs));
    }

    /// <summary>
    /// What a good read says about the labels and items before it. A no-read never took a label out of the window: it
    /// opened a gap, and this read decides whether the label was unreadable or the item had none.
    /// </summary>
    private (long Unlabelled, bool Slipped) ResolveBefore(int place, List<LineEntry> entries)
    {
        int gaps = _gapItems.Count;
        List<InFlight> before = _window.GetRange(0, place);
        if (place <= gaps)
        {
            // As many no-reads as labels are missing, or more: those labels were unreadable, the other items bare.
            for (int i = 0; i < place; i++)
            {
                entries.Add(Move(before[i].Code, CodeState.Printing, JournalKind.Rejected, "no-read", _gapItems[i]));
            }

            _window.RemoveRange(0, place);
            _gapItems.Clear();
            return (gaps - place, false);
        }

        // Read out of order. Two products may have changed places: their labels come with the next read. A label that
        // is passed over twice, or with no-reads around it, cannot be placed any more.
        _gapItems.Clear();
        foreach (InFlight label in before)
        {
            label.PassedOver++;
        }

        List<CodeRef> lost = before.Where(l => gaps > 0 || l.PassedOver > 1).Select(l => l.Code).ToList();
        if (lost.Count > 0)
        {
            _window.RemoveAll(l => lost.Contains(l.Code));
            _inDoubt.AddRange(lost);
            entries.AddRange(lost.Select(c => Move(c, CodeState.Printing, JournalKind.InDoubt, "slip")));
            _alarms.Raise("slip", AlarmSeverity.Medium, TrustedMs, ("labels", Text(lost.Count)));
        }

        return (0, true);
    }

    private void OnPassCommitted(Pending.Pass pass)
    {
        if (_now.Ms > pass.DueMs)
        {
            // The disk was too slow: the item is in the bin by now. Its code is rejected, rework may accept it.
            Unverify(pass.Item, pass.Code, "late");
            _alarms.Raise("verdict-late", AlarmSeverity.High, TrustedMs, ("within_ms", Text(_settings.VerdictWithinMs)));
        }
        else if (_rejectAll)
        {
            Unverify(pass.Item, pass.Code, "tracking-lost");
        }
        else
        {
            _lastPassed = pass.Code;
            _effects.Add(new LineEffect.Verdict(pass.Item, true, "", pass.Code.Tail));
        }
    }

    private void Unverify(long item, CodeRef code, string reason)
    {
        _verified--;
        _allowance++;
        Journal(Move(code, CodeState.Verified, JournalKind.Rejected, reason, item));
        _effects.Add(new LineEffect.Verdict(item, false, reason, code.Tail));
    }

    private void OnSeveral(long item, List<CodeRead> ours)
    {
        var entries = new List<LineEntry> { Entry(JournalKind.ItemRejected, "several-codes", item, ours.Count) };
        bool intruder = false;
        foreach (CodeRead read in ours)
        {
            CodeState state = StateNow(read);
            if (read.Kind == ReadKind.Known && state is CodeState.Printing or CodeState.InDoubt)
            {
                entries.Add(Move(read.Code, state, JournalKind.Rejected, "several-codes", item));
                _window.RemoveAll(l => l.Code.Id == read.Code.Id);
                _inDoubt.RemoveAll(c => c.Id == read.Code.Id);
            }
            else
            {
                intruder |= read.Kind != ReadKind.Test && state != CodeState.Rejected;
            }
        }

        Journal(entries);
        _effects.Add(new LineEffect.Verdict(item, false, "several-codes", ""));
        if (intruder)
        {
            Hold("duplicate", rejectAll: true);
        }
        else
        {
            CountBad();
        }
    }

    // A no-read never consumes the head of the window: the label may still be upstream on another item.
    private void OnBadRead(long item, string reason)
    {
        RejectItem(item, reason, default);
        if (_run is not null && _settings.Station == Station.Conveyor)
        {
            _gapItems.Add(item);
            if (_forgive > 0)
            {
                _forgive--;
            }
            else
            {
                CountBad();
            }
        }
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

    private void ForgetBadReads() => (_badInRow, _bucket) = (0, 0);

    // The last label again, at another item: a product in front of a chattering sensor, or a printer's own repeat.
    // They look the same, so the item is rejected; the second time within ten minutes it is no chatter.
    private void RejectRepeat(long item, CodeRef code)
    {
        if (_settings.Station == Station.Bench)
        {
            _effects.Add(new LineEffect.Tell(new ReworkCard("already-final", "repeat-of-last", code.Tail, TrustedMs)));
            return;
        }

        bool again = _now.Ms - _lastRepeatMs < RepeatWindowMs;
        _lastRepeatMs = _now.Ms;
        Journal(Entry(JournalKind.Intruder, "repeat-of-last", item) with { Code = code });
        _effects.Add(new LineEffect.Verdict(item, false, "repeat-of-last", code.Tail));
        if (again || _forgive > 0)
        {
            Hold("repeated-read", rejectAll: true);
        }
    }

    private void Intruder(long item, string reason, CodeRef code)
    {
        Journal(Entry(JournalKind.Intruder, reason, item) with { Code = code });
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
        _window.RemoveAll(l => l.Code.Id == read.Code.Id);
        _inDoubt.RemoveAll(c => c.Id == read.Code.Id);
        Journal(state == CodeState.Rejected
            ? Entry(JournalKind.ItemRejected, reason, item)
            : Move(read.Code, state, JournalKind.Rejected, reason, item));
        _effects.Add(new LineEffect.Verdict(item, false, reason, read.Code.Tail));
    }
}
