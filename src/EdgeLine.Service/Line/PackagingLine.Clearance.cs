using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Clearance: a person took every label off the line and counted them.</content>
public sealed partial class PackagingLine
{
    private void OnClearance(LineEvent.ClearanceDone done)
    {
        bool changeover = NeedsChangeover && !_pending.ContainsKey(_endTicket);
        string refused = _phase != Phase.Held && !changeover ? "not-held"
            : done.Found < 0 ? "found-negative"
            : WhyNotSoMany(done);
        if (refused.Length > 0)
        {
            Answer(done, refused);
            return;
        }

        string why = changeover ? "changeover" : _reason;
        var entries = new List<LineEntry> { Entry(JournalKind.Cleared, why, count: done.Found, who: done.Who, detail: done.Why) };
        entries.AddRange(_window.Concat(_byHand).Select(l => Move(l.Code, CodeState.Printing, JournalKind.Void, "line-clearance", who: done.Who)));
        entries.AddRange(_inDoubt.Select(c => Move(c, CodeState.InDoubt, JournalKind.Void, "line-clearance", who: done.Who)));
        // Of other orders: the counts of this run are not concerned.
        entries.AddRange(_strays.Select(c => Move(c, CodeState.InDoubt, JournalKind.Void, "line-clearance", who: done.Who) with { RunId = "" }));
        _window.Clear();
        _byHand.Clear();
        _inDoubt.Clear();
        _strays.Clear();
        _testLabelsOut = 0;
        LoseArticle();
        CloseGaps();
        ThreadWeb();
        _offset.Restart();
        // Items between printer and scanner had their labels taken away.
        _bareItems = _settings.LabelsToScanner;
        // What was read before the line was cleared is not on the belt any more.
        _noPassThrough = _ticket;
        _alarms.Clear("more-labels-than-possible");
        _alarms.Clear("changeover");
        _effects.Add(new LineEffect.PrinterCancel());
        _rejectAll = _heldForTracking = false;
        Journal(entries);
        if (changeover)
        {
            _cleared = true;
        }
        else if (_article == Article.Refused && !_endWhenClear)
        {
            // Cleared, and still without an approved text: a person asks for a new first article.
            _reason = "first-article-refused";
            Journal(Entry(JournalKind.Held, _reason));
        }
        else
        {
            GoOn();
        }

        Answer(done, "");
    }

    // More labels than codes in flight: somebody or something printed a code twice. Fewer is normal. Only a supervisor who
    // has found out why lets the line go on.
    private string WhyNotSoMany(LineEvent.ClearanceDone done)
    {
        int max = ClearanceMax;
        if (done.Found <= max || (done.Supervisor && done.Why.Trim().Length > 0))
        {
            return "";
        }

        _alarms.Raise("more-labels-than-possible", AlarmSeverity.Critical, TrustedMs, ("found", Text(done.Found)), ("max", Text(max)));
        return done.Supervisor ? "why-missing" : "more-labels-than-possible";
    }
}
