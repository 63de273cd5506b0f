namespace EdgeLine.Service.Line;

/// <content>
/// A web of labels: nothing moves but by printing, so what lies between head and scanner is known piece by piece, and the
/// last labels only reach the scanner when blank ones push them there. What a label is, its code alone says; the place
/// only tells a blank from a label that could not be read.
/// </content>
public sealed partial class PackagingLine
{
    /// <summary>A piece without a label of the run: fed blank, or from before.</summary>
    private const long Blank = 0;

    private const long TestLabel = -1;

    /// <summary>Pieces on their way to the scanner, the next one first: row number of the code, or one of the above.</summary>
    private readonly List<long> _web = [];

    private long _pieceAtScanner;
    private long _webMovedMs;

    private bool IsWeb => _settings.Station == Station.Web;

    private bool IsBlankOfWeb => IsWeb && _pieceAtScanner == Blank;

    // On a web it is the printer that moves everything.
    private bool BeltMoves => _scannerUp && _gateUp && (!IsWeb || _printerReady);

    // Between head and scanner there is always label stock; what was on it is gone or in nobody's books any more.
    private void ThreadWeb()
    {
        _web.Clear();
        for (int i = 0; IsWeb && i < _settings.LabelsToScanner; i++)
        {
            _web.Add(Blank);
        }
    }

    private void OnWeb(CodeRef code)
    {
        if (IsWeb)
        {
            _webMovedMs = _now.Ms;
            _web.Add(code.Id == 0 ? TestLabel : code.Id);
        }
    }

    private void OffWeb(CodeRef code) => _web.Remove(code.Id == 0 ? TestLabel : code.Id);

    // Whether blanks came out before the printer stopped nobody knows; too many cost label stock, too few the last labels.
    private void ForgetBlanks()
    {
        int last = _web.FindLastIndex(p => p != Blank);
        if (last >= 0)
        {
            _web.RemoveRange(last + 1, _web.Count - last - 1);
        }
    }

    // One trigger is one piece further. A code that is read says where the web really is.
    private void PassWeb(List<CodeRead> ours)
    {
        if (!IsWeb)
        {
            return;
        }

        _webMovedMs = _now.Ms;
        long expected = _web.Count > 0 ? _web[0] : Blank;
        _pieceAtScanner = ours is not [{ Kind: ReadKind.Test or ReadKind.Known }, ..] ? expected
            : ours[0].Kind == ReadKind.Test ? TestLabel : ours[0].Code.Id;
        int place = _web.IndexOf(_pieceAtScanner);
        if (place >= 0 && _web.Count > 0)
        {
            _web.RemoveRange(0, place + 1);
        }
    }

    // All was printed, so a piece more than lies between head and scanner has passed it without a word.
    private bool WebIsTooLong => IsWeb && _web.Count > _settings.LabelsToScanner;

    private bool WebIsSilent =>
        WebIsTooLong && _phase == Phase.Running && BeltMoves && _now.Ms - _webMovedMs > _settings.RunOutMs;

    // Nobody takes off a web what was not good but a person, and the next labels would bury it.
    private void HoldForBadLabel()
    {
        if (IsWeb && !_settings.Gated && _effects.Exists(e => e is LineEffect.Verdict { Pass: false, Reason: not ("blank" or "first-article") }))
        {
            Hold("bad-label");
        }
    }

    private void FeedWhatNothingFollows()
    {
        int last = _web.FindLastIndex(p => p != Blank);
        if (last < 0 || !BeltMoves || AwaitsReprintOff || !NothingFollows)
        {
            return;
        }

        int missing = _settings.LabelsToScanner - (_web.Count - 1 - last);
        if (missing > 0)
        {
            _web.AddRange(Enumerable.Repeat(Blank, missing));
            _effects.Add(new LineEffect.FeedBlanks(missing));
            _runOutUntilMs = Math.Max(_runOutUntilMs, _now.Ms + _settings.RunOutMs);
            _drainUntilMs = Math.Max(_drainUntilMs, _now.Ms + _settings.RunOutMs);
        }
    }

    private bool NothingFollows => _phase switch
    {
        Phase.RunOut or Phase.Completing => true,
        Phase.Running => (WhyWaiting().Length > 0 || Wanted <= 0) && !_pending.Values.Any(p => p is Pending.Print or Pending.TestLabel),
        _ => false,
    };
}
