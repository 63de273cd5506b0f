using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Line;

/// <content>What the ledger knows is attached to what was read, and codes are brought from the ledger to the core.</content>
public sealed partial class LineLoop
{
    /// <summary>Posts what a scanner saw at an item; texts that are not in memory are looked up in the file first.</summary>
    public async ValueTask PostFrameAsync(long item, IReadOnlyList<string> texts)
    {
        await _inbox.Writer.WriteAsync(new Frame(item, await LookUpAsync(texts)), _stop);
    }

    /// <summary>
    /// Carries out a command about a text that was shown at rework or typed on the panel. What the ledger knows of it is
    /// attached when the loop takes the command, not when it was asked: in between the code may have moved on.
    /// </summary>
    public async Task<string> CommandAsync(string text, Func<long, CodeRead, LineEvent.Command> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        IReadOnlyList<SeenText> seen = CertificateCode.TryParseTyped(text, out CertificateCode typed, out _)
            ? [new SeenText(typed.IsTest ? ReadKind.Test : ReadKind.Known, typed, await FetchAsync(typed))]
            : await LookUpAsync([text]);
        SeenText one = seen[0];
        if (one.Shape == ReadKind.Known)
        {
            one = one with { WasRejected = await _ledger.AskAsync(db => LedgerQueries.WasRejected(db, one.Code)) };
        }

        return await CommandAsync(id => make(id, Facts(one)));
    }

    /// <summary>
    /// A label was shown at the rework table. The line hears of it at once: the ledger, which is asked next, takes as long as the
    /// disk, and meanwhile the answer to the label before must not stay on the page.
    /// </summary>
    /// <returns>Number of the scan for <see cref="ReworkAsync"/>.</returns>
    public long HearRework(string text)
    {
        long scan = Interlocked.Increment(ref _scans);
        CertificateCode code = CertificateCode.TryParseTyped(text, out CertificateCode typed, out _) ? typed : Texts.Read(text).Code;
        Post(new LineEvent.ReworkHeard(scan, code == default ? "" : new CodeRef(0, code).Tail));
        return scan;
    }

    /// <summary>Asks what is to be done with a label that was heard at the rework table; empty when the card will say so.</summary>
    public Task<string> ReworkAsync(long scan, string text, string who, bool typed) =>
        CommandAsync(text, (id, read) => new LineEvent.ReworkRead(id, scan, who, read, typed));

    // Making the command is the asker's affair, also when it fails: nobody's request may end the line.
    private void Carry(Asked asked)
    {
        LineEvent.Command command;
        try
        {
            command = asked.Make(++_commandId);
        }
        catch (Exception e)
        {
            asked.Done.SetException(e);
            return;
        }

        _answers[command.Id] = asked.Done;
        Apply(command);
    }

    private CodeRead Facts(SeenText seen)
    {
        if (seen.Shape != ReadKind.Known)
        {
            return new CodeRead(seen.Shape, new CodeRef(0, seen.Code), default, false);
        }

        KnownCode? known = Codes.Find(seen.Code) ?? seen.Fetched?.Known;
        return known is null
            ? new CodeRead(ReadKind.Foreign, new CodeRef(0, seen.Code), default, false)
            : new CodeRead(ReadKind.Known, known.Code, known.State, known.RunId.Length > 0 && known.RunId == (_core.Run ?? _core.LastRun)?.RunId, seen.WasRejected);
    }

    private async ValueTask<IReadOnlyList<SeenText>> LookUpAsync(IReadOnlyList<string> texts)
    {
        var seen = new SeenText[texts.Count];
        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = Texts.Read(texts[i]);
            if (seen[i].Shape == ReadKind.Known && Codes.Find(seen[i].Code) is null)
            {
                seen[i] = seen[i] with { Fetched = await FetchAsync(seen[i].Code) };
            }
        }

        return seen;
    }

    private async Task<KnownFact> FetchAsync(CertificateCode code) =>
        new(await _ledger.AskAsync(db => LedgerQueries.Find(db, code)));

    private async Task SupplyAsync(RunOrder run, int verified, LineEffect.AskCodes ask, CancellationToken stop)
    {
        try
        {
            LineEvent.CodesSupplied codes = await _supply.NextAsync(
                run, verified, ask.Count, ask.AfterId, why => Post(new LineEvent.CodesUnavailable(why)), stop);
            // Before the first label of a lease can be printed, the label and what scanners look for are set.
            (LeaseManifest? manifest, IReadOnlyList<string> urls) =
                await _ledger.AskAsync(db => (LedgerQueries.ManifestOf(db, run.OrderId), LedgerQueries.UrlTemplates(db)));
            Texts.Use(urls);
            while (_outputs.PrepareLabel(manifest!) is { Length: > 0 } refused)
            {
                Post(new LineEvent.CodesUnavailable(refused));
                await Task.Delay(LabelRetry, _time, stop);
            }

            Post(codes);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ended or the service stops.
        }
    }

    // Not posted from here: the loop must never wait for its own inbox.
    private Task DrawTestCodeAsync() =>
        PostAsync(new LineEvent.TestCodeDrawn(CertificateCode.Draw(CertificateCode.TestPool))).AsTask();

    // Labels can wait until everything that lies in the inbox is judged; items on a moving belt cannot.
    private void SendWaiting()
    {
        while (_toSend.TryDequeue(out CodeRef code))
        {
            _ = SendAsync(code);
        }
    }

    private async Task SendAsync(CodeRef code)
    {
        SendResult result = await _outputs.Send(code);
        if (result != SendResult.Written)
        {
            await PostAsync(new LineEvent.SendEnded(code, result));
        }
    }

    private sealed record Frame(long Item, IReadOnlyList<SeenText> Texts);

    private sealed record Asked(Func<long, LineEvent.Command> Make, TaskCompletionSource<string> Done);
}
