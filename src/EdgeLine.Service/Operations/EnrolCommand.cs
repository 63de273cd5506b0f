using System.CommandLine;
using EdgeLine.Contracts;
using EdgeLine.Service.Batches;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Enrolment;
using EdgeLine.Service.Ledger;

namespace EdgeLine.Service.Operations;

/// <summary>
/// <c>edgeline enrol</c>: the way back of a line whose ledger is lost, locked or on a PC that is gone. See RECOVERY.md.
/// </summary>
public static class EnrolCommand
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    /// <summary>The command.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var code = new Argument<string>("code") { Description = "Enrolment code from the platform, ENR-XXXX-XXXX-XXXX-XXXX" };
        var line = new Option<string?>("--line") { Description = "The line; needed when the site has several" };
        var command = new Command("enrol", "Give a line a new ledger with a code from the platform (service stopped; config/RECOVERY.md)") { code, line };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(code)!, parsed.GetValue(line), stop));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo config, string typed, string? line, CancellationToken stop)
    {
        if (EnrolmentCode.Read(typed) is not { } code)
        {
            return Refuse($"'{typed}' is no enrolment code: ENR and 16 characters of {CertificateCode.Alphabet}, as the platform shows it.");
        }

        ConfigurationResult site = ConfigurationFile.Load(config.FullName, toEnrol: true);
        if (site.Site is not { } known)
        {
            foreach (var problem in site.Problems.Where(p => !p.IsWarning))
            {
                Console.Error.WriteLine(problem);
            }

            return 2;
        }

        string[] lines = [.. known.Lines.Select(l => l.Id), .. site.RefusedLines.Where(l => l.IdIsSound).Select(l => l.Id)];
        line ??= lines.Length == 1 ? lines[0] : null;
        if (line is null || !lines.Contains(line))
        {
            return Refuse($"--line {line}: one of {string.Join(", ", lines)} is needed.");
        }

        if (await ServiceAnswersAsync(site.Panel, stop))
        {
            return Refuse($"The service is running ({site.Panel.Listen} answers): stop it first, all its lines.");
        }

        using var http = new HttpClient { BaseAddress = known.Platform.Url, Timeout = AnswerWithin };
        try
        {
            await new LineEnrolment(
                line, known.DataPath, http, known.Platform.TokenFile, known.Platform.PublicKeyFile, TimeProvider.System, Console.Out).RunAsync(code, stop);
            return 0;
        }
        catch (PlatformProblemException e) when (e.IsOutage)
        {
            Console.Error.WriteLine($"{e.Message} Nothing is lost: do this again when it is back, with the same code.");
            return 1;
        }
        catch (Exception e) when (e is PlatformProblemException or LedgerException or ManifestRefusedException)
        {
            return Refuse(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{known.DataPath}: {e.Message} Mend it and do this again, with the same code.");
            return 1;
        }
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 3;
    }

    private static async Task<bool> ServiceAnswersAsync(PanelConfiguration panel, CancellationToken stop)
    {
        try
        {
            using HttpClient service = PanelClient.Of(panel);
            using HttpResponseMessage answer = await service.GetAsync("healthz", stop);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            // Something listens and says nothing: it may be a service that hangs.
            return true;
        }
    }
}
