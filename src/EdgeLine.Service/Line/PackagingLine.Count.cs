namespace EdgeLine.Service.Line;

/// <content>
/// A PASS names its item by the number of the frame, the gate knows it by the number of the trigger. Whoever swallows a
/// frame moves all later numbers by one, so a PASS leaves only when the gate has counted exactly as many triggers as the
/// scanner has answered: then no frame is missing up to there.
/// </content>
public sealed partial class PackagingLine
{
    /// <summary>Tickets of passes that are on disk and wait for the gate's count, oldest first.</summary>
    private readonly Queue<long> _uncounted = new();

    private long _alike;
    private int _uncountedInRow;

    /// <summary>True when the pass has to wait; it is decided anew when the count comes or its time is over.</summary>
    private bool WaitsForCount(long ticket, Pending.ItemPass pass)
    {
        if (!_settings.GateCounts || pass.Item <= _alike)
        {
            return false;
        }

        // Still under way for everybody who asks.
        _pending[ticket] = pass;
        _uncounted.Enqueue(ticket);
        return true;
    }

    private void OnCountedAlike(long item)
    {
        if (item > _alike)
        {
            (_alike, _uncountedInRow) = (item, 0);
            DecideCounted();
        }
    }

    private void DecideCounted()
    {
        while (_uncounted.TryPeek(out long ticket))
        {
            if (_pending.GetValueOrDefault(ticket) is Pending.ItemPass pass && pass.Item > _alike && _now.Ms <= pass.DueMs)
            {
                break;
            }

            Decide(_uncounted.Dequeue());
        }

        if (_uncountedInRow >= SilentItems)
        {
            ScannerIsSilent();
        }
    }

    private void Decide(long ticket)
    {
        _pending.Remove(ticket, out Pending? pending);
        switch (pending)
        {
            case Pending.Pass late when _now.Ms > late.DueMs:
                _uncountedInRow += late.Item > _alike ? 1 : 0;
                _inBin.Remove(late.Item);
                Unverify(late.Item, late.Code, "uncounted");
                break;
            case Pending.Pass pass: OnPassCommitted(ticket, pass); break;
            case Pending.TestPass test:
                _uncountedInRow += test.Item > _alike ? 1 : 0;
                OnTestPassCommitted(ticket, test);
                break;
            default: break; // taken back meanwhile
        }
    }

    // Scanner or gate is gone, or nobody knows any more which frame is whose: no count will ever cover these.
    private void LoseUncounted()
    {
        while (_uncounted.TryDequeue(out long ticket))
        {
            Decide(ticket);
        }

        _uncountedInRow = 0;
    }

    // Moved on by a person, or by the gate's word, while it waited: its item must not leave.
    private void TakeBackUncounted(long codeId)
    {
        foreach (long ticket in _uncounted)
        {
            if (_pending.GetValueOrDefault(ticket) is Pending.Pass pass && pass.Code.Id == codeId)
            {
                _pending.Remove(ticket);
                _effects.Add(new LineEffect.Verdict(pass.Item, false, "withdrawn", pass.Code.Tail));
                return;
            }
        }
    }
}
