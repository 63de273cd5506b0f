using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.People;

/// <summary>
/// The table where rejected items are looked at. Each label is shown to the panel; only what it accepts leaves the line,
/// and never with more than one of our codes on it. Whatever else it says, the label is destroyed.
/// </summary>
internal sealed class ReworkTable(
    string line, Panel panel, Workstation place, OperatorOptions person, OperatorLog log, Action<string> say)
{
    private static readonly TimeSpan CardWithin = TimeSpan.FromSeconds(5);

    /// <summary>Works off the bin; false when the panel did not take a scan and the rest went back into the bin.</summary>
    public async Task<bool> EmptyBinAsync(CancellationToken stop)
    {
        IReadOnlyList<Item> items = place.TakeBin();
        for (int i = 0; i < items.Count; i++)
        {
            if (!await ReworkAsync(items[i], stop))
            {
                place.PutBack(items.Skip(i));
                return false;
            }
        }

        return true;
    }

    private async Task<bool> ReworkAsync(Item item, CancellationToken stop)
    {
        if (item.ForeignLabel is string foreign)
        {
            if (await ShowAsync(foreign, typed: false, stop) is not (string said, string why))
            {
                return false;
            }

            log.Cards.Add(new ReworkTold(TailOf(foreign), false, said, why));
        }

        foreach (TapeLabel label in item.Labels.ToList())
        {
            bool accepted = false;
            if (label.Readable is string payload)
            {
                if (await ShowAsync(item.Smudged ? TailOf(payload) : payload, item.Smudged, stop) is not (string said, string reason))
                {
                    return false;
                }

                if (said == "wait")
                {
                    return false; // shown again later
                }

                accepted = said == "accept";
                log.Cards.Add(new ReworkTold(TailOf(payload), item.Smudged, said, reason));
                say($"{line}: rework of ...{payload[^4..]} says {said} ({reason})");
                if (!accepted)
                {
                    await DestroyAsync(label, said, reason, stop);
                }
            }

            if (accepted)
            {
                log.Accepted++;
                var good = new Item(item.Number);
                good.Labels.Add(label);
                place.Shipped.Add(good, WayOut.Rework);
            }

            item.Labels.Remove(label);
        }

        return true;
    }

    private static string TailOf(string payload) => payload[(payload.LastIndexOf('/') + 1)..];

    // A handheld sends what it read by itself; what a person typed goes over the panel.
    private async Task<bool> PresentAsync(string payload, bool typed, CancellationToken stop)
    {
        if (person.Handheld is { } handheld && !typed)
        {
            handheld.Scan(payload);
            return true;
        }

        return await panel.PressAsync(line, "rework", new { payload, who = person.Name }, stop) is PanelAnswer.Done;
    }

    /// <summary>Scans a label at the table and reads the card on the screen; null when none came.</summary>
    private async Task<(string Said, string Reason)?> ShowAsync(string payload, bool typed, CancellationToken stop)
    {
        var card = new TaskCompletionSource<(string, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        PanelLine screen = panel.Line(line);
        string before = CardOf(screen, payload)?.At ?? "";
        void Look(string changed, string topic)
        {
            if (changed == line && CardOf(screen, payload) is { } now && now.At != before)
            {
                card.TrySetResult((now.Said, now.Reason));
            }
            else if (changed == line && !screen.Lit)
            {
                // The service died over it: no card will come.
                card.TrySetException(new TimeoutException());
            }
        }

        panel.Changed += Look;
        try
        {
            if (!await PresentAsync(payload, typed, stop))
            {
                return null;
            }

            Look(line, "state");
            return await card.Task.WaitAsync(CardWithin, place.Floor.Time, stop);
        }
        catch (TimeoutException)
        {
            say($"{line}: no card for the rework scan of ...{payload[^4..]}");
            return null;
        }
        finally
        {
            panel.Changed -= Look;
        }
    }

    private static (string Said, string Reason, string At)? CardOf(PanelLine screen, string payload)
    {
        string tail = screen.Text("state", "rework", "code_tail");
        return tail.Length > 0 && payload.EndsWith(tail, StringComparison.Ordinal) && screen.Text("state", "rework", "answer") is not "looking"
            ? (screen.Text("state", "rework", "answer"), screen.Text("state", "rework", "reason"),
                screen.Get("state", "rework", "at_ms")?.ToString() ?? "")
            : null;
    }

    private async Task DestroyAsync(TapeLabel label, string said, string reason, CancellationToken stop)
    {
        log.Destroyed++;
        log.DestroyedCodes.Add(label.CodeTail!);
        if (reason is "typed" or "no-run" or "not-this-run")
        {
            // The label is gone: its code must not stay open for ever.
            await panel.PressAsync(line, "void", new { code = label.CodeTail, reason = "label-destroyed", who = person.Name }, stop);
        }
    }
}
