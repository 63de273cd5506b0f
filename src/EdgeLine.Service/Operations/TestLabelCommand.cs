using System.CommandLine;
using EdgeLine.Contracts;
using EdgeLine.Devices.Printing;
using EdgeLine.Devices.Profiles;
using EdgeLine.Devices.Raster;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Line;

namespace EdgeLine.Service.Operations;

/// <summary>
/// <c>edgeline test-label LINE</c>: one label with a code of the test pool, printed by the line's printer from the line's
/// template and read by the line's scanner. What a maintenance engineer does after a device was changed, before the service
/// is started again.
/// </summary>
public static class TestLabelCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var name = new Argument<string>("line") { Description = "Key of the line in the site file" };
        var seconds = new Option<int>("--seconds") { Description = "How long to wait for the scanner, 5 to 600", DefaultValueFactory = _ => 60 };
        seconds.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 5 or > 600)
            {
                given.AddError("--seconds: 5 to 600.");
            }
        });
        var command = new Command("test-label", "Print one test label and say what the scanner reads; exit code 3 when it is not that label") { name, seconds };
        command.SetAction((parsed, stop) =>
            RunAsync(parsed.GetValue(config)!, parsed.GetValue(name)!, TimeSpan.FromSeconds(parsed.GetValue(seconds)), stop));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, string name, TimeSpan within, CancellationToken stop)
    {
        ConfigurationResult result = ConfigurationFile.Load(file.FullName, labelCheck: LabelChecks.Check);
        if (result.Site?.Lines.FirstOrDefault(l => l.Id == name) is not { } line)
        {
            foreach (SettingsProblem problem in result.Problems)
            {
                Console.WriteLine(problem);
            }

            string[] sound = [.. result.Site?.Lines.Select(l => l.Id) ?? []];
            Console.WriteLine($"no line '{name}' that could run; there {(sound.Length == 0 ? "is none" : "are: " + string.Join(", ", sound))}.");
            return 2;
        }

        // Two programs that write to one printer mix their labels.
        if (await ServiceRunsAsync(result.Panel, stop))
        {
            Console.WriteLine($"the service runs and has the devices of {name}: use First article on its run page, or stop it first.");
            return 3;
        }

        CodeCarrier carrier = CodeCarrier.ShortUrl(result.Site!.Platform.Url.Host);
        CertificateCode code = CertificateCode.Draw(CertificateCode.TestPool);
        if (!ZplTemplate.TryRead(
                line.LabelFile, line.Printer.Profile, out ZplTemplate? template, out IReadOnlyList<LabelProblem> problems, line.LabelFont)
            || !template.TryBind(LabelFields.Test, carrier.UrlOf(code), out ZplLabel? label, out problems))
        {
            Console.WriteLine(string.Join(Environment.NewLine, problems));
            return 2;
        }

        return await TestLabel.RunAsync(line, label.Compose(carrier.UrlOf(code), code.Grouped), carrier.UrlOf(code), within, Console.Out, TimeProvider.System, stop);
    }

    private static async Task<bool> ServiceRunsAsync(PanelConfiguration panel, CancellationToken stop)
    {
        using HttpClient http = PanelClient.Of(panel);
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri("healthz", UriKind.Relative), stop);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }
}
