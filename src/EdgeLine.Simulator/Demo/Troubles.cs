using EdgeLine.Simulator.Belt;
using EdgeLine.Simulator.People;
using EdgeLine.Simulator.Printing;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// What is done to the site on purpose while it runs: kills at even distances on the way to the target, moved a little by
/// the seed, and whatever a key asks for.
/// </summary>
internal sealed class Troubles(
    DemoOptions options, ServiceProcess service, IReadOnlyList<DemoLine> lines, Panel panel, Action<string> say)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Kills the service as often as asked for. The lines take turns: each kill waits for a share of its own line's
    /// labels, so that a fast line is hit as often as a slow one.
    /// </summary>
    public async Task KillOnTheWayAsync(CancellationToken stop)
    {
        var random = new SeededRandom(options.Seed);
        int rounds = (options.Kills + lines.Count - 1) / lines.Count;
        int share = Math.Max(options.Labels / (rounds + 1), 1);
        for (int kill = 0; kill < options.Kills; kill++)
        {
            DemoLine line = lines[kill % lines.Count];
            int at = (share * (kill / lines.Count + 1)) + random.Below(Math.Max(share / 2, 1)) - (share / 4);
            // Counted by what is over and done with, so that the last kill was got over before the next one.
            // The page may be a moment behind: what is already dead is not killed.
            while (line.Place.Shipped.Count + line.Person!.Log.DestroyedCodes.Count < at
                || !lines.All(l => panel.Line(l.Id).Lit)
                || !await KillAsync())
            {
                await Task.Delay(Look, TimeProvider.System, stop);
            }
        }
    }

    /// <summary>kill -9 now; false when there was nothing to kill.</summary>
    public async Task<bool> KillAsync()
    {
        bool killed = await service.KillAsync();
        if (killed)
        {
            say("service killed (kill -9)");
        }

        return killed;
    }

    /// <summary>A key was pressed; false for "quit".</summary>
    public async Task<bool> KeyAsync(char key)
    {
        DemoLine line = lines[0];
        switch (char.ToLowerInvariant(key))
        {
            case 'n':
                say("key: the next label will not be read");
                line.Faults.Now(ItemFault.NoRead);
                return true;
            case 'p':
                say("key: paper out in the middle of the next label");
                line.Printer.Arm(PrinterFault.MediaOut, 0, 240);
                return true;
            case 'k':
                await KillAsync();
                return true;
            case 'q':
                return false;
            default:
                return true;
        }
    }
}
