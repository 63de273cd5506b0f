using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.People;

/// <summary>
/// The table where rejected items are looked at. Each label is shown to the panel; only what it accepts leaves the line,
/// and never with more than one of our codes on it. Whatever else it says, the label is destroyed.
/// </summary>
internal sealed class ReworkTable(
    string line, Panel panel, Workstation place, string who, OperatorLog log, Action<string> say)
{
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
        foreach (TapeLabel label in item.Labels.ToList())
        {
            bool accepted = false;
            if (label.Readable is string payload)
            {
                PanelAnswer answer = await panel.PressAsync(line, "rework", new { payload, who }, stop);
                if (answer is not PanelAnswer.Done done)
                {
                    return false;
                }

                string said = done.Text("answer");
                accepted = said == "accept";
                if (!accepted)
                {
                    say($"{line}: rework says {said} ({done.Text("reason")})");
                    await DestroyAsync(label, said, done.Text("reason"), stop);
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

    private async Task DestroyAsync(TapeLabel label, string said, string reason, CancellationToken stop)
    {
        log.Destroyed++;
        if (said == "find-the-twin")
        {
            log.VerifiedButDestroyed.Add(label.CodeTail!);
        }
        else if (said == "destroy" && reason is not ("surplus" or "voided-label-alive"))
        {
            // The label is gone: its code must not stay open for ever.
            await panel.PressAsync(line, "void", new { code = label.CodeTail, reason = "label-destroyed", who }, stop);
        }
    }
}
