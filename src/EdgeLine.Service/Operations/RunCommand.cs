using System.CommandLine;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Panel;
using EdgeLine.Service.Reporting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;

namespace EdgeLine.Service.Operations;

/// <summary><c>edgeline run</c>: the service. It always starts, also with a bad configuration, and then says so.</summary>
public static class RunCommand
{
    private const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    /// <summary>The command.</summary>
    public static Command Make(Option<FileInfo> config)
    {
        var command = new Command("run", "Run all lines of the site");
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config)!, stop));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, CancellationToken stop)
    {
        while (await RunOnceAsync(file, stop) && Environment.ExitCode == 0 && !stop.IsCancellationRequested)
        {
            // Changed files are in force from here on: everything is read anew, as after a start.
        }

        return Environment.ExitCode;
    }

    private static async Task<bool> RunOnceAsync(FileInfo file, CancellationToken stop)
    {
        // The first look only says which files belong to the site: their fingerprint has to be older than what is read for use.
        string fingerprint = SiteFileWatch.Fingerprint(file.FullName, ConfigurationFile.Load(file.FullName).Site);
        ConfigurationResult configuration = ConfigurationFile.Load(file.FullName, labelCheck: LabelChecks.Check);
        await using WebApplication app = Build(configuration);
        var watch = new SiteFileWatch(file.FullName, configuration, fingerprint, app.Lifetime);
        foreach (var problem in configuration.Problems)
        {
            app.Logger.Log(problem.IsWarning ? LogLevel.Warning : LogLevel.Error, "{Problem}", problem);
        }

        var site = app.Services.GetRequiredService<SiteRuntime>();
        app.MapPanelPages(site, watch, configuration);
        app.Logger.LogInformation("Panel on {Scheme}://{Listen}", configuration.Panel.IsTls ? "https" : "http", configuration.Panel.Listen);
        await app.RunAsync(stop);
        return watch.BeginAgain;
    }

    private static WebApplication Build(ConfigurationResult configuration)
    {
        WebApplicationBuilder builder = Parts(configuration);
        builder.Logging.AddSerilog(Logging(configuration), dispose: true);
        builder.WebHost.UsePanel(configuration.Panel);
        return builder.Build();
    }

    /// <summary>All parts of the service except its log and its web server.</summary>
    internal static WebApplicationBuilder Parts(ConfigurationResult configuration)
    {
        // Empty: the usual builder also reads settings from the folder it happens to be started in, and watches that
        // folder for changes, the ledger's files in it included.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.Configure<HostOptions>(o =>
        {
            o.ShutdownTimeout = TimeSpan.FromSeconds(8);
            // A browser that keeps its page open must not keep the lines from ending properly.
            o.ServicesStopConcurrently = true;
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(configuration);
        builder.Services.AddSingleton<ReportBoard>();
        builder.Services.AddSingleton<SiteRuntime>();
        builder.Services.AddHostedService(s => s.GetRequiredService<SiteRuntime>());
        return builder;
    }

    private static Serilog.Core.Logger Logging(ConfigurationResult configuration)
    {
        LoggerConfiguration logging = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .WriteTo.Console(outputTemplate: Line, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        if (configuration.Site is { } site)
        {
            logging.WriteTo.File(
                Path.Combine(site.DataPath, "log", "edgeline-.log"),
                outputTemplate: "{Timestamp:yyyy-MM-dd} " + Line,
                formatProvider: System.Globalization.CultureInfo.InvariantCulture,
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: 31,
                fileSizeLimitBytes: 50_000_000,
                rollOnFileSizeLimit: true);
        }

        return logging.CreateLogger();
    }
}
