namespace EdgeLine.Service.Line;

/// <content>
/// Answers of the rework table. An answer is on disk before it is shown, and by then another label may be in the hand of
/// whoever scans. So an answer is shown only while its label is the newest one, and an old one is taken away as soon as a
/// new label is heard; an answer that nobody saw waits for its label to come back.
/// </content>
public sealed partial class PackagingLine
{
    /// <summary>The same label shown once more within this time is a trigger pulled twice, milliseconds.</summary>
    private const long SameScanMs = 1_000;

    /// <summary>Answers that are decided and that nobody has seen, by code.</summary>
    private readonly Dictionary<long, Untold> _untold = [];

    private long _scan;
    private long _scanMs;
    private CodeRef _waitsForAnswer;
    private CodeRef _lastTold;
    private long _lastToldMs;
    private bool _lastWasAccepted;

    private void OnReworkHeard(LineEvent.ReworkHeard heard) => HearRework(heard.Scan, heard.CodeTail);

    // From now on another label is in the hand: the card of the one before must not be taken for its answer.
    private void HearRework(long scan, string tail)
    {
        (_scan, _scanMs, _waitsForAnswer) = (scan, _now.Ms, default);
        _effects.Add(new LineEffect.Tell(new ReworkCard(ReworkCard.Looking, "", tail, TrustedMs)));
    }

    private void OnRework(LineEvent.ReworkRead rework)
    {
        if (rework.Scan != _scan)
        {
            // Nobody would see what became of it, so nothing is decided: the label is still what it was.
            Answer(rework, "overtaken");
            return;
        }

        Show(rework.Read, rework.Typed, rework.Who);
        Answer(rework, "");
    }

    private void Say(CodeRef code, ReworkCard card)
    {
        _untold.Remove(code.Id);
        (_waitsForAnswer, _lastTold, _lastToldMs) = (default, code, _now.Ms);
        _lastWasAccepted = card.IsAccept || card.Reason == "accepted-just-now";
        _effects.Add(new LineEffect.Tell(card with { AtUnixMs = TrustedMs }));
    }

    private void JournalAndSay(CodeRef code, ReworkCard card, params IReadOnlyList<LineEntry> entries)
    {
        Journal(entries, new Pending.Told(code));
        _untold[code.Id] = new Untold(card, _ticket);
        _waitsForAnswer = code;
    }

    private void OnAnswerOnDisk(long ticket, CodeRef code)
    {
        if (_waitsForAnswer == code && _untold.TryGetValue(code.Id, out Untold? answer) && answer.Ticket == ticket)
        {
            SayUntold(code, answer, typed: false);
        }
    }

    // The label came back before anybody saw its answer: it is not judged a second time, or the item that was accepted
    // would be taken for its own twin.
    private bool IsUntold(CodeRead read, bool typed)
    {
        if (read.Kind != ReadKind.Known || !_untold.TryGetValue(read.Code.Id, out Untold? answer))
        {
            return false;
        }

        if (_pending.ContainsKey(answer.Ticket) && !(typed && answer.Card.IsAccept))
        {
            _waitsForAnswer = read.Code;
        }
        else
        {
            SayUntold(read.Code, answer, typed);
        }

        return true;
    }

    private void SayUntold(CodeRef code, Untold answer, bool typed)
    {
        if (answer.Card.IsAccept && (typed || _suspended))
        {
            // It stays for the label itself, and for the time after.
            _waitsForAnswer = default;
            (string put, string reason) = _suspended ? ("other-run", "batch-suspended") : ("wait", "scan-again");
            _effects.Add(new LineEffect.Tell(new ReworkCard(put, reason, code.Tail, TrustedMs)));
            return;
        }

        Say(code, answer.Card);
    }

    // Moved on by a person before anybody saw the answer: it is none any more.
    private void ForgetUntold(CodeRef code)
    {
        if (_untold.Remove(code.Id) && _waitsForAnswer == code)
        {
            _waitsForAnswer = default;
            _effects.Add(new LineEffect.Tell(new ReworkCard("wait", "scan-again", code.Tail, TrustedMs)));
        }
    }

    private sealed record Untold(ReworkCard Card, long Ticket);
}
