using System.CommandLine;
using EdgeLine.IssuingPlatform;
using EdgeLine.IssuingPlatform.Enrolment;
using EdgeLine.IssuingPlatform.Seeding;
using EdgeLine.IssuingPlatform.Storage;

var data = new Option<DirectoryInfo>("--data") { Required = true, Description = "Folder of the database, keys and tokens" };

var urls = new Option<string>("--urls") { DefaultValueFactory = _ => "http://127.0.0.1:8090", Description = "Where to listen; port 0 takes a free one" };
var serve = new Command("serve", "Run the platform") { data, urls };
serve.SetAction((parsed, stop) => RunAsync(() => ServeAsync(parsed.GetRequiredValue(data).FullName, parsed.GetRequiredValue(urls), stop)));

var line = new Option<string[]>("--line") { Required = true, AllowMultipleArgumentsPerToken = true, Description = "Line to make work for; several possible" };
var quantity = new Option<int?>("--quantity") { Description = "Units ordered of each line, instead of the whole batch" };
var host = new Option<string>("--host") { DefaultValueFactory = _ => "hgz.example", Description = "Host name in the QR symbols" };
var carrier = new Option<string>("--carrier") { DefaultValueFactory = _ => "short", Description = "short (https://host/C/CODE) or gs1 (GS1 Digital Link)" };
carrier.AcceptOnlyFromAmong("short", "gs1");
var leaseMinutes = new Option<int?>("--lease-minutes") { Description = "Life of the leases, 1 to 10080; 1440 when left out" };
var seed = new Command("seed", "Fill the data folder with demonstration data") { data, line, quantity, host, carrier, leaseMinutes };
seed.SetAction((parsed, _) => RunAsync(() => Task.FromResult(Seed.Run(parsed.GetRequiredValue(data).FullName, new SeedOptions(
    parsed.GetRequiredValue(line), parsed.GetValue(quantity), parsed.GetRequiredValue(host), parsed.GetRequiredValue(carrier) == "gs1",
    parsed.GetValue(leaseMinutes)), TimeProvider.System, Console.Out))));

var lineId = new Argument<string>("line") { Description = "The line" };
var url = new Option<string>("--url") { Required = true, Description = "Address of the running platform" };
var tokenFile = new Option<FileInfo>("--token-file") { Required = true, Description = "Token of a person with the role qa or approver" };
var why = new Option<string>("--why") { Required = true, Description = "What happened, for the audit trail" };
var minutes = new Option<int>("--minutes") { DefaultValueFactory = _ => EnrolmentRegister.DefaultMinutes, Description = "How long the code works, 1 to 1440" };
var enrolment = new Command("enrolment", "Give out the code with which a line PC gets a new ledger (config/RECOVERY.md)") { lineId, url, tokenFile, why, minutes };
enrolment.SetAction((parsed, stop) => RunAsync(() => EnrolmentCommand.RunAsync(
    parsed.GetRequiredValue(url), parsed.GetRequiredValue(tokenFile).FullName, parsed.GetRequiredValue(lineId),
    new EnrolmentOrder(parsed.GetRequiredValue(why), parsed.GetValue(minutes)), stop)));

ParseResult result = new RootCommand("EdgeLine issuing platform: approved batches, unique codes, certificates") { serve, seed, enrolment }.Parse(args);
int code = await result.InvokeAsync();
return result.Errors.Count > 0 ? 2 : code;

static async Task<int> ServeAsync(string folder, string urls, CancellationToken stop)
{
    await using WebApplication app = PlatformHost.Build(folder, urls, TimeProvider.System);
    await app.StartAsync(stop);
    Console.WriteLine($"edgeline-platform: listening on {string.Join(" ", app.Urls)}, data in {folder}");
    CancellationToken failed = app.Services.GetRequiredService<Database>().Failed;
    await using CancellationTokenRegistration end = failed.Register(app.Lifetime.StopApplication);
    await app.WaitForShutdownAsync(stop);
    if (failed.IsCancellationRequested)
    {
        Console.Error.WriteLine($"edgeline-platform: {folder}: a write to the database failed; what was answered is there. See to the disk and start it again.");
        return 1;
    }

    return 0;
}

// The one place where a folder that cannot be used, or an address that is taken, becomes an exit code.
static async Task<int> RunAsync(Func<Task<int>> work)
{
    try
    {
        return await work();
    }
    catch (Exception e) when (e is DataFolderException or OptionRefusedException)
    {
        await Console.Error.WriteLineAsync($"edgeline-platform: {e.Message}");
        return 2;
    }
    catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
    {
        await Console.Error.WriteLineAsync($"edgeline-platform: {e.Message}");
        return 1;
    }
}
