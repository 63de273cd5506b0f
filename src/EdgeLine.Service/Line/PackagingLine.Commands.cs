using System.Diagnostics;
using System.Text;
using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>Commands: each is answered once, with nothing or with the key of its refusal.</content>
public sealed partial class PackagingLine
{
    /// <summary>Longest text of a person, characters; each has at most 4 bytes in the journal.</summary>
    private const int MaxTyped = JournalLeaf.MaxTextBytes / 4;

    private void OnCommand(LineEvent.Command command)
    {
        if (TooLong(command))
        {
            Answer(command, "text-too-long");
            return;
        }

        switch (command)
        {
            case LineEvent.Start c: OnStart(c); break;
            case LineEvent.End c: OnEnd(c); break;
            case LineEvent.Pause c: OnPause(c); break;
            case LineEvent.Resume c: OnResume(c); break;
            case LineEvent.ClearanceDone c: OnClearance(c); break;
            case LineEvent.VoidAsked c: OnVoid(c); break;
            case LineEvent.ReworkRead c: OnRework(c); break;
            case LineEvent.Acknowledge c: OnAcknowledge(c); break;
            case LineEvent.Shelve c: OnShelve(c); break;
            case LineEvent.Unshelve c: OnUnshelve(c); break;
            case LineEvent.PersonNoted c: Note(c, JournalKind.Person, c.What, c.Detail); break;
            case LineEvent.RemoteNoted c: Note(c, JournalKind.RemoteCommand, c.Name, c.Detail); break;
            case LineEvent.SampleAsked c: OnSample(c); break;
            case LineEvent.ReplacementAsked c: OnReplacement(c); break;
            case LineEvent.RollChanged c: OnRollChanged(c); break;
            case LineEvent.FirstArticleAsked c: OnArticleAsked(c); break;
            case LineEvent.FirstArticleJudged c: OnArticleJudged(c); break;
            case LineEvent.ReprintOffConfirmed c: OnReprintOffConfirmed(c); break;
            case LineEvent.ScannerCheckAsked c: OnCheckAsked(c); break;
            case LineEvent.ScannerCheckEnded c: OnCheckEnded(c); break;
            default: throw new UnreachableException($"Unknown command {command.GetType().Name}.");
        }
    }

    private void Note(LineEvent.Command command, JournalKind kind, string reason, string detail)
    {
        Journal(Entry(kind, reason, who: command.Who, detail: detail));
        Answer(command, "");
    }

    // What people type goes into the journal whole, or not at all: a text that does not fit must not stop the ledger.
    private static bool TooLong(LineEvent.Command command) => command.Who.Length > MaxTyped || command switch
    {
        LineEvent.ClearanceDone c => c.Why.Length > MaxTyped,
        LineEvent.VoidAsked v => v.Reason.Length > MaxTyped,
        LineEvent.SampleAsked s => s.Reason.Length > MaxTyped,
        LineEvent.RollChanged r => r.Lot.Length > MaxTyped || r.What.Length > MaxTyped,
        LineEvent.FirstArticleJudged j => j.Why.Length > MaxTyped,
        LineEvent.PersonNoted p => p.What.Length > MaxTyped || p.Detail.Length > MaxTyped,
        LineEvent.RemoteNoted r => r.Name.Length > MaxTyped || r.Detail.Length > MaxTyped,
        LineEvent.Start s => s.Order.RunId.Length > MaxTyped || Encoding.UTF8.GetByteCount(RunDetail.Of(s.Order)) > JournalLeaf.MaxTextBytes,
        _ => false,
    };

    private void Answer(LineEvent.Command command, string refused) =>
        _effects.Add(new LineEffect.Answer(command.Id, refused));
}
