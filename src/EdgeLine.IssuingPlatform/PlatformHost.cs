using EdgeLine.Contracts;
using EdgeLine.IssuingPlatform.Access;
using EdgeLine.IssuingPlatform.Answers;
using EdgeLine.IssuingPlatform.Approval;
using EdgeLine.IssuingPlatform.Certificate;
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
    /// <exception cref="DataFolderException">The folder cannot be used.</exception>
    public static WebApplication Build(string dataFolder, string urls, TimeProvider time)
    {
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

    private static void Map(WebApplication app, Database database, ManifestKey key, TimeProvider time)
    {
        app.MapApproval(new ReportRegister(database, time), new BatchRegister(database, time));
        app.MapOrders(new OrderRegister(database, time));
        app.MapLeases(new LeaseGranting(database, time, key), new LeaseFiles(database), key);
        app.MapJournal(new JournalIntake(database, time), new Accounting(database, time));
        app.MapCertificates(new CertificateLookup(database, time));
        app.MapGet("/healthz", () => Answer.Ok(new { status = "ok", codes = database.Read(s => s.Number("SELECT coalesce(max(id), 0) FROM code")) }));
    }
}
