using System.Security.Cryptography.X509Certificates;
using EdgeLine.Service.Configuration;
using EdgeLine.Service.Operations;
using EdgeLine.Service.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace EdgeLine.Service.Panel;

/// <summary>The web server of the page: where it listens, its files, its people.</summary>
public static class PanelHost
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);

    /// <summary>Lets Kestrel listen, with TLS when a certificate is configured.</summary>
    public static void UsePanel(this IWebHostBuilder host, PanelConfiguration panel)
    {
        ArgumentNullException.ThrowIfNull(panel);
        host.UseKestrelCore();
        if (panel.IsTls)
        {
            host.UseKestrelHttpsConfiguration();
        }

        host.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = 64 * 1024;
            k.Listen(panel.Listen, listen =>
            {
                listen.Protocols = panel.IsTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                if (panel.IsTls)
                {
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = CertificateOf(panel);
                        var chain = new X509Certificate2Collection();
                        chain.ImportFromPemFile(panel.CertificateFile!);
                        https.ServerCertificateChain = chain;
                    });
                }
            });
        });
    }

    /// <summary>Adds checks, files and addresses of the page.</summary>
    public static void MapPanelPages(this WebApplication app, SiteRuntime site, SiteFileWatch watch, ConfigurationResult configuration)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(configuration);
        app.UsePanelSecurity(configuration.Panel);
        string pagesFolder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "wwwroot")).FullName;
        var pages = new PhysicalFileProvider(pagesFolder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = pages });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = pages,
            OnPrepareResponse = r => r.Context.Response.Headers.CacheControl = "no-cache",
        });
        var access = new PanelAccess(SignInsOf(app, site, configuration.People), configuration.Panel.IsTls);
        app.MapSignIn(access);
        app.MapPanel(site, access);
        app.MapRecords(site, access);
        app.MapSiteFile(site, watch, access);
    }

    /// <summary>The certificate with its key; what Windows needs for TLS is a key that was imported, not one in memory only.</summary>
    internal static X509Certificate2 CertificateOf(PanelConfiguration panel)
    {
        using var pair = X509Certificate2.CreateFromPemFile(panel.CertificateFile!, panel.KeyFile!);
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
    }

    private static SignIns? SignInsOf(WebApplication app, SiteRuntime site, PeopleConfiguration? people)
    {
        if (people is null)
        {
            return null;
        }

        var time = app.Services.GetRequiredService<TimeProvider>();
        var register = new PeopleRegister(people.File, time, app.Logger);
        var signIns = new SignIns(register, people.LogOff, new LockOut(people.WrongPins, people.Lock, time), time, site.NotePerson);
        ITimer sweep = time.CreateTimer(_ => signIns.Sweep(), null, SweepEvery, SweepEvery);
        app.Lifetime.ApplicationStopped.Register(() =>
        {
            sweep.Dispose();
            signIns.Dispose();
        });
        return signIns;
    }
}
