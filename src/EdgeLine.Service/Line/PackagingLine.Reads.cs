using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>What a read means. The item's verdict, the code's fate, and what the read says about items before it.</content>
public sealed partial class PackagingLine
{
    private void OnFrame(long item, IReadOnlyList<CodeRead> reads)
    {
        List<CodeRead> ours = OurShape(reads);
        HearScanner(item);
        if (IsChatter(ours))
        {
            return;
        }

        if (IsOfCheck(item, ours))
        {
            // Judged there.
            CountItem();
            return;
        }

        PassWeb(ours);
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

        HoldForBadLabel();
        CountItem();
    }

    private void OnNoRead(long item)
    {
        HearScanner(item);
        if (IsChatter([]))
        {
            return;
        }

        if (!IsOfCheck(item, []))
        {
            PassWeb([]);
            OnBadRead(item, "no-read");
            HoldForBadLabel();
        }

        CountItem();
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
            if (!IsFirstArticle(item, read))
            {
                RejectItem(item, "test-label", read.Code);
            }
        }
        else if (read.Kind == ReadKind.Foreign)
        {
            Intruder(item, "foreign", read.Code);
        }
        else if (read.Code == _lastPassed && item == _lastPassedItem)
        {
            // The same label at the same item, once more: its verdict stands.
        }
        else if (IsRepeatOfPending(item, read.Code, out bool sameItem))
        {
            if (!sameItem)
            {
                RejectRepeat(item, read.Code);
            }
        }
        else if (IsReworkOfBench(read))
        {
            HearRework(0, read.Code.Tail);
            Show(read, typed: false, "scanner");
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
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when _frameIsLate:
                RejectCode(item, read, state, "late");
                break;
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when _tooClose:
                RejectCode(item, read, state, "same-item");
                break;
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when _run is null:
                RejectCode(item, read, state, "no-run");
                break;
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when !IsOfThisRun(read):
                RejectCode(item, read, state, "not-this-run");
                Hold("foreign", rejectAll: true, detail: "label of another run");
                break;
            case CodeState.Printing or CodeState.InDoubt or CodeState.Rejected when IsSurplus(read.Code):
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
            case CodeState.Available:
                // Never printed by this line, yet here is a label: this line must not print a second one.
                Withhold(read.Code);
                Intruder(item, "foreign", read.Code, Move(read.Code, state, JournalKind.Void, "foreign", item));
                break;
            default:
                Intruder(item, "foreign", read.Code);
                break;
        }
    }

    // Enough were read already: of the run, or of what the code's lease allows.
    private bool IsSurplus(CodeRef code) => _verified >= _run!.Target || LeaseOf(code)?.MayVerify <= 0;

    // What the core has seen itself is newer than any fact that travelled with the read.
    private CodeState StateNow(CodeRead read) =>
        _underway.TryGetValue(read.Code.Id, out CodeState underway) ? underway
        : IsExpected(read.Code) ? CodeState.Printing
        : _inDoubt.Exists(c => c.Id == read.Code.Id) ? CodeState.InDoubt
        : read.State;

    private bool IsOfThisRun(CodeRead read) =>
        read.OfThisRun || _underway.ContainsKey(read.Code.Id) || IsExpected(read.Code)
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
            LearnOffset(item, _window[place]);
            (unlabelled, slipped) = ResolveBefore(place, entries);
            _window.RemoveAll(l => l.Code.Id == code.Id);
        }
        else
        {
            _byHand.RemoveAll(l => l.Code.Id == code.Id);
            NotInDoubt(code);
        }

        CountVerified(code, 1);
        _checks = _checks with { VerifiedSince = _checks.VerifiedSince + 1 };
        _reads.Add(100);
        _badInRow = 0;
        _bucket = Math.Max(0, _bucket - 1);
        // Count carries the items that must have been without a label, so that the journal alone gives the figure.
        entries.Add(Move(code, from, JournalKind.Verified, slipped ? "slip" : "", item, count: unlabelled));
        Journal(entries, new Pending.Pass(item, code, _settings.VerdictDueMs(_now.Ms)));
    }

    private void CountVerified(CodeRef code, int by)
    {
        _verified += by;
        if (LeaseOf(code) is { } lease)
        {
            lease.MayVerify -= by;
        }
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
            CloseGaps();
            return (gaps - place, false);
        }

        // Read out of order. Two products may have changed places: their labels come with the next read. A label that
        // is passed over twice, or with no-reads around it, or on a web, cannot be placed any more.
        CloseGaps();
        foreach (InFlight label in before)
        {
            label.PassedOver++;
        }

        List<CodeRef> lost = before.Where(l => gaps > 0 || l.PassedOver > 1 || IsWeb).Select(l => l.Code).ToList();
        if (lost.Count > 0)
        {
            _window.RemoveAll(l => lost.Contains(l.Code));
            _inDoubt.AddRange(lost);
            entries.AddRange(lost.Select(c => Move(c, CodeState.Printing, JournalKind.InDoubt, "slip")));
            _alarms.Note("slip", SeverityOf("slip"), TrustedMs, ("labels", Text(lost.Count)));
        }

        return (0, true);
    }

    private void OnPassCommitted(long ticket, Pending.Pass pass)
    {
        bool inBin = _inBin.Remove(pass.Item);
        if (_now.Ms <= pass.DueMs)
        {
            // The disk was quick enough for this one, whatever becomes of it.
            _lateInRow = 0;
        }

        if (_underway.TryGetValue(pass.Code.Id, out CodeState newer) && newer != CodeState.Verified)
        {
            // Withdrawn by a person in the meantime: its item must not leave.
            _effects.Add(new LineEffect.Verdict(pass.Item, false, "withdrawn", pass.Code.Tail));
        }
        else if (_now.Ms > pass.DueMs)
        {
            // The disk was too slow: the item is in the bin by now. Its code is rejected, rework may accept it.
            Unverify(pass.Item, pass.Code, "late");
            _alarms.Note("verdict-late", SeverityOf("verdict-late"), TrustedMs, ("within_ms", Text(_settings.VerdictWithinMs)));
            if (++_lateInRow >= _settings.BadReadsInRow)
            {
                // A green line that throws every good item away helps nobody.
                _lateInRow = 0;
                Hold("storage-slow");
            }
        }
        else if (_rejectAll || ticket <= _noPassThrough)
        {
            Unverify(pass.Item, pass.Code, "tracking-lost");
        }
        else if (inBin)
        {
            Unverify(pass.Item, pass.Code, "gate-rejected");
        }
        else if (!WaitsForCount(ticket, pass))
        {
            RememberPass(pass.Item, pass.Code);
            (_lastPassed, _lastPassedItem) = (pass.Code, pass.Item);
            _effects.Add(new LineEffect.Verdict(pass.Item, true, "", pass.Code.Tail));
        }
    }

    private void Unverify(long item, CodeRef code, string reason)
    {
        CountVerified(code, -1);
        Journal(Move(code, CodeState.Verified, JournalKind.Rejected, reason, item));
        _effects.Add(new LineEffect.Verdict(item, false, reason, code.Tail));
    }
}
