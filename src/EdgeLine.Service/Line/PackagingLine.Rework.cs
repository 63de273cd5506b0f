using EdgeLine.Contracts;

namespace EdgeLine.Service.Line;

/// <content>The rework table and the withdrawal of single codes.</content>
public sealed partial class PackagingLine
{
    private void OnRework(LineEvent.ReworkRead rework)
    {
        CodeState state = rework.Read.Kind == ReadKind.Known ? StateNow(rework.Read) : default;
        (string answer, string reason) = Judge(rework, state);
        CodeRef code = rework.Read.Code;
        var card = new ReworkCard(answer, reason, rework.Read.Kind == ReadKind.Other ? "" : code.Tail, TrustedMs);
        if (answer == "accept")
        {
            Leave(code);
            CountVerified(code, 1);
            Journal(Move(code, state, JournalKind.Verified, "rework", who: rework.Who), new Pending.Accept(card));
        }
        else if (reason == "surplus")
        {
            Leave(code);
            Journal(Move(code, state, JournalKind.Void, "surplus", who: rework.Who), new Pending.Accept(card));
        }
        else
        {
            _effects.Add(new LineEffect.Tell(card));
        }

        Answer(rework, "");
    }

    private (string Answer, string Reason) Judge(LineEvent.ReworkRead rework, CodeState state)
    {
        CodeRead read = rework.Read;
        bool open = state is CodeState.Printing or CodeState.InDoubt or CodeState.Rejected;
        return read.Kind switch
        {
            ReadKind.Other => ("not-ours", "other-symbol"),
            ReadKind.Test => ("not-ours", "test-label"),
            ReadKind.Foreign => ("not-ours", "foreign"),
            _ when state == CodeState.Verified => ("find-the-twin", "duplicate"),
            _ when state == CodeState.Void => ("destroy", "voided-label-alive"),
            _ when !open => ("already-final", state.ToString().ToLowerInvariant()),
            _ when rework.Typed => ("destroy", "typed"),
            _ when _run is null => ("destroy", "no-run"),
            _ when !IsOfThisRun(read) => ("other-run", "not-this-run"),
            // Labels on their way count too; taking one more here would make one of them surplus.
            _ when LeaseOf(read.Code)?.MayVerify <= 0 => ("destroy", "surplus"),
            _ when Wanted <= 0 && !_window.Exists(l => l.Code.Id == read.Code.Id)
                => ("destroy", "surplus"),
            _ => ("accept", "rework"),
        };
    }

    private void OnVoid(LineEvent.VoidAsked asked)
    {
        CodeRead read = asked.Read;
        CodeState state = read.Kind == ReadKind.Known ? StateNow(read) : default;
        if (read.Kind != ReadKind.Known)
        {
            Answer(asked, "not-ours");
        }
        else if (state is CodeState.Printing or CodeState.InDoubt or CodeState.Rejected)
        {
            Leave(read.Code);
            Journal(Move(read.Code, state, JournalKind.Void, asked.Reason, who: asked.Who));
            Answer(asked, "");
        }
        else
        {
            Answer(asked, state == CodeState.Verified ? "verified-needs-supervisor" : "already-final");
        }
    }

    private void Leave(CodeRef code)
    {
        _window.RemoveAll(l => l.Code.Id == code.Id);
        _inDoubt.RemoveAll(c => c.Id == code.Id);
    }
}
