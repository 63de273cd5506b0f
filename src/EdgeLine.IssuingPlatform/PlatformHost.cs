using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Certificate;
using EdgeLine.IssuingPlatform.Enrolment;
using EdgeLine.IssuingPlatform.Journal;
using EdgeLine.IssuingPlatform.Leases;
using EdgeLine.IssuingPlatform.Orders;
using EdgeLine.IssuingPlatform.Storage;

namespace EdgeLine.IssuingPlatform;

/// <summary>
/// The parts list of the running platform: one data folder, one database, the registers over it and their addresses.
/// </summary>
internal static class PlatformHost
{
    /// <summary>Name of the database in the data folder.</summary>
    public const string DatabaseFile = "platform.db";

    /// <summary>Builds the platform over a data folder; nothing listens yet.</summary>
    /// <exception cref="OptionRefusedException">The addresses cannot be listened on.</exception>
    /// <exception cref="DataFolderException">The folder cannot be used.</exception>
    public static WebApplication Build(string dataFolder, string urls, TimeProvider time)
    {
        CheckUrls(urls);
        (Database database, ManifestKey key) = OpenFolder(dataFolder);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(urls).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Beyond what any endpoint takes, so that a body a little too large still gets its answer and not a cut connection.
            kestrel.Limits.MaxRequestBodySize = 2 * JournalUpload.MaxBytes;
        });
        builder.Services.AddRoutingCore();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // A start that fails ends the program with one sentence; the host would print the stack as well.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // Made by factories, so that the container closes them when the platform stops.
        builder.Services.AddSingleton(_ => database);
        builder.Services.AddSingleton(_ => key);

        WebApplication app = builder.Build();
        app.Services.GetRequiredService<Database>();
        app.Services.GetRequiredService<ManifestKey>();
        app.UseMiddleware<UnhandledAnswers>();
        app.UseRouting();
        app.UseMiddleware<AccessGate>(new CredentialRegister(database));
        Map(app, database, key, time);
        return app;
    }

    /// <summary>Opens, or makes, what a data folder holds.</summary>
    /// <exception cref="DataFolderException">The folder cannot be used.</exception>
    public static (Database Database, ManifestKey Key) OpenFolder(string dataFolder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(dataFolder);
            }
            else
            {
                Directory.CreateDirectory(dataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            Database database = Database.Open(Path.Combine(dataFolder, DatabaseFile));
            return (database, ManifestKey.Open(dataFolder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The data folder {dataFolder} cannot be used: {e.Message}");
        }
    }

    private static void CheckUrls(string urls)
    {
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).DefaultIfEmpty(""))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp || uri.AbsolutePath != "/")
            {
                throw new OptionRefusedException($"--urls {url}: http://HOST:PORT is needed; for https put a reverse proxy in front.");
            }
        }
    }

    private static void Map(WebApplication app, Database database, ManifestKey key, TimeProvider time)
    {
        app.MapApproval(new ReportRegister(database, time), new BatchRegister(database, time));
        app.MapOrders(new OrderRegister(database, time));
        app.MapLeases(new LeaseGranting(database, time, key), new LeaseFiles(database), new LostLeases(database, time, key), key);
        app.MapJournal(new JournalIntake(database, time), new Accounting(database, time));
        app.MapEnrolment(new EnrolmentRegister(database, time, key), new LineRecord(database));
        app.MapCertificates(new CertificateLookup(database, time));
        // Says only that the database answers: how many codes there are is nobody's business.
        app.MapGet("/healthz", () => Answer.Ok(new { status = database.Read(s => s.Text("SELECT 'ok'")) }));
    }
}
