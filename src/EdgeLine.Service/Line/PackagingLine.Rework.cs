using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>The rework table: one scan, one card.</content>
public sealed partial class PackagingLine
{
    private readonly HashSet<long> _acceptedHere = [];

    // A bench has one scanner. While no label is expected, a read of it is a question: what is to be done with this item?
    private bool IsReworkOfBench(CodeRead read) =>
        _settings.Station == Station.Bench && read.Kind == ReadKind.Known && (_run is null || (_phase == Phase.Held && !NeedsClearance));

    private void Show(CodeRead read, bool typed, string who)
    {
        if (IsUntold(read, typed))
        {
            return;
        }

        CodeState state = read.Kind == ReadKind.Known ? StateNow(read) : default;
        bool again = read.Code == _lastTold && _scanMs - _lastToldMs < SameScanMs;
        (string answer, string reason) = Judge(read, typed, state, again && _lastWasAccepted);
        var card = new ReworkCard(answer, reason, read.Kind == ReadKind.Other ? "" : read.Code.Tail, TrustedMs);
        switch (answer, reason)
        {
            case ("accept", _):
                Accept(read.Code, state, who, card);
                break;
            case (_, "surplus"):
                Leave(read.Code);
                JournalAndSay(read.Code, card, OfRun(read, Move(read.Code, state, JournalKind.Void, "surplus", who: who)));
                break;
            case (_, "never-printed"):
                // Never printed by this line, yet here is a label: this line must not print a second one.
                Withhold(read.Code);
                JournalAndSay(read.Code, card, OfRun(read, Move(read.Code, state, JournalKind.Void, reason, who: who)));
                break;
            case (_, "second-label") when !again:
                JournalAndSay(read.Code, card, OfRun(read, Entry(JournalKind.Intruder, reason, who: who)) with { Code = read.Code });
                break;
            default:
                Say(read.Code, card);
                break;
        }
    }

    private void Accept(CodeRef code, CodeState state, string who, ReworkCard card)
    {
        Leave(code);
        CountVerified(code, 1);
        _acceptedHere.Add(code.Id);
        var entries = new List<LineEntry>();
        if (state != CodeState.Rejected)
        {
            // It is on the table, so it was taken out. What the ledger remembers tells a label shown again from a second one.
            entries.Add(Move(code, state, JournalKind.Rejected, "rework", who: who));
        }

        entries.Add(Move(code, CodeState.Rejected, JournalKind.Verified, "rework", who: who));
        string run = (_run ?? _lastRun)!.RunId;
        JournalAndSay(code, card, entries.ConvertAll(e => e with { RunId = run }));
    }

    private (string Answer, string Reason) Judge(CodeRead read, bool typed, CodeState state, bool justAccepted) => read.Kind switch
    {
        ReadKind.Other => ("not-ours", "other-symbol"),
        ReadKind.Test => ("not-ours", "test-label"),
        ReadKind.Foreign => ("not-ours", "foreign"),
        _ when state == CodeState.Verified && GateMayTell(read.Code) => ("wait", "gate-not-heard"),
        _ when state == CodeState.Verified => JudgeVerified(read, justAccepted),
        _ when state == CodeState.Void => ("destroy", "voided-label-alive"),
        _ when state == CodeState.Available => ("destroy", "never-printed"),
        _ when !IsOpen(state) => ("already-final", state.ToString().ToLowerInvariant()),
        _ when typed => ("destroy", "typed"),
        _ when !IsOfThisOrder(read) => ("other-run", "not-this-run"),
        // A suspended batch must not leave the plant, and may be released again: put aside.
        _ when _suspended => ("other-run", "batch-suspended"),
        // Labels on their way count too; taking one more here would make one of them surplus.
        _ when LeaseOf(read.Code)?.MayVerify <= 0 => ("destroy", "surplus"),
        _ when Wanted <= 0 && !IsExpected(read.Code) => ("destroy", "surplus"),
        _ => ("accept", "rework"),
    };

    // A code that was never rejected has its item outside already: this label is a printer's own repeat or a copy. One that
    // was rejected and accepted is shown again, or has a twin in the bin that nobody may take for the good one.
    private (string Answer, string Reason) JudgeVerified(CodeRead read, bool justAccepted) =>
        justAccepted ? ("already-final", "accepted-just-now")
        : read.WasRejected || _acceptedHere.Contains(read.Code.Id) ? ("find-the-twin", "accepted-before")
        // A bench has no bin: the good item itself may lie here.
        : _settings.Station == Station.Bench ? ("find-the-twin", "duplicate")
        : ("destroy", "second-label");

    private static bool IsOpen(CodeState state) => state is CodeState.Printing or CodeState.InDoubt or CodeState.Rejected;

    private bool IsExpected(CodeRef code) => _window.Exists(l => l.Code.Id == code.Id) || _byHand.Exists(l => l.Code.Id == code.Id);

    // Also after the run's end, and in a later run of the same order: what the order still wants may come from the bin.
    private bool IsOfThisOrder(CodeRead read) =>
        (_run ?? _lastRun) is { } run && (IsOfThisRun(read) || LeaseOf(read.Code)?.Terms.OrderId == run.OrderId);

    // An entry about a code of another run must not change the counts of this one.
    private LineEntry OfRun(CodeRead read, LineEntry entry) =>
        entry with { RunId = IsOfThisRun(read) ? (_run ?? _lastRun)?.RunId ?? "" : "" };

    private void Leave(CodeRef code)
    {
        if (_window.RemoveAll(l => l.Code.Id == code.Id) > 0 && _gapItems.Count > 0)
        {
            // Its item was one of those that went past unread.
            _gapItems.RemoveAt(0);
            _mayBeUnread = Math.Max(0, _mayBeUnread - 1);
        }

        _byHand.RemoveAll(l => l.Code.Id == code.Id);
        NotInDoubt(code);
    }

    private void NotInDoubt(CodeRef code)
    {
        _inDoubt.RemoveAll(c => c.Id == code.Id);
        _strays.RemoveAll(c => c.Id == code.Id);
    }
}
