using System.Net.Http.Json;
using System.Text.Json;
using EdgeLine.Simulator.People;

namespace EdgeLine.Simulator.Demo;

/// <summary>
/// Looks at the service from outside each second: memory, threads and handles as the system tells of them, the managed heap
/// as the service does, and the files that have to stay small however many labels are made.
/// </summary>
internal sealed class SoakWatch(DemoOptions options, ServiceProcess service, IReadOnlyList<DemoLine> lines, Panel panel, Uri address)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // One line of the log for each lease is no growth that a disk notices: the files are rolled and the oldest deleted.
    private const double LogBytesPerLabel = 1;

    // What both lines write in some seconds at full speed.
    private const double FewEntries = 20_000;

    // To which the write-ahead log goes back after a lease.
    private const double LogLimit = 8 << 20;
    private const long KeptEntries = 100_000, SegmentEntries = 250_000;

    private readonly string _data = Path.Combine(options.Folder, "data");
    private long _logBytes;

    /// <summary>What was seen.</summary>
    public SoakFigures Figures { get; } = new((long)options.Labels * lines.Count);

    private long Done => lines.Sum(l => (long)l.Place.Shipped.Count);

    /// <summary>Looks until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = address };
        using PeriodicTimer timer = new(Every, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await LookAsync(http, stop);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                // It is not up yet, or a file has just got another name. What was never seen is said at the end.
            }
        }
    }

    /// <summary>What grew that must not, in words.</summary>
    public IEnumerable<string> Problems() => Figures.Problems().Concat(
        _logBytes > LogBytesPerLabel * options.Labels * lines.Count ? [$"soak: the log has {_logBytes} bytes"] : []);

    /// <summary>
    /// Entries that are sealed and older than the newest 100,000 have to be gone: what may still be there is that, the part
    /// that is being filled, and the one that is on its way out.
    /// </summary>
    public static bool KeptTooMuch(LineResult line) =>
        line.Numbers["journal_last_seq"] - line.Numbers["journal_first_kept"] > KeptEntries + (2 * SegmentEntries);

    /// <summary>A table for people.</summary>
    public string Draw(IReadOnlyDictionary<string, LineResult> results) =>
        $"  {"soak",-36}{"first 3 tenths",14}{"last 2 tenths",14}{"",8}\n{Figures.Draw()}" + string.Concat(results.Select(r =>
            $"  {r.Key}: entries {r.Value.Numbers["journal_first_kept"]} to {r.Value.Numbers["journal_last_seq"]} are in the ledger, those before in sealed files; log {_logBytes} bytes\n"));

    private async Task LookAsync(HttpClient http, CancellationToken stop)
    {
        long done = Done;
        JsonElement own = await http.GetFromJsonAsync<JsonElement>("api/process", stop);
        string process = $"/proc/{service.Id}";
        string[] status = await File.ReadAllLinesAsync(Path.Combine(process, "status"), stop);
        double Of(string name) => double.Parse(
            status.First(s => s.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
            System.Globalization.CultureInfo.InvariantCulture);

        Figures.Add("managed heap, bytes", done, own.GetProperty("heapBytes").GetInt64());
        Figures.Add("managed heap when whole, bytes", done, own.GetProperty("liveBytes").GetInt64(), isSnapshot: true);
        Figures.Add("working set, bytes", done, Of("VmRSS:") * 1024);
        Figures.Add("threads", done, Of("Threads:"));
        Figures.Add("open handles", done, Directory.GetFileSystemEntries(Path.Combine(process, "fd")).Length);
        _logBytes = Size(Path.Combine(_data, "log"));
        foreach (DemoLine line in lines)
        {
            // The ledger itself holds every code for ever; what of its journal may stay is looked at at the end.
            foreach (FileInfo file in new DirectoryInfo(Path.Combine(_data, line.Id)).GetFiles().Where(f => f.Name != "ledger.db" && f.Extension != ".new"))
            {
                Figures.Add($"{line.Id} {file.Name}, bytes", done, file.Length, file.Name.EndsWith("-wal", StringComparison.Ordinal) ? LogLimit : 1);
            }

            PanelLine screen = panel.Line(line.Id);
            long head = screen.Count("as_of_seq");
            Figures.Add($"{line.Id} not yet at the platform, entries", done, head - screen.Count("confirmed_seq"), FewEntries);
            if (options.Mirror is not null)
            {
                Figures.Add($"{line.Id} not yet on the second copy, entries", done, head - screen.Count("mirrored_seq"), FewEntries);
            }
        }
    }

    private static long Size(string folder) => new DirectoryInfo(folder).GetFiles().Sum(f => f.Length);
}
