using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeLine.Contracts;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Ledger;
using Microsoft.Data.Sqlite;

namespace EdgeLine.Service.Operations;

/// <summary>
/// <c>edgeline ledger</c>: asks the running service, and opens the files itself only when no service runs.
/// </summary>
public static class LedgerCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The command with its subcommands.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var line = new Option<string?>("--line") { Description = "One line only", Recursive = true };
        var code = new Argument<string>("code") { Description = "16 characters, or the whole URL" };
        var status = new Command("status", "Where each ledger stands");
        status.SetAction(p => StatusAsync(Load(p.GetValue(config)!), p.GetValue(line)));
        var find = new Command("find", "The history of one code") { code };
        find.SetAction(p => FindAsync(Load(p.GetValue(config)!), p.GetValue(line), p.GetValue(code)!));
        var verify = new Command("verify", "Check chain, codes and counts against each other (service stopped)");
        verify.SetAction(p => Verify(Load(p.GetValue(config)!), p.GetValue(line)));
        var into = new Argument<DirectoryInfo>("folder") { Description = "Folder for the copies; made when it is not there" };
        var backup = new Command("backup", "Copy each ledger, also while the service runs; for evidence and enquiry, never to be put back") { into };
        backup.SetAction(p => BackupAsync(Load(p.GetValue(config)!), p.GetValue(line), p.GetValue(into)!));
        return new Command("ledger", "Look into the ledgers") { line, status, find, verify, backup };
    }

    private static ConfigurationResult Load(FileInfo file) => ConfigurationFile.Load(file.FullName);

    private static IEnumerable<(string Id, string Folder)> Folders(ConfigurationResult site, string? only) =>
        (site.Site?.Lines ?? [])
            .Where(l => only is null || l.Id == only)
            .Select(l => (l.Id, Path.Combine(site.Site!.DataPath, l.Id)));

    private static async Task<int> StatusAsync(ConfigurationResult site, string? only)
    {
        using HttpClient? service = await ServiceAsync(site);
        foreach ((string id, string folder) in Folders(site, only))
        {
            object? status = service is not null
                ? await service.GetFromJsonAsync<LedgerAnswers.Status>($"api/lines/{id}/ledger", Json)
                : OpenClosed(folder, db => ClosedStatus(db, id));
            Console.WriteLine(status is null ? $"{id}: no ledger yet" : JsonSerializer.Serialize(status, Json));
        }

        return 0;
    }

    private static async Task<int> FindAsync(ConfigurationResult site, string? only, string text)
    {
        if (LedgerAnswers.CodeIn(text) is not { } code)
        {
            Console.Error.WriteLine($"'{text}' is no code: {CertificateCode.Length} characters of {CertificateCode.Alphabet} are needed.");
            return 3;
        }

        using HttpClient? service = await ServiceAsync(site);
        foreach ((string id, string folder) in Folders(site, only))
        {
            LedgerAnswers.Found? found = service is not null
                ? await AskAsync(service, code)
                : OpenClosed(folder, db => LedgerAnswers.Find(db, id, code));
            if (found is not null)
            {
                string owner = Path.Combine(site.Site!.DataPath, found.Line);
                Console.WriteLine(JsonSerializer.Serialize(LedgerAnswers.WithSegments(found, owner, code), Json));
                return 0;
            }
        }

        Console.Error.WriteLine($"No ledger of this site has had code {code.Grouped}.");
        return 3;
    }

    private static int Verify(ConfigurationResult site, string? only)
    {
        bool sound = true;
        foreach ((string id, string folder) in Folders(site, only))
        {
            IReadOnlyList<string> findings = LedgerVerification.Verify(folder);
            sound &= findings.Count == 0;
            Console.WriteLine(findings.Count == 0 ? $"{id}: sound" : $"{id}: {findings.Count} finding(s)");
            foreach (string finding in findings)
            {
                Console.WriteLine("  " + finding);
            }
        }

        return sound ? 0 : 3;
    }

    private static async Task<int> BackupAsync(ConfigurationResult site, string? only, DirectoryInfo into)
    {
        using HttpClient? service = await ServiceAsync(site);
        bool all = true;
        try
        {
            into.Create();
            foreach ((string id, string folder) in Folders(site, only))
            {
                string path = Path.Combine(into.FullName, string.Create(
                    System.Globalization.CultureInfo.InvariantCulture, $"{id}-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}.db"));
                string refused = service is not null ? await CopyAsync(service, id, path) : CopyClosed(folder, path);
                all &= refused.Length == 0;
                Console.WriteLine(refused.Length == 0 ? $"{id}: {path}" : $"{id}: not copied: {refused}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LedgerException or SqliteException)
        {
            Console.Error.WriteLine($"Not copied: {e.Message}");
            return 3;
        }

        Console.WriteLine("For evidence and enquiry only. A copy that is put back is a second past and locks its line: config/RECOVERY.md.");
        return all ? 0 : 3;
    }

    private static async Task<string> CopyAsync(HttpClient service, string id, string path)
    {
        using HttpResponseMessage answer = await service.PostAsJsonAsync($"api/lines/{id}/ledger/copy", new LedgerAnswers.CopyWanted(path), Json);
        if (answer.IsSuccessStatusCode)
        {
            return "";
        }

        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return problem.RootElement.TryGetProperty("detail", out JsonElement detail) ? detail.GetString()! : answer.StatusCode.ToString();
    }

    private static string CopyClosed(string folder, string path)
    {
        if (!File.Exists(Path.Combine(folder, LedgerFile.Name)))
        {
            return "no ledger yet";
        }

        using SqliteConnection db = LedgerFile.Open(folder);
        LedgerEvidence.KeepLog(folder, db);
        LedgerCopy.Take(db, path, overwrite: false);
        return "";
    }

    private static async Task<HttpClient?> ServiceAsync(ConfigurationResult site)
    {
        HttpClient client = PanelClient.Of(site.Panel);
        try
        {
            using HttpResponseMessage answer = await client.GetAsync("healthz");
            return client;
        }
        catch (HttpRequestException)
        {
            client.Dispose();
            return null;
        }
    }

    private static async Task<LedgerAnswers.Found?> AskAsync(HttpClient service, CertificateCode code)
    {
        using HttpResponseMessage answer = await service.GetAsync($"api/ledger/find?code={code.Value}");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<LedgerAnswers.Found>(Json) : null;
    }

    private static T? OpenClosed<T>(string folder, Func<SqliteConnection, T?> ask)
        where T : class
    {
        if (!File.Exists(Path.Combine(folder, LedgerFile.Name)))
        {
            return null;
        }

        using SqliteConnection db = LedgerFile.Open(folder);
        LedgerEvidence.KeepLog(folder, db);
        return ask(db);
    }

    private static long OnlyHere(SqliteConnection db) =>
        LedgerQueries.VerifiedBetween(db, LedgerQueries.Cursor(db, Batches.JournalUploader.CursorName), long.MaxValue);

    private static LedgerAnswers.Status ClosedStatus(SqliteConnection db, string id)
    {
        string Meta(string key) => LedgerFile.Scalar(db, $"SELECT value FROM meta WHERE key = '{key}'")!;
        LineFold fold = StoredFold.Read(db);
        return new LedgerAnswers.Status(
            id, Guid.Parse(Meta("ledger_id")), int.Parse(Meta("epoch"), System.Globalization.CultureInfo.InvariantCulture), fold.AsOfSeq,
            LedgerQueries.HashAt(db, fold.AsOfSeq) ?? "", LedgerQueries.Cursor(db, Batches.JournalUploader.CursorName),
            LedgerQueries.Quarantined(db), fold.Account,
            null, "not running", OnlyHere(db), null, "not running: edgeline ledger verify",
            FormattableString.Invariant($"the ledger begins at entry {LedgerQueries.FirstKept(db)}"));
    }
}
