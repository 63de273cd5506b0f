using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>
/// The first article: a label with a test code and the text of the run. A scanner proves a symbol; only a person can say
/// that date and product beside it are right.
/// </content>
public sealed partial class PackagingLine
{
    private Article _article;
    private CodeRef _articleCode;
    private int _testLabelsOut;

    private enum Article
    {
        None,
        Wanted,
        Asked,
        Printing,
        ToApprove,
        Approved,
        Refused,
    }

    /// <summary>The first article as the screens show it.</summary>
    public FirstArticleSnapshot FirstArticlePicture => new(
        _article switch
        {
            Article.None => "none",
            Article.Wanted or Article.Refused => "wanted",
            Article.Asked or Article.Printing => "printing",
            Article.ToApprove => "to-approve",
            _ => "approved",
        },
        _article is Article.Printing or Article.ToApprove ? _articleCode.Tail : "");

    private bool AwaitsArticle => _article is not (Article.None or Article.Approved);

    // Printed like any label of the run, so only with codes at hand: without a lease there is no text to print (P5).
    private void PrintFirstArticle()
    {
        if (_article == Article.Wanted && _phase == Phase.Running && WhyBlocked().Length == 0 && !AwaitsCheck && SupplyCount > 0 && NothingUnderWay)
        {
            _article = Article.Asked;
            _effects.Add(new LineEffect.AskTestCode());
        }
    }

    private void OnTestCode(LineEvent.TestCodeDrawn drawn)
    {
        if (_article == Article.Asked && drawn.Code.IsTest)
        {
            _articleCode = new CodeRef(0, drawn.Code);
            Journal(Entry(JournalKind.FirstArticle, "printed") with { Code = _articleCode }, new Pending.TestLabel(_articleCode));
        }
    }

    private void OnTestLabelCommitted(CodeRef code)
    {
        if (_article != Article.Asked || code != _articleCode)
        {
            return;
        }

        bool may = _phase == Phase.Running && WhyBlocked().Length == 0;
        _article = may ? Article.Printing : Article.Wanted;
        if (may)
        {
            _testLabelsOut++;
            Send(code);
        }
    }

    // True when the read was the first article that is waited for. Its item never leaves: it carries no certificate.
    private bool IsFirstArticle(long item, CodeRead read)
    {
        if (_article is not (Article.Printing or Article.ToApprove) || read.Code.Code != _articleCode.Code)
        {
            return false;
        }

        RejectItem(item, "first-article", read.Code);
        if (_article == Article.Printing)
        {
            _testLabelsOut--;
            _article = Article.ToApprove;
            Journal(Entry(JournalKind.FirstArticle, "read", item) with { Code = _articleCode });
        }

        return true;
    }

    // What the printer did with it nobody knows: another one is printed. Whatever turns up of it is rejected as a test label.
    private void LoseArticle() => _article = _article is Article.Asked or Article.Printing ? Article.Wanted : _article;

    private void OnArticleJudged(LineEvent.FirstArticleJudged judged)
    {
        if (_article != Article.ToApprove)
        {
            Answer(judged, "no-first-article");
            return;
        }

        _article = judged.Approved ? Article.Approved : Article.Refused;
        Journal(Entry(JournalKind.FirstArticle, judged.Approved ? "approved" : "refused", who: judged.Who, detail: judged.Why) with { Code = _articleCode });
        // Items between printer and scanner have no label; they say nothing about the print.
        _bareItems = Math.Max(_bareItems, _settings.LabelsToScanner);
        if (!judged.Approved)
        {
            Hold("first-article-refused");
        }

        Answer(judged, "");
    }

    private void OnArticleAsked(LineEvent.FirstArticleAsked asked)
    {
        bool heldForIt = _phase == Phase.Held && _article == Article.Refused && !NeedsClearance;
        if (_run is null || (_phase != Phase.Running && !heldForIt))
        {
            Answer(asked, _run is null ? "no-run" : NeedsClearance ? "clearance" : "not-running");
            return;
        }

        if (_article is not (Article.Wanted or Article.Asked))
        {
            Journal(Entry(JournalKind.FirstArticle, "asked", who: asked.Who));
            _article = Article.Wanted;
            _drainUntilMs = _now.Ms + _settings.RunOutMs;
        }

        if (heldForIt)
        {
            Journal(Entry(JournalKind.Resumed, _reason, who: asked.Who));
            GoOn();
        }

        Answer(asked, "");
    }

    private void RestoreArticle()
    {
        bool wanted = _settings.FirstArticle || _restored.FirstArticle.Length > 0;
        _article = !wanted || _run is null ? Article.None
            : _restored.FirstArticle switch
            {
                "approved" => Article.Approved,
                "refused" => Article.Refused,
                _ => Article.Wanted,
            };
        _testLabelsOut = _restored.FirstArticle == "printed" ? 1 : 0;
    }
}
