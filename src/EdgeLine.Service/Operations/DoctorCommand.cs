using System.CommandLine;
using System.Diagnostics;
using EdgeLine.Devices.Links;
using EdgeLine.Devices.Profiles;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Line;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeLine.Service.Operations;

/// <summary>
/// <c>edgeline doctor</c>: talks to every device of every line, says what it found, and measures the disk. To be used
/// while the service is stopped: most devices take one connection.
/// </summary>
public static class DoctorCommand
{
    private const int SyncSamples = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

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
        var devices = new LineDevices(line, TimeProvider.System, NullLogger.Instance);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task run = devices.WatchAsync(end.Token);
        long start = Stopwatch.GetTimestamp();
        (DeviceSnapshot Printer, DeviceSnapshot Scanner, DeviceSnapshot? Gate) now = devices.Picture();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (!AllUp(now) && Stopwatch.GetElapsedTime(start) < Patience && await timer.WaitForNextTickAsync(stop))
        {
            now = devices.Picture();
        }

        await end.CancelAsync();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Say("printer", now.Printer, line.Printer.Link, line.Printer.Profile.Evidence.TestedOn);
        Say("scanner", now.Scanner, line.Scanner.Link, line.Scanner.Profile.Evidence.TestedOn);
        if (line.Gate is { } gate)
        {
            Say("gate", now.Gate!, gate.Link, gate.Profile.Evidence.TestedOn);
        }

        return AllUp(now);
    }

    private static bool AllUp((DeviceSnapshot Printer, DeviceSnapshot Scanner, DeviceSnapshot? Gate) now) =>
        now.Printer.State == "up" && now.Scanner.State == "up" && now.Gate is null or { State: "up" };

    private static void Say(string role, DeviceSnapshot device, LinkAddress link, string? testedOn) => Console.WriteLine(
        $"  {role,-8} {device.State,-8} {device.Profile} at {link}  {device.Fault} {device.Detail}  "
        + (testedOn is null ? "(profile never tested on hardware)" : $"(profile tested on {testedOn})"));

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
