using System.CommandLine;
using System.Diagnostics;
using EdgeLine.Devices.Gates;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Scanning;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Service.Operations;

/// <summary>
/// <c>edgeline doctor</c>: talks to every device of every line, says what it found, and measures the disk. To be used
/// while the service is stopped: most devices take one connection.
/// </summary>
public static class DoctorCommand
{
    private const int SyncSamples = 200;

    /// <summary>The command.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var command = new Command("doctor", "Talk to each device and measure the disk; exit code 3 when something is amiss");
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config)!, stop));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, CancellationToken stop)
    {
        ConfigurationResult result = ConfigurationFile.Load(file.FullName, labelCheck: LabelChecks.Check);
        foreach (SettingsProblem problem in result.Problems)
        {
            Console.WriteLine(problem);
        }

        if (result.Site is not { } site)
        {
            return 2;
        }

        bool sound = !result.HasErrors;
        foreach (LineConfiguration line in site.Lines)
        {
            Console.WriteLine($"{line.Id}  {line.Title}");
            sound &= await LookAtAsync(line, stop);
            sound &= MeasureDisk(site.DataPath, line);
        }

        sound &= await PlatformAsync(site, stop);
        return sound ? 0 : 3;
    }

    private static async Task<bool> LookAtAsync(LineConfiguration line, CancellationToken stop)
    {
        Task<PrinterProbe> printer = PrinterProbe.RunAsync(line.Printer.Profile, Connect(line.Printer.Link), TimeProvider.System, stop);
        Task<ScannerProbe> scanner = ScannerProbe.RunAsync(line.Scanner.Profile, Connect(line.Scanner.Link), TimeProvider.System, stop);
        Task<ScannerProbe>? rework = line.Rework is { } table
            ? ScannerProbe.RunAsync(table.Profile, Connect(table.Link), TimeProvider.System, stop)
            : null;
        Task<GateProbe>? gate = line.Gate is { } reject
            ? GateProbe.RunAsync(reject.Profile, Connect(reject.Link), TimeProvider.System, stop)
            : null;

        PrinterProbe p = await printer;
        bool sound = Say(
            "printer", line.Printer.Profile.Id, p.Address ?? line.Printer.Link.ToString(), line.Printer.Profile.Evidence.TestedOn,
            p.Problem, string.Join(", ", new[] { p.Model, p.Model.Length == 0 ? "" : FormattableString.Invariant($"{p.DotsPerMm} dots/mm"), p.AskedBy }.Where(w => w.Length > 0)));
        foreach (string step in ConfigurationCheck.ByHand(line.Printer.Profile))
        {
            Console.WriteLine($"    {step}");
        }

        ScannerProbe s = await scanner;
        sound &= Say("scanner", line.Scanner.Profile.Id, line.Scanner.Link.ToString(), line.Scanner.Profile.Evidence.TestedOn, s.Problem, s.Answer);
        if (rework is not null)
        {
            ScannerProbe r = await rework;
            sound &= Say("rework", line.Rework!.Profile.Id, line.Rework.Link.ToString(), line.Rework.Profile.Evidence.TestedOn, r.Problem, r.Answer);
        }

        if (gate is not null)
        {
            GateProbe g = await gate;
            sound &= Say(
                "gate", line.Gate!.Profile.Id, line.Gate.Link.ToString(), line.Gate.Profile.Evidence.TestedOn,
                g.Problem, FormattableString.Invariant($"{g.Counters?.Triggers} triggers since its last resync"));
        }

        return sound;
    }

    private static Func<CancellationToken, Task<DeviceLink>> Connect(LinkAddress address) =>
        stop => DeviceLink.ConnectAsync(address, TimeProvider.System, stop);

    private static bool Say(string role, string profile, string link, string? testedOn, string? problem, string answer)
    {
        string what = problem ?? (answer.Length > 0 ? answer : "it cannot be asked anything");
        Console.WriteLine(
            $"  {role,-8} {(problem is null ? "up" : "fault"),-8} {profile} at {link}  {what}  "
            + (testedOn is null ? "(profile never tested on hardware)" : $"(profile tested on {testedOn})"));
        return problem is null;
    }

    // A verdict waits for one synchronised write; a disk that needs a quarter of the item pitch for it is too slow.
    private static bool MeasureDisk(string folder, LineConfiguration line)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $".doctor-{Environment.ProcessId}");
        var times = new List<double>(SyncSamples);
        try
        {
            using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            byte[] page = new byte[4096];
            for (int i = 0; i < SyncSamples; i++)
            {
                long start = Stopwatch.GetTimestamp();
                file.Position = 0;
                file.Write(page);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        catch (IOException e)
        {
            Console.WriteLine($"  disk     fault    {folder}: {e.Message}");
            return false;
        }

        times.Sort();
        double p99 = times[(int)(SyncSamples * 0.99)];
        double limit = 60_000.0 / line.ItemsPerMinute / 4;
        bool fast = p99 <= limit;
        Console.WriteLine(FormattableString.Invariant(
            $"  disk     {(fast ? "up" : "fault"),-8} sync p50 {times[SyncSamples / 2]:F2} ms, p99 {p99:F2} ms; limit {limit:F0} ms (a quarter of the item pitch)"));
        return fast;
    }

    private static async Task<bool> PlatformAsync(SiteConfiguration site, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(site.Platform.Url, "healthz"), stop);
            Console.WriteLine($"platform {(answer.IsSuccessStatusCode ? "up" : "fault")} {site.Platform.Url}");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine($"platform down {site.Platform.Url} {e.Message}");
            return false;
        }
    }
}
