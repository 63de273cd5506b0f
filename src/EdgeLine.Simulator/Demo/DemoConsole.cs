using System.Globalization;
using EdgeLine.Simulator.People;

namespace EdgeLine.Simulator.Demo;

/// <summary>The terminal of the demonstration: one live line of counts, sentences above it, keys.</summary>
internal sealed class DemoConsole(TextWriter output)
{
    private readonly Lock _lock = new();
    private readonly bool _live = !Console.IsOutputRedirected;
    private string _status = "";

    /// <summary>True when keys can be read.</summary>
    public static bool HasKeys => !Console.IsInputRedirected;

    /// <summary>Says a sentence with the time.</summary>
    public void Say(string sentence)
    {
        lock (_lock)
        {
            Erase();
            string time = TimeProvider.System.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            output.WriteLine($"{time}  {sentence}");
            output.Write(_status);
        }
    }

    /// <summary>Prints text as it is.</summary>
    public void Print(string text)
    {
        lock (_lock)
        {
            Erase();
            _status = "";
            output.WriteLine(text);
        }
    }

    /// <summary>Renews the live line until stopped.</summary>
    public async Task ShowCountsAsync(IReadOnlyList<DemoLine> lines, Panel panel, CancellationToken stop)
    {
        var every = TimeSpan.FromMilliseconds(_live ? 250 : 5000);
        using var timer = new PeriodicTimer(every, TimeProvider.System);
        string last = "";
        while (await timer.WaitForNextTickAsync(stop))
        {
            string now = string.Join("   ", lines.Select(l => Counts(l, panel.Line(l.Id))));
            if (now == last)
            {
                continue;
            }

            last = now;
            lock (_lock)
            {
                Erase();
                _status = _live ? now[..Math.Min(now.Length, Math.Max(Console.WindowWidth - 1, 20))] : "";
                output.Write(_live ? _status : now + Environment.NewLine);
            }
        }
    }

    private static string Counts(DemoLine line, PanelLine screen)
    {
        string state = screen.Lit ? $"{screen.State}{(screen.Reason.Length > 0 ? $" ({screen.Reason})" : "")}" : "no data";
        return $"{line.Id}: {state} tape {line.Printer.Tape.Count} passed {line.Place.Shipped.Count} bin {line.Place.InBin} "
            + $"verified {screen.Count("totals", "verified")} confirmed {screen.Count("platform_confirmed")}";
    }

    private void Erase()
    {
        if (_live && _status.Length > 0)
        {
            output.Write("\r" + new string(' ', _status.Length) + "\r");
        }
    }
}
