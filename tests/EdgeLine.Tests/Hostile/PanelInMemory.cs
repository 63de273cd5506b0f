using EdgeLine.Service.Configuration;
using EdgeLine.Service.Line;
using EdgeLine.Service.Operations;
using EdgeLine.Service.Panel;
using EdgeLine.Tests.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeLine.Tests.Hostile;

/// <summary>
/// The whole service with one bench, in this process; only the sockets of its web server are missing, which cost more than
/// all that answers. Nobody answers as printer, scanner or platform.
/// </summary>
internal sealed class PanelInMemory : IServer
{
    private readonly SiteFolder _site = new(
        """
        {
          "schemaVersion": 1,
          "site": { "topic": "company/plant/packing" },
          "dataPath": "data",
          "platform": { "url": "http://127.0.0.1:1", "tokenFile": "platform.token", "publicKeyFile": "platform.pem" },
          "lines": {
            "line-1": {
              "station": "bench",
              "printer": { "profile": "generic-zpl-203dpi", "link": "tcp://127.0.0.1:2" },
              "scanner": { "profile": "generic-tcp-client", "link": "tcp://127.0.0.1:3" },
              "label": "uniform.zpl",
            },
          },
        }
        """,
        inMemory: true);

    private Func<IFeatureCollection, Task> _answer = _ => throw new InvalidOperationException("not started");
    private WebApplication? _app;

    /// <inheritdoc />
    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Starts it.</summary>
    public static async Task<PanelInMemory> StartAsync()
    {
        var panel = new PanelInMemory();
        await panel.BeginAsync();
        return panel;
    }

    /// <summary>Sends a body and returns status and text of the answer; what the service throws comes out here.</summary>
    public async Task<(int Status, string Text)> PostAsync(string address, string contentType, byte[] body)
    {
        using var output = new MemoryStream();
        var response = new HttpResponseFeature();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = "POST",
            Scheme = "http",
            Path = "/" + address,
            Protocol = "HTTP/1.1",
            Headers = { Host = "127.0.0.1", ContentType = contentType, ContentLength = body.Length },
            Body = new MemoryStream(body, writable: false),
        });
        features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(output));
        await _answer(features);
        return (response.StatusCode, System.Text.Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length));
    }

    /// <summary>The picture of the line.</summary>
    public LineSnapshot Picture => Assert.Single(_app!.Services.GetRequiredService<SiteRuntime>().Pictures);

    /// <summary>Ends it and takes its files away.</summary>
    public async Task EndAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _site.Dispose();
    }

    Task IServer.StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
    {
        _answer = async features =>
        {
            TContext context = application.CreateContext(features);
            await application.ProcessRequestAsync(context);
            application.DisposeContext(context, null);
        };
        return Task.CompletedTask;
    }

    Task IServer.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    void IDisposable.Dispose()
    {
        // Nothing of its own.
    }

    private async Task BeginAsync()
    {
        ConfigurationResult configuration = _site.Load();
        Assert.True(configuration.Site is not null, string.Join('\n', configuration.Problems));

        WebApplicationBuilder builder = RunCommand.Parts(configuration);
        builder.Services.AddSingleton<IServer>(this);
        _app = builder.Build();
        var watch = new SiteFileWatch(_site.File, configuration, "", _app.Lifetime);
        _app.MapPanelPages(_app.Services.GetRequiredService<SiteRuntime>(), watch, configuration);
        await _app.StartAsync();
    }

    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
