using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeLine.Service.Configuration;

namespace EdgeLine.Service.Operations;

/// <summary>
/// <c>edgeline apply</c>: what the button of the page does, from a terminal of this PC. The running service judges its own
/// files; this command says what it says, and waits until the lines are back.
/// </summary>
public static class ApplyCommand
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>The command.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var name = new Option<string?>("--as") { Description = "Who applies it; needed where the site knows people (role maintenance)" };
        var pin = new Option<FileInfo?>("--pin-file") { Description = "File with the PIN; asked for when absent" };
        var command = new Command("apply", "Put changed files into force in the running service; its lines must be held or stopped") { name, pin };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(name), parsed.GetValue(pin), stop));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo config, string? name, FileInfo? pinFile, CancellationToken stop)
    {
        PanelConfiguration panel = ConfigurationFile.Load(config.FullName).Panel;
        using HttpClient service = PanelClient.Of(panel);
        try
        {
            return await ApplyAsync(service, name, pinFile, stop);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested))
        {
            Console.Error.WriteLine(
                $"No service answers at {service.BaseAddress} ({e.Message}). If 'panel' itself was changed, use the button of the page; if no service runs, start it: it begins with the files as they are.");
            return 3;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"--pin-file: {e.Message}");
            return 3;
        }
    }

    private static async Task<int> ApplyAsync(HttpClient service, string? name, FileInfo? pinFile, CancellationToken stop)
    {
        SiteFileState state = await LookAsync(service, stop);
        if (!state.Changed)
        {
            Console.WriteLine("The service already runs with these files.");
            return 0;
        }

        foreach (Reporting.RefusedSetting problem in state.Problems)
        {
            Console.Error.WriteLine($"{problem.Place}: {problem.Problem}; {problem.Remedy}");
        }

        if (state.Problems.Count > 0)
        {
            Console.Error.WriteLine("Not applied; the service goes on with the files it has read.");
            return 2;
        }

        if (state.Waiting.Count > 0)
        {
            Console.Error.WriteLine($"Not applied: pause or end the run on {string.Join(", ", state.Waiting)} first.");
            return 3;
        }

        if (await SignInAsync(service, name, pinFile, stop) is { } refused)
        {
            Console.Error.WriteLine(refused);
            return 3;
        }

        using HttpResponseMessage answer = await service.PostAsJsonAsync("api/configuration/apply", new { who = name ?? Environment.UserName, screen = "terminal" }, stop);
        if (!answer.IsSuccessStatusCode)
        {
            Console.Error.WriteLine(await DetailAsync(answer, stop));
            return 3;
        }

        if (!await BackAsync(service, stop))
        {
            Console.Error.WriteLine($"Applied, but the service did not come back within {BackWithin.TotalSeconds:0} s: see its log.");
            return 3;
        }

        Console.WriteLine("Applied. Print a test label: First article on the run page.");
        return 0;
    }

    private static async Task<SiteFileState> LookAsync(HttpClient service, CancellationToken stop) =>
        (await service.GetFromJsonAsync<SiteFileState>("api/configuration", stop))!;

    // Null when signed in, or when the site knows no people.
    private static async Task<string?> SignInAsync(HttpClient service, string? name, FileInfo? pinFile, CancellationToken stop)
    {
        JsonElement me = await service.GetFromJsonAsync<JsonElement>("api/me", stop);
        if (!me.GetProperty("people").GetBoolean())
        {
            return null;
        }

        if (name is null)
        {
            return "This site knows people: say who applies it, with --as NAME.";
        }

        string pin = TypedSecret.Read(pinFile, $"PIN of {name}: ");
        using HttpResponseMessage answer = await service.PostAsJsonAsync("api/sign-in", new { name, pin, screen = "terminal" }, stop);
        return answer.IsSuccessStatusCode ? null : await DetailAsync(answer, stop);
    }

    // The old host still answers while it ends.
    private static async Task<bool> BackAsync(HttpClient service, CancellationToken stop)
    {
        long since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(LookEvery);
        while (Stopwatch.GetElapsedTime(since) < BackWithin)
        {
            await timer.WaitForNextTickAsync(stop);
            try
            {
                if (!(await LookAsync(service, stop)).Changed)
                {
                    return true;
                }
            }
            catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested))
            {
                continue; // between two hosts
            }
        }

        return false;
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        return $"{problem.GetProperty("detail").GetString()} ({problem.GetProperty("title").GetString()})";
    }
}
